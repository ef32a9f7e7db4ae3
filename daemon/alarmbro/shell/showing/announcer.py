"""Tells machines how things stand, over MQTT, and whoever pressed, by a light or on the device's own topic.

Promises: best effort, never in the way; people are told by deliveries, not by this. Of an alarm that changes several
times before there is time to tell, the last state is told; each word for whoever pressed is told.
Runs in the deciding thread; the outlets (`inputs.mqtt`) and lights (`feedback.lights`) neither block nor raise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from alarmbro.judgement.feedback.shown import feedback_of
from alarmbro.judgement.record.ledger import Ledger
from alarmbro.model.alarm import NOBODY_TOLD, Alarm, Feedback, Matter, State
from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import UNKNOWN_S, Moment, iso
from alarmbro.model.record import Draft, RecordType
from alarmbro.shell.showing.mirror import Mirror
from alarmbro.shell.telling.composing import name_of, ring_112

# After these the one who pressed is shown how things stand now.
SHOWN = {
    RecordType.RAISED, RecordType.JOINED, RecordType.TOLD, RecordType.ACKNOWLEDGED, RecordType.LAPSED,
    RecordType.CLOSED,
}  # fmt: skip
TEST_SHOWN = {
    RecordType.TEST_PRESSED: Feedback.RECEIVED,
    RecordType.TOLD: Feedback.TOLD,
    RecordType.TEST_PASSED: Feedback.CLOSED,
    RecordType.TEST_FAILED: Feedback.CLOSED,
}
STATUS_EVERY_S = 1.0  # at the most, however much happens
STATUS_AT_LEAST_S = 86400.0  # whoever keeps the journal's head elsewhere gets it daily


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
        self.mirror: Mirror | None = None
        self._configuration = configuration
        self._ledger = ledger
        self._status_of = status_of
        self._changed: set[str] = set()
        self._moved: dict[str, Alarm] = {}
        self._words: list[tuple[Matter, Feedback]] = []
        self._status_at_s = float("-inf")
        self._told_s: dict[str, float] = {}

    def adopt(self, configuration: Configuration) -> None:
        """Tell it by another configuration; each site's status, and what whoever pressed is shown, again."""
        self._configuration = configuration
        self._told_s = {site: at_s for site, at_s in self._told_s.items() if site in configuration.serve}
        self.resume()

    def record(self, draft: Draft, alarm: Alarm | None) -> None:
        """Take note of a record that was just applied; `alarm` is the one that it is about, as it now stands."""
        if self.mirror is not None:
            self.mirror.record(draft)
        self._changed.update([draft.site] if draft.site else self.outlets)
        unheard = draft.type is RecordType.FAULT and draft.data.get("kind") == NOBODY_TOLD
        if unheard:
            alarm = self._ledger.alarms.get(draft.data["subject"])
        if alarm is None:
            self._words += self._words_of_test(draft)
            return
        if unheard or draft.type in SHOWN:
            self._words += [(alarm, word) for word in self._words_after(draft, alarm)]
        if draft.type is not RecordType.ATTEMPT:
            self._moved[alarm.id] = alarm

    def publish(self, now: Moment) -> float:
        """Tell what has changed; give the seconds until it should be asked again."""
        words, self._words = self._words, []
        for alarm, word in words:
            self._show(alarm, word)
        moved, self._moved = self._moved, {}
        for alarm in moved.values():
            self._tell(alarm, now)
        again_s = self._status(now.monotonic_s)
        return again_s if self.mirror is None else min(again_s, self.mirror.publish(now))

    def resume(self) -> None:
        """Show again what was shown before a restart, and publish each site's status with the next `publish`."""
        self._changed.update(self.outlets)
        if self.lights is not None:
            for alarm in self._ledger.alarms.values():
                self.lights.show(alarm.site, alarm.device, alarm.id, self._word(alarm))

    def _status(self, now_s: float) -> float:
        """Publish the status of each site where something changed."""
        again_s = {site: at_s + STATUS_AT_LEAST_S - now_s for site, at_s in self._told_s.items()}
        self._changed.update(site for site, in_s in again_s.items() if in_s <= 0)
        if not self._changed:
            return min(again_s.values(), default=float("inf"))
        wait_s = self._status_at_s + STATUS_EVERY_S - now_s
        if wait_s > 0:
            return wait_s
        self._status_at_s = now_s
        for site in self._changed & self.outlets.keys() & self._configuration.sites.keys():
            self.outlets[site].announce_status(self._status_of(site))
            self._told_s[site] = now_s
        self._changed.clear()
        return STATUS_AT_LEAST_S

    def _word(self, alarm: Alarm) -> Feedback:
        return feedback_of(alarm, nobody=is_unheard(alarm, self._ledger))

    def _words_after(self, draft: Draft, alarm: Alarm) -> list[Feedback]:
        """Give what whoever pressed is shown. A further press is confirmed by itself first: the hand is still there."""
        word = self._word(alarm)
        if draft.type is RecordType.TOLD and (word is not Feedback.TOLD or _others_told(alarm)):
            return []  # of something else than that people are called, or a second one: it was shown when it came about
        words = [Feedback.RECEIVED, word] if draft.type is RecordType.JOINED else [word]
        return list(dict.fromkeys(words))

    def _words_of_test(self, draft: Draft) -> list[tuple[Matter, Feedback]]:
        """Give what whoever tests a device is shown: the same as in an alarm, until the verdict."""
        word, test = TEST_SHOWN.get(draft.type), self._ledger.testing.alarm(draft.alarm)
        return [(test, word)] if word is not None and test is not None else []

    def _show(self, alarm: Matter, word: Feedback) -> None:
        outlet = self.outlets.get(alarm.site)
        if outlet is not None:
            outlet.announce(f"{alarm.device}/feedback", word.value)
        if self.lights is not None:
            self.lights.show(alarm.site, alarm.device, alarm.id, word)

    def _tell(self, alarm: Alarm, now: Moment) -> None:
        outlet = self.outlets.get(alarm.site)
        if outlet is None:
            return
        view = view_of(alarm, self._ledger, self._configuration)
        if view["nobody_told"]:
            view["words"] = ring_112(alarm, self._configuration, now)
        outlet.announce(f"alarm/{alarm.id}", json.dumps(view, ensure_ascii=False))


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


def _others_told(alarm: Alarm) -> bool:
    """Tell whether the one who was told just now is not the first since the alarm was last raised."""
    return sum(notice >= alarm.first for notice, _ in alarm.told) > 1


def _after_ms(seconds: float) -> int | None:
    return None if seconds == UNKNOWN_S else round(seconds * 1000)
