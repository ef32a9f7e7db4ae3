"""When the removal of names is asked for."""

from __future__ import annotations

from datetime import timedelta

from clocks import JumpingClock
from places import municipality
from turning import ListJournal

from alarmbro.shell.supervising.retaining import Retaining


class Trust:
    """Wall time that can be believed, or not yet."""

    given = False

    def __call__(self) -> bool:
        return self.given


def test_a_clock_that_is_set_after_the_start_is_not_waited_for_until_tomorrow() -> None:
    """Most Pis start with a wrong time: looked at hourly until it can be believed, then daily."""
    clock, trust, journal = JumpingClock(), Trust(), ListJournal()
    retaining = Retaining(municipality(), journal, trust)
    retaining.look(clock.now())
    trust.given = True
    retaining.look(clock.forward(3599))
    assert journal.removals == []
    retaining.look(clock.forward(1))
    assert len(journal.removals) == 1
    retaining.look(clock.forward(86399))
    assert len(journal.removals) == 1
    retaining.look(clock.forward(1))
    assert journal.removals[1] - journal.removals[0] == timedelta(days=1)
