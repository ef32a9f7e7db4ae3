"""A centre is told until it has taken it; what it answers is met as the standard says."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dc09_receiver import HOST, Scripted, ack, duh, framed, nak, scripted, sequence_of
from siadc09 import message as judge

from alarmbro.delivery.dc09 import centre as centre_module
from alarmbro.delivery.dc09 import clocks
from alarmbro.delivery.dc09.centre import Centre
from alarmbro.delivery.dc09.exchange import Receiver
from alarmbro.delivery.dc09.frame import Account, Saying, Token
from alarmbro.delivery.dc09.sequence import Sequence
from alarmbro.model.delivery import Outcome

PANIC = Saying(Token.SIA_DCS, "#1234|Nri1/PA1")
KEY = b"AAAABBBBCCCCDDDD"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for answers that never come; the rules are the same."""
    monkeypatch.setattr(centre_module, "ANSWER_S", (0.3, 0.3, 0.5))


def centre_of(*heard: Scripted, **account: object) -> Centre:
    receivers = tuple(Receiver(HOST, each.port) for each in heard)
    return Centre(replace(Account("1234"), **account), receivers)  # type: ignore[arg-type]  # each is a field's type


def numbers(heard: Scripted) -> list[str]:
    return [sequence_of(frame) for frame in heard.frames]


def test_an_acknowledgement_is_delivered() -> None:
    """At the first try, and the next frame has the next number."""
    with scripted() as heard:
        sequence, centre = Sequence(), centre_of(heard)
        assert centre.tell(PANIC, sequence).outcome is Outcome.OK
        assert centre.tell(PANIC, sequence).outcome is Outcome.OK
        first, second = map(int, numbers(heard))
        assert second == first % 9999 + 1


def test_an_answer_may_come_byte_by_byte_and_behind_noise() -> None:
    """TCP has no packets."""
    with scripted(lambda frame: b"\n\rhello" + ack(frame), by_byte=True) as heard:
        assert centre_of(heard).tell(PANIC, Sequence()).outcome is Outcome.OK
        assert len(heard.frames) == 1


@pytest.mark.parametrize("says", [lambda _frame: b"", lambda _frame: b"\n\r", lambda frame: ack(frame, "0000")])
def test_silence_is_met_with_the_same_frame_and_number(says: object) -> None:
    """Also noise, and an answer to some other frame."""
    with scripted(says, says, ack) as heard:  # type: ignore[arg-type]  # a lambda of the right form
        assert centre_of(heard).tell(PANIC, Sequence()).outcome is Outcome.OK
        assert len(set(numbers(heard))) == 1
        assert len(set(heard.frames)) == 1


def test_what_is_never_answered_may_have_been_heard() -> None:
    """So it is unknown, said again later with the same number, and told as such."""
    with scripted(lambda _frame: b"") as heard:
        sequence = Sequence()
        result = centre_of(heard).tell(PANIC, sequence, "A-1")
        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "timeout")
        heard.script[:] = [ack]
        assert centre_of(heard).tell(PANIC, sequence, "A-1").outcome is Outcome.OK
        assert len(set(numbers(heard))) == 1


def test_another_alarm_of_the_same_button_is_no_repeat() -> None:
    """The first was never answered; with its number the second could be taken for it, and be dropped."""
    with scripted(lambda _frame: b"") as heard:
        sequence = Sequence()
        for about in ("A-1", "A-2", None, None):
            assert centre_of(heard).tell(PANIC, sequence, about, limit_s=0.2).outcome is Outcome.UNKNOWN
        assert len(set(heard.frames)) == 4


def test_a_clock_that_is_wrong_is_corrected_by_the_receiver() -> None:
    """Its NAK says what time it has; the frame that follows has that."""
    theirs = datetime.now(UTC) + timedelta(days=900)
    with scripted(lambda _frame: nak(theirs), ack) as heard:
        assert centre_of(heard).tell(PANIC, Sequence()).outcome is Outcome.OK
        assert len(heard.frames) == 2
        assert abs(clocks.now_at((HOST, heard.port)) - theirs) < timedelta(seconds=5)


def test_two_refusals_are_a_refusal() -> None:
    """The key or the account is not right: somebody must mend it."""
    with scripted(lambda _frame: nak()) as heard:
        result = centre_of(heard).tell(PANIC, Sequence())
        assert (result.outcome, result.reason) == (Outcome.FAILED, "nak")
        assert len(heard.frames) == 2


def test_what_is_not_understood_is_not_repeated() -> None:
    """A repeat mends nothing: the fallback does."""
    with scripted(duh) as heard:
        result = centre_of(heard).tell(PANIC, Sequence())
        assert (result.outcome, result.reason) == (Outcome.FAILED, "duh")
        assert len(heard.frames) == 1


def test_a_receiver_that_hangs_up_may_have_heard() -> None:
    """It is tried again, and unknown in the end."""
    with scripted(lambda _frame: None) as heard:
        result = centre_of(heard).tell(PANIC, Sequence())
        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "reset")
        assert len(heard.frames) == 3


def test_where_nobody_listens_it_was_not_heard() -> None:
    """A clear no."""
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    result = Centre(Account("1234"), (Receiver(HOST, port),)).tell(PANIC, Sequence())
    assert (result.outcome, result.reason) == (Outcome.FAILED, "refused")


def test_the_second_receiver_is_asked_when_the_first_does_not_answer() -> None:
    """And the other way about: turn by turn."""
    with scripted(lambda _frame: b"") as dead, scripted() as alive:
        assert centre_of(dead, alive).tell(PANIC, Sequence()).outcome is Outcome.OK
        assert (len(dead.frames), len(alive.frames)) == (1, 1)
        assert numbers(dead) == numbers(alive)


def test_a_receiver_that_refuses_does_not_keep_the_other_from_taking_it() -> None:
    """Each has its own list of accounts."""
    with scripted(lambda _frame: nak()) as refusing, scripted() as taking:
        assert centre_of(refusing, taking).tell(PANIC, Sequence()).outcome is Outcome.OK


def test_a_long_answer_that_is_none_does_not_fill_the_memory() -> None:
    """It is silence."""
    with scripted(lambda _frame: b"x" * 200_000 + framed("x")) as heard:
        assert centre_of(heard).tell(PANIC, Sequence()).outcome is not Outcome.OK


def test_all_tries_together_end_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long each of them might wait: also where a refusal is met with another try."""
    monkeypatch.setattr(centre_module, "ANSWER_S", (3.0, 3.0, 5.0))
    with scripted(lambda _frame: nak(), lambda _frame: b"") as heard:
        begun_s = time.monotonic()
        result = centre_of(heard).tell(PANIC, Sequence(), limit_s=0.5)
        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "timeout")
        assert time.monotonic() - begun_s < 2.0


def test_a_name_that_leads_nowhere_was_not_heard() -> None:
    """Also one that cannot be a name."""
    for host in ("nobody.invalid", "a" * 70 + ".example"):
        result = Centre(Account("1234"), (Receiver(host, 1),)).tell(PANIC, Sequence(), limit_s=2.0)
        assert (result.outcome, result.reason) == (Outcome.FAILED, "dns")


def test_a_refusal_without_a_frame_may_come_byte_by_byte() -> None:
    """With the time in it, which is needed for the next try."""
    theirs = datetime.now(UTC) + timedelta(days=9)
    with scripted(lambda _frame: nak(theirs)[9:-1], ack, by_byte=True) as heard:
        assert centre_of(heard).tell(PANIC, Sequence()).outcome is Outcome.OK
        assert abs(clocks.now_at((HOST, heard.port)) - theirs) < timedelta(seconds=5)


def test_an_encrypted_frame_has_the_receivers_time() -> None:
    """Of a machine whose clock is years off: one refusal, then it is taken, and so is the next at once."""
    theirs = datetime.now(UTC) + timedelta(days=2_000)

    def strict(frame: bytes) -> bytes:
        at = judge.parse_frame(frame, KEY).timestamp
        return ack(frame) if abs(at.replace(tzinfo=UTC) - theirs) < timedelta(seconds=20) else nak(theirs)

    with scripted(strict) as heard:
        for _ in range(2):
            assert centre_of(heard, key=KEY).tell(PANIC, Sequence()).outcome is Outcome.OK
        assert len(heard.frames) == 3
