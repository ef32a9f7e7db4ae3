"""Between the pins and the door: nothing is lost if the door fails, and a fault is told once.

Runs in the `gpio-poll` thread alone. Never raises.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from alarmbro.model.activation import Activation, Door, Trouble

log = structlog.get_logger(__name__)

AGAIN_S = 1.0


@dataclass(slots=True)
class Owed:
    """Something the door has yet to take."""

    item: Activation | Trouble
    due_s: float
    failed: bool = False


class Outbox:
    """Hands presses and troubles to the door; what the door refuses by a bug is offered again every second."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._owed: list[Owed] = []
        self._faults: dict[tuple[str, str], Trouble] = {}

    def press(self, activation: Activation) -> None:
        """Owe a press to the door; presses go before troubles."""
        self._owed.append(Owed(activation, 0.0))

    def begin(self, trouble: Trouble) -> bool:
        """Owe the begin of a fault, and tell whether it is new."""
        if (trouble.kind, trouble.subject) in self._faults:
            return False
        self._faults[trouble.kind, trouble.subject] = trouble
        self._owed.append(Owed(trouble, 0.0))
        return True

    def end(self, kind: str, subject: str) -> None:
        """Owe the end of a fault, if it had begun."""
        trouble = self._faults.pop((kind, subject), None)
        if trouble is not None:
            self._owed.append(Owed(replace(trouble, well=True, detail=""), 0.0))

    def deliver(self, now_s: float) -> None:
        """Offer everything that is due; `now_s` is monotonic."""
        if not self._owed:
            return
        waiting, self._owed = sorted(self._owed, key=lambda owed: isinstance(owed.item, Trouble)), []
        kept: list[Owed] = []
        for owed in waiting:
            behind = any(_same_fault(owed.item, earlier.item) for earlier in kept)  # an end must not pass its begin
            if behind or owed.due_s > now_s or not self._taken(owed, now_s):
                kept.append(owed)
        self._owed = kept + self._owed
        if not any(owed.failed and isinstance(owed.item, Activation) for owed in self._owed):
            self.end("gpio", "door")

    def _taken(self, owed: Owed, now_s: float) -> bool:
        try:
            if isinstance(owed.item, Activation):
                self._door.activation(owed.item)
            else:
                self._door.trouble(owed.item)
        except Exception as error:
            if not owed.failed:
                log.exception("door did not take it; trying again every second", item=repr(owed.item))
            owed.failed, owed.due_s = True, now_s + AGAIN_S
            if isinstance(owed.item, Activation):
                self.begin(Trouble("gpio", "door", detail=f"a press was not taken: {error!r}"))
            return False
        return True


def _same_fault(one: Activation | Trouble, other: Activation | Trouble) -> bool:
    if isinstance(one, Activation) or isinstance(other, Activation):
        return False
    return (one.kind, one.subject) == (other.kind, other.subject)
