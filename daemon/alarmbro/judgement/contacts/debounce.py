"""From the flicker of one contact to presses: exactly one per press, never none.

Pure; whoever feeds a `Debounce` calls it from one thread at a time.

How it works. The line is known from two witnesses. Edges are exact, but the kernel may drop one and a thread may
deliver them late. Samples are always true at their instant and say nothing of the time between. So:

- Active time is counted only where it is *proven*: from an active edge or sample to the next edge or active sample of
  the same run. A sample that reads inactive ends a run and proves nothing, since a spike whose second edge was lost
  would look the same. What a late edge adds (an earlier begin, a later end, a whole press between samples) is counted
  when it comes; nothing is counted twice.
- Runs with less than `release_s` of quiet between them are one burst. A burst gives one press, when its proven time
  together reaches `debounce_s`: a dirty contact that only chatters still alarms. With `hold_s`, the press must last
  that long, and shorter gaps than `debounce_s` are forgiven.
- With `long_s`, a press that goes on for so long, gaps shorter than `debounce_s` forgiven, is told a second time, as
  held. The press itself has been told by then and waits for nothing.
- A burst without end is a stuck contact, told once.

A press of `debounce_s` plus two sampling intervals is counted whichever single edge is lost, and one of `long_s` plus
two is held. An inactive edge out of nothing is no press: interference too short for the kernel to read looks so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

RELEASE_S = 0.050
STUCK_S = 300.0
# A Pi's 50 kΩ pull-up charges the cable when the pin is claimed: the first readings may be wrong.
SETTLE_S = 0.200
SETTLE_LIMIT_S = 1.0  # a line that never rests is judged all the same
SETTLE_SAMPLES = 3
SETTLE_STEP_S = 0.020
EPSILON_S = 1e-9  # sums of floats: 20 ms in pieces is 20 ms


@dataclass(frozen=True, slots=True)
class Timing:
    """What counts as a press of one contact, in seconds. `hold_s` 0: a touch is enough; `long_s` infinite: never held.

    `rest_s` is how long the line must be quiet before the next press; `debounce_s` where that is longer.
    """

    debounce_s: float = 0.020
    hold_s: float = 0.0
    stuck_s: float = STUCK_S
    long_s: float = math.inf
    rest_s: float = RELEASE_S

    @property
    def release_s(self) -> float:
        """Give how long the line must be quiet before the next press."""
        return max(self.debounce_s, self.rest_s)

    @property
    def needed_s(self) -> float:
        """Give how much active time makes a press."""
        return max(self.debounce_s, self.hold_s)


@dataclass(frozen=True, slots=True)
class Press:
    """A press that began at `at_s`; with `held_at_start` it was there before we looked."""

    at_s: float
    held_at_start: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """The press has lasted `long_s`, since `at_s`. Once for each press, and after it."""

    at_s: float
    held_at_start: bool = False


@dataclass(frozen=True, slots=True)
class Stuck:
    """The contact has been active since `since_s`, longer than a hand would hold it. Not a new press."""

    since_s: float


@dataclass(frozen=True, slots=True)
class Unstuck:
    """The contact that was stuck rests again."""

    at_s: float


Change = Press | Held | Stuck | Unstuck


class Debounce:
    """One contact's judge. All times are seconds of one monotonic clock; `active` means pressed.

    It never raises, whatever the order of the time stamps, and gives what follows from each observation. Nothing is
    believed before `settled`: samples only count towards that.
    """

    def __init__(self, timing: Timing, start_s: float) -> None:
        self.settled = False
        self._timing = timing
        self._start_s = start_s
        self._agreeing_s: list[float] = []  # while settling: the samples that say the same, newest last
        self._active = False
        self._from_start = False
        # The burst: runs that belong together.
        self._burst_s = start_s
        self._total_s = 0.0  # proven
        self._pressed = False
        self._long = False
        self._stuck = False
        # Its newest run, which an edge may still correct after a sample ended it.
        self._began_s = start_s
        self._held_s = start_s  # begin, with short gaps forgiven
        self._proven_s = start_s
        self._floor_s = start_s  # nothing before this may be counted again
        self._sampled = False  # begun by a sample: an edge may tell of an earlier begin
        self._ended = True  # by an edge: the end is exact
        self._quiet_s = -math.inf
        self._changes: list[Change] = []

    def edge(self, at_s: float, active: bool) -> tuple[Change, ...]:
        """Take a change to `active` that happened at `at_s`, perhaps a while ago. What is no time is not believed."""
        if not math.isfinite(at_s):
            return ()
        if not self.settled:
            self._agreeing_s.clear()
            self._active = active
            return ()
        if active:
            self._rise(at_s)
        else:
            self._fall(at_s)
        return self._judge()

    def sample(self, now_s: float, active: bool) -> tuple[Change, ...]:
        """Take what the line reads now: for an active line the time before the reading, else the time after it."""
        if not self.settled:
            self._settle(now_s, active)
            return self._judge()
        self._forget_future(now_s)
        if active and self._active:
            self._prove(now_s)
        elif active:
            self._begin(now_s, sampled=True)
        elif self._active:
            self._end(now_s)
        return self._judge_stuck(now_s) + self._judge()

    @property
    def next_due_s(self) -> float:
        """Give when a sample is wanted even if nothing moves; infinity where the usual poll is enough."""
        if not self.settled:
            return (self._agreeing_s or [self._start_s])[-1] + SETTLE_STEP_S
        if self._active and not self._pressed:
            return self._proven_s + self._missing_s()
        if self._active and not self._stuck:
            long_s = math.inf if self._long else self._proven_s + self._missing_long_s()
            return min(long_s, self._burst_s + self._timing.stuck_s)
        return self._quiet_s + self._timing.release_s if self._stuck and not self._active else math.inf

    def _settle(self, now_s: float, active: bool) -> None:
        if active != self._active:
            self._agreeing_s.clear()
            self._active = active
        self._agreeing_s.append(now_s)
        rests = now_s >= self._start_s + SETTLE_S and len(self._agreeing_s) >= SETTLE_SAMPLES
        if rests or now_s >= self._start_s + SETTLE_LIMIT_S:
            self.settled, self._active, self._proven_s = True, False, now_s
            if active:
                self._proven_s = self._agreeing_s[0]
                self._begin(self._proven_s, sampled=True)
                self._prove(now_s)
                self._from_start = True

    def _rise(self, at_s: float) -> None:
        if self._sampled and not self._ended and self._floor_s <= at_s < self._began_s:
            self._total_s += self._began_s - at_s
            self._held_s = min(self._held_s, at_s)
            self._burst_s = min(self._burst_s, at_s)
            self._began_s, self._sampled = at_s, False
        elif self._active:
            self._prove(at_s)
        else:
            self._begin(at_s, sampled=False)

    def _fall(self, at_s: float) -> None:
        # A sample has read active since (this edge is old), or the run is over and the next one's begin was lost.
        if self._ended or at_s < self._proven_s or (not self._active and at_s > self._quiet_s):
            return
        self._prove(at_s)
        self._end(at_s)
        self._ended = True

    def _begin(self, at_s: float, *, sampled: bool) -> None:
        gap_s = at_s - self._quiet_s
        if gap_s >= self._timing.release_s:
            self._new_burst(at_s)
        self._floor_s = max(self._proven_s, self._quiet_s)
        self._began_s = self._proven_s = max(at_s, self._proven_s)
        if gap_s >= self._timing.debounce_s:
            self._held_s = self._began_s
        self._active, self._sampled, self._ended = True, sampled, False

    def _new_burst(self, at_s: float) -> None:
        if self._stuck:
            self._changes.append(Unstuck(at_s))
        self._burst_s, self._total_s = at_s, 0.0
        self._pressed = self._long = self._stuck = self._from_start = False

    def _prove(self, until_s: float) -> None:
        if until_s > self._proven_s:
            self._total_s += until_s - self._proven_s
            self._proven_s = until_s

    def _end(self, at_s: float) -> None:
        self._active, self._quiet_s = False, at_s

    def _missing_s(self) -> float:
        """Give how much active time is still wanting for a press."""
        timing = self._timing
        reached_s = self._proven_s - self._held_s if timing.hold_s > 0 else self._total_s
        return timing.needed_s - reached_s

    def _missing_long_s(self) -> float:
        """Give how much active time is still wanting for a held press; infinity where there is none."""
        return self._timing.long_s - (self._proven_s - self._held_s)

    def _judge(self) -> tuple[Change, ...]:
        if self.settled and not self._pressed and self._missing_s() <= EPSILON_S and self._total_s > 0:
            self._pressed = True
            at_s = self._held_s if self._timing.hold_s > 0 else self._burst_s
            self._changes.append(Press(at_s, self._from_start))
        if self._pressed and not self._long and self._missing_long_s() <= EPSILON_S:
            self._long = True
            self._changes.append(Held(self._held_s + self._timing.long_s, self._from_start))
        changes, self._changes = tuple(self._changes), []
        return changes

    def _judge_stuck(self, now_s: float) -> tuple[Change, ...]:
        if self._active and not self._stuck and now_s - self._burst_s >= self._timing.stuck_s:
            self._stuck = True
            return (Stuck(self._burst_s),)
        if self._stuck and not self._active and now_s - self._quiet_s >= self._timing.release_s:
            self._stuck = False
            return (Unstuck(now_s),)
        return ()

    def _forget_future(self, now_s: float) -> None:
        """Take back time stamps later than now: a contact must not be deaf until a wrong clock is reached."""
        self._proven_s = min(self._proven_s, now_s)
        self._began_s = min(self._began_s, now_s)
        self._held_s = min(self._held_s, now_s)
        self._burst_s = min(self._burst_s, now_s)
        self._quiet_s = min(self._quiet_s, now_s)
