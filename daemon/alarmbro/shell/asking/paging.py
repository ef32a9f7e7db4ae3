"""Answers what only the page asks: who can be told, somebody has arrived, and a press over HTTP.

Promises: what is secret stays here: the page never has an address or a token; a press is answered when it is on disk.
Threads: a control connection's.
"""

from __future__ import annotations

import hmac
import queue
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alarmbro.control.protocol import WordsError
from alarmbro.model.activation import Door, Source
from alarmbro.model.errors import AlarmbroError, RefusedError
from alarmbro.model.moment import Clock
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Recipient
from alarmbro.model.site import Device
from alarmbro.shell.asking.requests import Requests, text
from alarmbro.shell.desk.ports import Record

PATIENCE_S = 5.0  # for the journal to take a press; it goes on all the same
REFUSED = "this token does not press this device"  # the same for a device that there is not: nobody can try them out


@dataclass(frozen=True, slots=True)
class Paging:
    """What the page may ask beside what the command line asks."""

    requests: Requests
    door: Door
    journal: Record
    clock: Clock

    def recipients(self) -> dict[str, Any]:
        """Give who can be told and in which ways, without an address; and which configuration is in force."""
        configuration = self.requests.configuration
        people = [_view(each) for each in configuration.recipients.values()]
        return {"recipients": people, "digest": configuration.digest}

    def arrived(self, request: Mapping[str, Any], alarms: list[dict[str, Any]], by: str) -> dict[str, Any]:
        """Record that somebody is there. `alarms` are those that are open. Nobody is told, and nothing stops."""
        name = text(request, "alarm").strip().lower()
        alarm = next((each for each in alarms if each["alarm"] == name), None)
        if alarm is None:
            raise RefusedError(f"there is no open alarm {name!r}")
        who = text(request, "by").strip() or by
        now = self.clock.now()
        after_ms = round((now.utc - datetime.fromisoformat(alarm["received"])).total_seconds() * 1000)
        personal = {"by": who} if who else {}
        data = {"source": Source.COMMAND.value, "after_ms": after_ms}
        draft = Draft(RecordType.ARRIVED, now, alarm["site"], alarm["device"], name, data=data, personal=personal)
        self.journal.write([draft])
        return {"alarm": name, "by": who, "after_ms": after_ms}

    def press(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Take a press over HTTP; answer when it is on disk. The same `id` twice is one press.

        Raise RefusedError where the token is not the device's; AlarmbroError where the journal does not answer: the
        alarm goes out all the same, and whoever asks may ask again.
        """
        device = self._pressed(request)
        activation = self.requests.activation(device, {"id": request.get("id")}, "", Source.HTTP)
        on_disk: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self.door.activation(activation, confirmed=lambda: on_disk.put(True))
        try:
            on_disk.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AlarmbroError("the press is taken, and the journal has not answered yet; say it again") from None
        return {"activation": activation.key, "device": device.path}

    def _pressed(self, request: Mapping[str, Any]) -> Device:
        try:
            device = self.requests.device(request)
        except WordsError:
            raise RefusedError(REFUSED) from None
        token = device.http_token.reveal() if device.http_token else ""
        said = text(request, "token")
        if not token or not hmac.compare_digest(token.encode(), said.encode("utf-8", "replace")):
            raise RefusedError(REFUSED)
        return device


def _view(recipient: Recipient) -> dict[str, Any]:
    targets = [
        {"number": each.number, "scheme": each.scheme, "fallback": each in recipient.fallback}
        for each in recipient.targets + recipient.fallback
    ]
    return {
        "recipient": recipient.id,
        "name": recipient.name,
        "acknowledges": recipient.acknowledges,
        "alarm_centre": recipient.alarm_centre,
        "targets": targets,
    }
