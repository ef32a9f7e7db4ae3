"""Channels: one message to one URL through Apprise's plugin for it.

Promises: `send` never raises, runs wholly in the thread that calls it, and tells what became of the message in a code
without secrets. It shares nothing with other sends but a lock that is held for a few dictionary operations, so a dead
target holds up no other. It may well block: as long as the connect and read timeouts of its URL allow, and for ever
where the far end keeps dripping bytes. The caller has the deadline.

Never: Apprise's thread pool, its throttle (5.5 s between two messages), its retries, its log lines.

What the environment can do to a send: Apprise goes through `requests`, which honours `HTTP_PROXY`, `HTTPS_PROXY`,
`NO_PROXY` and `REQUESTS_CA_BUNDLE`. That is left alone, as some networks need the proxy; the service's unit decides
what is set. No `~/.netrc`: a login stands in the URL, and no disk is asked in the middle of an alarm.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, OverflowMode
from apprise.exception import AppriseException
from apprise.manager_plugins import NotificationManager

from alarmbro.delivery import bounded, preloaded, session
from alarmbro.delivery.gate import CalledOffError, Gate, behind
from alarmbro.delivery.overheard import Overheard
from alarmbro.delivery.reasons import of_refusal, of_surprise
from alarmbro.judgement.addressing import placeholders
from alarmbro.model.delivery import Message, Occasion, Outcome, Result, Urgency
from alarmbro.model.route import Target

Plugin = Any  # an Apprise plugin object: Apprise ships no types that mypy could follow

KEPT_URLS = 64  # rendered URLs of a target with placeholders that keep their plugin objects: a building's devices
SPARES = 4  # idle plugin objects kept of one rendered URL
ROOM_OF_SMS = 1600  # characters: ten parts, the most that a gateway takes as one message
# SMS gateways whose plugin claims more room than an SMS has.
SMS_WITH_ROOM = frozenset({"exotel", "kaleyra", "klr", "smpp", "smpps"})
# Plugins that keep a connection and a thread: not kept from send to send, as the far end may be long gone.
HOLD_A_CONNECTION = frozenset({"mqtt", "mqtts"})

LOUDNESS = {
    Urgency.ALARM: NotifyType.FAILURE,
    Urgency.FAULT: NotifyType.WARNING,
    Urgency.INFO: NotifyType.INFO,
    Urgency.TEST: NotifyType.INFO,
}

# One per process: it sits on the libraries' global loggers.
_overheard = Overheard()


MOST_TOGETHER = 100  # alarms in one message where there is room: nobody reads more, and a gateway takes it
ROOM_OF_CALL = 170  # characters: an alarm's words in a message of several are at most an SMS, and a line between
BRIEF_TOGETHER = 6  # … where there is only room for its place: three SMS


class UnusableError(Exception):
    """The URL of a target makes no channel; the text says why, without the URL."""


def asset() -> AppriseAsset:
    """Give Apprise's settings for every channel.

    No redirects: requests turns a redirected POST into a GET without body, whose 200 would pass for delivered. A URL
    whose service needs them says `redirect=yes`. No image URLs: an alarm must not make phones fetch an icon elsewhere.
    """
    return AppriseAsset(
        service_timeout=0,
        secure_logging=True,
        http_redirects=False,
        interpret_emojis=False,
        interpret_escapes=False,
        default_service_retry=0,
        app_id="alarmbro",
        app_desc="alarmbro",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        pgp_autogen=False,
        pem_autogen=False,
    )


def is_brief(plugin: Plugin, scheme: str) -> bool:
    """Tell SMS-like channels, which get the short form: no title, and no more room than a long SMS has."""
    return scheme in SMS_WITH_ROOM or (plugin.title_maxlen <= 0 and plugin.body_maxlen <= ROOM_OF_SMS)


def room_for_several(plugin: Plugin, scheme: str) -> int:
    """Give how many alarms one message through a plugin can tell of."""
    own = getattr(plugin, "several", None)  # a code tells of one alarm
    if own is not None:
        return int(own)
    if is_brief(plugin, scheme):
        return BRIEF_TOGETHER
    return int(max(1, min(MOST_TOGETHER, plugin.body_maxlen // ROOM_OF_CALL - 1)))


class Spares:
    """The idle plugin objects of one target by rendered URL, the least recently used URL first.

    A plugin object serves one send at a time: most keep no state between sends, but some log in, or hold a connection,
    and say nothing about threads.
    """

    def __init__(self) -> None:
        self._by_url: OrderedDict[str, list[Plugin]] = OrderedDict()

    def take(self, url: str) -> Plugin | None:
        """Give an idle object and keep it no longer."""
        idle = self._by_url.get(url)
        return idle.pop() if idle else None

    def put(self, url: str, plugin: Plugin) -> list[Plugin]:
        """Keep an object for the next send; give those that are too many, for the caller to drop outside its lock."""
        idle = self._by_url.setdefault(url, [])
        self._by_url.move_to_end(url)
        idle.append(plugin)
        surplus = [idle.pop(0)] if len(idle) > SPARES else []
        while len(self._by_url) > KEPT_URLS:
            surplus += self._by_url.popitem(last=False)[1]
        return surplus


class Channels:
    """The ways out to all targets of a configuration. Any thread may send; one at a time may `adopt` and `warm`."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._targets = tuple(targets)
        self._asset = asset()
        self._lock = threading.Lock()
        self._spares: dict[Target, Spares] = {target: Spares() for target in self._targets}
        self._together: dict[Target, int] = {}
        _overheard.install()
        session.install()
        bounded.install()

    def adopt(self, targets: Iterable[Target]) -> None:
        """Be ready for these targets from now on; `warm` is to follow. What is on its way to others goes on."""
        self._targets = tuple(targets)
        with self._lock:
            for target in self._spares.keys() - set(self._targets):
                del self._spares[target]
        for target in self._together.keys() - set(self._targets):
            del self._together[target]

    def warm(self, values: Mapping[str, str]) -> list[tuple[Target, str]]:
        """Load all that a first send would load, and make one plugin object for each target; contacts nobody.

        `values` are sample values for every placeholder. Gives the targets whose URL makes no channel, with the reason
        (no secret in it): the caller makes a fault of each. Takes some hundred milliseconds of CPU.
        """
        preloaded.touch()
        unusable = []
        for target in self._targets:
            if target in self._together:
                continue
            try:
                url = self._render(target, values)
                plugin = self._make(target, url)
                self._together[target] = room_for_several(plugin, target.scheme)
                self._put(target, url, plugin)
            except UnusableError as error:
                unusable.append((target, str(error)))
        return unusable

    def together(self, target: Target) -> int:
        """Give how many alarms one message to a target can tell of, each with its own words."""
        return self._together.get(target, 1)

    def send(
        self,
        target: Target,
        values: Mapping[str, str],
        message: Message,
        gate: Gate | None = None,
        occasion: Occasion | None = None,
    ) -> Result:
        """Say the message to the target and tell how it went. Blocks; never raises.

        With a `gate` all is made ready, but nothing leaves before the gate is open. `values` are those of this alarm;
        `occasion` is for plugins of ours, which speak in codes.
        A URL with several addressees is ok only when all of them took it: after anything else the next attempt tells
        all of them again.
        """
        try:
            url = self._render(target, values)
            plugin = self._take(target, url)
            if plugin is None:  # not `or`: a plugin object has a length, which may be 0
                plugin = self._make(target, url)
        except UnusableError as error:
            return Result(Outcome.FAILED, "unusable", str(error))
        if occasion is not None and hasattr(plugin, "occasion"):
            plugin.occasion = occasion
        result = self._say(target, plugin, message, gate)
        if result.outcome is Outcome.OK:
            self._put(target, url, plugin)
        # After anything else the object is dropped: a login that it holds may be what is broken.
        return result

    def _say(self, target: Target, plugin: Plugin, message: Message, gate: Gate | None) -> Result:
        with _overheard.listening() as evidence, behind(gate):
            try:
                if gate is not None and not session.is_alone(plugin):
                    gate.wait()
                told = plugin.notify(**words(plugin, target.scheme, message))
                return Result(Outcome.OK, "ok") if told is True else own_result(plugin) or of_refusal(evidence)
            except CalledOffError:
                return Result(Outcome.FAILED, "called_off")
            except Exception as error:  # noqa: BLE001 (180 foreign plugins; whatever they raise is told as the result)
                return of_surprise(error)

    def _render(self, target: Target, values: Mapping[str, str]) -> str:
        try:
            return placeholders.render(target.url.reveal(), values)
        except Exception as error:  # noqa: BLE001 (its text may hold the URL; it is told as UnusableError)
            raise UnusableError(f"a placeholder in the URL has no value ({type(error).__name__})") from None

    def _make(self, target: Target, url: str) -> Plugin:
        try:
            plugin = Apprise.instantiate(url, asset=self._asset, suppress_exceptions=False)
        except AppriseException:
            raise UnusableError(f"the URL is not complete or not right for {target.scheme}://") from None
        except Exception as error:  # noqa: BLE001 (a plugin's own faults; the text may hold the URL)
            raise UnusableError(f"{target.scheme}:// cannot use the URL ({type(error).__name__})") from None
        if plugin is None:
            raise UnusableError(why_none(target.scheme))
        plugin.request_rate_per_sec = 0
        if target.scheme in HOLD_A_CONNECTION:
            plugin.qos = max(plugin.qos, 1)  # with QoS 0 a write to a dead broker passes for delivered
        return plugin

    def _take(self, target: Target, url: str) -> Plugin | None:
        with self._lock:
            return self._spares.setdefault(target, Spares()).take(url)

    def _put(self, target: Target, url: str, plugin: Plugin) -> None:
        if target.scheme in HOLD_A_CONNECTION:
            return
        with self._lock:
            surplus = self._spares.setdefault(target, Spares()).put(url, plugin)
        del surplus  # outside the lock: some plugins log out over the network when they are dropped


def own_result(plugin: Plugin) -> Result | None:
    """Give what a plugin of ours says became of its last message."""
    result = getattr(plugin, "result", None)
    return result if isinstance(result, Result) and result.outcome is not Outcome.OK else None


def why_none(scheme: str) -> str:
    """Say why Apprise makes nothing of a URL of this scheme."""
    manager = NotificationManager()
    if scheme not in manager:
        return f"Apprise knows no service {scheme}://"
    if not manager[scheme].enabled:
        return f"{scheme}:// needs a library that is not installed"
    return f"the URL is not complete or not right for {scheme}://"


def words(plugin: Plugin, scheme: str, message: Message) -> dict[str, Any]:
    """Give the arguments of the plugin's `notify`: the form that it has room for, as plain text.

    The format is declared as text, so that a plugin that speaks HTML or Markdown escapes it. What is too long is cut
    rather than refused by the service, unless the URL asks for parts: the first words matter most.
    """
    brief = is_brief(plugin, scheme)
    too_long = OverflowMode.SPLIT if message.parts else OverflowMode.TRUNCATE
    return {
        "title": "" if brief else message.title,
        "body": message.short if brief else message.body,
        "notify_type": LOUDNESS[message.urgency],
        "body_format": NotifyFormat.TEXT,
        "overflow": too_long if plugin.overflow_mode == OverflowMode.UPSTREAM else None,
    }
