"""The first milliseconds: the first message is made while the disk works, leaves when it has, and leaves once."""

from __future__ import annotations

from turning import OK, Story

from alarmbro.model.activation import Close, Source
from alarmbro.model.alarm import Closing
from alarmbro.model.record import RecordType
from alarmbro.shell.deciding.pacing import Pacing
from alarmbro.shell.desk.inbox import Finished, Written
from alarmbro.shell.desk.job import Job


class Hurried(Story):
    """A story in which the first message gets its head start."""

    def begin(self) -> None:
        super().begin()
        self.turn.pacing.head_start_s, self.turn.pacing.hush_s, self.turn.pacing.longest_s = 0.003, 0.01, 0.1

    def made_ready(self) -> Job:
        """Press, and let the time pass that the journal's thread needs; give the job that waits at its gate."""
        self.press(journalled=False)
        self.clock.forward(0.001)
        self.turn.settle()
        (job,) = self.sender.jobs
        assert job.gate is not None
        assert not job.gate.opened
        return job

    def on_disk(self) -> None:
        """Do what the journal's thread does."""
        self.journal.write([self.pressed.draft])
        self.pressed.on_disk = True
        self.pressed.go()
        self.turn.written(Written(self.pressed, repeat=False))


def test_the_first_message_waits_made_until_its_press_is_on_disk() -> None:
    """Nothing is decided before; then the gate is open at once, without this thread."""
    story = Hurried()
    job = story.made_ready()
    assert not story.ledger.alarms
    assert job.gate is not None
    story.on_disk()
    assert job.gate.opened
    story.turn.settle()
    assert story.sender.jobs == [job], "the others follow it"


def test_the_others_follow_when_the_first_is_through() -> None:
    """And what is to be written and shown comes after them: the order of the record stays."""
    story = Hurried()
    job = story.made_ready()
    story.on_disk()
    story.turn.settle()
    assert story.announced == []
    story.sender.jobs.clear()
    story.turn.finished(Finished(job, OK))
    story.turn.settle()
    assert [each.owed.target.recipient for each in story.sender.jobs] == ["serviceteam"]
    story.settle()
    story.forward(1)
    kinds = [draft.type for draft in story.journal.drafts]
    assert kinds[:3] == [RecordType.ACTIVATION, RecordType.RAISED, RecordType.ATTEMPT]
    assert kinds.count(RecordType.TOLD) == 2


def test_a_first_message_that_hangs_holds_the_others_back_for_milliseconds() -> None:
    """Its lane is its own."""
    story = Hurried()
    story.made_ready()
    story.on_disk()
    story.turn.settle()
    story.clock.forward(0.003)
    story.turn.settle()
    assert len(story.sender.jobs) == 2


def test_a_press_that_was_there_already_calls_its_message_off() -> None:
    """The publisher sent it twice: nothing leaves, no number is used."""
    story = Hurried()
    job = story.made_ready()
    story.turn.written(Written(story.pressed, repeat=True))
    assert job.gate is not None
    assert job.gate.called_off
    story.sender.jobs.clear()
    story.turn.finished(Finished(job, OK))
    story.settle()
    assert story.journal.drafts == []
    story.clock.forward(1)
    story.press()
    assert list(story.ledger.alarms) == ["hirtshals-1"]
    assert len(story.records(RecordType.ATTEMPT)) == 2


def test_a_stalled_disk_opens_the_gate_after_half_a_second() -> None:
    """The message that was ready leaves then, and once."""
    story = Hurried()
    job = story.made_ready()
    story.clock.forward(0.5)
    story.turn.settle()
    assert job.gate is not None
    assert job.gate.opened
    story.settle()
    story.forward(1)
    assert [who for who, what in story.heard() if what == "alarm"].count("redningsringen") == 1


def test_only_a_press_that_waits_alone_is_made_ready() -> None:
    """Of two, the second's decision depends on the first's."""
    story = Hurried()
    story.press("hirtshals/lokale-1", journalled=False)
    first = story.pressed
    story.press("hirtshals/lokale-2", journalled=False)
    story.clock.forward(0.001)
    story.turn.settle()
    assert story.sender.jobs == []
    for press in (first, story.pressed):
        story.journal.write([press.draft])
        story.turn.written(Written(press, repeat=False))
    story.turn.settle()
    assert [job.owed.delivery.matter for job in story.sender.jobs] == ["hirtshals-1", "hirtshals-2"]


def test_an_answer_that_comes_before_the_news_of_the_disk_is_kept() -> None:
    """A quick gateway is quicker than our own inbox: the recipient counts as told once the alarm is there."""
    story = Hurried()
    job = story.made_ready()
    story.sender.jobs.clear()
    story.turn.finished(Finished(job, OK))
    story.clock.forward(0.02)
    story.turn.settle()
    assert story.journal.drafts == []
    story.on_disk()
    story.forward(1)
    assert "redningsringen" in {draft.recipient for draft in story.records(RecordType.TOLD)}
    assert [job.owed.target.recipient for job in story.sender.jobs] == []


def test_the_hush_is_short_however_many_presses_come() -> None:
    """What waits for it waits a tenth of a second at the most."""
    pacing = Pacing()
    for step in range(100):
        pacing.urgent(step * 0.001)
    assert pacing.rest_in_s(0.0999) > 0
    assert pacing.rest_in_s(0.1) == 0
    assert not pacing.hushed


def test_a_call_that_still_waits_is_taken_back_when_its_alarm_is_closed() -> None:
    """Nobody runs to what is over; its end is told to all who had been called."""
    story = Story()
    story.press(journalled=False)
    story.journal.write([story.pressed.draft])
    story.turn.written(Written(story.pressed, repeat=False))
    story.turn.settle()
    assert len(story.sender.jobs) == 2
    story.turn.answered(_close(story))
    assert all(not job.owed.notice.calls for job in story.sender.jobs)


def _close(story: Story) -> Close:
    return Close(story.clock.now(), Source.COMMAND, Closing.FALSE_ALARM, "hirtshals-1", by="Vagten")


def test_a_new_alarm_overtakes_whatever_else_waits_for_a_target() -> None:
    """Then what failed and the next in the chain, then news and repeats, then faults."""
    story = Story()
    ranks: dict[str, set[int]] = {}

    def look() -> None:
        for job in story.sender.jobs:
            ranks.setdefault(job.owed.notice.kind.value, set()).add(job.rank)

    story.dead = {"serviceteam"}
    submit = story.sender.submit

    def submitted(job: Job) -> None:
        submit(job)
        look()

    story.sender.submit = submitted  # type: ignore[method-assign]
    story.press()
    story.forward(400)
    story.ack()
    story.press()
    assert ranks["alarm"] == {0, 1}
    assert ranks["escalated"] == {1}
    assert ranks["repeated"] == {2}
    assert 0 in ranks["pressed_again"]
    assert ranks["acknowledged"] == {2}
    assert ranks["fault"] == {3}
