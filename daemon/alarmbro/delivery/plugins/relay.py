"""`relay://PIN`: a lamp, a siren or another alarm system on a relay of this machine, as an Apprise plugin.

`pulse=3s` (the default) signals for so long; `latch=yes` until every alarm that it signals is closed. A test signals
for the time of a pulse, whatever else is written. `normally=energised`: the relay has current while all is well, and a
cut wire or a machine without power signals, too. `active_low=yes` is for boards that energise on a low pin.

alarmbro sets `occasion` before each message. Other users of Apprise have a message signal; one of type `success` ends a
latched signal. After a message that could not be signalled, `result` says why.

Promises: all objects of one pin share one relay (`contact`), so that another object changes nothing; `notify` does not
wait for the pulse. A URL alone claims no pin: that is for `claim`, which the daemon calls at start, or for the first
message. After `release_all` no relay signals, and its coil has no current, as with the power off: an energised one
drops, and what it is wired to hears of it. No pin is claimed after that until `configure` is called again.
Any thread.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from typing import Any, ClassVar

from apprise import NotifyType
from apprise.exception import AppriseImproperlyConfigured
from apprise.locale import gettext_lazy as _
from apprise.plugins.base import NotifyBase

from alarmbro.delivery.plugins.contact import Contact, Opener, Wiring, default_pins
from alarmbro.judgement.addressing.coded import ENDS, TRIED
from alarmbro.judgement.addressing.relay_pins import LARGEST_PIN, pin_of
from alarmbro.model.delivery import CALLS, MessageKind, Occasion, Outcome, Result
from alarmbro.model.errors import MachineError

__all__ = ["NotifyRelay", "claim", "configure", "pin_of", "release_all"]

PIN = re.compile(r"[0-9]{1,2}")
SECONDS = re.compile(r"([0-9]{1,6})(ms|s|m)")
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0}
USUAL_PULSE = "3s"
SHORTEST_S, LONGEST_S = 0.05, 600.0
YES, NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")
DE_ENERGISED, ENERGISED = "de-energised", "energised"
OURS = ("pulse", "latch", "normally", "active_low")


class _Contacts:
    """The contacts of this process by pin, and where their pins come from."""

    lock = threading.Lock()  # held for a few lines, never while a pin is written
    opener: ClassVar[Opener] = staticmethod(default_pins)
    by_pin: ClassVar[dict[int, Contact]] = {}


def configure(opener: Opener | None) -> None:
    """Say where pins come from: `opener` gives a gpiozero Factory, or raises; it is asked at the first claim.

    None: gpiozero's own default, for users without alarmbro's daemon. Contacts that are claimed already stay.
    """
    with _Contacts.lock:
        _Contacts.opener = opener or default_pins


def claim(url: str, matters: Iterable[str] = ()) -> Result:
    """Claim the pin of a `relay://` URL now, at rest; a latched one signals for the open alarms `matters`.

    For the daemon's start: a relay that is energised while all is well must be so before the first alarm. Never
    raises; anything but `ok` is to be told as a fault of the target, and is tried again at its first message.
    """
    try:
        results = NotifyRelay.parse_url(url)
        relay = NotifyRelay(**results) if results else None
    except AppriseImproperlyConfigured as error:
        return Result(Outcome.FAILED, "unusable", str(error))
    if relay is None:
        return Result(Outcome.FAILED, "unusable", "this is no relay:// address")
    refusal, signalled = relay.refusal(), tuple(matters) if relay.latch else ()
    if refusal is not None or not signalled:
        return refusal or relay.contact.rest()
    return [relay.contact.latch(matter) for matter in signalled][-1]


def keep_only(urls: Iterable[str]) -> None:
    """Give back the pins that none of these `relay://` URLs names, and those that they wire otherwise."""
    made = [NotifyRelay(**results) for results in map(NotifyRelay.parse_url, urls) if results]
    wanted = {(relay.pin, relay.wiring) for relay in made}
    with _Contacts.lock:
        gone = [each for each in _Contacts.by_pin.values() if (each.pin, each.wiring) not in wanted]
        for contact in gone:
            del _Contacts.by_pin[contact.pin]
    for contact in gone:
        contact.close()


def release_all() -> None:
    """End every signal and give the pins back; at the end of the process. Never raises; may be called twice."""
    with _Contacts.lock:
        contacts = list(_Contacts.by_pin.values())
        _Contacts.by_pin.clear()
        _Contacts.opener = _given_back  # a message that is still on its way must not claim one again
    for contact in contacts:
        contact.close()


def _given_back() -> Any:
    raise MachineError("the relays have been given back")


def _contact(pin: int, wiring: Wiring) -> Contact:
    with _Contacts.lock:
        contact = _Contacts.by_pin.get(pin)
        if contact is None:
            contact = _Contacts.by_pin[pin] = Contact(pin, wiring, _Contacts.opener)
        return contact


class NotifyRelay(NotifyBase):  # type: ignore[misc]  # Apprise ships no types
    """A relay on a pin."""

    service_name = "Relay"
    service_url = "https://gpiozero.readthedocs.io/"
    setup_url = service_url
    protocol = "relay"
    category = "native"
    request_rate_per_sec = 0
    storage_mode = "memory"

    several = 1  # a signal is about one alarm: each is to be closed before a latched one ends
    occasion: Occasion | None = None
    result: Result | None = None

    templates = ("{schema}://{pin}",)
    template_tokens: ClassVar[dict[str, Any]] = {
        **NotifyBase.template_tokens,
        "pin": {"name": _("Pin (BCM)"), "type": "int", "min": 0, "max": LARGEST_PIN, "required": True},
    }
    template_args: ClassVar[dict[str, Any]] = {
        **NotifyBase.template_args,
        "pulse": {"name": _("Signal for"), "type": "string", "default": USUAL_PULSE},
        "latch": {"name": _("Signal until it is closed"), "type": "bool", "default": False},
        "normally": {
            "name": _("The coil while all is well"), "type": "choice:string",
            "values": (DE_ENERGISED, ENERGISED), "default": DE_ENERGISED,
        },
        "active_low": {"name": _("A low pin energises"), "type": "bool", "default": False},
    }  # fmt: skip

    def __init__(self, pin: Any = None, **settings: Any) -> None:
        given = {name: str(settings.pop(name)) for name in OURS if settings.get(name) not in (None, "")}
        unknown = settings.pop("unknown", False)
        super().__init__(**settings)
        if unknown:
            raise _wrong(f"it has an argument that is not known; there are {', '.join(OURS)}")
        if not PIN.fullmatch(str(pin)) or int(str(pin)) > LARGEST_PIN:
            raise _wrong(f"the pin is a BCM number from 0 to {LARGEST_PIN}; write it as in relay://17")
        self.pin = int(str(pin))
        self.pulse = given.get("pulse", USUAL_PULSE).lower()
        self.pulse_s = _seconds(self.pulse)
        self.latch = _yes("latch", given)
        self.wiring = Wiring(_energised(given), _yes("active_low", given))

    @property
    def contact(self) -> Contact:
        """Give the contact of this pin; all objects of one pin have the same."""
        return _contact(self.pin, self.wiring)

    @classmethod
    def runtime_deps(cls) -> tuple[str, ...]:
        """Name what Apprise may drop from memory where the plugin is not used: nothing, buttons need it, too."""
        return ()

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_more: Any) -> bool:
        """Signal, or end the signal, as the message says. Blocks for no longer than a pin takes to be written."""
        del body, title
        end = MessageKind.CLOSED_REAL if notify_type == NotifyType.SUCCESS else MessageKind.ALARM
        self.result = self._signal(self.occasion or Occasion(end))
        return self.result.outcome is Outcome.OK

    def url(self, privacy: bool = False, *args: Any, **settings: Any) -> str:
        """Give the URL that makes this again."""
        arguments = {**self.url_parameters(*args, privacy=privacy, **settings), "pulse": self.pulse}
        arguments |= {"latch": "yes"} if self.latch else {}
        arguments |= {"normally": ENERGISED} if self.wiring.normally_energised else {}
        arguments |= {"active_low": "yes"} if self.wiring.active_low else {}
        return f"relay://{self.pin}/?{self.urlencode(arguments)}"

    @property
    def url_identifier(self) -> tuple[Any, ...]:
        """Give what tells this from others."""
        return ("relay", self.pin)

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """Take a URL apart; None where it is none."""
        results: dict[str, Any] | None = NotifyBase.parse_url(url, verify_host=False)
        if not results:
            return results
        asked = results["qsd"]
        results["pin"] = results["host"]
        results |= {name: NotifyRelay.unquote(asked[name]) for name in OURS if name in asked}
        # A siren whose `latch` is mistyped would fall silent after three seconds.
        results["unknown"] = not asked.keys() <= NotifyRelay.template_args.keys()
        return results

    def refusal(self) -> Result | None:
        """Say why the pin cannot be used as this URL says; None where it can."""
        if self.contact.wiring == self.wiring:
            return None
        return Result(Outcome.FAILED, "unusable", f"pin {self.pin} is named by addresses that wire it differently")

    def probe(self) -> Result:
        """Tell whether the relay could be switched, without switching it; claims its pin where that failed before."""
        return self.refusal() or self.contact.rest()

    def _signal(self, occasion: Occasion) -> Result:
        refusal, contact = self.refusal(), self.contact
        if refusal is not None:
            return refusal
        if occasion.kind in ENDS:
            return contact.end(occasion.matter)
        if occasion.kind in TRIED or (occasion.kind in CALLS and not self.latch):
            return contact.pulse(self.pulse_s)
        if occasion.kind in CALLS:
            return contact.latch(occasion.matter)
        return Result(Outcome.FAILED, "no_code", "a relay has no way to say this")


def _wrong(text: str) -> AppriseImproperlyConfigured:
    return AppriseImproperlyConfigured(text)


def _seconds(text: str) -> float:
    parts = SECONDS.fullmatch(text)
    seconds = int(parts[1]) * UNITS[parts[2]] if parts else 0.0
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise _wrong("pulse= is how long it signals, 50ms to 10m, with its unit; write it as in pulse=3s")
    return seconds


def _yes(name: str, given: dict[str, str]) -> bool:
    text = given.get(name, "no").lower()
    if text not in YES + NO:
        raise _wrong(f"{name}= is yes or no")
    return text in YES


def _energised(given: dict[str, str]) -> bool:
    text = given.get("normally", DE_ENERGISED).lower()
    if text not in (DE_ENERGISED, ENERGISED):
        raise _wrong(f"normally= is {ENERGISED} or {DE_ENERGISED}; left out, it is {DE_ENERGISED}")
    return text == ENERGISED
