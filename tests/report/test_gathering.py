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


def test_slow_alarms_that_only_a_later_step_could_tell_are_not_left_out() -> None:
    """The slowest answers are what the report is for: whoever was reached first counts, at whatever step."""
    year = Year()
    name = year.alarm(BEGUN, "real", told_ms=900)
    year.drafts = [each for each in year.drafts if each.type is not RecordType.TOLD]
    year.add(RecordType.TOLD, alarm=name, recipient="leder", notice=2, message="escalated", after_ms=61_000)
    year.add(RecordType.TOLD, alarm=name, recipient="leder", notice=3, message="closed_real", after_ms=90_000)
    assert account(year).first_told.slowest_ms == 61_000


def test_alarms_that_nobody_heard_or_answered_are_counted() -> None:
    """One of two: the other must not vanish from the paper."""
    year = Year()
    year.alarm(BEGUN, "real")
    name = year.name()
    year.add(RecordType.RAISED, device="knap-1", alarm=name)
    found = account(year)
    assert (found.first_told.count, found.first_told.total) == (1, 2)
    assert (found.first_answer.count, found.first_answer.total) == (1, 2)
    assert [(each.what, each.detail) for each in found.open_points] == [(name, "knap-1")]


def test_alarms_that_were_closed_as_a_test_are_no_response() -> None:
    """Somebody pressed to try, outside a round."""
    year = Year()
    year.alarm(BEGUN, "test")
    assert account(year).first_told.total == 0
    assert sum(each.real + each.false_alarm + each.open for each in account(year).months) == 0


def test_records_that_do_not_fit_are_passed_over() -> None:
    """An outcome of a later version, a press that was lost with an old journal, lists that are none."""
    year = Year()
    year.alarm(BEGUN, "of the future")
    year.add(RecordType.TEST_PASSED, device="knap-0", alarm="raadhus-77", round="raadhus-70")
    year.add(RecordType.TEST_PRESSED, device="knap-1", alarm="raadhus-78", notify=None, withheld=None)
    year.add(RecordType.TEST_FAILED, device="knap-1", alarm="raadhus-78", reason="not_reached", missing=None)
    found = {each.device: each for each in account(year).devices}
    assert (found["knap-0"].verdict, found["knap-0"].pressed) == ("passed", None)
    assert (found["knap-1"].verdict, found["knap-1"].missing) == ("failed", ())


def test_whoever_confirmed_is_named_though_nobody_told_them() -> None:
    """A person who stood beside and is no recipient."""
    year = Year()
    alarm = f"raadhus-{year.number + 2}"
    round_ = year.start()
    year.test(round_, "knap-0", confirm="leder")
    year.add(RecordType.ACKNOWLEDGED, alarm=alarm, by="Lise", after_ms=5_000)
    device = next(each for each in account(year).devices if each.device == "knap-0")
    assert [(each.by, each.after_ms) for each in device.confirmed] == [("Vagthavende", 41_000), ("Lise", 5_000)]


def test_the_way_to_whom_every_test_withheld_is_named_as_not_tried() -> None:
    """All devices have passed, and yet nobody knows whether the centre would have got them."""
    (unproven,) = account(full_year()).unproven
    assert (unproven.recipient, unproven.reason) == ("vagt", "in_test")


def test_open_points_are_what_is_open_at_the_end() -> None:
    """An alarm that nobody closed, a fault that stands; not those that are over."""
    year = full_year()
    name = year.alarm(BEGUN, "")
    year.add(RecordType.FAULT, fault="mqtt/broker", detail="gone")
    year.add(RecordType.FAULT_CLEARED, fault="mqtt/broker")
    points = [(each.kind, each.what) for each in account(year).open_points]
    assert points == [("alarm", name), ("fault", "target/politi/1 (json)")]


def test_a_fault_from_before_a_restart_is_open_only_if_it_was_found_again() -> None:
    """A start finds anew what is wrong; what it did not find was mended while it was down."""
    year = Year()
    year.add(RecordType.FAULT, fault="mqtt/broker", detail="gone")
    year.add(RecordType.FAULT, fault="target/politi/1 (json)", detail="refused")
    year.add(RecordType.STARTED)
    begun, year.at = year.at, year.at + timedelta(hours=1)
    year.add(RecordType.FAULT, fault="mqtt/broker", detail="gone")
    year.at += timedelta(days=1)
    year.add(RecordType.FAULT, fault="mqtt/broker", detail="refused", reminder=True)
    (point,) = account(year).open_points
    assert (point.what, point.since, point.detail) == ("mqtt/broker", begun + timedelta(hours=1), "refused")


def test_a_test_at_local_midnight_is_of_the_year_that_people_were_in() -> None:
    """23:30 UTC on 31 December is 0:30 in Denmark: the next year's test."""
    year = Year()
    year.at = datetime(2025, 12, 31, 22, 50, tzinfo=UTC)
    year.test(year.start(), "knap-0")
    year.at = datetime(2025, 12, 31, 23, 0, tzinfo=UTC)
    year.test(year.start(), "knap-1")
    verdicts = [{each.device: each.verdict for each in account(year, of).devices} for of in (2025, 2026)]
    assert [(each["knap-0"], each["knap-1"]) for each in verdicts] == [("passed", "never"), ("never", "passed")]


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


def test_calls_of_later_steps_and_repeats_are_in_the_centres_list_too() -> None:
    """Else what it did get would be held against it; news of an alarm is no signal."""
    year = Year()
    for notice, kind in enumerate(("alarm", "pressed_again", "escalated", "repeated", "closed_real", "acknowledged")):
        year.add(RecordType.TOLD, device="knap-1", alarm="raadhus-1", recipient="politi", notice=notice, message=kind)
    assert len(report(year).signals) == 4


def test_a_hundred_thousand_records_are_read_in_one_pass() -> None:
    """They come from an iterator that gives each once; what is kept is what is told."""
    year = full_year()
    for _ in range(100_000):
        year.add(RecordType.ACTIVATION, device="knap-1")
    assert report(year).records == len(year.drafts)
