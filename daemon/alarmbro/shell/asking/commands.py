"""Commands that come by MQTT, on a site's `command` topic: a press, "I am on my way", the all-clear.

Promises: a command is confirmed to the broker when what it led to is in the journal; of one that is not understood, or
is refused, the reason goes back to whoever brought it, to be kept or counted. A site's command touches that site alone.
Must never wait.
Threads: `command` in MQTT's; `_answered` in the deciding thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from alarmbro.control.protocol import WordsError, request_of
from alarmbro.journal import Journal
from alarmbro.model.activation import Door, Source
from alarmbro.model.errors import AlarmbroError, RefusedError
from alarmbro.shell.asking.requests import Requests
from alarmbro.shell.desk.inbox import Asked, Inbox

COMMAND_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Commands:
    """Takes commands."""

    requests: Requests
    inbox: Inbox
    door: Door
    journal: Journal

    def command(self, site: str, payload: bytes, confirmed: Callable[[], None], refuse: Callable[[str], None]) -> None:
        """Take a message on a site's `command` topic; call one of the two once it is done with, from any thread."""
        try:
            if len(payload) > COMMAND_LIMIT:
                raise WordsError("a command has at most 64 KiB")
            self._do(site, request_of(payload), confirmed, refuse)
        except AlarmbroError as error:
            refuse(str(error))

    def _do(
        self, site: str, request: Mapping[str, Any], confirmed: Callable[[], None], refuse: Callable[[str], None]
    ) -> None:
        if request.get("do") == "press":
            path = str(request.get("device", ""))
            device = self.requests.device({"device": path if "/" in path else f"{site}/{path}"})
            if device.site != site:
                raise RefusedError(f"a command at {site} cannot press {device.path}")
            self.door.activation(self.requests.activation(device, request, "", Source.MQTT), confirmed=confirmed)
        elif request.get("do") in ("ack", "close"):
            answer = self.requests.answer(request, "", Source.MQTT, site)
            self.inbox.put(Asked(request, partial(self._answered, confirmed, refuse), answer))
        else:
            raise WordsError('"do" must be one of press, ack, close')

    def _answered(
        self, confirmed: Callable[[], None], refuse: Callable[[str], None], outcome: dict[str, Any] | Exception
    ) -> None:
        """Confirm what was done, once the journal has it: an empty job comes after all that was given to it before."""
        if isinstance(outcome, Exception):
            refuse(str(outcome))
        else:
            self.journal.write([], lambda _records: confirmed())
