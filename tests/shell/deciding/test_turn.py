"""The turn, with a clock that jumps and a sender that answers when it is told to: who is told, when, and how often."""

from __future__ import annotations

from dataclasses import replace

import pytest
from places import municipality, recipient
from turning import OK, Story

from alarmbro.journal.reading.remembering import Remembered
from alarmbro.model.activation import Activation, Source, Trouble
from alarmbro.model.record import Draft, Record, RecordType
from alarmbro.model.route import Repeat
from alarmbro.shell.desk.inbox import Finished, Pressed, Written
from alarmbro.shell.listening.intake import draft_of


def test_a_press_tells_the_first_step_at_once_and_nobody_else() -> None:
    """The route's first step hears of it; the record shows raised, attempt and told for each."""
    story = Story()
    story.press()
    assert story.heard() == [("redningsringen", "alarm"), ("serviceteam", "alarm")]
    assert [draft.alarm for draft in story.records(RecordType.RAISED)] == ["hirtshals-1"]
    assert [draft.recipient for draft in story.records(RecordType.TOLD)] == ["redningsringen", "serviceteam"]
    assert all(draft.data["after_ms"] == 0 for draft in story.records(RecordType.ATTEMPT))


def test_nobody_answers_and_every_step_comes_once_in_its_time_and_then_repeats() -> None:
    """The chain of managers is followed to its end, and the end is not the end."""
    story = Story()
    story.press()
    story.heard()
    story.forward(59)
    assert story.heard() == []
    story.forward(1)
    assert story.heard() == [("leder", "escalated")]
    story.forward(119)
    assert story.heard() == []
    story.forward(1)
    assert story.heard() == [("kontorchef", "escalated")]
    story.forward(240)
    assert story.heard() == [("kontorchef", "repeated"), ("kontorchef", "repeated")]


def test_an_acknowledged_alarm_escalates_no_further() -> None:
    """Somebody is on the way: steps that say `unless: acknowledged` and repeats until then do not come."""
    story = Story()
    story.press()
    story.heard()
    draft = Draft(RecordType.ACKNOWLEDGED, story.clock.now(), "hirtshals", "lokale-1", "hirtshals-1")
    story.ledger.apply(draft)
    story.forward(599)
    assert story.heard() == []


def test_a_second_press_joins_the_alarm_and_is_told_again_only_after_a_minute() -> None:
    """A frightened person presses many times; each is on record, people are not flooded."""
    story = Story()
    story.press()
    story.forward(5)
    story.press()
    story.press()
    story.heard()
    assert len(story.records(RecordType.JOINED)) == 2
    story.forward(60)
    story.heard()
    story.forward(60)
    story.press()
    assert set(story.heard()) == {(name, "pressed_again") for name in ("redningsringen", "serviceteam", "leder")}
    assert len(story.records(RecordType.RAISED)) == 1


def test_another_device_raises_another_alarm_with_its_own_number() -> None:
    """Two rooms, two matters; numbers count for each site."""
    story = Story()
    story.press("hirtshals/lokale-1")
    story.press("hirtshals/lokale-2")
    story.press("vraa/lommy-1")
    assert [draft.alarm for draft in story.records(RecordType.RAISED)] == ["hirtshals-1", "hirtshals-2", "vraa-1"]


def test_a_dead_target_is_tried_until_it_lives_and_becomes_a_fault_meanwhile() -> None:
    """Never given up; the technician hears of it; when it works again everybody is told and the fault is over."""
    story = Story()
    story.dead = {"serviceteam"}
    story.press()
    story.forward(50)
    assert ("serviceteam", "alarm") not in story.told
    assert [draft.data["subject"] for draft in story.records(RecordType.FAULT)] == ["serviceteam/1 (json)"]
    assert ("teknik", "fault") in story.told
    story.dead = set()
    story.forward(31)
    assert story.told.count(("serviceteam", "alarm")) == 1
    assert ("teknik", "fault_cleared") in story.told
    attempts = [draft.data for draft in story.records(RecordType.ATTEMPT) if draft.recipient == "serviceteam"]
    assert [attempt["outcome"] for attempt in attempts] == ["failed"] * (len(attempts) - 1) + ["ok"]
    assert [attempt["attempt"] for attempt in attempts] == list(range(1, len(attempts) + 1))


def test_one_of_two_targets_is_told_and_the_other_is_still_tried() -> None:
    """One that gets through makes the recipient told; the other URL is owed all the same."""
    team = recipient("serviceteam", "json://127.0.0.1:9/sms", "json://127.0.0.1:9/push")
    story = Story(municipality(recipients={**municipality().recipients, "serviceteam": team}))
    story.dead = {"serviceteam/1"}
    story.press()
    assert [draft.data["target"] for draft in story.records(RecordType.TOLD) if draft.recipient == "serviceteam"] == [2]
    story.dead = set()
    story.forward(2)
    done = [draft.data for draft in story.records(RecordType.ATTEMPT) if draft.recipient == "serviceteam"]
    assert [(each["target"], each["outcome"]) for each in done] == [(1, "failed"), (2, "ok"), (1, "ok")]


def test_the_fallback_is_used_when_nothing_got_through_in_its_time() -> None:
    """The centre's line is dead: thirty seconds later its SMS goes out; where the line works, never."""
    centre = recipient("redningsringen", "json://127.0.0.1:9/a", fallback=("json://127.0.0.1:9/b",))
    configuration = municipality(recipients={**municipality().recipients, "redningsringen": centre})
    story = Story(configuration)
    story.dead = {"redningsringen/1"}
    story.press()
    story.forward(29)
    assert ("redningsringen", "alarm") not in story.heard()
    story.forward(1)
    assert ("redningsringen", "alarm") in story.heard()
    other = Story(configuration)
    other.press()
    other.forward(50)
    assert other.heard().count(("redningsringen", "alarm")) == 1


def test_repeats_do_not_put_the_fallback_off() -> None:
    """A repeat each 20 s and a fallback after 30 s: the time counts from when the recipient was first to be told."""
    centre = recipient("redningsringen", "json://127.0.0.1:9/a", fallback=("json://127.0.0.1:9/b",))
    route = replace(municipality().routes["bibliotek"], steps=municipality().routes["bibliotek"].steps[:1])
    story = Story(
        municipality(
            recipients={**municipality().recipients, "redningsringen": centre},
            routes={"bibliotek": replace(route, repeat=Repeat(20.0))},
        )
    )
    story.dead = {"redningsringen/1"}
    story.press()
    story.forward(29)
    assert "redningsringen" not in {name for name, _ in story.heard()}
    story.forward(2)
    assert ("redningsringen", "repeated") in story.heard()


def test_nobody_could_be_told_is_a_fault_of_its_own_within_half_a_minute() -> None:
    """The loudest fault there is, and over when somebody was reached."""
    story = Story()
    story.dead = set(story.configuration.recipients) - {"teknik"}
    story.press()
    story.forward(30)
    kinds = [draft.data["kind"] for draft in story.records(RecordType.FAULT)]
    assert "nobody_told" in kinds
    assert ("teknik", "no_one_told") in story.heard()
    story.dead = set()
    story.forward(30)
    assert "nobody_told" in [draft.data["kind"] for draft in story.records(RecordType.FAULT_CLEARED)]


def test_a_restart_goes_on_where_it_was() -> None:
    """Same boot: what was told is not told again, what is due comes in its time."""
    story = Story()
    story.dead = {"serviceteam"}
    story.press()
    story.forward(10)
    story.heard()
    story.dead = set()
    story.clock.forward(30)
    story.begin()
    story.settle()
    assert story.heard() == [("serviceteam", "alarm")]
    story.forward(20)
    assert story.heard() == [("leder", "escalated")]


def test_after_a_reboot_the_next_step_is_due_now_and_the_one_after_keeps_its_distance() -> None:
    """Nobody knows how long the power was away: in doubt the next one is told at once."""
    story = Story()
    story.press()
    story.heard()
    story.clock.reboot()
    story.begin()
    story.settle()
    assert story.heard() == [("leder", "escalated")]
    story.forward(119)
    assert story.heard() == []
    story.forward(1)
    assert story.heard() == [("kontorchef", "escalated")]


def test_a_press_that_was_on_disk_but_not_decided_is_decided_at_the_next_start() -> None:
    """A crash between the disk and the decision loses nothing, and the number is the same."""
    story = Story()
    activation = Activation("k", "vraa", "lommy-1", story.clock.now(), Source.MQTT)
    story.journal.write([draft_of(activation)])
    story.clock.forward(10)
    story.begin()
    story.settle()
    assert [draft.alarm for draft in story.records(RecordType.RAISED)] == ["vraa-1"]
    assert set(story.heard()) == {("redningsringen", "alarm"), ("serviceteam", "alarm")}


def test_a_press_decided_long_after_it_was_made_says_so() -> None:
    """A press from before a long stop is an alarm that tells how late it is."""
    story = Story()
    story.journal.write([draft_of(Activation("k", "vraa", "lommy-1", story.clock.now(), Source.MQTT))])
    story.clock.forward(7200)
    story.begin()
    story.settle()
    assert ("serviceteam", "late") in story.heard()
    assert story.records(RecordType.RAISED)[0].data["late_s"] == 7200


def test_a_stalled_journal_holds_an_alarm_back_half_a_second_at_most() -> None:
    """The alarm goes out unwritten, with a fault; when the disk answers there is no second alarm."""
    story = Story()
    story.press(journalled=False, key="k")
    assert story.heard() == []
    story.forward(0.49)
    assert story.heard() == []
    story.forward(0.02)
    assert {("redningsringen", "alarm"), ("serviceteam", "alarm")} <= set(story.heard())
    assert [draft.data["fault"] for draft in story.records(RecordType.FAULT)] == ["journal/stall"]
    story.turn.written(Written(story.pressed, repeat=False))
    story.settle()
    assert len(story.records(RecordType.RAISED)) == 1
    assert [draft.data["fault"] for draft in story.records(RecordType.FAULT_CLEARED)] == ["journal/stall"]


def test_the_same_press_again_is_no_second_alarm() -> None:
    """The journal knew the publisher's id: nothing is decided about the repeat."""
    story = Story()
    activation = Activation("k", "vraa", "lommy-1", story.clock.now(), Source.MQTT, press_id="7")
    press = Pressed(activation, draft_of(activation))
    story.turn.pressed(press)
    story.turn.written(Written(press, repeat=True))
    story.settle()
    assert story.heard() == []
    assert story.journal.drafts == []


def test_a_try_that_passes_its_deadline_is_unknown_and_comes_again_and_a_late_answer_counts() -> None:
    """Unknown is not delivered; but an answer after all makes the recipient told, and ends the tries."""
    story = Story()
    story.press()
    story.heard()
    activation = Activation("x", "vraa", "lommy-1", story.clock.now(), Source.MQTT)
    press = Pressed(activation, draft_of(activation))
    story.turn.pressed(press)
    story.turn.written(Written(press, repeat=False))
    story.turn.settle()
    hung = next(job for job in story.sender.jobs if job.owed.target.recipient == "serviceteam")
    story.sender.jobs.remove(hung)
    hung.given_up = True
    story.sender.late = [hung]
    story.clock.forward(10)
    story.turn.settle()
    story.turn.finished(Finished(hung, OK))
    story.forward(30)
    mine = [
        draft.data
        for draft in story.records(RecordType.ATTEMPT)
        if (draft.alarm, draft.recipient) == ("vraa-1", "serviceteam")
    ]
    assert [(each["outcome"], each["reason"], each.get("late")) for each in mine] == [
        ("unknown", "deadline", None),
        ("ok", "ok", True),
    ]


def test_a_fault_is_told_once_reminded_and_cleared() -> None:
    """`faults: notify` hears when it begins, daily while it lasts, and when it is over."""
    story = Story()
    for _ in range(3):
        story.turn.trouble(Trouble("stuck", "hirtshals/lokale-1", site="hirtshals", device="lokale-1"))
        story.settle()
    assert story.heard() == [("teknik", "fault")]
    story.forward(86400)
    assert story.heard() == [("teknik", "fault")]
    story.turn.trouble(Trouble("stuck", "hirtshals/lokale-1", well=True))
    story.settle()
    assert story.heard() == [("teknik", "fault_cleared")]
    story.forward(1)
    assert story.ledger.faults == {}


def test_a_broker_that_comes_back_soon_is_no_fault() -> None:
    """A restart of the broker mails nobody; one that stays away does."""
    story = Story()
    story.turn.trouble(Trouble("mqtt", "broker"))
    story.forward(29)
    story.turn.trouble(Trouble("mqtt", "broker", well=True))
    story.forward(60)
    assert story.heard() == []
    story.turn.trouble(Trouble("mqtt", "broker"))
    story.forward(31)
    assert story.heard() == [("teknik", "fault")]


def test_a_recipient_that_the_configuration_no_longer_knows_is_owed_nothing() -> None:
    """After a change of the file the tries at a removed recipient end; the others go on."""
    story = Story()
    story.dead = {"serviceteam", "redningsringen"}
    story.press()
    gone = {name: each for name, each in story.configuration.recipients.items() if name != "serviceteam"}
    story.configuration = replace(story.configuration, recipients=gone)
    story.dead = set()
    story.begin()
    story.forward(31)
    assert ("redningsringen", "alarm") in story.told
    assert "serviceteam" not in {name for name, _ in story.told}


def test_a_repeat_that_lasts_until_closed_goes_on_after_an_acknowledgement() -> None:
    """`until: closed` is for routes where somebody must stay in touch."""
    route = replace(municipality().routes["bibliotek"], steps=municipality().routes["bibliotek"].steps[:1])
    story = Story(municipality(routes={"bibliotek": replace(route, repeat=Repeat(60.0, until_closed=True))}))
    story.press()
    story.heard()
    story.ledger.apply(Draft(RecordType.ACKNOWLEDGED, story.clock.now(), alarm="hirtshals-1"))
    story.forward(60)
    assert story.heard() == [("redningsringen", "repeated"), ("serviceteam", "repeated")]


def test_the_replayed_journal_gives_the_same_ledger() -> None:
    """What is open after a restart is what was open before it, to the last detail."""
    story = Story()
    story.dead = {"serviceteam"}
    story.press()
    story.press("vraa/lommy-1")
    story.forward(200)
    story.press()
    before = story.ledger
    story.begin()
    assert story.ledger.alarms == before.alarms
    assert story.ledger.numbers == before.numbers


@pytest.mark.parametrize("wall", [-365, 365])
def test_a_wall_clock_that_jumps_a_year_changes_no_time(wall: int) -> None:
    """Steps come by the monotonic clock."""
    story = Story()
    story.press()
    story.heard()
    story.clock.forward(30)
    story.clock.set_wall(story.clock.utc.replace(year=story.clock.utc.year + (1 if wall > 0 else -1)))
    story.settle()
    story.forward(29)
    assert story.heard() == []
    story.forward(1)
    assert story.heard() == [("leder", "escalated")]


def test_an_alarm_of_a_site_that_left_the_configuration_is_told_as_a_fault() -> None:
    """Its people are told as far as they are known; if they cannot be, that is said as loudly as of any other."""
    story = Story()
    story.dead = set(story.configuration.recipients) - {"teknik"}
    story.press("vraa/lommy-1")
    sites = {name: site for name, site in story.configuration.sites.items() if name != "vraa"}
    story.configuration = replace(story.configuration, sites=sites, serve=("hirtshals",))
    story.begin()
    story.forward(31)
    assert {"unroutable/vraa-1", "nobody_told/vraa-1"} <= set(story.ledger.faults)
    assert ("teknik", "no_one_told") in story.told


def test_a_matter_that_cannot_be_tended_does_not_take_the_others_with_it() -> None:
    """One alarm meets a bug of ours: the other's steps come in their time, the bug is told, and tried again."""
    story = Story()
    story.press("hirtshals/lokale-1")
    story.press("vraa/lommy-1")
    story.heard()
    broken = story.ledger.alarms["hirtshals-1"]
    notices, broken.notices = broken.notices, None  # type: ignore[assignment]  # what a bug would look like
    story.forward(60)
    assert story.heard().count(("leder", "escalated")) == 1
    assert "listener/turn" in story.ledger.faults
    broken.notices = notices
    story.forward(2)
    assert ("leder", "escalated") in story.heard()
    story.forward(62)
    assert "listener/turn" not in story.ledger.faults


def test_a_decision_that_makes_no_sense_leaves_its_press_to_be_decided_again() -> None:
    """In doubt it is real: a broken record costs a number, never the alarm."""
    story = Story()
    story.press("vraa/lommy-1")
    raised = story.records(RecordType.RAISED)[0]
    story.journal.drafts = [
        replace(draft, data={"number": 1}) if draft is raised else draft for draft in story.journal.drafts
    ]
    story.heard()
    story.begin()
    story.settle()
    assert ("serviceteam", "alarm") in story.heard()


def test_where_the_past_is_lost_no_number_is_used_twice() -> None:
    """The first alarm of a new journal does not bear the number of one that people may still talk about."""
    story = Story()
    story.ledger.before_first = 498_213
    story.press("vraa/lommy-1")
    story.press("hirtshals/lokale-1")
    assert list(story.ledger.alarms) == ["vraa-498214", "hirtshals-498214"]


def test_a_step_that_is_due_with_the_decision_is_written_after_it() -> None:
    """A button that must be held counts from when it was first pressed: the record says raised, then escalated."""
    story = Story()
    activation = Activation("k", "vraa", "lommy-1", story.clock.now(), Source.GPIO)
    story.clock.forward(61)
    press = Pressed(activation, draft_of(activation), on_disk=True)
    story.turn.pressed(press)
    story.journal.write([draft_of(activation)])
    story.turn.written(Written(press, repeat=False))
    story.settle()
    kinds = [draft.type for draft in story.journal.drafts]
    assert kinds.index(RecordType.RAISED) < kinds.index(RecordType.ESCALATED)
    before = story.ledger
    story.begin()
    assert story.ledger.alarms == before.alarms


def test_a_past_that_comes_late_is_taken_up_beside_what_has_come_since() -> None:
    """The disk answered long after the start: old alarms go on, new ones stay, and no number is used twice."""
    before = Story()
    before.dead = {"serviceteam"}
    before.press("vraa/lommy-1", key="old")
    story = Story()
    story.ledger.before_first = 1000
    story.press("hirtshals/lokale-1", key="new")
    records = tuple(Record(number, draft, "") for number, draft in enumerate(before.journal.drafts, start=1))
    story.heard()
    story.turn.recalled(Remembered(records, (("vraa", 1),)))
    story.forward(1)
    assert set(story.ledger.alarms) == {"hirtshals-1001", "vraa-1"}
    assert ("serviceteam", "alarm") in story.heard()


def test_a_target_that_takes_messages_again_gets_at_once_what_it_had_refused() -> None:
    """The pause between tries spares a sick gateway; one that is well is not spared while people wait."""
    story = Story()
    story.dead = {"serviceteam"}
    story.press("vraa/lommy-1")
    story.forward(40)
    story.dead.clear()
    story.heard()
    story.press("hirtshals/lokale-1")
    assert sorted(who for who, what in story.heard() if what == "alarm").count("serviceteam") == 2
