"""Answers what is asked over the control socket: status, press, ack, close, pin, a trial message, reload.

Promises: every request gets an answer or an error that says what to do; what is asked never holds up an alarm: what
only the deciding thread may do is asked of it through the inbox, and waited for with a limit.
Threads: `request` in a control connection's thread; `asked` and `decided` in the deciding thread.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from alarmbro.control.protocol import WordsError
from alarmbro.model.activation import Acknowledgement, Answer, Close, Door, Source, Trouble
from alarmbro.model.delivery import Outcome
from alarmbro.model.errors import AlarmbroError, RefusedError
from alarmbro.model.moment import Clock
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.testing import TestOrder
from alarmbro.shell.asking.orders import VERBS, order_of
from alarmbro.shell.asking.paging import Paging
from alarmbro.shell.asking.requests import Requests, text
from alarmbro.shell.asking.trial import try_all
from alarmbro.shell.desk.inbox import Asked, Inbox
from alarmbro.shell.desk.ports import Make, Record
from alarmbro.shell.telling.composing import name_of

PATIENCE_S = 5.0  # for the deciding thread to answer
HOLD_LIMIT_S = 60.0  # of `pin --for`
BOUNCE_LIMIT = 1000
KEY = "acknowledge"  # `pin SITE/acknowledge` turns the site's key

Reply = dict[str, Any] | Exception


class Contacts(Protocol):
    """Mock pins that can be moved."""

    def move(self, device_path: str, *, for_s: float, bounce: int) -> None:
        """Close and open a contact; raise RefusedError on real pins."""
        ...


@dataclass(slots=True)
class Answers:
    """What the daemon does for those who ask.

    `answered` takes what a person says of an alarm (`Turn.answered`), `ordered` what a coordinator orders of a test.
    `reload` takes another configuration over, for whom it is given.
    """

    requests: Requests
    inbox: Inbox
    door: Door
    journal: Record
    clock: Clock
    make: Make
    status: Callable[[], dict[str, Any]]
    answered: Callable[[Answer], list[Draft]]
    ordered: Callable[[TestOrder], dict[str, Any]]
    contacts: Contacts | None = None
    reload: Callable[[str], dict[str, Any]] = field(default=lambda _by: {})
    _waiting: dict[str, queue.SimpleQueue[Reply]] = field(default_factory=dict)

    def request(self, request: Mapping[str, Any], by: str) -> dict[str, Any]:
        """Answer one request, `{"do": …}`. Raise WordsError, RefusedError or AlarmbroError, each saying what to do."""
        verbs: dict[str, Callable[[], dict[str, Any]]] = {
            "status": lambda: self._ask(request),
            "press": lambda: self._press(request, by),
            "ack": lambda: self._ask(request, self.requests.answer(request, by, Source.COMMAND)),
            "close": lambda: self._ask(request, self.requests.answer(request, by, Source.COMMAND)),
            "pin": lambda: self._pin(request),
            "send": lambda: self._send(request, by),
            "reload": lambda: self.reload(text(request, "by") or by),
            "copied": lambda: self._copied(request),
        } | self._of_page(request, by)
        orders = dict.fromkeys(VERBS, lambda: self._ask(request, order_of(request, self.requests.configuration, by)))
        verb = (verbs | orders).get(str(request.get("do")))
        if verb is None:
            raise WordsError(f'"do" must be one of {", ".join(verbs | orders)}')
        return verb()

    def _of_page(self, request: Mapping[str, Any], by: str) -> dict[str, Callable[[], dict[str, Any]]]:
        page = Paging(self.requests, self.door, self.journal, self.clock)
        return {
            "recipients": page.recipients,
            "arrived": lambda: page.arrived(request, self._ask(request)["alarms"], by),
            "press_http": lambda: page.press(request),
        }

    # --- in the deciding thread ------------------------------------------------------------------------------------

    def asked(self, asked: Asked) -> None:
        """Answer what only the deciding thread knows or may do."""
        try:
            answer = self._answer(asked.said)
        except AlarmbroError as error:
            asked.reply(error)
        except Exception as error:  # the asker hears of it; the loop tells it, and goes on
            asked.reply(error)
            raise
        else:
            asked.reply(answer)

    def decided(self, key: str, alarm: str, presses: int) -> None:
        """Hear what became of a press: which one of its alarm it is; 0 for one that was there already."""
        reply = self._waiting.pop(key, None)
        if reply is not None:
            reply.put({"activation": key, "alarm": alarm, "presses": presses, "repeat": not presses})

    def _answer(self, said: Answer | TestOrder | None) -> dict[str, Any]:
        match said:
            case None:
                return self.status()
            case Acknowledgement() | Close():
                return self._taken(said)
            case _:
                return self.ordered(said)

    def _taken(self, answer: Answer) -> dict[str, Any]:
        (draft,) = self.answered(answer)
        by, data = draft.personal.get("by", ""), draft.data
        view = {"alarm": draft.alarm, "state": draft.type.value, "after_ms": data["after_ms"]}
        if draft.type is RecordType.CLOSED:
            return view | {"outcome": data["outcome"], "by": by}
        who = name_of(by, draft.recipient, self.requests.configuration)
        return view | {"by": who, "recipient": draft.recipient or None, "first": data["first"]}

    # --- in the asker's thread -------------------------------------------------------------------------------------

    def _ask(self, request: Mapping[str, Any], said: Answer | TestOrder | None = None) -> dict[str, Any]:
        reply: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        self.inbox.put(Asked(request, reply.put, said))
        return _wait(reply)

    def _press(self, request: Mapping[str, Any], by: str) -> dict[str, Any]:
        activation = self.requests.activation(self.requests.device(request), request, by, Source.COMMAND)
        reply = self._waiting[activation.key] = queue.SimpleQueue()
        self.door.activation(activation)
        try:
            return _wait(reply)
        finally:
            self._waiting.pop(activation.key, None)

    def _pin(self, request: Mapping[str, Any]) -> dict[str, Any]:
        path, pin = self._contact(request)
        if self.contacts is None:
            raise RefusedError("real pins are pressed by hand; `pin` is for gpio: {factory: mock}")
        for_s, bounce = request.get("for_s", 0.2), request.get("bounce", 0)
        if not isinstance(for_s, int | float) or not 0 <= for_s <= HOLD_LIMIT_S:
            raise WordsError(f"a pin can be held from 0 to {HOLD_LIMIT_S:.0f} s")
        if not isinstance(bounce, int) or not 0 <= bounce <= BOUNCE_LIMIT:
            raise WordsError(f"a contact can bounce from 0 to {BOUNCE_LIMIT} times")
        self.contacts.move(path, for_s=for_s, bounce=bounce)
        return {"device": path, "pin": pin}

    def _copied(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Hear from whoever copies the journal every night how it went."""
        well = request.get("well") is True
        self.door.trouble(Trouble("journal", "copy", well=well, detail="" if well else text(request, "detail")))
        return {}

    def _contact(self, request: Mapping[str, Any]) -> tuple[str, int]:
        """Give the path and the pin of what is to be moved: a button, or a site's key."""
        site, _, name = str(request.get("device")).partition("/")
        configuration = self.requests.configuration
        key = configuration.sites[site].acknowledge if site in configuration.serve else None
        if name == KEY and key is not None and configuration.device(site, name) is None:
            return f"{site}/{name}", key.gpio.pin
        device = self.requests.device(request)
        if device.gpio is None:
            raise RefusedError(f"{device.path} has no GPIO pin; press it with `alarmbro press {device.path}`")
        return device.path, device.gpio.pin

    def _send(self, request: Mapping[str, Any], by: str) -> dict[str, Any]:
        recipient = self.requests.recipient(request)
        rows = try_all(recipient, text(request, "text"), self.make, self.clock)
        personal = {"by": by} if by else {}
        draft = Draft(
            RecordType.TRIAL, self.clock.now(), recipient=recipient.id, data={"results": rows}, personal=personal
        )
        self.journal.write([draft])
        told = any(row["outcome"] == Outcome.OK.value for row in rows)
        return {"recipient": recipient.id, "told": told, "results": rows}


def _wait(reply: queue.SimpleQueue[Reply]) -> dict[str, Any]:
    try:
        answer = reply.get(timeout=PATIENCE_S)
    except queue.Empty:
        raise AlarmbroError(f"the daemon is alive, but did not answer within {PATIENCE_S:.0f} s; see its log") from None
    if isinstance(answer, Exception):
        raise answer
    return answer
