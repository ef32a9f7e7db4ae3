"""A year of a site for reports: twelve buttons, four recipients, a round in November, some alarms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from places import municipality, recipient

from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, Record, RecordType
from alarmbro.model.route import Route, Step
from alarmbro.model.site import Device, GpioInput, Site

HEAD = "3f" * 32
PLACES = (
    "Reception ved hovedindgangen", "Skranke 1", "Skranke 2", "Skranke 3", "Skranke 4", "Mødelokale Ærø",
    "Mødelokale Ømø", "Samtalerum Å", "Samtalerum B", "Venteområde øst", "Ekspedition, pas og kørekort",
    "Borgmesterkontorets forkontor",
)  # fmt: skip
PEOPLE = {"serviceteam": "Serviceteam", "politi": "Politiet (kontrolcentral)", "leder": "Leder Borgerservice",
          "vagt": "Vagtselskabet Nordjylland"}  # fmt: skip
BEGUN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def town_hall(devices: int = 12) -> Configuration:
    """Give a configuration with one site of so many devices."""
    people = {key: replace(recipient(key), name=name) for key, name in PEOPLE.items()}
    people["politi"] = replace(people["politi"], alarm_centre=True)
    buttons = {
        f"knap-{number}": Device(
            "raadhus", f"knap-{number}", PLACES[number % 12], "alle", number, GpioInput(number + 2)
        )
        for number in range(devices)
    }
    site = Site("raadhus", "Hjørring Rådhus", "alle", buttons, "Springvandspladsen 5, 9800 Hjørring")
    route = Route("alle", (Step(tuple(PEOPLE)),))
    return municipality(recipients=people, routes={"alle": route}, sites={"raadhus": site}, serve=("raadhus",))


class Year:
    """Writes the records of a year; `records` gives them as the journal would."""

    def __init__(self, site: str = "raadhus") -> None:
        self.site = site
        self.drafts: list[Draft] = []
        self.at = BEGUN
        self.number = 0

    def add(self, kind: RecordType, *, device: str = "", alarm: str = "", recipient: str = "", **data: object) -> None:
        """Add a record; `by` names a person."""
        personal = {"by": str(data.pop("by"))} if "by" in data else {}
        moment = Moment("boot", 0.0, self.at)
        self.drafts.append(Draft(kind, moment, self.site, device, alarm, recipient, data=data, personal=personal))

    def name(self) -> str:
        """Give the next alarm's id."""
        self.number += 1
        return f"{self.site}-{self.number}"

    def start(self, by: str = "Koordinator for sikkerhed") -> str:
        """Begin a round."""
        name = self.name()
        self.add(RecordType.TEST_STARTED, alarm=name, by=by, devices=[], notify=[])
        return name

    def test(self, round_: str, device: str, *, missed: str = "", confirm: str = "", reason: str = "") -> None:
        """Test a device: all are reached but `missed`; the centre too."""
        alarm = self.name()
        self.at += timedelta(minutes=3)
        people = list(PEOPLE)
        self.add(RecordType.TEST_PRESSED, device=device, alarm=alarm, round=round_, notify=people[:-1],
                 withheld=people[-1:])  # fmt: skip
        for number, each in enumerate(people[:-1]):
            if each != missed:
                self.add(RecordType.TOLD, device=device, alarm=alarm, recipient=each, notice=1, message="test_alarm",
                         after_ms=700 + 650 * number)  # fmt: skip
        self.add(RecordType.ATTEMPT, device=device, alarm=alarm, recipient=people[-1], outcome="withheld",
                 reason="in_test", message="test_alarm", notice=1)  # fmt: skip
        if confirm:
            self.add(RecordType.ACKNOWLEDGED, alarm=alarm, recipient=confirm, by="Vagthavende", after_ms=41_000)
        kind = RecordType.TEST_FAILED if reason else RecordType.TEST_PASSED
        verdict: dict[str, Any] = {"reason": reason, "missing": [missed]} if reason else {}
        self.add(kind, device=device, alarm=alarm, round=round_, **verdict)

    def alarm(self, at: datetime, outcome: str, told_ms: int = 900, answer_ms: int = 32_000) -> str:
        """Raise a real alarm, tell it, answer and close it (an empty outcome leaves it open)."""
        before, self.at = self.at, at
        name = self.name()
        self.add(RecordType.RAISED, device="knap-1", alarm=name, number=self.number, notify=[])
        self.add(RecordType.TOLD, alarm=name, recipient="serviceteam", notice=1, message="alarm", after_ms=told_ms)
        self.add(RecordType.ACKNOWLEDGED, alarm=name, recipient="serviceteam", after_ms=answer_ms, first=True)
        if outcome:
            self.add(RecordType.CLOSED, alarm=name, outcome=outcome, after_ms=600_000)
        self.at = before
        return name

    def records(self) -> Iterator[Record]:
        """Give the records in their order."""
        for number, draft in enumerate(self.drafts, start=1):
            yield Record(number, draft, HEAD)


def full_year() -> Year:
    """Give a year with everything in it."""
    year = Year()
    for month, outcome in ((1, "false_alarm"), (2, "real"), (2, "false_alarm"), (5, "real"), (9, "false_alarm")):
        year.alarm(datetime(2026, month, 14, 10, 0, tzinfo=UTC), outcome, 800 * month, 11_000 * month)
    year.add(RecordType.FAULT, device="knap-4", fault="target/politi/1 (json)", detail="refused")
    round_ = year.start()
    for number in range(10):
        year.test(round_, f"knap-{number}", confirm="serviceteam" if number < 3 else "")
    year.test(round_, "knap-10", missed="politi", reason="not_reached")
    year.add(RecordType.TEST_FAILED, device="knap-11", round=round_, reason="not_pressed", missing=[])
    year.add(RecordType.TEST_FINISHED, alarm=round_, round=round_, reason="finished", passed=10, total=12)
    return year
