"""Whatever happens in whatever order: only the one press of a device that waits in a round is ever a test."""

from __future__ import annotations

from datetime import timedelta

from clocks import JumpingClock
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from places import municipality
from turning import Story

from alarmbro.judgement.record.ledger import Ledger
from alarmbro.model.activation import Activation, Source
from alarmbro.model.alarm import Closing
from alarmbro.model.errors import RefusedError
from alarmbro.model.record import RecordType
from alarmbro.model.testing import EndTest
from alarmbro.shell.listening.intake import draft_of

DEVICES = ["hirtshals/lokale-1", "hirtshals/lokale-2", "vraa/lommy-1"]
DECISIONS = (RecordType.RAISED, RecordType.JOINED, RecordType.TEST_PRESSED)


class Testing(RuleBasedStateMachine):
    """Rounds, presses, holds, restarts, reboots, clocks that jump and clocks that cannot be trusted, time.

    Beside the daemon runs the plain rule: `armed` holds, for each device, until when its next press may be a test, in
    seconds that have really passed, however often the machine was started anew.
    """

    __test__ = False

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(municipality(), JumpingClock())
        self.armed: dict[str, float] = {}
        self.real_s = 0.0
        self.boots = 1
        self.keys = 0

    def key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    def decision(self, key: str) -> RecordType:
        (found,) = [each.type for each in self.story.journal.drafts if each.ref == key and each.type in DECISIONS]
        return found

    def judge(self, device: str, key: str) -> None:
        """See that a press of a live device is never a test; a test press disarms its device."""
        until_s = self.armed.pop(device, None)
        if self.decision(key) is RecordType.TEST_PRESSED:
            assert until_s is not None, "a live device"
            assert self.real_s <= until_s + 1, "time was up"

    def real_alarm_at(self, device: str) -> bool:
        site = device.partition("/")[0]
        return any(alarm.site == site for alarm in self.story.ledger.alarms.values())

    @rule(site=st.sampled_from(["hirtshals", "vraa"]), hours=st.sampled_from([0.1, 1, 8]))
    def start(self, site: str, hours: float) -> None:
        try:
            self.story.test(site, for_s=hours * 3600)
        except RefusedError:
            return
        of_site = [device for device in DEVICES if device.startswith(site)]
        self.armed |= dict.fromkeys(of_site, self.real_s + hours * 3600)

    @precondition(lambda self: self.story.ledger.testing.all_running())
    @rule(abort=st.booleans())
    def end(self, abort: bool) -> None:
        for round_ in self.story.ledger.testing.all_running():
            self.story.order(EndTest("Koordinator", round_.site, abort))
        self.armed.clear()

    @rule(device=st.sampled_from(DEVICES))
    def press(self, device: str) -> None:
        key, real = self.key(), self.real_alarm_at(device)
        self.story.press(device, key=key)
        if real:
            assert self.decision(key) is not RecordType.TEST_PRESSED
        self.judge(device, key)

    @rule(device=st.sampled_from(DEVICES), pause_s=st.floats(0, 9.9))
    def press_twice(self, device: str, pause_s: float) -> None:
        self.press(device)
        self.wait(pause_s)
        self.story.press(device, key=self.key())
        assert self.story.ledger.alarm_of(*device.split("/")) is not None

    @rule(device=st.sampled_from(DEVICES))
    def press_and_hold(self, device: str) -> None:
        self.press(device)
        self.wait(3)
        self.story.hold(device)
        assert self.story.ledger.alarm_of(*device.split("/")) is not None

    @rule(device=st.sampled_from(DEVICES))
    def press_and_die_before_the_decision(self, device: str) -> None:
        site, _, name = device.partition("/")
        key = self.key()
        self.story.journal.write([draft_of(Activation(key, site, name, self.story.clock.now(), Source.MQTT))])
        self.story.begin()
        self.judge(device, key)

    @precondition(lambda self: self.story.ledger.alarms)
    @rule()
    def close(self) -> None:
        for name in list(self.story.ledger.alarms):
            self.story.close(name, Closing.FALSE_ALARM)

    @rule(recipient=st.sampled_from(["redningsringen", "serviceteam"]))
    def die(self, recipient: str) -> None:
        self.story.dead.add(recipient)

    @rule()
    def heal(self) -> None:
        self.story.dead.clear()

    @rule(seconds=st.one_of(st.floats(0, 90), st.sampled_from([600.0, 3600.0])))
    def wait(self, seconds: float) -> None:
        self.real_s += seconds
        self.story.forward(seconds)

    @rule(seconds=st.floats(0, 4000))
    def restart(self, seconds: float) -> None:
        self.real_s += seconds
        self.story.clock.forward(seconds)
        self.story.begin()
        self.story.settle()

    @rule(seconds=st.floats(1, 40000), trusted=st.booleans())
    def reboot(self, seconds: float, trusted: bool) -> None:
        """Be off for a while: where the clock can be trusted afterwards it is right, else it is anything."""
        self.real_s += seconds
        self.boots += 1
        right = self.story.clock.utc + timedelta(seconds=seconds)
        self.story.clock.reboot(f"boot-{self.boots}")
        self.story.trusted = trusted
        if trusted:
            self.story.clock.set_wall(right)
        self.story.begin()
        self.story.settle()

    @rule(days=st.integers(-365, 365))
    def jump(self, days: int) -> None:
        """Set the wall clock wrong: a round counts what has passed, not what a clock says."""
        self.story.clock.set_wall(self.story.clock.utc + timedelta(days=days))

    @invariant()
    def the_journal_is_the_state(self) -> None:
        self.story.settle()
        replayed = Ledger()
        replayed.replay(self.story.journal.drafts, ())
        assert replayed.testing.rounds == self.story.ledger.testing.rounds
        assert replayed.alarms == self.story.ledger.alarms
        assert replayed.numbers == self.story.ledger.numbers
        assert not replayed.undecided

    @invariant()
    def nothing_of_ours_failed(self) -> None:
        assert "listener/turn" not in self.story.ledger.faults

    @invariant()
    def every_press_is_decided_once(self) -> None:
        decided = [each.ref for each in self.story.journal.drafts if each.type in DECISIONS]
        assert len(decided) == len(set(decided))
        assert set(decided) == {each.ref for each in self.story.journal.drafts if each.type is RecordType.ACTIVATION}

    @invariant()
    def no_test_message_leaves_while_an_alarm_is_real(self) -> None:
        for site in ("hirtshals", "vraa"):
            if any(alarm.site == site for alarm in self.story.ledger.alarms.values()):
                waiting = [job for job in self.story.sender.jobs if job.owed.notice.kind.value.startswith("test_")]
                assert not [job for job in waiting if job.facts.site == self.story.configuration.sites[site].name]


TestTesting = Testing.TestCase
TestTesting.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
