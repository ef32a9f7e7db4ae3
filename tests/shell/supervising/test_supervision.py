"""The turn hears of devices: a pendant that falls silent is told to those who mend, and told again when it is well."""

from __future__ import annotations

from dataclasses import replace

from clocks import JumpingClock
from places import municipality
from turning import Story

from alarmbro.journal.reading.remembering import Remembered
from alarmbro.model.activation import Heartbeat, Trouble
from alarmbro.model.configuration import Configuration
from alarmbro.model.record import Record, RecordType
from alarmbro.model.site import Supervision
from alarmbro.shell.supervising.faults import CALM_S, FOUND_AGAIN_WITHIN_S


def supervised(**limits: object) -> Configuration:
    """Give the municipality with a pendant that is supervised."""
    whole = municipality()
    vraa = whole.sites["vraa"]
    pendant = replace(vraa.devices["lommy-1"], supervise=Supervision(**limits))  # type: ignore[arg-type]  # its fields
    return municipality(sites={**whole.sites, "vraa": replace(vraa, devices={"lommy-1": pendant})})


def faults(story: Story) -> list[str]:
    return [draft.data["fault"] for draft in story.records(RecordType.FAULT)]


def cleared(story: Story) -> list[str]:
    return [draft.data["fault"] for draft in story.records(RecordType.FAULT_CLEARED)]


def test_a_silent_pendant_is_a_fault_of_the_technicians_and_never_an_alarm() -> None:
    """Within its time; over with its next word."""
    story = Story(supervised(heartbeat_s=3600.0))
    story.forward(3590)
    assert faults(story) == []
    story.forward(80)
    assert faults(story) == ["silent/vraa/lommy-1"]
    assert {recipient for recipient, _ in story.heard()} == {"teknik"}
    story.turn.take(Heartbeat("vraa", "lommy-1", story.clock.now()))
    story.forward(1)
    assert cleared(story) == ["silent/vraa/lommy-1"]
    assert ("teknik", "fault_cleared") in story.heard()


def test_a_press_proves_that_a_pendant_lives() -> None:
    """Nothing proves it better."""
    story = Story(supervised(heartbeat_s=3600.0))
    story.forward(3500)
    story.press("vraa/lommy-1")
    story.forward(300)
    assert "silent/vraa/lommy-1" not in faults(story)


def test_what_an_earlier_run_had_heard_counts() -> None:
    """A restart makes no dead pendant alive."""
    story = Story(supervised(heartbeat_s=3600.0))
    story.turn.supervision.recall({"vraa/lommy-1": {"silent_s": 3500, "heard": None, "battery": 44}})
    story.forward(200)
    assert faults(story) == ["silent/vraa/lommy-1"]
    assert story.turn.supervision.known["vraa/lommy-1"].battery == 44
    assert story.turn.supervision.kept()["vraa/lommy-1"]["silent_s"] >= 3600


def test_a_word_about_a_device_that_is_not_served_changes_nothing() -> None:
    """Another machine's."""
    story = Story(supervised())
    story.turn.take(Heartbeat("sindal", "lommy-7", story.clock.now(), battery=1))
    assert faults(story) == []


def test_a_low_battery_is_told_at_once() -> None:
    """With how low it is."""
    story = Story(supervised())
    story.turn.take(Heartbeat("vraa", "lommy-1", story.clock.now(), battery=11))
    story.turn.settle()
    assert [draft.data["detail"] for draft in story.records(RecordType.FAULT)] == ["11 %"]


def test_a_last_will_is_told_when_it_is_not_taken_back_within_two_minutes() -> None:
    """Devices and gateways restart."""
    story = Story(supervised())
    gone = Heartbeat("vraa", "lommy-1", story.clock.now(), available=False, teller="x/LWT")
    story.turn.take(gone)
    story.forward(60)
    story.turn.take(replace(gone, available=True))
    story.forward(300)
    assert faults(story) == []
    story.turn.take(gone)
    story.forward(121)
    assert faults(story) == ["offline/vraa/lommy-1"]


def test_what_comes_and_goes_is_told_three_times_and_then_is_one_fault_until_it_is_calm() -> None:
    """A loose plug must not fill the technician's mailbox: then that matters which hides in it."""
    story = Story(municipality(), JumpingClock())
    for _ in range(20):
        story.turn.trouble(Trouble("probe", "teknik/1 (mailto)", detail="refused"))
        story.forward(20)
        story.turn.trouble(Trouble("probe", "teknik/1 (mailto)", well=True))
        story.forward(20)
    assert len(faults(story)) == 3
    assert len(cleared(story)) == 2
    story.forward(CALM_S)
    assert len(cleared(story)) == 3


def restarted(story: Story, past: tuple[Record, ...] = ()) -> tuple[Record, ...]:
    """Start again with what a journal would remember of faults: `past`, and what has begun since."""
    begun = [draft for draft in story.records(RecordType.FAULT) if draft.data["notify"]]
    past = (*past, *(Record(number, draft, "") for number, draft in enumerate(begun, start=1)))
    story.journal.drafts.clear()
    story.told.clear()
    story.begin()
    story.turn.remember(Remembered(faults=past))
    return past


def test_a_restart_is_no_reason_to_tell_a_fault_again_and_its_end_is_told() -> None:
    """An upgrade each week must not look like a new fault each week."""
    story = Story(municipality(), JumpingClock())
    fault = Trouble("probe", "teknik/1 (mailto)", detail="http_401")
    story.turn.trouble(fault)
    story.settle()
    restarted(story)
    story.turn.trouble(fault)
    story.forward(3600)
    assert faults(story) == []
    assert [each.id for each in story.ledger.faults.values() if not each.cleared] == ["probe/teknik/1 (mailto)"]
    story.turn.trouble(replace(fault, well=True))
    story.settle()
    assert cleared(story) == ["probe/teknik/1 (mailto)"]
    assert story.heard() == [("teknik", "fault_cleared")]


def test_a_fault_that_is_not_found_again_after_a_restart_is_over() -> None:
    """Somebody mended it while the machine was off."""
    story = Story(municipality(), JumpingClock())
    story.turn.trouble(Trouble("disk", "space", detail="100 MB free"))
    story.settle()
    restarted(story)
    story.forward(FOUND_AGAIN_WITHIN_S + 1)
    assert cleared(story) == ["disk/space"]


def test_a_fault_that_outlives_restarts_is_still_reminded_of() -> None:
    """Each day, by wall time: however often the machine is started."""
    story = Story(municipality(), JumpingClock())
    fault = Trouble("disk", "space", detail="100 MB free")
    story.turn.trouble(fault)
    story.settle()
    past: tuple[Record, ...] = ()
    for _ in range(3):
        past = restarted(story, past)
        story.turn.trouble(fault)
        story.forward(7 * 3600)
    assert faults(story) == []
    story.forward(4 * 3600)
    assert faults(story) == ["disk/space"]


def test_a_target_that_refused_an_alarm_is_told_anew() -> None:
    """Nobody can know whether it would take one now."""
    story = Story(municipality(), JumpingClock())
    story.turn.trouble(Trouble("target", "leder/1 (json)", detail="http_401"))
    story.settle()
    restarted(story)
    assert story.ledger.faults == {}
