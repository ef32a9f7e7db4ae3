"""Lights at the site show the one who pressed how the alarm stands: silently, and beside the way of the alarm.

Promises: `show` neither blocks nor raises, whatever the pins do; a light that fails hurts no other and no alarm. One
thread, `lights`, writes the pins; it sleeps until a light is to change, and where none blinks it does not wake.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from alarmbro.feedback.light import Light
from alarmbro.judgement.feedback.blinking import most_urgent
from alarmbro.model.activation import Trouble
from alarmbro.model.alarm import Feedback
from alarmbro.model.moment import Clock

log = structlog.get_logger(__name__)

Place = tuple[str, str]  # site and device; the device is empty for the light of the whole site

LATEST_S = 2.0
JOIN_S = 0.8


@dataclass(frozen=True, slots=True)
class Shown:
    """One open alarm, as it was last shown."""

    site: str
    device: str
    feedback: Feedback


class Lights:
    """Lights by place, each with the BCM pin that it is wired to. `pins` is a gpiozero Factory and stays the caller's.

    `on_trouble` hears of a light's fault and its end: in the thread that calls `start` and in our own.
    """

    name = "lights"

    def __init__(
        self, leds: Mapping[Place, int], pins: Any, clock: Clock, on_trouble: Callable[[Trouble], None]
    ) -> None:
        self._lights = {place: Light(*place, pin, on_trouble) for place, pin in leds.items()}
        self._pins = pins
        self._clock = clock
        self._alarms: dict[str, Shown] = {}  # the latest last
        self._changed = threading.Condition()  # held for a few lines only, never while a pin is written
        self._due_s = math.inf  # when the thread is to go round next
        self._busy_s = math.inf  # since when it goes round; infinity while it sleeps
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Claim the pins and begin. Never raises: a light that cannot be lit is a fault and no end."""
        with self._changed:
            self._stopping = False
        self._turn()
        thread = threading.Thread(target=self._run, name="lights", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the machine has no thread left; `alive` says so
            log.error("lights cannot start", error=str(error))  # noqa: TRY400  # nothing to trace
            self._close()
            return
        self._thread = thread
        log.info("lights ready", lights=len(self._lights))

    def stop(self) -> None:
        """Let every light be dark within a second and give the pins back. May be called twice."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(JOIN_S)
            if thread.is_alive():
                log.error("lights did not end")

    def alive(self) -> bool:
        """Tell whether our thread lives and is at most two seconds behind. A light that is broken is no death."""
        thread = self._thread
        with self._changed:
            behind_s = self._clock.now().monotonic_s - min(self._due_s, self._busy_s)
        return thread is not None and thread.is_alive() and behind_s < LATEST_S

    def show(self, site: str, device: str, alarm: str, feedback: Feedback) -> None:
        """Show how an alarm of a device stands; CLOSED ends it. Any thread may call. Neither blocks nor raises."""
        now_s = self._clock.now().monotonic_s
        with self._changed:
            if feedback is Feedback.CLOSED:
                self._alarms.pop(alarm, None)
            else:
                self._alarms[alarm] = Shown(site, device, feedback)
            self._due_s = min(self._due_s, now_s)
            self._changed.notify()

    def showing(self) -> dict[str, str]:
        """Give what each light that is not dark shows: `SITE/DEVICE`, or `SITE/feedback` for a whole site's light."""
        with self._changed:
            words = {light.path: self._word(place) for place, light in self._lights.items()}
        return {path: word.value for path, word in words.items() if word is not Feedback.CLOSED}

    def _run(self) -> None:
        try:
            while self._wait():
                self._turn()
        finally:
            self._close()

    def _wait(self) -> bool:
        """Sleep until a light is to change; tell whether to go on."""
        with self._changed:
            while not self._stopping:
                left_s = self._due_s - self._clock.now().monotonic_s
                if left_s <= 0:
                    break
                self._changed.wait(None if left_s == math.inf else left_s)
            return not self._stopping

    def _turn(self) -> None:
        with self._changed:
            now_s = self._clock.now().monotonic_s
            self._due_s, self._busy_s = math.inf, now_s
            words = {place: self._word(place) for place in self._lights}
        due_s = min(
            (light.show(self._pins, words[place], now_s) for place, light in self._lights.items()), default=math.inf
        )
        with self._changed:
            self._due_s, self._busy_s = min(self._due_s, due_s), math.inf

    def _word(self, place: Place) -> Feedback:
        """Give what a light shows: a device's its latest alarm, a site's the most urgent of all."""
        site, device = place
        of_site = [shown for shown in self._alarms.values() if shown.site == site]
        if not device:
            return most_urgent(shown.feedback for shown in of_site)
        return next((shown.feedback for shown in reversed(of_site) if shown.device == device), Feedback.CLOSED)

    def _close(self) -> None:
        for light in self._lights.values():
            light.close()
