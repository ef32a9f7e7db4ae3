"""The one door for all that comes in: to the journal first, then to the deciding thread.

Promises: nothing here blocks or raises; a press reaches the deciding thread even where the journal does not take it.
Must never: decide, or tell anybody.
Threads: called from any (lgpio's, paho's, a control connection's); `_written` runs in the journal's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog

from alarmbro.journal import Journal
from alarmbro.model.activation import Activation, Answer, Heartbeat, HeldDown, Rejected, Trouble
from alarmbro.model.moment import iso
from alarmbro.model.record import Draft, Record, RecordType
from alarmbro.shell.desk.inbox import Inbox, Pressed, Written

log = structlog.get_logger(__name__)


class Intake:
    """The `Door` that inputs are given."""

    def __init__(self, journal: Journal, inbox: Inbox) -> None:
        self._journal = journal
        self._inbox = inbox

    def activation(self, activation: Activation, *, confirmed: Callable[[], None] | None = None) -> None:
        """Take a press: see `Door`."""
        draft = draft_of(activation)
        press = Pressed(activation, draft)

        def written(records: Sequence[Record | None]) -> None:
            repeat = records[0] is None
            if not repeat:
                press.on_disk = True
            try:
                if not repeat:
                    press.go()
            finally:  # whatever becomes of the first message: it is decided about, and owed
                self._inbox.put(Written(press, repeat))
                _confirm(confirmed)

        self._journal.write([draft], written, urgent=True)  # first: while the disk is at work, the press is made ready
        self._inbox.put(press)

    def rejected(self, rejected: Rejected, *, confirmed: Callable[[], None] | None = None) -> None:
        """Take what is no press: see `Door`."""
        log.warning("something came in that is no press", reason=rejected.reason, topic=rejected.topic)
        data = {"reason": rejected.reason, "source": rejected.source.value}
        data |= {name: text for name, text in (("topic", rejected.topic), ("excerpt", rejected.excerpt)) if text}
        draft = Draft(RecordType.REJECTED, rejected.received, rejected.site, rejected.device, data=data)
        self._journal.write([draft], lambda _records: _confirm(confirmed))

    def answered(self, answer: Answer) -> None:
        """Take what a responder says: see `Door`."""
        self._inbox.put(answer)

    def held(self, held: HeldDown) -> None:
        """Hear that a button is held: see `Door`."""
        self._inbox.put(held)

    def heartbeat(self, heartbeat: Heartbeat) -> None:
        """Take a sign of life: see `Door`."""
        self._inbox.put(heartbeat)

    def trouble(self, trouble: Trouble) -> None:
        """Take the begin or end of a fault: see `Door`."""
        self._inbox.put(trouble)


def draft_of(activation: Activation) -> Draft:
    """Give the record of a press. The publisher's id makes a repeat of it known for ever."""
    optional: dict[str, Any] = {
        "press_id": activation.press_id,
        "pressed_at": iso(activation.pressed_at) if activation.pressed_at else None,
        "held_at_start": activation.held_at_start or None,
        "battery": activation.battery,
        "level": activation.level.value if activation.level else None,
    }
    data = {"source": activation.source.value} | {name: value for name, value in optional.items() if value is not None}
    once = f"{activation.site}/{activation.device}#{activation.press_id}" if activation.press_id is not None else None
    personal = {"by": activation.by} if activation.by else {}
    personal |= {"position": activation.position.written()} if activation.position else {}
    return Draft(
        RecordType.ACTIVATION, activation.received, activation.site, activation.device, data=data,
        ref=activation.key, once=once, personal=personal,
    )  # fmt: skip


def _confirm(confirmed: Callable[[], None] | None) -> None:
    """Tell the input that it is on disk; an input's fault must not reach the journal's thread."""
    if confirmed is None:
        return
    try:
        confirmed()
    except Exception:
        log.exception("an input could not take the confirmation of a press; it will come again")
