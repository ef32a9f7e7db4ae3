"""`sia://ACCOUNT@HOST:PORT/`: an alarm centre, told by SIA DC-09, as an Apprise plugin.

A centre acts on a code, not on words: what a message is about comes by `occasion`, which alarmbro sets before each
message. Other users of Apprise say `event=` in the URL (`alarm` where it is left out).

Promises: no message, whatever it says, ever cancels an alarm. After one that did not get through, `result` says why.
Any thread, one message at a time for each object.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from apprise import NotifyType
from apprise.exception import AppriseImproperlyConfigured
from apprise.locale import gettext_lazy as _
from apprise.plugins.base import NotifyBase

from alarmbro.delivery.dc09 import cipher
from alarmbro.delivery.dc09.centre import Centre
from alarmbro.delivery.dc09.codes import ALARMS, CODES, PERIODIC, Chosen, Code, Event, contact_id, event_of, sia
from alarmbro.delivery.dc09.exchange import Receiver
from alarmbro.delivery.dc09.frame import Account, Saying, Token, stamp, text_of
from alarmbro.delivery.dc09.sequence import Sequence
from alarmbro.model.delivery import MessageKind, Occasion, Outcome, Result

ACCOUNT = re.compile(r"[0-9A-Fa-f]{3,16}")
SHORT_HEX = re.compile(r"[0-9A-Fa-f]{1,6}")
SECONDARY = re.compile(r"(?P<host>[^:\s]+|\[[0-9A-Fa-f:]+\]):(?P<port>\d{1,5})")
SECONDS = re.compile(r"(\d{1,5})(s|m)")
FORMATS = {"sia-dcs": Token.SIA_DCS, "adm-cid": Token.ADM_CID}
EVENTS = {
    "alarm": Occasion(MessageKind.ALARM),
    "restore": Occasion(MessageKind.CLOSED_REAL),
    "test": Occasion(MessageKind.TRIAL),
    "periodic": None,  # the daily test, which some centres want; no message of alarmbro's is that
    "trouble": Occasion(MessageKind.FAULT),
    "restored": Occasion(MessageKind.FAULT_CLEARED),
}
SHOWN = ("format", "transport", "zone", "area", "receiver", "line", "secondary", "code", "medical_code", "help_code",
         "test_code", "event", "poll", "text")  # fmt: skip
# `format=` says in Apprise how a text is written; its words for that are no format of ours.
APPRISES_OWN = ("text", "html", "markdown")
LARGEST_ZONE = 9999
LARGEST_IN_CONTACT_ID = 999
LARGEST_PORT = 65535
SOONEST_POLL_S = 10.0


class _Numbers:
    """The one counter of this process; where nobody has said where to keep it, it is not kept."""

    sequence: ClassVar[Sequence] = Sequence()


def configure(folder: Path | None) -> None:
    """Say where the numbers of frames are kept over restarts. Once, before the first message; waits for no disk."""
    _Numbers.sequence = Sequence(folder)


def numbers() -> Sequence:
    """Give the counter."""
    return _Numbers.sequence


class NotifySIA(NotifyBase):  # type: ignore[misc]  # Apprise ships no types
    """An alarm centre."""

    service_name = "SIA DC-09"
    service_url = "https://www.securityindustry.org/industry-standards/dc-09-2021/"
    setup_url = service_url
    protocol = "sia"
    category = "custom"
    request_rate_per_sec = 0
    title_maxlen = 250
    body_maxlen = 32768
    storage_mode = "memory"

    several = 1  # a code tells of one alarm
    occasion: Occasion | None = None
    result: Result | None = None

    templates = ("{schema}://{account}@{host}:{port}",)
    template_tokens: ClassVar[dict[str, Any]] = {
        **NotifyBase.template_tokens,
        "account": {"name": _("Account"), "type": "string", "required": True, "map_to": "user"},
        "host": {"name": _("Receiver"), "type": "string", "required": True},
        "port": {"name": _("Port"), "type": "int", "min": 1, "max": 65535, "required": True},
    }
    template_args: ClassVar[dict[str, Any]] = {
        **NotifyBase.template_args,
        "format": {"name": _("Format"), "type": "choice:string", "values": tuple(FORMATS), "default": "sia-dcs"},
        "transport": {"name": _("Transport"), "type": "choice:string", "values": ("tcp", "udp"), "default": "tcp"},
        "key": {"name": _("Key, as text"), "type": "string", "private": True},
        "hexkey": {"name": _("Key, in hex"), "type": "string", "private": True},
        "zone": {"name": _("Zone"), "type": "int", "min": 0, "max": LARGEST_ZONE, "default": 0},
        "area": {"name": _("Area"), "type": "int", "min": 0, "max": 99, "default": 1},
        "receiver": {"name": _("Receiver number"), "type": "string", "default": "0"},
        "line": {"name": _("Line number"), "type": "string", "default": "0"},
        "secondary": {"name": _("Second receiver, HOST:PORT"), "type": "string"},
        "code": {"name": _("Event code"), "type": "choice:string", "values": tuple(ALARMS), "default": "PA"},
        "medical_code": {"name": _("Medical code"), "type": "choice:string", "values": tuple(ALARMS)},
        "help_code": {"name": _("Help code"), "type": "choice:string", "values": tuple(ALARMS)},
        "test_code": {"name": _("Test code"), "type": "choice:string", "values": tuple(CODES)},
        "event": {"name": _("Event"), "type": "choice:string", "values": tuple(EVENTS), "default": "alarm"},
        "poll": {"name": _("Supervision"), "type": "string"},
        "text": {"name": _("Say the place in words, too"), "type": "bool", "default": False},
    }

    def __init__(self, **settings: Any) -> None:
        given = {name: settings.pop(name) for name in (*SHOWN, "key", "hexkey") if name in settings}
        unknown = settings.pop("unknown", False)
        super().__init__(**settings)
        if unknown:
            raise wrong(f"it has an argument that is not known; there are {', '.join((*SHOWN, 'key', 'hexkey'))}")
        self.given = {name: str(given[name]) for name in SHOWN if given.get(name) not in (None, "", *APPRISES_OWN)}
        self.format = self._one_of("format", tuple(FORMATS), "sia-dcs")
        udp = self._one_of("transport", ("tcp", "udp"), "tcp") == "udp"
        self.zone = self._number("zone", LARGEST_IN_CONTACT_ID if self.format == "adm-cid" else LARGEST_ZONE, 0)
        self.area = self._number("area", 99, 1)
        usual = Chosen()
        self.chosen = Chosen(
            self._code("code", ALARMS) or usual.alarm,
            self._code("medical_code", ALARMS) or usual.medical,
            self._code("help_code", ALARMS),
            self._code("test_code", CODES),
        )
        self.usual = EVENTS[self._one_of("event", tuple(EVENTS), "alarm")]
        self.text = self.given.get("text", "").lower() in ("yes", "true", "1", "on")
        self.poll_s = self._poll()
        self.centre = Centre(self._account(given), self._receivers(udp))

    @classmethod
    def runtime_deps(cls) -> tuple[str, ...]:
        """Name what Apprise may drop from memory where the plugin is not used: nothing, keys may come later."""
        return ()

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_more: Any) -> bool:
        """Say what the message is about to the centre. Blocks for some 12 seconds at most."""
        del body, notify_type
        occasion = self.occasion or self.usual
        event = event_of(occasion, self.chosen) if occasion else Event(PERIODIC)
        if event is None:
            self.result = Result(Outcome.FAILED, "no_code", "no code was agreed with the alarm centre for this")
            return False
        block = contact_id if self.format == "adm-cid" else sia
        data = block(event, self.centre.account.number, self.area, self.zone)
        extended = [f"H{stamp(occasion.at)}"] if occasion and occasion.late and occasion.at else []
        # One receiver at least takes a single block of extended data with Contact ID: the time matters more.
        place = text_of(title) if self.text and (self.format == "sia-dcs" or not extended) else ""
        extended += [f"I{place}"] if place else []
        return self._tell(Saying(FORMATS[self.format], data, tuple(extended)), occasion)

    def probe(self) -> Result:
        """Ask the receiver whether it hears us, by a null message; the centre supervises us by the same."""
        self.result = self.centre.probe(numbers())
        return self.result

    def url(self, privacy: bool = False, *args: Any, **settings: Any) -> str:
        """Give the URL that makes this again; with `privacy` without the key."""
        arguments = {**self.url_parameters(*args, privacy=privacy, **settings), **self.given}
        if self.centre.account.key is not None:
            arguments["hexkey"] = "****" if privacy else self.centre.account.key.hex()
        return f"sia://{self.quote(self.centre.account.number)}@{self.host}:{self.port}/?{self.urlencode(arguments)}"

    @property
    def url_identifier(self) -> tuple[Any, ...]:
        """Give what tells this from others."""
        return ("sia", self.centre.account.number, self.host, self.port)

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """Take a URL apart; None where it is none."""
        results: dict[str, Any] | None = NotifyBase.parse_url(url, verify_host=True)
        if not results:
            return results
        asked = results["qsd"]
        results.pop("format", None)
        for name in (*SHOWN, "key", "hexkey"):
            if name in asked:
                results[name] = asked[name]
        # A key whose name is mistyped would be an alarm for everybody to read; a zone, one from nowhere.
        results["unknown"] = not asked.keys() <= NotifySIA.template_args.keys()
        return results

    def _tell(self, saying: Saying, occasion: Occasion | None) -> bool:
        about = (occasion.kind, occasion.matter) if occasion and occasion.matter else None
        self.result = self.centre.tell(saying, numbers(), about)
        return self.result.outcome is Outcome.OK

    def _account(self, settings: dict[str, Any]) -> Account:
        number = self.unquote(self.user) if self.user else ""
        if not ACCOUNT.fullmatch(number):
            raise wrong("the account, before the @, has 3 to 16 digits (0-9, A-F); write it as in sia://0012@HOST:PORT")
        parts = {name: self.given.get(name, "0") for name in ("receiver", "line")}
        for name, text in parts.items():
            if not SHORT_HEX.fullmatch(text):
                raise wrong(f"{name}= has 1 to 6 digits (0-9, A-F); leave it out where the centre has given none")
        key = _key(settings.get("key"), settings.get("hexkey"))
        if key is not None and not cipher.available():
            raise wrong("a key needs AES, which is not installed; pip install 'alarmbro[sia]'")
        return Account(number.upper(), parts["receiver"], parts["line"], key)

    def _receivers(self, udp: bool) -> tuple[Receiver, ...]:
        if not self.port or self.port > LARGEST_PORT:
            raise wrong("the receiver's port is missing; ask the centre, and write it as in sia://0012@HOST:12128")
        primary = Receiver(self.host.strip("[]"), self.port, udp)
        second = self.given.get("secondary")
        if second is None:
            return (primary,)
        parts = SECONDARY.fullmatch(second)
        if parts is None or not 0 < int(parts["port"]) <= LARGEST_PORT:
            raise wrong("secondary= is the second receiver; write it as in secondary=HOST:12128")
        return (primary, Receiver(parts["host"].strip("[]"), int(parts["port"]), udp))

    def _one_of(self, name: str, known: tuple[str, ...], usual: str) -> str:
        value = self.given.get(name, usual).lower()
        if value not in known:
            raise wrong(f"{name}= is one of {', '.join(known)}; left out, it is {usual}")
        return value

    def _number(self, name: str, largest: int, usual: int) -> int:
        text = self.given.get(name, "")
        if not text:
            return usual
        if not (text.isascii() and text.isdigit() and int(text) <= largest):
            raise wrong(f"{name}= is a number from 0 to {largest}; left out, it is {usual}")
        return int(text)

    def _code(self, name: str, known: Mapping[str, Code]) -> Code | None:
        text = self.given.get(name, "").upper()
        if text and text not in known:
            raise wrong(f"{name}= is one of {', '.join(known)}; agree it with the centre")
        return known[text] if text else None

    def _poll(self) -> float | None:
        text = self.given.get("poll", "")
        parts = SECONDS.fullmatch(text)
        seconds = int(parts[1]) * (60 if parts[2] == "m" else 1) if parts else 0
        if text and seconds < SOONEST_POLL_S:
            raise wrong(f"poll= is how often it is tried, {SOONEST_POLL_S:.0f}s or more; write it as in poll=60s")
        return float(seconds) if text else None


def wrong(text: str) -> AppriseImproperlyConfigured:
    """Give the error that says what is wrong with a URL, without any part of it."""
    return AppriseImproperlyConfigured(text)


def _key(text: str | None, in_hex: str | None) -> bytes | None:
    if text is not None and in_hex is not None:
        raise wrong("key= and hexkey= are two ways to write the key; leave one out")
    if text is not None:  # an empty one, too: it would else go out for everybody to read
        key = text.encode("utf-8")
    elif in_hex is not None:
        try:
            key = bytes.fromhex(in_hex)
        except ValueError:
            raise wrong("hexkey= has digits 0-9 and A-F alone; a key of other signs is key=") from None
    else:
        return None
    if len(key) not in cipher.KEY_SIZES:
        raise wrong("the key has 16, 24 or 32 characters (key=), or 32, 48 or 64 digits (hexkey=); ask the centre")
    return key
