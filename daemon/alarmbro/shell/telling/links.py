"""The links to answer by that stand in messages: where the page has an address, and for whoever may answer.

Promises: never waits for the disk that the key is on; a message that leaves before the key is known has no link, and is
sent all the same. `of` in the deciding thread; the key is read in a thread of its own.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from alarmbro.judgement.addressing.linking import link_of
from alarmbro.machine import link_key
from alarmbro.model.alarm import Alarm, Matter
from alarmbro.model.configuration import Configuration
from alarmbro.model.testing import TestAlarm

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Links:
    """Makes links. `state` is the folder of the key, which whoever serves the page reads too."""

    configuration: Configuration
    state: Path
    _key: bytes | None = None
    _asked: bool = False

    def adopt(self, configuration: Configuration) -> None:
        """Make links to another configuration's page, and get the key where one is needed for the first time."""
        self.configuration = configuration
        if not configuration.web.public_url or self._asked:
            return
        self._asked = True
        try:
            threading.Thread(target=self._read, name="link-key", daemon=True).start()
        except RuntimeError:  # "can't start new thread"
            log.exception("no thread to read the key of links with; messages have none")

    def of(self, matter: Matter, recipient: str) -> str:
        """Give the link by which a recipient answers an alarm, or confirms a test; empty where it has none."""
        page, known = self.configuration.web.public_url, self.configuration.recipients.get(recipient)
        answered = isinstance(matter, Alarm | TestAlarm) and known is not None and known.acknowledges
        if not page or self._key is None or not answered:
            return ""
        return link_of(self._key, page, matter.id, recipient)

    def _read(self) -> None:
        self._key = link_key.make(self.state)
        if self._key is None:
            log.error("messages have no link to answer by: its key cannot be kept")
