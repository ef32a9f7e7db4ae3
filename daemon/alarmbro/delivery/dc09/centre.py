"""One alarm centre: its account, its receivers, and how it is told something until it answers.

Promises: `tell` and `probe` end within about `LIMIT_S`, never raise, and say what became of it in a code. Nothing here
cancels. Any thread; blocks. `clocks`, `lookup` and the sequence are shared by all.

The rules are DC-09's: silence is met with the same frame and number again; a NAK says that our time, key or account is
not right, brings the receiver's time, and is met with one more try; DUH says that the content is not understood, which
no repeat mends.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace

from alarmbro.delivery.dc09 import clocks
from alarmbro.delivery.dc09.answer import Reply, Verdict
from alarmbro.delivery.dc09.cipher import NoCipherError
from alarmbro.delivery.dc09.exchange import Receiver, ask
from alarmbro.delivery.dc09.frame import Account, Saying, Token, frame
from alarmbro.delivery.dc09.sequence import Sequence
from alarmbro.model.delivery import Outcome, Result

ANSWER_S = (3.0, 3.0, 5.0)  # how long each try waits for its answer: in the field 1 s to 5 s are usual
LIMIT_S = 12.0  # for all tries together, whatever hangs

TAKEN = Result(Outcome.OK, "ok")
SILENT = Result(Outcome.UNKNOWN, "timeout", "the alarm centre's receiver did not answer")
REFUSED = Result(Outcome.FAILED, "nak", "the receiver refused twice: clock, key or account is not what it has")
NOT_UNDERSTOOD = Result(Outcome.FAILED, "duh", "the receiver does not understand the event: agree codes and format")
NULL = Saying(Token.NULL)


@dataclass(frozen=True, slots=True)
class Centre:
    """Who is told: the account, and its receivers, the primary first."""

    account: Account
    receivers: tuple[Receiver, ...]

    def tell(self, saying: Saying, numbers: Sequence, about: Hashable = None, limit_s: float = LIMIT_S) -> Result:
        """Say it until a receiver has taken it, turn about, or there is no sense in trying on.

        `about` names the matter (an alarm): the same said again later of the same has the same number. Without it a
        later one has a new number, as a receiver could take two events for a repeat.
        """
        said = None if about is None else (self.account.number, self.receivers, saying, about)
        number = numbers.number_for(said)
        results: list[Result] = []
        for result in self._tries(saying, number, time.monotonic() + limit_s):
            if result in (TAKEN, NOT_UNDERSTOOD):
                numbers.acknowledged(said)
                return result
            results.append(result)
        return min(results, key=telling, default=SILENT)

    def probe(self, numbers: Sequence) -> Result:
        """Ask each receiver by itself whether it hears us: one that is dead would else show when the other is, too.

        One that does not understand the question heard it.
        """
        each_s = LIMIT_S / len(self.receivers)
        worst = TAKEN
        for number, receiver in enumerate(self.receivers, 1):
            result = replace(self, receivers=(receiver,)).tell(NULL, numbers, limit_s=each_s)
            if result not in (TAKEN, NOT_UNDERSTOOD) and worst is TAKEN:
                which = f"receiver {number}: " if len(self.receivers) > 1 else ""
                worst = replace(result, detail=f"{which}{result.detail}")
        return worst

    def _tries(self, saying: Saying, number: int, until_s: float) -> Iterator[Result]:
        refusing: set[Receiver] = set()
        for turn, answer_s in enumerate(ANSWER_S):
            if time.monotonic() >= until_s or refusing == set(self.receivers):
                return
            receiver = self.receivers[turn % len(self.receivers)]
            result = self._try(receiver, saying, number, answer_s, until_s)
            if result is REFUSED:
                refusing.add(receiver)
            yield result

    def _try(self, receiver: Receiver, saying: Saying, number: int, answer_s: float, until_s: float) -> Result:
        for _again in (False, True):
            try:
                said = frame(self.account, number, saying, clocks.now_at(receiver.address))
                reply = ask(receiver, said, number, answer_s, until_s)
            except NoCipherError as error:
                return Result(Outcome.FAILED, "unusable", str(error))
            except OSError as error:
                return of_failure(error)
            if reply is None:
                return SILENT
            if reply.verdict is not Verdict.NAK:
                return TAKEN if reply.verdict is Verdict.ACK else NOT_UNDERSTOOD
            _learn(receiver, reply)
        return REFUSED


def telling(result: Result) -> int:
    """Rank results by what they say: a refusal is what somebody must mend; after silence it may have got through."""
    return 0 if result is REFUSED else 1 if result.outcome is Outcome.UNKNOWN else 2


def _learn(receiver: Receiver, reply: Reply) -> None:
    if reply.at is not None:
        clocks.learn(receiver.address, reply.at)


def of_failure(error: OSError) -> Result:
    """Judge why a frame could not be sent, or its answer not be had."""
    if isinstance(error, socket.gaierror):
        return Result(Outcome.FAILED, "dns", "the name of the receiver does not resolve")
    if isinstance(error, ConnectionRefusedError):
        return Result(Outcome.FAILED, "refused", "nothing listens on that port")
    if isinstance(error, TimeoutError):
        return Result(Outcome.FAILED, "timeout", "no answer to connecting")
    if isinstance(error, ConnectionError):
        return Result(Outcome.UNKNOWN, "reset", "the connection ended before the answer")
    return Result(Outcome.FAILED, "unreachable", "there is no way to the receiver")
