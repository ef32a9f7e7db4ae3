"""What the file says about buttons, keys, lights and relays: their pins, how long a press lasts, what it asks for.

Any thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alarmbro.config.checking.relays import relays
from alarmbro.config.findings.look import Look
from alarmbro.config.schema.devices import GpioWords, HoldWords, LevelName, SiteWords
from alarmbro.config.syntax.yaml_positions import Place, shown
from alarmbro.config.values.durations import spoken
from alarmbro.model.level import Level

KEY, LIGHT = "acknowledge", "feedback"  # a site's keys in the file; faults are told under SITE/ and these


def check_pins(look: Look, served_here: tuple[str, ...]) -> None:
    """Tell what is wrong or doubtful with buttons, keys, lights and relays."""
    _pins(look, served_here)
    _changeovers(look)
    _holds(look)
    for site, place in look.parts.sites.items():
        _key(look, site, place)
        _levels(look, site, place)
        _names(look, site, place)


@dataclass(frozen=True, slots=True)
class _Wire:
    """One pin, as it is named, and where."""

    site: str
    label: str
    pin: int
    place: Place
    relay: Mapping[str, str] | None = None  # how it is wired, where it is one


def _pins(look: Look, served_here: tuple[str, ...]) -> None:
    """No pin twice on one machine: so no button can answer or close the alarm that it raised.

    Other machines' sites may use the same pins, but none twice in itself.
    """
    seen: dict[tuple[str, int], _Wire] = {}
    for wire in (*_buttons(look), *_keys(look), *_lights(look), *_relays(look)):
        machine = "" if wire.site in served_here else wire.site
        before = seen.setdefault((machine, wire.pin), wire)
        if before.relay and wire.relay:  # one siren may be told by many: all must know it by the same wiring
            _alike(look, before, wire)
        elif before is not wire:
            text = f"pin {wire.pin} is named by {before.label} and by {wire.label}, on one machine"
            hint = "give each its own pin" if before.site == wire.site else "give each its own, or set serve"
            look.report.error(wire.place, f"{text}; {hint}")


def _buttons(look: Look) -> Iterator[_Wire]:
    for site, _, device, words in look.devices():
        if words.gpio:
            path = ("sites", site, "devices", device, "gpio")
            yield from _contact(look, site, f"{site}/{device}", words.gpio, path)


def _keys(look: Look) -> Iterator[_Wire]:
    for site, words in look.parts.sites.items():
        if words.acknowledge:
            path = ("sites", site, KEY, "gpio")
            yield from _contact(look, site, f"the acknowledge key of {site}", words.acknowledge.gpio, path)


def _contact(look: Look, site: str, label: str, gpio: GpioWords, path: tuple[str, ...]) -> Iterator[_Wire]:
    yield _Wire(site, label, gpio.pin, look.value(*path, "pin"))
    if gpio.opposite is not None:
        yield _Wire(site, f"the opposite contact of {label}", gpio.opposite, look.value(*path, "opposite"))


def _changeovers(look: Look) -> None:
    """Tell where a changeover's `pin`, the contact that makes, is said to rest closed."""
    for site, _, device, words in look.devices():
        if words.gpio:
            _makes(look, words.gpio, ("sites", site, "devices", device, "gpio"))
    for site, place in look.parts.sites.items():
        if place.acknowledge:
            _makes(look, place.acknowledge.gpio, ("sites", site, KEY, "gpio"))


def _makes(look: Look, gpio: GpioWords, path: tuple[str, ...]) -> None:
    if gpio.opposite is not None and gpio.contact == "normally_closed":
        text = "opposite is the contact that is closed at rest, and pin the one that closes when pressed"
        hint = "take contact out, and swap the numbers of pin and opposite if pin is the one that is closed at rest"
        look.report.error(look.value(*path, "contact"), f"{text}; {hint}")


def _lights(look: Look) -> Iterator[_Wire]:
    for site, place in look.parts.sites.items():
        if place.feedback:
            yield _Wire(site, f"the light of {site}", place.feedback.led, look.value("sites", site, LIGHT, "led"))
    for site, _, device, words in look.devices():
        if words.feedback:
            at = look.value("sites", site, "devices", device, LIGHT, "led")
            yield _Wire(site, f"the light of {site}/{device}", words.feedback.led, at)


def _relays(look: Look) -> Iterator[_Wire]:
    for each in relays(look):
        yield _Wire(each.site, f"the relay of {each.recipient}", each.pin, each.place, each.wiring)


def _alike(look: Look, before: _Wire, wire: _Wire) -> None:
    if before.relay != wire.relay:
        text = f"{before.label} and {wire.label} are one relay, on pin {wire.pin}, and are not wired alike"
        look.report.error(wire.place, f"{text}; write the same normally= and active_low= in both")


def _holds(look: Look) -> None:
    for site, _, device, words in look.devices():
        if words.hold is None:
            continue
        path = ("sites", site, "devices", device, "hold")
        if words.gpio is None:
            text = "only a wired button can be held; write gpio: PIN at the device, or take hold out"
            look.report.error(look.key(*path), text)
        else:
            _long_enough(look, look.value(*path, "for"), words.hold.for_, words.gpio)
        _other_level(look, look.value(*path, "level"), words.hold, words.level)


def _other_level(look: Look, place: Place, hold: HoldWords, own: LevelName) -> None:
    if hold.level == own:
        others = " or ".join(level for level in Level if level != own)
        text = f"the press itself asks for {own} already; write {others}, or give the device another level"
        look.report.error(place, text)
    elif Level(hold.level).urgency < Level(own).urgency:
        text = f"{hold.level} is less than {own}, which the press itself asks for, so holding it changes nothing"
        look.report.warning(place, f"{text}; write level: {hold.level} at the device, and {own} here")


def _long_enough(look: Look, place: Place, long_s: float, gpio: GpioWords) -> None:
    short_s = max(gpio.hold, gpio.debounce)
    if long_s <= short_s:
        text = f"a press alone takes {spoken(short_s)} here (gpio's hold or debounce); write a longer time than that"
        look.report.error(place, text)


def _key(look: Look, site: str, words: SiteWords) -> None:
    key = words.acknowledge
    if key is None:
        return
    if key.close:
        _long_enough(look, look.value("sites", site, KEY, "close", "hold"), key.close.hold, key.gpio)
    if key.gpio.contact == "normally_closed":
        place = look.value("sites", site, KEY, "gpio", "contact")
        text = "wire the key to a normally open contact"
        if key.close:
            look.report.error(place, f"a cut cable would answer and close the alarms that are open; {text}")
        else:
            look.report.warning(place, f"a cut cable would say that somebody is on the way; {text}")


def _levels(look: Look, site: str, words: SiteWords) -> None:
    """Name the levels that nobody can ask for."""
    if len(words.devices) < len(look.names("sites", site, "devices")):
        return  # a device that is not sound may have meant it
    asked = {each.level for each in words.devices.values()}
    asked |= {each.hold.level for each in words.devices.values() if each.hold}
    for level in words.levels:
        if level not in asked:
            text = f"no device of {shown(site)} asks for {level}; write level: {level} at one, or take this out"
            look.report.warning(look.key("sites", site, "levels", level), text)


def _names(look: Look, site: str, words: SiteWords) -> None:
    """Keep the faults of a site's key and light apart from those of its devices, which bear the same kind of name."""
    wired = {device for device, each in words.devices.items() if each.gpio} if words.acknowledge else set[str]()
    lit = {device for device, each in words.devices.items() if each.feedback} if words.feedback else set[str]()
    for device in (wired & {KEY}) | (lit & {LIGHT}):
        text = f"faults of the site's own {device} are told as {site}/{device}; give the device another id"
        look.report.error(look.key("sites", site, "devices", device), text)
