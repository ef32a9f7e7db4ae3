"""One light on one pin. Never raises: a light that cannot be lit is a fault, told once, and tried again.

Runs in the `lights` thread, before that thread's start in the starting one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog

from alarmbro.judgement.feedback.blinking import glow
from alarmbro.model.activation import Trouble
from alarmbro.model.alarm import Feedback

log = structlog.get_logger(__name__)

AGAIN_S = 10.0  # a pin that somebody else holds is free again at a restart at the soonest; a flicker must not ask 10/s


class Light:
    """A light for `device` of `site` (all of its devices where that is empty) on a BCM pin."""

    def __init__(self, site: str, device: str, pin: int, on_trouble: Callable[[Trouble], None]) -> None:
        self.path = f"{site}/{device or 'feedback'}"
        self._fault = Trouble("feedback", self.path, site=site, device=device)
        self._pin = pin
        self._on_trouble = on_trouble
        self._shown = Feedback.CLOSED
        self._since_s = 0.0
        self._output: Any = None
        self._lit: bool | None = None  # as it was last written; None: nobody knows
        self._again_s = -math.inf  # before then a broken one is left alone
        self._told = False

    def show(self, pins: Any, feedback: Feedback, now_s: float) -> float:
        """Show `feedback` from now on; give when it must be called again, monotonic seconds, infinity for never."""
        if feedback is not self._shown:
            self._shown, self._since_s = feedback, now_s
        wanted = glow(feedback, now_s - self._since_s)
        if now_s < self._again_s:
            return self._again_s
        try:
            self._write(pins, lit=wanted.lit)
        except Exception as error:
            self._lit, self._again_s = None, now_s + AGAIN_S
            if not self._told:
                log.exception("light does not work", light=self.path, pin=self._pin)
                detail = f"the light on pin {self._pin} does not work: {error}"
                self._told = self._tell(replace(self._fault, detail=detail))
            return self._again_s
        self._again_s = -math.inf
        if self._told:
            self._told = not self._tell(replace(self._fault, well=True))
        return now_s + wanted.change_in_s

    def close(self) -> None:
        """Let it be dark, and give the pin back. May be called twice."""
        output, self._output = self._output, None
        self._lit, self._again_s = None, -math.inf
        if output is None:
            return
        try:
            output.off()
            output.close()
        except Exception:
            log.exception("light not given back", light=self.path, pin=self._pin)

    def _write(self, pins: Any, *, lit: bool) -> None:
        if self._output is None:
            from gpiozero import OutputDevice  # noqa: PLC0415  # only where lights are used

            self._output, self._lit = OutputDevice(self._pin, initial_value=False, pin_factory=pins), False
        if lit is not self._lit:
            (self._output.on if lit else self._output.off)()
            self._lit = lit

    def _tell(self, trouble: Trouble) -> bool:
        try:
            self._on_trouble(trouble)
        except Exception:
            log.exception("fault of a light not taken", light=self.path)
            return False
        return True
