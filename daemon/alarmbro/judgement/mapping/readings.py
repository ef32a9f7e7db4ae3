"""What was read of each device before, which a message that is repeated must be judged by.

Theory: a button that says *pressed* as a state (`sos: true`, `ON`) repeats it with every later message, so only its
beginning is a press. Where nothing was read before, a live *pressed* is a press: an idle button says that it is not, so
this is news, and a press that is lost is worse than one alarm too many after a restart of ours. What a broker had kept
is never a press: it would be one at every start. It is remembered, and told as a fault, as somebody may have pressed
while nobody listened. A button that stays pressed cannot be pressed anew: its next message after five minutes tells.

A make that is known to send one press twice is believed once within the seconds that its preset names, counted from the
press that counted: whoever presses on and on is heard again after that. Other makes are always believed: two presses
within ten seconds are real even in a test.

Pure, but for what `keep` remembers: judging a message changes nothing, so that one whose handling failed is judged the
same when it comes again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from alarmbro.judgement.mapping.meaning import Beat, Press
from alarmbro.model.moment import Moment
from alarmbro.model.site import Device

STUCK_S = 300.0  # as for a wired contact: nobody presses for so long


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a message comes to. `rejected` is the journal's code for what is no press and yet is kept, or empty.

    `standing` is whether the button is found pressed without a press that was told: True begins that fault, False ends
    it, None says neither. `swallowed` is the same for a press that may have been lost in the device, `stuck` for a
    button that stays pressed.
    """

    press: Press | None = None
    rejected: str = ""
    standing: bool | None = None
    swallowed: bool | None = None
    stuck: bool | None = None


@dataclass(slots=True)
class Readings:
    """The last state and the last press of each device. Lost with the process."""

    _active: dict[str, bool] = field(default_factory=dict)
    _since: dict[str, Moment] = field(default_factory=dict)
    _pressed: dict[str, tuple[tuple[Any, ...], Moment]] = field(default_factory=dict)

    def judge(self, device: Device, meaning: Press | Beat, now: Moment, *, live: bool = True) -> Verdict:
        """Judge a message by what was read before. `live` is false for what a broker had kept."""
        return replace(self._judge(device, meaning, now, live=live), stuck=self._stuck(device, meaning, now))

    def _judge(self, device: Device, meaning: Press | Beat, now: Moment, *, live: bool) -> Verdict:
        before = self._active.get(device.path)
        if isinstance(meaning, Beat):
            return self._of_beat(device, meaning, before, live=live)
        if not live:
            return Verdict(standing=True) if meaning.state and not before else Verdict(rejected=_kept(meaning))
        if meaning.state and before:
            return Verdict()
        if self._twice(device, meaning, now):
            return Verdict(rejected="duplicate")
        return Verdict(press=meaning, swallowed=_well(device))

    def keep(self, device: Device, meaning: Press | Beat, verdict: Verdict, now: Moment) -> None:
        """Remember a message, once all that follows from it is handed on."""
        if meaning.active is not None:
            if self._active.get(device.path) is not meaning.active:
                self._since[device.path] = now
            self._active[device.path] = meaning.active
        if verdict.press is not None:
            self._pressed[device.path] = (verdict.press.said, now)

    def _of_beat(self, device: Device, beat: Beat, before: bool | None, *, live: bool) -> Verdict:
        standing = False if beat.active is False and before is not False else None
        if not live:
            return Verdict(standing=standing)
        if beat.test:
            return Verdict(rejected="test_press", standing=standing)
        if beat.doubtful:
            return Verdict(rejected="maybe_press", standing=standing, swallowed=True)
        return Verdict(standing=standing, swallowed=None if beat.health.battery is None else _well(device))

    def _stuck(self, device: Device, meaning: Press | Beat, now: Moment) -> bool | None:
        if meaning.active is False:
            return False if self._active.get(device.path) is not False else None
        pressed = self._active.get(device.path) is True
        return True if pressed and now.since(self._since[device.path]) >= STUCK_S else None

    def _twice(self, device: Device, press: Press, now: Moment) -> bool:
        within_s = device.mqtt.doubles_s if device.mqtt else 0.0
        if not within_s or device.path not in self._pressed:
            return False
        said, at = self._pressed[device.path]
        return said == press.said and now.since(at) < within_s


def _kept(press: Press) -> str:
    """Give the code for a press that a broker had kept; a state that we know of already is none."""
    return "" if press.state else "retained"


def _well(device: Device) -> bool | None:
    """Say that a device whose presses may be lost can put them into words again; nothing for all others."""
    return False if device.mqtt is not None and device.mqtt.doubtful_below is not None else None
