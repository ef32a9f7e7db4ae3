"""Presses that come by MQTT, for one site, and what goes back to devices and machines.

Promises: a message is confirmed to the broker only when what it means is in the journal; whatever cannot be a press
(retained, of an unknown device, unreadable) is journalled as rejected and confirmed too, so that it never stands in the
way of the next press. A retained message is never an alarm: the broker would raise it again at every start. What it
says of how things stand (a device is there, a contact is closed) is asked for and heard.
Must never raise into paho's callbacks: an exception there ends its loop.
Everything here runs in the link's thread, except `announce`, `announce_status`, `start`, `stop`, `alive`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import structlog
from paho.mqtt.client import MQTTMessage

from alarmbro.inputs.mqtt_client import OFFLINE, build_client, subscribe
from alarmbro.inputs.mqtt_link import Link
from alarmbro.inputs.mqtt_messages import Message, Messages
from alarmbro.inputs.mqtt_outbox import Outbox, Outgoing
from alarmbro.inputs.mqtt_receipts import Receipt, Receipts
from alarmbro.inputs.mqtt_rejects import SparingDoor
from alarmbro.inputs.mqtt_topics import Topics
from alarmbro.judgement.mapping.interpreting import excerpt
from alarmbro.model.activation import Door, Rejected, Source, Trouble
from alarmbro.model.configuration import MqttBroker
from alarmbro.model.moment import Clock, Moment
from alarmbro.model.site import Device

log = structlog.get_logger(__name__)

KIND = "mqtt"
JOIN_S = 0.9
AGAIN_S = 5.0  # after a failed handler: soon enough for a press, seldom enough not to be a storm
AGAIN_LONGEST_S = 300.0
OnCommand = Callable[[str, bytes, Callable[[], None], Callable[[str], None]], None]
REFUSAL = 200  # characters of why a command is refused
MOST_NAMED = 1000  # topics with something retained that the log names: whoever keeps more there gains nothing by it


class MqttListener:
    """One site's connection. Implements `alarmbro.model.activation.Listener`.

    `client_id` names the session at the broker: always the same for a site, and nobody else's. `on_command` gets the
    site, the payload of a command, and what to call once it is done with: where it is done, or, with the reason, where
    it is refused. It is called in the link's thread and must not block; what it is given may be called from any.
    """

    def __init__(
        self,
        broker: MqttBroker,
        site: str,
        devices: Sequence[Device],
        client_id: str,
        door: Door,
        clock: Clock,
        new_key: Callable[[], str],
        on_command: OnCommand,
    ) -> None:
        self.name = f"mqtt:{site}"
        self._broker, self._site, self._client_id = broker, site, client_id
        self._door, self._clock, self._on_command = SparingDoor(door, site), clock, on_command
        self._messages = Messages(self._door, new_key)
        self._topics = Topics(broker.prefix, site, devices)
        self._outbox = Outbox(self._topics.status)
        self._receipts = Receipts(self._acknowledge, self._post)
        self._retained_seen: set[str] = set()
        self._failed: set[bytes] = set()
        self._again_s = AGAIN_S
        self._told: dict[str, tuple[bool, str]] = {}
        self._client = build_client(broker, client_id, self._topics.status)
        self._asked: dict[int | None, tuple[str, ...]] = {}
        self._refused: set[str] = set()
        self._client.on_subscribe = lambda _client, _userdata, mid, codes, _properties: self._subscribed(mid, codes)
        self._client.on_publish = lambda _client, _userdata, mid, _code, _properties: self._outbox.answered(mid)
        self._link = Link(self._client, self.name, self, self._goodbye)

    @property
    def connected(self) -> bool:
        """Tell whether the broker has let us in, for the status page. No sign that anything works."""
        return self._link.connected

    def start(self) -> None:
        """Begin to listen and return at once; the broker may be away."""
        self._link.start()

    def stop(self) -> None:
        """Say that the site is offline, leave the broker in order, end within a second. May be called twice."""
        self._link.stop(JOIN_S)

    def change(self, devices: Sequence[Device]) -> None:
        """Listen to these devices instead; no message of one that stays passes us by. Any thread; returns at once."""
        before, self._topics = self._topics, Topics(self._broker.prefix, self._site, devices)
        self._link.post(partial(self._resubscribe, before))

    def alive(self) -> bool:
        """Tell whether the thread lives and moves; a broker that is away is no death."""
        return self._link.alive()

    def announce(self, topic_tail: str, payload: str, *, retain: bool = False) -> None:
        """Publish on `PREFIX/SITE/TAIL` when the broker is there. Any thread; drops when 1,000 wait."""
        self._outbox.put(Outgoing(self._topics.below(topic_tail), payload, retain))
        self._link.wake()

    def announce_status(self, payload: Mapping[str, Any]) -> None:
        """Publish the site's status, retained, now and at each connection. Any thread."""
        try:
            self._outbox.put_status(json.dumps(payload, ensure_ascii=False))
        except (TypeError, ValueError) as error:
            log.error("status cannot be written as JSON", site=self._site, error=type(error).__name__)  # noqa: TRY400  # the type says it
        self._link.wake()

    # What the link tells, in its thread.

    def linked(self, *, session_present: bool) -> None:
        """Subscribe again: the broker may have lost the session."""
        self._receipts.connected(self._link.generation, session_present=session_present)
        if not session_present:
            self._failed.clear()
        self._asked.clear()
        self._refused.clear()
        self._subscribe(self._topics.filters)
        self._outbox.connected()
        log.info("broker connected", site=self._site, session_present=session_present)

    def unlinked(self, reason: str, *, contested: bool) -> None:
        """Tell that the broker is away."""
        log.warning("broker away", site=self._site, reason=reason)
        self._tell("broker", reason)
        if contested:
            self._tell("client-id", f"another client seems to use the id {self._client_id}: {reason}")

    def steady(self, *, contested: bool) -> None:
        """Do what is due once a turn."""
        if not contested:
            self._tell("client-id", well=True)
        self._door.minute(self._clock.now())
        self._receipts.relieve()
        self._outbox.send(self._client)

    def message(self, message: MQTTMessage) -> None:
        """Take a message. Where that fails it is not confirmed, and asked for again by a new connection."""
        try:
            receipt = self._receipts.begin(message)
            if receipt is not None:
                self._take(message, receipt)
        except Exception as error:  # whatever the cause, paho's loop goes on and the message stays with the broker
            log.exception("MQTT message not handled", site=self._site)
            self._ask_again(bytes(message.payload), type(error).__name__)

    def _take(self, message: MQTTMessage, receipt: Receipt) -> None:
        try:
            self._sort(message, receipt)
        except BaseException:
            self._receipts.failed(receipt)
            raise
        self._receipts.taken(receipt)
        self._handled(receipt.payload)

    def _sort(self, message: MQTTMessage, receipt: Receipt) -> None:
        now = self._clock.now()
        try:
            topic = message.topic
        except UnicodeDecodeError:
            self._reject(receipt, now, "topic_not_utf8", excerpt(receipt.topic))
            return
        if message.retain:
            self._read_kept(receipt, now, topic)
        elif topic == self._topics.command:
            self._command(receipt)
        else:
            self._read(receipt, now, topic)

    def _command(self, receipt: Receipt) -> None:
        confirmed = self._receipts.promise(receipt)
        self._on_command(
            self._site, receipt.payload, confirmed, lambda why: self._post(partial(self._refuse, confirmed, why))
        )

    def _refuse(self, confirmed: Callable[[], None], why: str) -> None:
        """Keep a refused command, or count it: whoever may publish commands could fill the disk with them, too."""
        rejected = Rejected(
            self._clock.now(), Source.MQTT, "command", self._site, topic="command", excerpt=why[:REFUSAL]
        )
        self._door.rejected(rejected, confirmed=confirmed)

    def _read(self, receipt: Receipt, now: Moment, topic: str) -> None:
        readings = self._topics.readings(topic)
        if not readings:
            self._reject(receipt, now, "unknown_device", topic, self._topics.device_named(topic))
        message = Message(topic, receipt.payload, now, partial(self._receipts.promise, receipt))
        malformed = [self._messages.take(message, reading) for reading in readings]
        reasons = [reason for reason in malformed if reason]
        if reasons and len(reasons) == len(readings):
            self._reject(receipt, now, reasons[0], topic, readings[0].device.id if len(readings) == 1 else "")

    def _read_kept(self, receipt: Receipt, now: Moment, topic: str) -> None:
        """Take what the broker has kept: how things stand where that is asked for, else a fault of the device's."""
        standing = [reading for reading in self._topics.readings(topic) if reading.stands]
        if not standing:
            self._reject_retained(receipt, now, topic)
        message = Message(topic, receipt.payload, now, partial(self._receipts.promise, receipt), live=False)
        for reading in standing:
            self._messages.take(message, reading)

    def _reject(self, receipt: Receipt, now: Moment, reason: str, topic: str, device: str = "") -> None:
        rejected = Rejected(now, Source.MQTT, reason, self._site, device, topic, excerpt(receipt.payload))
        self._door.rejected(rejected, confirmed=self._receipts.promise(receipt))

    def _reject_retained(self, receipt: Receipt, now: Moment, topic: str) -> None:
        if topic not in self._retained_seen and len(self._retained_seen) < MOST_NAMED:
            self._retained_seen.add(topic)
            log.warning("retained message ignored; let the device publish without the retain flag", topic=topic)
        self._reject(receipt, now, "retained", topic, self._topics.device_named(topic))

    def _handled(self, payload: bytes) -> None:
        if self._failed:
            self._failed.discard(payload)
            if not self._failed:
                self._again_s = AGAIN_S
                self._tell("handler", well=True)

    def _ask_again(self, payload: bytes, error: str) -> None:
        self._failed.add(payload)
        self._link.reconnect_in(self._again_s)
        self._again_s = min(AGAIN_LONGEST_S, 2 * self._again_s)
        self._tell("handler", error)

    def _subscribe(self, filters: tuple[str, ...]) -> None:
        self._asked[subscribe(self._client, filters, self._broker.protocol, self._topics.kept)] = filters

    def _resubscribe(self, before: Topics) -> None:
        """Ask for what is new, and for no more of what is gone, which a session would keep for ever."""
        now = self._topics
        asked = set(before.filters) - (before.kept ^ now.kept)  # of what stays, nothing kept is sent again
        new = tuple(one for one in now.filters if one not in asked)
        gone = [one for one in before.filters if one not in now.filters]
        if new:
            self._subscribe(new)
        if gone:
            self._client.unsubscribe(gone)
            self._refused -= set(gone)

    def _subscribed(self, number: int, codes: Sequence[Any]) -> None:
        filters = self._asked.pop(number, ())
        self._refused -= set(filters)
        self._refused |= {one for one, code in zip(filters, codes, strict=False) if code.is_failure}
        refused = sorted(self._refused)
        if refused:
            log.error("broker refused subscriptions", site=self._site, topics=refused)
        self._tell("broker", well=True)  # not before: until the broker knows our topics, a press can pass us by
        self._tell("subscription", f"refused by the broker: {', '.join(refused)}" if refused else "", well=not refused)

    def _acknowledge(self, mid: int) -> None:
        self._client.ack(mid, 1)

    def _post(self, work: Callable[[], None]) -> None:
        self._link.post(work)

    def _goodbye(self) -> None:
        """Publish that the site is offline, past the window of unanswered messages: QoS 0 on a connection in order."""
        self._client.publish(self._topics.status, OFFLINE, qos=0, retain=True)

    def _tell(self, subject: str, detail: str = "", *, well: bool = False) -> None:
        """Tell the door what it has not heard yet; at first also that all is well: a restart may have mended it."""
        if self._told.get(subject) == (well, detail):
            return
        self._told[subject] = (well, detail)
        try:
            self._door.trouble(Trouble(KIND, subject, well, detail, site=self._site))
        except Exception:  # the way in of presses stays open even where faults cannot be told
            log.exception("trouble not told", subject=subject)
