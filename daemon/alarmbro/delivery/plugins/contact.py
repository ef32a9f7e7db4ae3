"""One relay on one pin: signals for a time, or until all is closed. Whoever uses the pin shares it.

Promises: nothing here raises or waits for a pulse; a pin is claimed once, at rest, and written only where its level is
to change, so that it never blinks. What could not be written is told to whoever asked, and written when it can be: a
thread of its own, `relay PIN`, ends pulses, and sleeps until one is to end. Should that thread not start, a signal
stays on rather than off.
Any thread; one lock, held while the pin is written: microseconds.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from alarmbro.model.delivery import Outcome, Result

log = structlog.get_logger(__name__)

Opener = Callable[[], Any]  # gives a gpiozero Factory, None for gpiozero's own default; raises where there is none

WELL = Result(Outcome.OK, "ok")
AGAIN_S = 1.0  # after a signal that could not be ended
JOIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Wiring:
    """How a relay is wired: whether its coil has current while all is well, and whether a low pin gives it that."""

    normally_energised: bool = False
    active_low: bool = False


def default_pins() -> Any:
    """Let gpiozero choose, for users without alarmbro's daemon."""
    return None


class Contact:
    """A relay. Claims its pin at the first need; `opener` says where that comes from."""

    def __init__(self, pin: int, wiring: Wiring, opener: Opener) -> None:
        self.pin, self.wiring = pin, wiring
        self._opener = opener
        self._changed = threading.Condition()
        self._output: Any = None
        self._signals: bool | None = None  # as it was last written; None: nobody knows
        self._matters: set[str] = set()  # open alarms that a latched signal is for
        self._until_s = -math.inf  # when the pulse ends, monotonic
        self._thread: threading.Thread | None = None
        self._told = False  # that a signal could not be ended
        self._closed = False

    def rest(self) -> Result:
        """Claim the pin where that is not done; changes nothing else."""
        return self._change(lambda: None)

    def pulse(self, seconds: float) -> Result:
        """Signal for so long from now; a pulse that runs is made longer, never shorter."""
        return self._change(lambda: self._prolong(seconds))

    def latch(self, matter: str) -> Result:
        """Signal until `matter` and all others are ended."""
        return self._change(lambda: self._matters.add(matter))

    def end(self, matter: str) -> Result:
        """End the signal for `matter`; a pulse runs to its end, as what it is wired to may need all of it."""
        return self._change(lambda: self._matters.discard(matter))

    def close(self) -> None:
        """End every signal and give the pin back: its coil has no current then."""
        with self._changed:
            self._closed = True
            self._matters.clear()
            self._until_s = -math.inf
            self._changed.notify_all()
            output, self._output = self._output, None
            thread, self._thread = self._thread, None
            _give_back(output, self.pin)
        if thread is not None and thread is not threading.current_thread():
            thread.join(JOIN_S)

    def _change(self, change: Callable[[], object]) -> Result:
        """Note what is to be signalled and write it. What is noted stays, though the pin fails: it is tried again."""
        with self._changed:
            if self._closed:
                return Result(Outcome.FAILED, "stopping", "the relays have been given back")
            change()
            try:
                self._write()
            except Exception as error:  # whatever a pin's library raises is the result
                log.exception("relay does not work", pin=self.pin)
                return Result(Outcome.FAILED, "pin", f"pin {self.pin} cannot be used: {type(error).__name__}: {error}")
            finally:
                self._watch()
        return WELL

    def _prolong(self, seconds: float) -> None:
        self._until_s = max(self._until_s, time.monotonic() + seconds)

    def _write(self) -> None:
        wanted = bool(self._matters) or time.monotonic() < self._until_s
        if self._output is None:
            self._output, self._signals = self._claimed(energised=wanted is not self.wiring.normally_energised), wanted
        if wanted is not self._signals:
            self._signals = None
            (self._output.on if wanted is not self.wiring.normally_energised else self._output.off)()
            self._signals = wanted

    def _claimed(self, *, energised: bool) -> Any:
        from gpiozero import OutputDevice  # noqa: PLC0415  # only where relays are used

        return OutputDevice(
            self.pin, active_high=not self.wiring.active_low, initial_value=energised, pin_factory=self._opener()
        )

    def _watch(self) -> None:
        """See to it that a pulse ends. Under the lock."""
        if self._thread is None and self._until_s > -math.inf:
            thread = threading.Thread(target=self._run, name=f"relay {self.pin}", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the machine has no thread left: the signal stays on until the next message
                log.exception("relay's pulse cannot end by itself", pin=self.pin)
                return
            self._thread = thread
        self._changed.notify_all()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                left_s = self._until_s - time.monotonic()
                if self._until_s == -math.inf:
                    self._changed.wait()
                elif left_s > 0:
                    self._changed.wait(left_s)
                else:
                    self._ended()

    def _ended(self) -> None:
        try:
            if self._output is not None:  # else it was never claimed, and there is nothing to end
                self._write()
        except Exception:
            if not self._told:
                log.exception("relay's signal not ended; trying again", pin=self.pin)
            self._told = True
            self._changed.wait(AGAIN_S)
        else:
            self._until_s, self._told = -math.inf, False


def _give_back(output: Any, pin: int) -> None:
    if output is None:
        return
    # Not left to the pin that becomes an input: a board may hold its coil by its own pull-up. And a pin that cannot be
    # written is let go all the same, or nobody could claim it again.
    for step in (output.off, output.close):
        try:
            step()
        except Exception:  # told; the other step is tried all the same
            log.exception("relay not given back", pin=pin)
