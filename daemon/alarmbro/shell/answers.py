"""Answers what is asked over the control socket and MQTT: status, press, pin, a trial message.

Promises: every request gets an answer or an error that says what to do; what is asked never holds up an alarm: what
only the deciding thread may read is asked of it through the inbox, and waited for with a limit.
Threads: `request` in a control connection's or MQTT's thread; `asked` and `decided` in the deciding thread.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol

from alarmbro.control.protocol import WordsError, decode
from alarmbro.judgement.facts import Facts
from alarmbro.judgement.retry import ATTEMPT_DEADLINE_S
from alarmbro.model.activation import Activation, Door, Rejected, Source
from alarmbro.model.configuration import Configuration, Device, Recipient, Target
from alarmbro.model.delivery import MessageKind, Outcome, Result
from alarmbro.model.errors import AlarmbroError, RefusedError
from alarmbro.model.moment import Clock
from alarmbro.model.record import Draft, RecordType
from alarmbro.shell.inbox import Asked, Inbox
from alarmbro.shell.ports import Make, Record

PATIENCE_S = 5.0  # for the deciding thread to answer
HOLD_LIMIT_S = 60.0  # of `pin --for`
BOUNCE_LIMIT = 1000
COMMAND_LIMIT = 64 * 1024
NAME_LIMIT = 100  # of SITE/DEVICE: looking for the nearest name takes time with its length
ID_LIMIT = 200  # of a press; one that is longer is no id, and the press is one all the same


class Contacts(Protocol):
    """Mock pins that can be moved."""

    def move(self, device_path: str, *, for_s: float, bounce: int) -> None:
        """Close and open a contact; raise RefusedError on real pins."""
        ...


@dataclass(slots=True)
class Answers:
    """What the daemon does for those who ask."""

    configuration: Configuration
    inbox: Inbox
    door: Door
    journal: Record
    clock: Clock
    new_key: Callable[[], str]
    make: Make
    status: Callable[[], dict[str, Any]]
    contacts: Contacts | None = None
    _waiting: dict[str, queue.SimpleQueue[dict[str, Any] | Exception]] = field(default_factory=dict)

    def command(self, site: str, payload: bytes, confirmed: Callable[[], None]) -> None:
        """Take a message on a site's `command` topic; one that is not understood is kept as rejected. Never waits."""
        try:
            if len(payload) > COMMAND_LIMIT:
                raise WordsError("a command has at most 64 KiB")
            request = decode(payload)
            if request.get("do") != "press":
                raise WordsError('"do" must be "press"')
            path = str(request.get("device", ""))
            device = self._device({"device": path if "/" in path else f"{site}/{path}"})
            if device.site != site:
                raise RefusedError(f"a command at {site} cannot press {device.path}")
            self.door.activation(self._activation(device, request, "", Source.MQTT), confirmed=confirmed)
        except AlarmbroError as error:
            reject = Rejected(self.clock.now(), Source.MQTT, "command", site, topic="command", excerpt=str(error)[:200])
            self.door.rejected(reject, confirmed=confirmed)

    def request(self, request: Mapping[str, Any], by: str) -> dict[str, Any]:
        """Answer one request, `{"do": …}`. Raise WordsError, RefusedError or AlarmbroError, each saying what to do."""
        verbs: dict[str, Callable[[], dict[str, Any]]] = {
            "status": lambda: self._ask(request),
            "press": lambda: self._press(request, by),
            "pin": lambda: self._pin(request),
            "send": lambda: self._send(request, by),
        }
        verb = verbs.get(str(request.get("do")))
        if verb is None:
            raise WordsError(f'"do" must be one of {", ".join(verbs)}')
        return verb()

    # --- in the deciding thread ------------------------------------------------------------------------------------

    def asked(self, asked: Asked) -> None:
        """Answer what only the deciding thread knows."""
        try:
            asked.reply.put(self.status())
        except Exception as error:  # the asker hears of it; the loop goes on
            asked.reply.put(error)
            raise

    def decided(self, key: str, alarm: str, presses: int) -> None:
        """Hear what became of a press: which one of its alarm it is; 0 for one that was there already."""
        reply = self._waiting.pop(key, None)
        if reply is not None:
            reply.put({"activation": key, "alarm": alarm, "presses": presses, "repeat": not presses})

    # --- in the asker's thread -------------------------------------------------------------------------------------

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        reply: queue.SimpleQueue[dict[str, Any] | Exception] = queue.SimpleQueue()
        self.inbox.put(Asked(request, reply))
        return _wait(reply)

    def _press(self, request: Mapping[str, Any], by: str) -> dict[str, Any]:
        activation = self._activation(self._device(request), request, by, Source.COMMAND)
        reply = self._waiting[activation.key] = queue.SimpleQueue()
        self.door.activation(activation)
        try:
            return _wait(reply)
        finally:
            self._waiting.pop(activation.key, None)

    def _activation(self, device: Device, request: Mapping[str, Any], by: str, source: Source) -> Activation:
        press_id = request.get("id")
        usable = isinstance(press_id, str | int) and 0 < len(str(press_id)) <= ID_LIMIT
        return Activation(
            self.new_key(), device.site, device.id, self.clock.now(), source,
            press_id=str(press_id) if usable else None, by=_text(request, "by") or by or None,
        )  # fmt: skip

    def _pin(self, request: Mapping[str, Any]) -> dict[str, Any]:
        device = self._device(request)
        if device.gpio is None:
            raise RefusedError(f"{device.path} has no GPIO pin; press it with `alarmbro press {device.path}`")
        if self.contacts is None:
            raise RefusedError("real pins are pressed by hand; `pin` is for gpio: {factory: mock}")
        for_s, bounce = request.get("for_s", 0.2), request.get("bounce", 0)
        if not isinstance(for_s, int | float) or not 0 <= for_s <= HOLD_LIMIT_S:
            raise WordsError(f"a pin can be held from 0 to {HOLD_LIMIT_S:.0f} s")
        if not isinstance(bounce, int) or not 0 <= bounce <= BOUNCE_LIMIT:
            raise WordsError(f"a contact can bounce from 0 to {BOUNCE_LIMIT} times")
        self.contacts.move(device.path, for_s=for_s, bounce=bounce)
        return {"device": device.path, "pin": device.gpio.pin}

    def _send(self, request: Mapping[str, Any], by: str) -> dict[str, Any]:
        name = str(request.get("recipient"))[:NAME_LIMIT]
        recipient = self.configuration.recipients.get(name)
        if recipient is None:
            raise WordsError(f"there is no recipient {name!r}{_nearest(name, self.configuration.recipients)}")
        targets = recipient.targets + recipient.fallback
        results = self._try_all(recipient, targets, _text(request, "text"))
        rows = [_row(target, result) for target, result in zip(targets, results, strict=True)]
        now = self.clock.now()
        self.journal.write([
            Draft(RecordType.TRIAL, now, recipient=name, data={"results": rows}, personal={"by": by} if by else {})
        ])  # fmt: skip
        return {"recipient": name, "told": any(row["outcome"] == Outcome.OK.value for row in rows), "results": rows}

    def _try_all(self, recipient: Recipient, targets: Sequence[Target], text: str) -> list[Result]:
        """Send to every target side by side; one that does not answer by the deadline is unknown."""
        facts = Facts(now=self.clock.now().utc, recipient=recipient.name, note=text)
        values = {"alarm.id": "", "alarm.kind": "test"} | {
            f"{thing}.{part}": "" for thing in ("site", "device") for part in ("id", "name", "zone")
        }
        replies: list[queue.SimpleQueue[Result]] = [queue.SimpleQueue() for _ in targets]
        for target, reply in zip(targets, replies, strict=True):
            work = _put_result(reply, self.make, target, facts, values)
            threading.Thread(target=work, name=f"trial:{target.label}", daemon=True).start()
        end_s = self.clock.now().monotonic_s + ATTEMPT_DEADLINE_S
        return [_result(reply, end_s - self.clock.now().monotonic_s) for reply in replies]

    def _device(self, request: Mapping[str, Any]) -> Device:
        path = str(request.get("device"))[:NAME_LIMIT]
        site, _, name = path.partition("/")
        device = self.configuration.device(site, name)
        served = {each.path: each for each in self.configuration.served_devices()}
        if device is not None and path not in served:
            raise RefusedError(
                f"{path} is not served by this machine, which serves {', '.join(self.configuration.serve)}"
            )
        if device is None:
            raise WordsError(f"there is no device {path!r}{_nearest(path, served)}; write SITE/DEVICE")
        return device


def _wait(reply: queue.SimpleQueue[dict[str, Any] | Exception]) -> dict[str, Any]:
    try:
        answer = reply.get(timeout=PATIENCE_S)
    except queue.Empty:
        raise AlarmbroError(f"the daemon is alive, but did not answer within {PATIENCE_S:.0f} s; see its log") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _put_result(
    reply: queue.SimpleQueue[Result], make: Make, target: Target, facts: Facts, values: Mapping[str, str]
) -> Callable[[], None]:
    def work() -> None:
        try:
            reply.put(make(target, MessageKind.TRIAL, facts, values))
        except Exception as error:  # noqa: BLE001 - the asker hears of it at once, by its type: texts may hold secrets
            reply.put(Result(Outcome.FAILED, "error", type(error).__name__))

    return work


def _result(reply: queue.SimpleQueue[Result], seconds: float) -> Result:
    try:
        return reply.get(timeout=max(0.0, seconds))
    except queue.Empty:
        return Result(Outcome.UNKNOWN, "deadline")


def _row(target: Target, result: Result) -> dict[str, Any]:
    return {
        "target": target.number,
        "scheme": target.scheme,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "detail": result.detail,
    }


def _text(request: Mapping[str, Any], name: str) -> str:
    value = request.get(name)
    return value[:500] if isinstance(value, str) else ""


def _nearest(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"
