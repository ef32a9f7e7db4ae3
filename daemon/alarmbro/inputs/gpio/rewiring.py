"""Other contacts in place of some, while the rest go on listening: a changed configuration costs no press of theirs.

Promises: a contact that stays as it was is not touched. Where a new one cannot be claimed, all is as it was before, and
whoever asked hears why. The order is carried out in the `gpio-poll` thread; `Rewiring` is made in the asker's.
"""

from __future__ import annotations

import queue
from collections.abc import Sequence
from typing import Any

import structlog

from alarmbro.inputs.gpio.contact import WiredContact
from alarmbro.model.errors import MachineError

log = structlog.get_logger(__name__)

PATIENCE_S = 5.0


class Rewiring:
    """An order to listen to `wanted`, and to nothing else. Of two alike the one that listens already stays."""

    def __init__(self, wanted: Sequence[WiredContact]) -> None:
        self.wanted = tuple(wanted)
        self._done: queue.SimpleQueue[MachineError | None] = queue.SimpleQueue()

    def wait(self) -> None:
        """Wait until it is carried out. Raise MachineError where it was not, with all as it was before."""
        try:
            error = self._done.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise MachineError("the pins did not answer; restart alarmbro") from None
        if error is not None:
            raise error

    def carry_out(self, wired: list[WiredContact], pins: Any) -> list[WiredContact]:
        """Give the contacts to listen to from now on; those in `wired` where that fails."""
        there = {contact.meaning.same_as: contact for contact in wired}
        stay = {contact.meaning.same_as for contact in self.wanted} & there.keys()
        gone = [contact for name, contact in there.items() if name not in stay]
        new = [contact for contact in self.wanted if contact.meaning.same_as not in stay]
        try:
            _exchange(gone, new, pins)
        except MachineError as error:
            _give_back(gone, pins)
            self._done.put(error)
            return wired
        self._done.put(None)
        log.info("contacts changed", taken_away=len(gone), new=len(new), kept=len(stay))
        return [there.get(contact.meaning.same_as, contact) for contact in self.wanted]


def _exchange(gone: Sequence[WiredContact], new: Sequence[WiredContact], pins: Any) -> None:
    """Give those pins back first that a new contact is on, and the others when all is well: they listen till then."""
    wanted = {pin for contact in new for pin in contact.meaning.gpio.pins}
    for contact in gone:
        if wanted & set(contact.meaning.gpio.pins):
            contact.close()
    try:
        for contact in new:
            contact.open(pins)
    except MachineError:
        for contact in new:
            contact.close()
        raise
    for contact in gone:
        contact.close()


def _give_back(gone: Sequence[WiredContact], pins: Any) -> None:
    for contact in gone:
        try:
            if not contact.claimed:
                contact.open(pins)
        except MachineError as error:  # it was ours a moment ago; it is tried again with those that cannot be claimed
            log.error("a contact could not be taken back", error=str(error))  # noqa: TRY400 - the text says what to do
