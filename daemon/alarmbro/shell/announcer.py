"""Tells machines how things stand, over MQTT: each alarm's changes, the device that was pressed, the site's status.

Promises: best effort, never in the way; people are told by deliveries, not by this.
Runs in the deciding thread; the outlets (`inputs.mqtt`) neither block nor raise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from alarmbro.model.alarm import Alarm, State
from alarmbro.model.moment import iso
from alarmbro.model.record import Draft, RecordType

FEEDBACK = {RecordType.RAISED: "received", RecordType.JOINED: "received", RecordType.TOLD: "told"}
STATUS_EVERY_S = 1.0  # at the most, however much happens


class Outlet(Protocol):
    """A site's way out."""

    def announce(self, topic_tail: str, payload: str, *, retain: bool = False) -> None:
        """Publish below the site's topic."""
        ...

    def announce_status(self, payload: Mapping[str, Any]) -> None:
        """Publish the site's status, retained; again at each connect."""
        ...


class Announcer:
    """Publishes for each site that has an outlet; `status_of(site)` gives what its status says."""

    def __init__(self, status_of: Callable[[str], dict[str, Any]]) -> None:
        self.outlets: dict[str, Outlet] = {}
        self._status_of = status_of
        self._changed: set[str] = set()
        self._status_at_s = float("-inf")

    def record(self, draft: Draft, alarm: Alarm | None) -> None:
        """Hear of a record that was just applied; `alarm` is the one that it is about, as it now stands."""
        self._changed.update([draft.site] if draft.site else self.outlets)
        outlet = self.outlets.get(draft.site)
        if outlet is None or alarm is None:
            return
        word = FEEDBACK.get(draft.type)
        if word and draft.device:
            outlet.announce(f"{draft.device}/feedback", word)
        if draft.type is not RecordType.ATTEMPT:
            outlet.announce(f"alarm/{alarm.id}", json.dumps(view_of(alarm), ensure_ascii=False))

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

    def everything_changed(self) -> None:
        """Publish each site's status with the next `status`."""
        self._changed.update(self.outlets)


def view_of(alarm: Alarm) -> dict[str, Any]:
    """Show an alarm to a machine: codes and times, no words."""
    return {
        "alarm": alarm.id,
        "site": alarm.site,
        "device": alarm.device,
        "state": alarm.state.value,
        "received": iso(alarm.since.utc),
        "presses": alarm.presses,
        "step": alarm.step,
        "told": sorted({recipient for _, recipient in alarm.told}),
        "open": alarm.state is not State.CLOSED,
    }
