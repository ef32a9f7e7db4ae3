"""Whatever happens in whatever order: nobody who is owed a message is left untold, and the journal is the state."""

from __future__ import annotations

from datetime import timedelta

from clocks import JumpingClock
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from places import aftercare
from turning import Story

from alarmbro.judgement.pressing.deciding import TELL_AGAIN_AFTER_S
from alarmbro.judgement.record.ledger import Ledger
from alarmbro.model.activation import Acknowledgement, Activation, Close, Source
from alarmbro.model.alarm import Closing, State
from alarmbro.model.delivery import CALLS, MessageKind
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Aftercare, Duty
from alarmbro.shell.listening.intake import draft_of

DEVICES = ["hirtshals/lokale-1", "hirtshals/lokale-2", "vraa/lommy-1"]
RECIPIENTS = ["redningsringen", "serviceteam", "leder", "kontorchef", "teknik"]
PEOPLE = ["Serviceteam", "leder", "Vagten"]
CARE = Aftercare(1800.0, ("leder",), (Duty("Lad ikke den ramte være alene"),))


class Turning(RuleBasedStateMachine):
    """Presses, answers, targets that die and come back, crashes, restarts, reboots, clocks that jump, time."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(aftercare(CARE), JumpingClock())
        self.boots = 1
        self.keys = 0

    def key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    @rule(device=st.sampled_from(DEVICES))
    def press(self, device: str) -> None:
        self.story.press(device, key=self.key())
        alarm = self.story.ledger.alarm_of(*device.split("/"))
        assert alarm is not None
        assert alarm.state is State.RAISED  # whatever was before it, a press wants people

    @rule(device=st.sampled_from(DEVICES))
    def press_and_die_before_the_decision(self, device: str) -> None:
        site, _, name = device.partition("/")
        activation = Activation(self.key(), site, name, self.story.clock.now(), Source.MQTT)
        self.story.journal.write([draft_of(activation)])
        self.story.begin()

    @precondition(lambda self: self.story.ledger.alarms)
    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        alarm = data.draw(st.sampled_from(sorted(self.story.ledger.alarms)))
        self.story.ack(alarm, by=data.draw(st.sampled_from(PEOPLE)))

    @precondition(lambda self: self.story.ledger.alarms)
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        alarm = data.draw(st.sampled_from(sorted(self.story.ledger.alarms)))
        self.story.close(alarm, data.draw(st.sampled_from(Closing)))

    @rule()
    def turn_the_key(self) -> None:
        now = self.story.clock.now()
        self.story.turn.answered(Acknowledgement(now, Source.GPIO, site="hirtshals", by="nøglen"))
        self.story.turn.answered(Close(now, Source.GPIO, Closing.REAL, site="hirtshals", by="nøglen"))

    @rule(recipient=st.sampled_from(RECIPIENTS))
    def die(self, recipient: str) -> None:
        self.story.dead.add(recipient)

    @precondition(lambda self: self.story.dead)
    @rule()
    def heal(self) -> None:
        self.story.dead.clear()

    @rule(seconds=st.one_of(st.floats(0.01, 90), st.sampled_from([60.0, 600.0, 1800.0])))
    def wait(self, seconds: float) -> None:
        self.story.forward(seconds)

    @rule(seconds=st.floats(0, 400))
    def restart(self, seconds: float) -> None:
        self.story.clock.forward(seconds)
        self.story.begin()
        self.story.settle()

    @rule()
    def reboot(self) -> None:
        self.boots += 1
        self.story.clock.reboot(f"boot-{self.boots}")
        self.story.begin()
        self.story.settle()

    @rule(days=st.integers(-365, 365))
    def jump(self, days: int) -> None:
        self.story.clock.set_wall(self.story.clock.utc + timedelta(days=days))

    @invariant()
    def every_press_is_decided_once(self) -> None:
        self.story.settle()
        decided = [d.ref for d in self.story.journal.drafts if d.type in (RecordType.RAISED, RecordType.JOINED)]
        assert len(decided) == len(set(decided))
        assert set(decided) == {d.ref for d in self.story.journal.drafts if d.type is RecordType.ACTIVATION}

    @invariant()
    def nothing_of_ours_failed(self) -> None:
        assert "listener/turn" not in self.story.ledger.faults

    @invariant()
    def the_journal_is_the_state(self) -> None:
        replayed = Ledger()
        replayed.replay(self.story.journal.drafts, ())
        assert replayed.alarms == self.story.ledger.alarms
        assert replayed.ended == self.story.ledger.ended
        assert replayed.numbers == self.story.ledger.numbers
        assert not replayed.undecided

    @invariant()
    def each_device_has_one_open_alarm_at_the_most(self) -> None:
        places = [(alarm.site, alarm.device) for alarm in self.story.ledger.alarms.values()]
        assert len(places) == len(set(places))

    @invariant()
    def nobody_is_called_to_a_closed_alarm(self) -> None:
        closed: set[str] = set()
        for draft in self.story.journal.drafts:
            if draft.alarm in closed and "message" in draft.data:
                assert MessageKind(draft.data["message"]) not in CALLS
            if draft.type is RecordType.CLOSED:
                closed.add(draft.alarm)

    @invariant()
    def nobody_comes_and_no_step_is_taken_while_somebody_is_on_the_way(self) -> None:
        state: dict[str, RecordType] = {}
        for draft in self.story.journal.drafts:
            if draft.type is RecordType.ESCALATED:
                assert state.get(draft.alarm) is not RecordType.ACKNOWLEDGED
            if draft.type in (RecordType.ACKNOWLEDGED, RecordType.LAPSED, RecordType.JOINED):
                state[draft.alarm] = draft.type

    @invariant()
    def whoever_hears_that_somebody_comes_has_heard_of_the_alarm(self) -> None:
        called: set[tuple[str, str]] = set()
        for draft in self.story.journal.drafts:
            if draft.type is RecordType.TOLD and draft.alarm:
                message = MessageKind(draft.data["message"])
                assert message is not MessageKind.ACKNOWLEDGED or (draft.alarm, draft.recipient) in called
                if message in CALLS:
                    called.add((draft.alarm, draft.recipient))

    def teardown(self) -> None:
        """In the end the targets live: soon everybody who was called has heard the last that there is to hear."""
        self.story.dead.clear()
        self.story.forward(TELL_AGAIN_AFTER_S + 31)
        for alarm in self.story.ledger.alarms.values():
            assert set(alarm.alarmed) <= {name for _, name in alarm.told}
        ends = [draft for draft in self.story.journal.drafts if draft.type is RecordType.CLOSED]
        self.story.forward(CARE.after_s + 301)
        for draft in ends:
            self.everybody_knows_of_the_end(draft)

    def everybody_knows_of_the_end(self, closed: Draft) -> None:
        told = {
            (d.data["message"], d.recipient)
            for d in self.story.journal.drafts
            if d.type is RecordType.TOLD and d.alarm == closed.alarm
        }
        care = {"leder"} if ("aftercare", "leder") in told else set[str]()  # it says that the alarm is over, too
        assert {(closed.data["message"], name) for name in set(closed.data["notify"]) - care} <= told
        assert (closed.data["outcome"] == "real") == bool(care)
        assert [d for d in self.story.journal.drafts if d.type is RecordType.SETTLED and d.alarm == closed.alarm]


Turning.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
TestTurning = Turning.TestCase
