"""Whatever happens in whatever order: nobody who is owed a message is left untold, and the journal is the state."""

from __future__ import annotations

from clocks import JumpingClock
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from places import municipality
from test_turn import Story

from alarmbro.judgement.ledger import Ledger
from alarmbro.model.activation import Activation, Source
from alarmbro.model.record import RecordType
from alarmbro.shell.intake import draft_of

DEVICES = ["hirtshals/lokale-1", "hirtshals/lokale-2", "vraa/lommy-1"]
RECIPIENTS = ["redningsringen", "serviceteam", "leder", "kontorchef", "teknik"]


class Turning(RuleBasedStateMachine):
    """Presses, targets that die and come back, restarts, reboots, time."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(municipality(), JumpingClock())
        self.boots = 1
        self.keys = 0

    @rule(device=st.sampled_from(DEVICES))
    def press(self, device: str) -> None:
        self.keys += 1
        self.story.press(device, key=f"key-{self.keys}")

    @rule(device=st.sampled_from(DEVICES))
    def press_and_die_before_the_decision(self, device: str) -> None:
        self.keys += 1
        site, _, name = device.partition("/")
        activation = Activation(f"key-{self.keys}", site, name, self.story.clock.now(), Source.MQTT)
        self.story.journal.write([draft_of(activation)])
        self.story.begin()

    @rule(recipient=st.sampled_from(RECIPIENTS))
    def die(self, recipient: str) -> None:
        self.story.dead.add(recipient)

    @precondition(lambda self: self.story.dead)
    @rule()
    def heal(self) -> None:
        self.story.dead.clear()

    @rule(seconds=st.floats(0.01, 400))
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

    @invariant()
    def every_press_is_decided_once(self) -> None:
        self.story.settle()
        decided = [d.ref for d in self.story.journal.drafts if d.type in (RecordType.RAISED, RecordType.JOINED)]
        assert len(decided) == len(set(decided))
        assert set(decided) == {d.ref for d in self.story.journal.drafts if d.type is RecordType.ACTIVATION}

    @invariant()
    def the_journal_is_the_state(self) -> None:
        replayed = Ledger()
        replayed.replay(self.story.journal.drafts, ())
        assert replayed.alarms == self.story.ledger.alarms
        assert replayed.numbers == self.story.ledger.numbers
        assert not replayed.undecided

    @invariant()
    def each_device_has_one_open_alarm_at_the_most(self) -> None:
        places = [(alarm.site, alarm.device) for alarm in self.story.ledger.alarms.values()]
        assert len(places) == len(set(places))

    def teardown(self) -> None:
        """In the end the targets live: half a minute later everybody who was named has been told."""
        self.story.dead.clear()
        self.story.forward(31)
        told = {(d.alarm, d.recipient) for d in self.story.journal.drafts if d.type is RecordType.TOLD}
        for draft in self.story.journal.drafts:
            if draft.alarm:
                for recipient in draft.data.get("notify", ()):
                    assert (draft.alarm, recipient) in told


Turning.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestTurning = Turning.TestCase
