"""Between the pins and the door: nothing is lost if the door fails, and a fault is told once.

Runs in the `gpio-poll` thread alone. Never raises.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from alarmbro.model.activation import Acknowledgement, Activation, Answer, Close, Door, HeldDown, Trouble

log = structlog.get_logger(__name__)

AGAIN_S = 1.0

Item = Activation | HeldDown | Answer | Trouble


@dataclass(slots=True)
class Owed:
    """Something the door has yet to take."""

    item: Item
    due_s: float
    failed: bool = False


class Outbox:
    """Hands presses, answers and troubles to the door, in this order.

    What the door refuses by a bug is offered again every second.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._owed: list[Owed] = []
        self._faults: dict[tuple[str, str], Trouble] = {}

    def press(self, activation: Activation) -> None:
        """Owe a press to the door; presses go before all else."""
        self._owed.append(Owed(activation, 0.0))

    def held(self, held: HeldDown) -> None:
        """Owe the door the news that a button is held; after its press."""
        self._owed.append(Owed(held, 0.0))

    def answer(self, answer: Answer) -> None:
        """Owe an answer to the door; it waits for the presses of its site, which it may be about."""
        self._owed.append(Owed(answer, 0.0))

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

    def end_all(self, subject: str) -> None:
        """Owe the end of every fault of a contact that is taken away, and of its parts."""
        for kind, name in list(self._faults):
            if name == subject or name.startswith(f"{subject}/"):
                self.end(kind, name)

    def deliver(self, now_s: float) -> None:
        """Offer everything that is due; `now_s` is monotonic."""
        if not self._owed:
            return
        waiting, self._owed = sorted(self._owed, key=lambda owed: _turn(owed.item)), []
        kept: list[Owed] = []
        for owed in waiting:
            behind = any(_must_wait(owed.item, earlier.item) for earlier in kept)
            if behind or owed.due_s > now_s or not self._taken(owed, now_s):
                kept.append(owed)
        self._owed = kept + self._owed
        if not any(owed.failed and not isinstance(owed.item, Trouble) for owed in self._owed):
            self.end("gpio", "door")

    def _taken(self, owed: Owed, now_s: float) -> bool:
        try:
            self._hand_over(owed.item)
        except Exception as error:
            if not owed.failed:
                log.exception("door did not take it; trying again every second", item=repr(owed.item))
            owed.failed, owed.due_s = True, now_s + AGAIN_S
            if not isinstance(owed.item, Trouble):
                what = "a press" if isinstance(owed.item, Activation | HeldDown) else "a turn of the acknowledge key"
                self.begin(Trouble("gpio", "door", detail=f"{what} was not taken: {error!r}"))
            return False
        return True

    def _hand_over(self, item: Item) -> None:
        if isinstance(item, Activation):
            self._door.activation(item)
        elif isinstance(item, Trouble):
            self._door.trouble(item)
        elif isinstance(item, HeldDown):
            self._door.held(item)
        else:
            self._door.answered(item)


def _turn(item: Item) -> int:
    if isinstance(item, Activation):
        return 0
    return 2 if isinstance(item, Trouble) else 1


def _must_wait(item: Item, earlier: Item) -> bool:
    """Tell whether an item must not pass one that is still owed.

    A fault's end must not pass its begin, nor an answer a press or an answer of the same site.
    """
    if isinstance(item, Trouble):
        return isinstance(earlier, Trouble) and (item.kind, item.subject) == (earlier.kind, earlier.subject)
    answers = isinstance(item, Acknowledgement | Close | HeldDown) and not isinstance(earlier, Trouble)
    return answers and item.site == earlier.site
