"""A year's records come to what a coordinator signs for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from years import BEGUN, HEAD, Year, full_year, town_hall

from alarmbro.model.record import RecordType
from alarmbro.report.account import Report, SiteAccount
from alarmbro.report.gathering import gather


def account(year: Year, of: int = 2026) -> SiteAccount:
    return report(year, of).sites[0]


def report(year: Year, of: int = 2026) -> Report:
    return gather(year.records(), town_hall(), of, ["raadhus"], BEGUN)


def test_failures_come_first_and_each_says_why() -> None:
    """Who reads no further has read what must be mended."""
    devices = account(full_year()).devices
    assert [(each.device, each.verdict, each.reason) for each in devices[:3]] == [
        ("knap-10", "failed", "not_reached"),
        ("knap-11", "failed", "not_pressed"),
        ("knap-0", "passed", ""),
    ]
    assert devices[0].missing == ("politi",)
    assert len(devices) == 12


def test_each_recipient_is_reached_or_not_or_left_out() -> None:
    """With the time from the press, and who has seen it."""
    device = next(each for each in account(full_year()).devices if each.device == "knap-0")
    assert [(each.recipient, each.outcome, each.after_ms) for each in device.recipients] == [
        ("serviceteam", "reached", 700), ("politi", "reached", 1350), ("leder", "reached", 2000),
        ("vagt", "withheld", None),
    ]  # fmt: skip
    assert (device.recipients[0].by, device.recipients[0].confirmed_ms) == ("Vagthavende", 41_000)


def test_the_latest_test_of_the_year_counts() -> None:
    """A device that failed and was tested again has passed."""
    year = Year()
    round_ = year.start()
    year.test(round_, "knap-0", missed="politi", reason="not_reached")
    year.test(year.start(), "knap-0")
    assert {each.device: each.verdict for each in account(year).devices}["knap-0"] == "passed"


def test_what_was_not_tested_this_year_is_said() -> None:
    """Last year's test does not count, nor does a device that is no more."""
    year = Year()
    year.at = datetime(2025, 6, 1, tzinfo=UTC)
    year.test(year.start(), "knap-0")
    year.test(year.start(), "gone")
    assert {each.verdict for each in account(year).devices} == {"never"}
    assert account(year, 2025).devices[-1].verdict == "passed"


def test_a_year_ends_at_local_midnight() -> None:
    """In Denmark it is next year while it is still this year in UTC."""
    year = Year()
    year.alarm(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "real")
    year.alarm(datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "false_alarm")
    months = account(year).months
    assert [(each.real, each.false_alarm) for each in months] == [(0, 1)] + [(0, 0)] * 11


def test_response_times_are_of_real_alarms_alone() -> None:
    """Median and slowest; tests do not flatter them."""
    times = account(full_year()).first_told
    assert (times.count, times.median_ms, times.slowest_ms) == (5, 1600, 7200)
    assert account(full_year()).first_answer.slowest_ms == 99_000
    assert account(Year()).first_told.median_ms is None


def test_open_points_are_what_is_open_at_the_end() -> None:
    """An alarm that nobody closed, a fault that stands; not those that are over."""
    year = full_year()
    name = year.alarm(BEGUN, "")
    year.add(RecordType.FAULT, fault="mqtt/broker", detail="gone")
    year.add(RecordType.FAULT_CLEARED, fault="mqtt/broker")
    points = [(each.kind, each.what) for each in account(year).open_points]
    assert points == [("alarm", name), ("fault", "target/politi/1 (json)")]


def test_names_that_were_removed_leave_the_rest() -> None:
    """After their time the names go; the test stays."""
    year = full_year()
    year.drafts = [replace(each, personal={}) for each in year.drafts]
    found = account(year)
    assert found.rounds[0].by == ""
    device = next(each for each in found.devices if each.device == "knap-0")
    assert device.recipients[0].by == "Serviceteam"  # whose role the record still names


def test_the_paper_bears_witness_to_the_record() -> None:
    """Its head and its length, so that a tail that is cut off later shows."""
    found = report(full_year())
    assert found.head == HEAD
    assert found.records == len(full_year().drafts)
    assert report(Year()).records == 0


def test_what_an_alarm_centre_was_told_is_listed() -> None:
    """Tests and alarms, with their zone."""
    signals = report(full_year()).signals
    assert len(signals) == 10
    assert signals[0].zone == "0"
    assert signals[0].at == BEGUN + timedelta(minutes=3)
