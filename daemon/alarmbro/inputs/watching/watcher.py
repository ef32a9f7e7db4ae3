"""One machine's second connection to the broker: it shows the sites to Home Assistant, and hears those of others.

Promises: whatever becomes of it, presses and alarms go their way; they have connections of their own. Nothing that it
publishes is on a topic that presses come by. What Home Assistant has of devices that are no longer in the file is taken
back. Faults of other sites' machines go to the door.
Must never raise into paho's callbacks: an exception there ends its loop.
Everything here runs in the link's thread, except `show`, `call`, `start`, `stop`, `alive`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from paho.mqtt.client import MQTTMessage

from alarmbro import __version__
from alarmbro.inputs.mqtt_client import subscribe
from alarmbro.inputs.mqtt_link import Link
from alarmbro.inputs.mqtt_tls import use_tls
from alarmbro.inputs.watching.board import Board
from alarmbro.inputs.watching.client import build_client, client_id
from alarmbro.judgement.home_assistant.discovery import discoveries
from alarmbro.judgement.home_assistant.topics import Topics, abandoned
from alarmbro.judgement.supervising.neighbours import Neighbours, online_in
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import Configuration, HomeAssistant
from alarmbro.model.errors import MachineError
from alarmbro.model.moment import Clock

log = structlog.get_logger(__name__)

KIND = "watching"
JOIN_S = 0.9
REFUSED_S = 600.0  # a broker that starts refuses for some seconds; one that knows us for good
AGAIN_S = 60.0  # between two times that something of ours is put back where another took it away
BORN = b"online"


def is_wanted(configuration: Configuration) -> bool:
    """Tell whether this machine has anything to watch or to show."""
    return configuration.mqtt is not None and (
        configuration.home_assistant is not None or bool(neighbours_of(configuration))
    )


def neighbours_of(configuration: Configuration) -> list[str]:
    """Name the sites that this machine watches."""
    if not configuration.watch_sites:
        return []
    return [site for site in configuration.sites if site not in configuration.serve]


class Watcher:
    """Implements `alarmbro.model.activation.Listener`; alarms do without it. `trouble` takes faults from any thread."""

    name = "watching"

    def __init__(self, configuration: Configuration, clock: Clock, trouble: Callable[[Trouble], None]) -> None:
        if configuration.mqtt is None:
            raise MachineError("no broker is configured; write mqtt: {url: mqtts://HOST}, or nothing can be watched")
        self._configuration, self._broker = configuration, configuration.mqtt
        self._clock, self._trouble = clock, trouble
        self._home = configuration.home_assistant
        self._topics = Topics(configuration.mqtt.prefix, (self._home or HomeAssistant()).discovery)
        watched = neighbours_of(configuration)
        self._neighbours = Neighbours(watched)
        self._watched = [self._topics.status(site) for site in watched]
        self._online: dict[str, bool] = {}
        self._found: dict[str, tuple[str, str]] = {}  # discoveries at the broker that are not ours to show
        self._board = Board()
        self._told: dict[str, tuple[bool, str]] = {}
        self._refused_since_s: float | None = None
        self._put_back_s: dict[str, float] = {}
        self._publishing_refused = False
        self._put_up()
        self._name = client_id(configuration)
        self._client = build_client(configuration.mqtt, self._name)
        self._client.on_subscribe = lambda _client, _userdata, _mid, codes, _properties: self._subscribed(codes)
        self._client.on_publish = lambda _client, _userdata, mid, code, _properties: self._published(mid, code)
        self._link = Link(self._client, self.name, self, lambda: None)

    @property
    def connected(self) -> bool:
        """Tell whether the broker has let us in. No sign that anything works."""
        return self._link.connected

    def start(self) -> None:
        """Begin and return at once; the broker may be away. Raise MachineError where its TLS files cannot be used."""
        use_tls(self._client, self._broker)
        self._link.start()

    def stop(self) -> None:
        """Leave the broker in order, within a second. What stands there stays. May be called twice."""
        self._link.stop(JOIN_S)

    def alive(self) -> bool:
        """Tell whether the thread lives and moves; a broker that is away is no death."""
        return self._link.alive()

    def show(self, site: str, device: str, state: Mapping[str, Any]) -> None:
        """Have a device's state stand at the broker. Any thread; neither blocks nor raises."""
        if self._shows:
            self._board.put(self._topics.state(site, device), _json(state))
            self._link.wake()

    def call(self, site: str, device: str, event: Mapping[str, Any]) -> None:
        """Say what happened at a device, where the broker is there. Any thread; neither blocks nor raises."""
        if self._shows:
            self._board.call(self._topics.event(site, device), _json(event))
            self._link.wake()

    # What the link tells, in its thread.

    def linked(self, *, session_present: bool) -> None:
        """Subscribe: the broker keeps nothing for this connection."""
        self._refused_since_s, self._publishing_refused = None, False
        self._tell("login", well=True)
        self._neighbours.linked(self._now_s())
        self._found.clear()
        self._board.connected()
        if self._filters:
            subscribe(self._client, self._filters, self._broker.protocol, self._filters)
        log.info("watching connected", session_present=session_present)

    def unlinked(self, reason: str, *, contested: bool) -> None:
        """Note that nothing is heard. Of a broker that is away the sites' own connections tell."""
        log.info("watching away", reason=reason)
        now_s = self._now_s()
        self._board.lost()
        self._neighbours.unlinked(now_s)
        if contested:
            self._tell("client-id", f"another client seems to use the id {self._name}: {reason}")
        if not reason.startswith("refused"):
            return
        if self._refused_since_s is None:
            self._refused_since_s = now_s
        if now_s - self._refused_since_s >= REFUSED_S:
            self._tell("login", reason)

    def steady(self, *, contested: bool) -> None:
        """Do what is due once a turn."""
        if not contested:
            self._tell("client-id", well=True)
        for trouble in self._neighbours.due(self._now_s()):
            self._report(trouble)
        self._board.send(self._client)
        if self._board.idle and not self._publishing_refused:
            self._tell("publishing", well=True)

    def message(self, message: MQTTMessage) -> None:
        """Take a message; one that cannot be handled is dropped."""
        try:
            self._take(message.topic, bytes(message.payload), kept=message.retain)
        except Exception:  # whatever the cause, paho's loop goes on
            log.exception("message not handled while watching")

    def _take(self, topic: str, payload: bytes, *, kept: bool) -> None:
        site = self._topics.site_of(topic)
        if site is not None:
            self._take_status(site, payload, kept=kept)
        elif topic == self._topics.birth:
            if payload.strip() == BORN and not kept:  # one that was kept we hear as we publish everything anyway
                self._board.again()
        elif (named := self._topics.object_of(topic)) is not None:
            self._take_discovery(topic, *named, payload.decode(errors="replace"), kept=kept)

    def _take_status(self, site: str, payload: bytes, *, kept: bool) -> None:
        self._neighbours.heard(site, payload, self._now_s(), kept=kept)
        online = online_in(payload)
        if online is not None:
            self._online[site] = online
            for topic, (of_site, device) in list(self._found.items()):
                if of_site == site:
                    self._perhaps_take_back(topic, of_site, device)

    def _take_discovery(self, topic: str, site: str, device: str, payload: str, *, kept: bool) -> None:
        """Take back what is of no device any more, and put back what another has taken away."""
        ours = self._board.standing(topic)
        if ours is None:
            if kept and payload:
                self._found[topic] = (site, device)
                self._perhaps_take_back(topic, site, device)
        elif payload != ours and not kept and self._now_s() - self._put_back_s.get(topic, -AGAIN_S) >= AGAIN_S:
            self._put_back_s[topic] = self._now_s()
            self._board.again(topic)

    def _perhaps_take_back(self, topic: str, site: str, device: str) -> None:
        if not abandoned(site, device, self._configuration, online=self._online.get(site)):
            return
        log.info("taking back from Home Assistant", site=site, device=device)
        del self._found[topic]
        self._board.take_away(topic)
        if device:
            self._board.take_away(self._topics.state(site, device))

    @property
    def _shows(self) -> bool:
        return self._home is not None and self._home.wanted

    @property
    def _filters(self) -> tuple[str, ...]:
        of_home = (self._topics.statuses, self._topics.birth, self._topics.configs) if self._home is not None else ()
        return (*self._watched, *of_home)

    def _put_up(self) -> None:
        if self._shows:
            found = discoveries(self._configuration, self._topics, __version__)
            for topic, document in found.items():
                self._board.put(topic, _json(document))

    def _subscribed(self, codes: Sequence[Any]) -> None:
        refused = [one for one, code in zip(self._filters, codes, strict=False) if code.is_failure]
        self._tell("subscription", f"refused by the broker: {', '.join(refused)}" if refused else "", well=not refused)

    def _published(self, mid: int, code: Any) -> None:
        self._board.answered(mid)
        if code.is_failure:
            self._publishing_refused = True
            self._tell("publishing", f"refused by the broker: {code}")

    def _now_s(self) -> float:
        return self._clock.now().monotonic_s

    def _tell(self, subject: str, detail: str = "", *, well: bool = False) -> None:
        """Tell what has not been told yet; at first also that all is well: a restart may have mended it."""
        if self._told.get(subject) != (well, detail):
            self._told[subject] = (well, detail)
            self._report(Trouble(KIND, subject, well, detail))

    def _report(self, trouble: Trouble) -> None:
        try:
            self._trouble(trouble)
        except Exception:  # the connection stays up even where faults cannot be told
            log.exception("trouble not told", kind=trouble.kind, subject=trouble.subject)


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, default=str, separators=(",", ":"))
