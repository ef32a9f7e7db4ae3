"""Whether the cable of a changeover contact is whole: two wires, of which exactly one is closed to ground.

Pure; whoever feeds a `Changeover` calls it from one thread at a time. It judges the cable and nothing else: presses
come from the contact that makes, whatever stands here, and what is told here never calls people.

At rest the contact that breaks (the opposite) is closed and the one that makes (the pin) open; pressed, it is the
other way round. In between a contact that breaks before it makes has both open, one that makes before it breaks has
both closed. Each row below is a damage and what both contacts read:

==========================  ==================  ===============  ====================================================
damage                      at rest             pressed          what follows
==========================  ==================  ===============  ====================================================
none                        rest                pressed          alarm
pin's wire cut              rest                both open        unseen at rest; a press is a fault and NO alarm
pin's wire to ground        both closed         pressed          alarm at once, fault, stuck after a while
opposite's wire cut         both open           pressed          fault; a press is an alarm
opposite's wire to ground   rest                both closed      unseen at rest; a press is an alarm and a fault
common wire, or all, cut    both open           both open        fault; a press is unseen
the two wires joined        both closed         both closed      alarm at once, fault, stuck after a while
the two wires swapped       pressed             rest             alarm at once, stuck after a while; letting go alarms
button gone off the cable   both open           both open        fault
==========================  ==================  ===============  ====================================================

"Pin's wire cut" is why a fault that was as short as a press stays until a press has been seen by both contacts and
they rest again: that the line looks well when the hand is gone proves nothing. One that lasted longer than a hand
would hold was no press, and is over when the contacts have rested for a moment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from alarmbro.judgement.contacts.debounce import EPSILON_S, STUCK_S

# From one contact to the other a slow finger on a contact without a snap takes some 100 ms.
TRAVEL_S = 0.5
# Gone from rest and back, with nothing of the other contact: a contact bounces for less (10 ms), and a hand that
# presses a button in fear stays for longer.
SHORTEST_S = 0.050
REST_S = 1.0  # what has rested so long does not only flicker
HAND_S = STUCK_S  # no hand holds for so long


class Wires(StrEnum):
    """What the two contacts say together."""

    REST = "at rest"
    PRESSED = "pressed"
    BOTH_OPEN = "both open"
    BOTH_CLOSED = "both closed"


GOOD = frozenset({Wires.REST, Wires.PRESSED})


@dataclass(frozen=True, slots=True)
class Damaged:
    """The cable is not what it should be; `like_a_press`: it was so for as long as a press, and looks well again."""

    wires: Wires
    like_a_press: bool = False


@dataclass(frozen=True, slots=True)
class Mended:
    """The cable is well again: proven, not only as it looks."""


def wires_of(*, pin_closed: bool, opposite_closed: bool) -> Wires:
    """Name what two contacts read."""
    if pin_closed:
        return Wires.BOTH_CLOSED if opposite_closed else Wires.PRESSED
    return Wires.REST if opposite_closed else Wires.BOTH_OPEN


class Changeover:
    """One cable's judge. Times are seconds of one monotonic clock; it never raises, whatever their order."""

    def __init__(self) -> None:
        self.damaged = False  # told
        self._wires: Wires | None = None  # not known yet
        self._now_s = -math.inf
        self._since_s = -math.inf  # in this state
        self._bad_since_s = -math.inf
        self._before: Wires | None = None  # what was good before it was bad
        self._pressed = False  # seen by both contacts since it was last bad for too long
        self._no_press = False  # it was bad for longer than a hand would hold

    def see(self, at_s: float, *, pin_closed: bool, opposite_closed: bool) -> Damaged | Mended | None:
        """Take what both read at a time; give what follows for the first time."""
        self._now_s = max(self._now_s, at_s) if math.isfinite(at_s) else self._now_s
        wires = wires_of(pin_closed=pin_closed, opposite_closed=opposite_closed)
        found = self._change(wires) if wires is not self._wires else None
        return found or self._look()

    def _change(self, wires: Wires) -> Damaged | None:
        before, self._wires, self._since_s = self._wires, wires, self._now_s
        if wires not in GOOD:
            if before is None or before in GOOD:
                self._before, self._bad_since_s = before, self._now_s
            return None
        found = None
        if before is not None and before not in GOOD:
            found = self._back(before, wires)
        self._pressed = self._pressed or wires is Wires.PRESSED
        return found

    def _back(self, bad: Wires, wires: Wires) -> Damaged | None:
        """Judge a bad time that is over; a change of hands between two good states is no damage, however it looked."""
        lasted_s = self._now_s - self._bad_since_s + EPSILON_S
        nothing_else = self._before is wires is Wires.REST
        if lasted_s >= TRAVEL_S or (nothing_else and lasted_s >= SHORTEST_S):
            self._pressed, self._no_press = False, lasted_s >= HAND_S
            return self._tell(Damaged(bad, like_a_press=nothing_else))
        return None

    def _look(self) -> Damaged | Mended | None:
        lasted_s = self._now_s - self._since_s + EPSILON_S
        if self._wires is None or self._wires in GOOD:
            proven = self.damaged and self._wires is Wires.REST and (self._pressed or self._no_press)
            if not proven or lasted_s < REST_S:
                return None
            self.damaged = False
            return Mended()
        if self._now_s - self._bad_since_s + EPSILON_S < TRAVEL_S:
            return None
        self._pressed = False
        return self._tell(Damaged(self._wires))

    def _tell(self, damage: Damaged) -> Damaged | None:
        """Give what is to be told; nothing where it is known."""
        if self.damaged:
            return None
        self.damaged = True
        return damage
