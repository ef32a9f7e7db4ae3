"""Tells machines how things stand, over MQTT, and whoever pressed, by a light or on the device's own topic.

Promises: best effort, never in the way; people are told by deliveries, not by this.
Runs in the deciding thread; the outlets (`inputs.mqtt`) and lights (`feedback.lights`) neither block nor raise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from alarmbro.judgement.feedback import feedback_of
from alarmbro.judgement.ledger import Ledger
from alarmbro.model.alarm import NOBODY_TOLD, Alarm, Feedback, State
from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import UNKNOWN_S, iso
from alarmbro.model.record import Draft, RecordType
from alarmbro.shell.telling.composing import name_of, ring_112

# After these the one who pressed is shown how things stand now.
SHOWN = {
    RecordType.RAISED, RecordType.JOINED, RecordType.TOLD, RecordType.ACKNOWLEDGED, RecordType.LAPSED,
    RecordType.CLOSED,
}  # fmt: skip
STATUS_EVERY_S = 1.0  # at the most, however much happens


class Outlet(Protocol):
    """A site's way out."""

    def announce(self, topic_tail: str, payload: str, *, retain: bool = False) -> None:
        """Publish below the site's topic."""
        ...

    def announce_status(self, payload: Mapping[str, Any]) -> None:
        """Publish the site's status, retained; again at each connect."""
        ...


class Shows(Protocol):
    """Lights at the site."""

    def show(self, site: str, device: str, alarm: str, feedback: Feedback) -> None:
        """Show how an alarm stands; neither blocks nor raises."""
        ...


class Announcer:
    """Publishes for each site that has an outlet; `status_of(site)` gives what its status says."""

    def __init__(
        self, configuration: Configuration, ledger: Ledger, status_of: Callable[[str], dict[str, Any]]
    ) -> None:
        self.outlets: dict[str, Outlet] = {}
        self.lights: Shows | None = None
        self._configuration = configuration
        self._ledger = ledger
        self._status_of = status_of
        self._changed: set[str] = set()
        self._status_at_s = float("-inf")

    def record(self, draft: Draft, alarm: Alarm | None) -> None:
        """Hear of a record that was just applied; `alarm` is the one that it is about, as it now stands."""
        self._changed.update([draft.site] if draft.site else self.outlets)
        unheard = draft.type is RecordType.FAULT and draft.data.get("kind") == NOBODY_TOLD
        if unheard:
            alarm = self._ledger.alarms.get(draft.data["subject"])
        if alarm is None:
            return
        if unheard or draft.type in SHOWN:
            self._feedback(draft, alarm)
        outlet = self.outlets.get(alarm.site)
        if outlet is not None and draft.type is not RecordType.ATTEMPT:
            view = view_of(alarm, self._ledger, self._configuration)
            if view["nobody_told"]:
                view["words"] = ring_112(alarm, self._configuration, draft.at)
            outlet.announce(f"alarm/{alarm.id}", json.dumps(view, ensure_ascii=False))

    def resume(self) -> None:
        """Show again what was shown before a restart, and publish each site's status with the next `status`."""
        self._changed.update(self.outlets)
        if self.lights is not None:
            for alarm in self._ledger.alarms.values():
                self.lights.show(alarm.site, alarm.device, alarm.id, self._word(alarm))

    def status(self, now_s: float) -> float:
        """Publish the status of each site where something changed; give the seconds until it should be asked again."""
        if not self._changed:
            return float("inf")
        wait_s = self._status_at_s + STATUS_EVERY_S - now_s
        if wait_s > 0:
            return wait_s
        self._status_at_s = now_s
        for site in self._changed & self.outlets.keys():
            self.outlets[site].announce_status(self._status_of(site))
        self._changed.clear()
        return float("inf")

    def _word(self, alarm: Alarm) -> Feedback:
        return feedback_of(alarm, nobody=is_unheard(alarm, self._ledger))

    def _feedback(self, draft: Draft, alarm: Alarm) -> None:
        """Show whoever pressed how it stands. A further press is confirmed by itself first: the hand is still there."""
        word = self._word(alarm)
        words = [Feedback.RECEIVED, word] if draft.type is RecordType.JOINED else [word]
        if draft.type is RecordType.TOLD and word is not Feedback.TOLD:
            return  # of something else than that people are called: it was shown when it came about
        outlet = self.outlets.get(alarm.site)
        if outlet is not None:
            for each in dict.fromkeys(words):
                outlet.announce(f"{alarm.device}/feedback", each.value)
        if self.lights is not None:
            self.lights.show(alarm.site, alarm.device, alarm.id, word)


def is_unheard(alarm: Alarm, ledger: Ledger) -> bool:
    """Tell whether it is a fault right now that nobody could be told of an alarm."""
    fault = ledger.faults.get(f"{NOBODY_TOLD}/{alarm.id}")
    return fault is not None and not fault.cleared


def view_of(alarm: Alarm, ledger: Ledger, configuration: Configuration) -> dict[str, Any]:
    """Show an alarm to a machine: codes and times, no words."""
    view: dict[str, Any] = {
        "alarm": alarm.id,
        "site": alarm.site,
        "device": alarm.device,
        "level": alarm.level.value,
        "state": alarm.state.value,
        "received": iso(alarm.since.utc),
        "presses": alarm.presses,
        "step": alarm.step,
        "told": sorted({recipient for _, recipient in alarm.told}),
        "nobody_told": is_unheard(alarm, ledger),
        "acknowledged": [
            {
                "by": name_of(each.by, each.recipient, configuration),
                "recipient": each.recipient or None,
                "at": iso(each.at.utc),
                "after_ms": _after_ms(each.at.since(alarm.since)),
            }
            for each in alarm.on_the_way
        ],
        "open": alarm.state is not State.CLOSED,
    }
    if alarm.closed is not None:
        view |= {"outcome": alarm.closed.outcome.value, "closed": iso(alarm.closed.at.utc)}
    return view


def _after_ms(seconds: float) -> int | None:
    return None if seconds == UNKNOWN_S else round(seconds * 1000)
