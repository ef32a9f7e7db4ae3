"""From the words of a request (control socket, MQTT command) to what it means: a device, a press, an answer.

Promises: what is not understood raises WordsError, what is not allowed RefusedError, each saying what to do; a value is
never longer than a person would write it. Changes nothing. Any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from alarmbro.control.protocol import WordsError
from alarmbro.model.activation import Acknowledgement, Activation, Answer, Close, Source
from alarmbro.model.alarm import Closing
from alarmbro.model.configuration import Configuration
from alarmbro.model.errors import RefusedError
from alarmbro.model.moment import Clock
from alarmbro.model.route import Recipient
from alarmbro.model.site import Device

NAME_LIMIT = 100  # of SITE/DEVICE: looking for the nearest name takes time with its length
ID_LIMIT = 200  # of a press; one that is longer is no id, and the press is one all the same
TEXT_LIMIT = 500


@dataclass(slots=True)
class Requests:
    """Reads requests against the configuration, which only the deciding thread changes."""

    configuration: Configuration
    clock: Clock
    new_key: Callable[[], str]

    def device(self, request: Mapping[str, Any]) -> Device:
        """Give the device that `device` names; it must be one that this machine serves."""
        path = str(request.get("device"))[:NAME_LIMIT]
        site, _, name = path.partition("/")
        device = self.configuration.device(site, name)
        served = {each.path: each for each in self.configuration.served_devices()}
        if device is not None and path not in served:
            raise RefusedError(
                f"{path} is not served by this machine, which serves {', '.join(self.configuration.serve)}"
            )
        if device is None:
            raise WordsError(f"there is no device {path!r}{nearest(path, served)}; write SITE/DEVICE")
        return device

    def recipient(self, request: Mapping[str, Any]) -> Recipient:
        """Give the recipient that `recipient` names."""
        name = str(request.get("recipient"))[:NAME_LIMIT]
        recipient = self.configuration.recipients.get(name)
        if recipient is None:
            raise WordsError(f"there is no recipient {name!r}{nearest(name, self.configuration.recipients)}")
        return recipient

    def activation(self, device: Device, request: Mapping[str, Any], by: str, source: Source) -> Activation:
        """Give a press of a device; `by` is who asks, where the request does not say."""
        press_id = request.get("id")
        usable = isinstance(press_id, str | int) and 0 < len(str(press_id)) <= ID_LIMIT
        return Activation(
            self.new_key(), device.site, device.id, self.clock.now(), source,
            press_id=str(press_id) if usable else None, by=text(request, "by") or by or None,
        )  # fmt: skip

    def answer(self, request: Mapping[str, Any], by: str, source: Source, site: str = "") -> Answer:
        """Give what a person says of an alarm: `do` is `ack` or `close`. With `site`, of that site's alarms alone."""
        alarm = text(request, "alarm").strip()
        if not alarm:
            raise WordsError('"alarm" must be the number of an alarm, as in "hirtshals-1"; see alarmbro status')
        now, name = self.clock.now(), text(request, "by").strip() or by
        if request.get("do") == "ack":
            return Acknowledgement(now, source, alarm.lower()[:NAME_LIMIT], site, name)
        outcome = request.get("outcome")
        if outcome not in list(Closing):
            raise WordsError(f'"outcome" must be one of {", ".join(Closing)}')
        note = text(request, "note").strip()
        return Close(now, source, Closing(outcome), alarm.lower()[:NAME_LIMIT], site, name, note)


def text(request: Mapping[str, Any], name: str) -> str:
    """Give a text of a request, cut to what a person would write; empty where there is none."""
    value = request.get(name)
    return value[:TEXT_LIMIT] if isinstance(value, str) else ""


def nearest(name: str, known: Mapping[str, object]) -> str:
    """Say which known name was perhaps meant, or which there are."""
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"
