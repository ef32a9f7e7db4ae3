"""The yearly test: every device proven, nobody put at risk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from places import municipality, recipient
from turning import Story

from alarmbro.model.activation import Acknowledgement, Close, Source, Trouble
from alarmbro.model.alarm import Closing
from alarmbro.model.configuration import Configuration
from alarmbro.model.configuration import TestPolicy as Policy
from alarmbro.model.errors import RefusedError
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import InTest
from alarmbro.model.testing import EndTest, PutOnTest, StartTest

FIRST = {"redningsringen", "serviceteam"}
EVERYBODY = FIRST | {"leder", "kontorchef"}
PASSED, FAILED = RecordType.TEST_PASSED, RecordType.TEST_FAILED


def led(**changes: object) -> Configuration:
    """Give the municipality with a coordinator."""
    base = municipality()
    people = {**base.recipients, "koordinator": recipient("koordinator")}
    return municipality(**{"recipients": people, "test": Policy(coordinators=("koordinator",)), **changes})


def changed(name: str, **changes: object) -> Configuration:
    """Give it with one recipient changed."""
    base = led()
    return replace(base, recipients={**base.recipients, name: replace(base.recipients[name], **changes)})  # type: ignore[arg-type]


@pytest.fixture
def story() -> Story:
    return Story(led())


def verdicts(story: Story) -> list[tuple[str, str]]:
    """Give each device's verdict in order: `passed`, or why it failed."""
    judged = [each for each in story.journal.drafts if each.type in (PASSED, FAILED)]
    return [(each.device, each.data.get("reason", "passed")) for each in judged]


def finished(story: Story) -> Draft:
    (draft,) = story.records(RecordType.TEST_FINISHED)
    return draft


def test_everybody_in_the_routes_is_told_before_a_test(story: Story) -> None:
    """With place and times, and that anything that does not begin with TEST is real."""
    story.test()
    assert set(story.heard()) == {(name, "test_started") for name in EVERYBODY | {"koordinator"}}
    message = story.texts[0][1]
    assert message.short == (
        "TEST hirtshals-1 kl. 12.00-14.00: Hirtshals Bibliotek. Koordinator prøver alarmerne. "
        "Kun det, der begynder med TEST, er test."
    )
    assert "Enhver anden besked er alvor" in message.body
    assert "Lokale 1, Lokale 2" in message.body


def test_the_first_press_is_a_test_of_the_real_chain(story: Story) -> None:
    """The first step is told, in words that begin with TEST; nobody else is called, and the device has passed."""
    story.test()
    story.heard()
    story.press()
    assert set(story.heard()) == {(name, "test_alarm") for name in FIRST}
    assert story.texts[-1][1].short.startswith("TESTALARM hirtshals-2 kl. 12.00: Hirtshals Bibliotek, Lokale 1.")
    assert verdicts(story) == [("lokale-1", "passed")]
    (passed,) = story.records(PASSED)
    assert passed.data["reached"] == {"redningsringen": 0, "serviceteam": 0}
    assert not story.ledger.alarms


def test_a_device_is_live_again_the_moment_it_has_passed(story: Story) -> None:
    """The next press is real, and who leads the test hears of it first."""
    story.test()
    story.press()
    story.forward(300)
    story.heard()
    story.press()
    assert story.heard()[0] == ("koordinator", "alarm")
    assert story.ledger.alarms["hirtshals-3"].device == "lokale-1"


def test_a_fault_of_ours_in_judging_a_test_costs_no_alarm(story: Story) -> None:
    """In doubt it is real, whatever state the round is in."""
    story.test()
    story.ledger.testing.rounds["hirtshals-1"].begun = None  # type: ignore[assignment]  # broken on purpose
    story.press()
    assert story.ledger.alarm_of("hirtshals", "lokale-1") is not None


def test_two_presses_within_ten_seconds_are_real(story: Story) -> None:
    """Whatever has become of the first."""
    story.dead.add("redningsringen")
    story.test()
    story.press()
    story.forward(5)
    story.press()
    assert story.ledger.alarm_of("hirtshals", "lokale-1") is not None
    assert verdicts(story) == [("lokale-1", "real")]


@pytest.mark.parametrize("dead", [False, True])
def test_a_press_that_is_held_is_real(story: Story, dead: bool) -> None:
    """Although its test may have passed by then."""
    if dead:
        story.dead.add("redningsringen")
    story.test()
    story.press()
    story.forward(3)
    story.hold()
    assert story.ledger.alarm_of("hirtshals", "lokale-1") is not None


def test_holding_a_button_changes_nothing_outside_a_test(story: Story) -> None:
    """A hand that stays on the button is no second press."""
    story.press()
    story.forward(3)
    story.hold()
    assert story.ledger.alarms["hirtshals-1"].presses == 1


def test_other_devices_are_real_all_the_time(story: Story) -> None:
    """Those outside the round, and those of other sites."""
    story.test("hirtshals", "lokale-1")
    story.press("vraa/lommy-1")
    story.press("hirtshals/lokale-2")
    assert set(story.ledger.alarms) == {"vraa-1", "hirtshals-2"}


def test_a_real_alarm_silences_the_test_until_it_is_closed(story: Story) -> None:
    """No test message goes out meanwhile, and every press at the site is real."""
    story.dead |= FIRST
    story.test()
    story.press("hirtshals/lokale-1")
    story.press("hirtshals/lokale-1")  # twice: real
    story.dead.clear()
    story.heard()
    story.forward(1)
    story.press("hirtshals/lokale-2")
    assert len(story.ledger.alarms) == 2
    story.forward(7200)
    assert finished(story).data["reason"] == "all_done"  # no device of it is left to be tested
    assert not [kind for _, kind in story.heard() if kind.startswith("test")]
    for alarm in list(story.ledger.alarms):
        story.close(alarm, Closing.FALSE_ALARM)
    assert {kind for _, kind in story.heard() if kind.startswith("test")} == {"test_ended"}


def test_a_device_that_called_for_help_is_no_more_in_the_round(story: Story) -> None:
    """Whoever presses it when that alarm is closed may be in danger, too."""
    story.test()
    story.press("hirtshals/lokale-1")
    story.press("hirtshals/lokale-1")
    story.press("hirtshals/lokale-2")
    for alarm in list(story.ledger.alarms):
        story.close(alarm, Closing.REAL)
    story.press("hirtshals/lokale-2")
    assert story.ledger.alarms
    assert ("lokale-2", "real") in verdicts(story)


def test_a_test_under_way_is_interrupted_by_a_real_alarm(story: Story) -> None:
    """Its messages are taken back; it must be made again."""
    story.dead.add("redningsringen")
    story.test()
    story.press("hirtshals/lokale-2")
    story.press("hirtshals/lokale-1")
    story.press("hirtshals/lokale-1")
    assert ("lokale-2", "interrupted") in verdicts(story)
    assert ("lokale-1", "real") in verdicts(story)


def test_a_recipient_that_is_not_reached_fails_the_device(story: Story) -> None:
    """After two minutes of trying; the record names who it was."""
    story.dead.add("redningsringen")
    story.test()
    story.press()
    story.forward(119)
    assert verdicts(story) == []
    story.forward(2)
    assert verdicts(story) == [("lokale-1", "not_reached")]
    assert story.records(FAILED)[0].data["missing"] == ["redningsringen"]
    story.heard()
    story.dead.clear()
    story.forward(300)
    assert "test_alarm" not in {kind for _, kind in story.heard()}  # nobody is told of a test that is over


def test_a_recipient_that_is_reached_late_fails_the_device(story: Story) -> None:
    """A minute is the longest that help may take to hear of it."""
    story.dead.add("serviceteam")
    story.test()
    story.press()
    story.forward(70)
    story.dead.clear()
    story.forward(40)
    assert verdicts(story) == [("lokale-1", "too_slow")]


def test_the_round_ends_by_itself_when_all_have_passed(story: Story) -> None:
    """All who were told of its begin are told of its end, and how it went."""
    story.test()
    story.press("hirtshals/lokale-1")
    story.heard()
    story.press("hirtshals/lokale-2")
    told = story.heard()
    assert {each for each in told if each[1] == "test_ended"} == {
        (name, "test_ended") for name in EVERYBODY | {"koordinator"}
    }
    assert story.texts[-1][1].short == (
        "TEST SLUT hirtshals-1 kl. 12.00: Hirtshals Bibliotek. Alle 2 knapper er bestået. Alle tryk er nu alvor."
    )
    assert finished(story).data["reason"] == "all_done"
    assert [each.alarm for each in story.records(RecordType.SETTLED)] == ["hirtshals-1"]


def test_the_round_ends_by_itself_when_time_is_up(story: Story) -> None:
    """A warning ten minutes before to who leads it; then what was not pressed has failed, and is live."""
    story.test()
    story.press("hirtshals/lokale-1")
    story.heard()
    story.forward(6599)
    assert story.heard() == []
    story.forward(2)
    assert story.heard() == [("koordinator", "test_warning")]
    assert "1 af 2 bestået. Mangler: Lokale 2." in story.texts[-1][1].short
    story.forward(600)
    assert ("lokale-2", "not_pressed") in verdicts(story)
    assert finished(story).data["missing"] == ["lokale-2"]
    story.press("hirtshals/lokale-2")
    assert story.ledger.alarm_of("hirtshals", "lokale-2") is not None


def test_a_press_at_the_last_moment_is_real_once_time_is_up(story: Story) -> None:
    """However late the turn comes to end the round."""
    story.test(for_s=600)
    story.clock.forward(600)
    story.press()
    assert story.ledger.alarms


def test_a_round_goes_on_after_a_restart(story: Story) -> None:
    """Nothing is told twice, and what waits is still a test."""
    story.test()
    story.press("hirtshals/lokale-1")
    story.heard()
    story.clock.forward(60)
    story.begin()
    story.settle()
    assert story.heard() == []
    story.press("hirtshals/lokale-2")
    assert set(story.heard()) >= {(name, "test_alarm") for name in FIRST}
    assert finished(story).data["reason"] == "all_done"


def test_a_round_goes_on_after_a_reboot_where_the_clock_can_be_trusted(story: Story) -> None:
    """By wall time: it does not begin anew."""
    story.test(for_s=3600)
    story.clock.forward(1800)
    story.clock.reboot()
    story.begin()
    story.forward(1700)
    assert not story.records(RecordType.TEST_FINISHED)
    story.forward(101)
    assert finished(story).data["reason"] == "time"


@pytest.mark.parametrize("trusted", [False, True])
def test_a_reboot_ends_the_round_where_nobody_knows_the_time(story: Story, trusted: bool) -> None:
    """An unsynchronised clock, or one that is earlier than the begin: in doubt every press is real."""
    story.test()
    story.clock.reboot()
    story.trusted = trusted
    if trusted:
        story.clock.set_wall(story.clock.utc.replace(year=2020))
    story.begin()
    story.settle()
    assert finished(story).data["reason"] == "clock"
    story.press()
    assert story.ledger.alarms


def test_the_wall_clock_alone_changes_nothing(story: Story) -> None:
    """NTP may set it by a year in the middle of a test."""
    story.test(for_s=3600)
    story.clock.set_wall(story.clock.utc.replace(year=2030))
    story.forward(3500)
    assert not story.records(RecordType.TEST_FINISHED)
    story.forward(101)
    assert finished(story).data["reason"] == "time"


def test_who_must_not_get_tests_gets_none_and_the_record_says_so() -> None:
    """`in_test: withhold`: no announcement, no test, no end; an attempt for each address that was not tried."""
    story = Story(changed("redningsringen", in_test=InTest.WITHHOLD))
    story.test()
    story.press()
    assert "redningsringen" not in {name for name, _ in story.heard()}
    attempts = [each for each in story.records(RecordType.ATTEMPT) if each.recipient == "redningsringen"]
    assert [(each.data["outcome"], each.data["reason"]) for each in attempts] == [("withheld", "in_test")]
    assert verdicts(story) == [("lokale-1", "passed")]


def test_an_alarm_centre_gets_tests_only_while_it_is_on_test() -> None:
    """Somebody must have told it first: else it would send the police."""
    story = Story(changed("redningsringen", alarm_centre=True))
    story.test()
    story.press("hirtshals/lokale-1")
    assert "redningsringen" not in {name for name, _ in story.heard()}
    (withheld,) = [each for each in story.records(RecordType.ATTEMPT) if each.recipient == "redningsringen"]
    assert withheld.data["reason"] == "not_on_test"
    story.order(PutOnTest("redningsringen", "Koordinator", "Vagtcentralen", 1800.0))
    story.press("hirtshals/lokale-2")
    assert ("redningsringen", "test_alarm") in story.heard()


def test_an_alarm_centre_is_on_test_for_the_time_that_was_agreed() -> None:
    """And not across a reboot."""
    story = Story(changed("redningsringen", alarm_centre=True))
    story.order(PutOnTest("redningsringen", "Koordinator", "Vagtcentralen", 600.0))
    story.test()
    story.clock.forward(601)
    story.heard()
    story.press("hirtshals/lokale-1")
    assert "redningsringen" not in {name for name, _ in story.heard()}


def test_a_real_alarm_reaches_who_is_withheld_in_tests() -> None:
    """In the middle of a round, too."""
    story = Story(changed("redningsringen", in_test=InTest.WITHHOLD))
    story.test()
    story.press()
    story.press()
    assert ("redningsringen", "alarm") in story.heard()


def test_with_confirmation_reached_means_that_a_person_saw_it() -> None:
    """The device passes when each who may acknowledge has; its button is live meanwhile."""
    story = Story(changed("serviceteam", acknowledges=True))
    story.test(confirm=True)
    story.press()
    story.forward(300)
    assert verdicts(story) == []
    story.ack("hirtshals-2", by="Serviceteam")
    assert verdicts(story) == [("lokale-1", "passed")]
    assert story.records(PASSED)[0].data["confirmed"] == {"serviceteam": 300_000}


def test_what_nobody_confirms_has_failed_at_the_end() -> None:
    """And the record names who did not."""
    story = Story(changed("serviceteam", acknowledges=True))
    story.test("hirtshals", "lokale-1", confirm=True)
    story.press()
    story.order(EndTest("Koordinator"))
    assert verdicts(story) == [("lokale-1", "not_confirmed")]
    assert story.records(FAILED)[0].data["missing"] == ["serviceteam"]


def test_an_alarm_after_a_test_that_was_broken_off_meets_no_fault_of_ours(story: Story) -> None:
    """A device that was pressed and never judged is no more than that."""
    story.dead |= FIRST
    story.test()
    story.press("hirtshals/lokale-1")
    story.order(EndTest("Koordinator", abort=True))
    story.press("hirtshals/lokale-2")
    story.forward(60)
    assert story.ledger.alarms
    assert "listener/turn" not in story.ledger.faults


def test_a_test_alarm_cannot_be_closed(story: Story) -> None:
    """It ends by itself."""
    story.dead |= FIRST
    story.test()
    story.press()
    with pytest.raises(RefusedError, match="ends by itself"):
        story.turn.answered(Close(story.clock.now(), Source.COMMAND, Closing.TEST, "hirtshals-2"))


def test_the_key_at_the_site_leaves_tests_alone(story: Story) -> None:
    """It speaks for real alarms."""
    story.dead |= FIRST
    story.test()
    story.press()
    assert story.turn.answered(Acknowledgement(story.clock.now(), Source.GPIO, site="hirtshals")) == []


def test_finishing_fails_what_was_not_pressed_and_aborting_does_not(story: Story) -> None:
    """Both say what is missing."""
    story.test()
    story.press("hirtshals/lokale-1")
    story.order(EndTest("Koordinator", abort=True))
    assert verdicts(story) == [("lokale-1", "passed")]
    assert (finished(story).data["reason"], finished(story).data["missing"]) == ("aborted", ["lokale-2"])
    story.test()
    story.order(EndTest("Koordinator"))
    assert [each for each in verdicts(story) if each[1] == "not_pressed"] == [
        ("lokale-1", "not_pressed"),
        ("lokale-2", "not_pressed"),
    ]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (StartTest("hirtshals", "", 7200.0), "named coordinator"),
        (StartTest("hirtshals", "Koordinator", 8 * 3600 + 1), "8 hours"),
        (StartTest("hirtshals", "Koordinator", 5.0), "10 seconds"),
        (EndTest("Koordinator"), "no test round runs"),
        (PutOnTest("serviceteam", "Koordinator", "Vagten", 600.0), "no alarm centre"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(story: Story, order: StartTest, why: str) -> None:
    """And changes nothing."""
    before = len(story.journal.drafts)
    with pytest.raises(RefusedError, match=why):
        story.order(order)
    assert len(story.journal.drafts) == before


def test_no_round_begins_over_another_or_over_an_alarm(story: Story) -> None:
    """One at a time, and never while somebody is in danger."""
    story.test()
    with pytest.raises(RefusedError, match="hirtshals-1 runs"):
        story.test()
    story.press("vraa/lommy-1")
    with pytest.raises(RefusedError, match="close it before"):
        story.test("vraa")


def test_an_alarm_by_hand_is_no_test(story: Story) -> None:
    """`alarmbro press` proves no button."""
    story.test()
    story.press(source=Source.COMMAND)
    assert story.ledger.alarms


def test_a_press_that_was_made_before_the_round_is_real(story: Story) -> None:
    """A pendant's press can wait at the broker for an hour."""
    made = story.clock.utc
    story.clock.forward(300)
    story.test()
    story.press("hirtshals/lokale-1", pressed_at=made)
    assert story.ledger.alarms


def test_reminders_say_what_is_under_test(story: Story) -> None:
    """Whoever reads of something else there knows that somebody is pressing buttons."""
    story.turn.trouble(Trouble("target", "x", detail="y", site="hirtshals"))
    story.forward(86000)
    story.test()
    story.texts.clear()
    story.forward(600)
    (reminder,) = [message for name, message in story.texts if name == "teknik"]
    assert "TEST I GANG til kl. 13.53: Lokale 1, Lokale 2." in reminder.body


@pytest.mark.parametrize("trusted", [True, False])
def test_coordinators_hear_what_has_never_been_tested(trusted: bool) -> None:
    """A week after the first start, then monthly; a restart is no reason to say it again."""
    story = Story(led())
    story.trusted = trusted
    story.settle()
    story.forward(6 * 86400)
    assert story.heard() == []
    story.forward(2 * 86400)
    assert story.heard() == ([("koordinator", "test_due"), ("koordinator", "test_due")] if trusted else [])
    if trusted:
        assert "Lokale 1: aldrig prøvet; Lokale 2: aldrig prøvet" in story.texts[0][1].body


def test_a_device_that_has_passed_is_due_again_a_month_before_a_year() -> None:
    """Those that have not, sooner."""
    story = Story(led(serve=("vraa",)))
    story.settle()
    story.test("vraa")
    story.press("vraa/lommy-1")
    story.heard()
    story.forward(334 * 86400)
    assert story.heard() == []
    story.forward(3 * 86400)
    assert story.heard() == [("koordinator", "test_due")]
    story.test("vraa")
    story.press("vraa/lommy-1")
    story.forward(2 * 86400)
    assert [each.data["fault"] for each in story.records(RecordType.FAULT_CLEARED)] == ["test_due/vraa"]
