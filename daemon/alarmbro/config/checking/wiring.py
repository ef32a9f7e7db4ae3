"""What the file says about things: topics, zones, the broker, and the sites of this machine. Any thread."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from alarmbro.config.findings.look import Look
from alarmbro.config.findings.names import nearest
from alarmbro.config.presets.inputs import input_of, presses
from alarmbro.config.presets.makes import known_make, makes_told
from alarmbro.config.schema.devices import DeviceWords
from alarmbro.config.syntax.yaml_positions import Place, shown

# Below PREFIX/SITE/ these levels are alarmbro's own topics.
OWN_LEVELS = ("alarm", "status", "command")


def served(look: Look, environ: Mapping[str, str], asked: str | None) -> tuple[str, ...]:
    """Give the sites that this machine answers for: as asked, by ALARMBRO_SERVE, by the file, or all."""
    known = look.names("sites")
    for source, names in (("serve on the command line", asked), ("ALARMBRO_SERVE", environ.get("ALARMBRO_SERVE"))):
        words = [name.strip() for name in (names or "").split(",") if name.strip()]
        if words:
            return _known_sites(look, [(look.key("sites"), name) for name in words], source)
    written = look.texts("serve")
    return _known_sites(look, written, "serve") if written else tuple(known)


def _known_sites(look: Look, named: list[tuple[Place, str]], source: str) -> tuple[str, ...]:
    known = look.names("sites")
    for place, name in named:
        if name not in known:
            look.report.error(
                place, f"{source} names the site {shown(name)}, which is not there; {nearest(name, known)}"
            )
    return tuple(dict.fromkeys(name for _, name in named if name in known))


def check_things(look: Look) -> None:
    """Tell what is wrong or doubtful with devices, the broker and the time zone."""
    _zones(look)
    _inputs(look)
    _topics(look)
    _broker(look)
    _timezone(look)


def _zones(look: Look) -> None:
    seen: dict[tuple[str, int], str] = {}
    for site, _, device, words in look.devices():
        if words.zone is None:
            continue
        before = seen.setdefault((site, words.zone), device)
        if before != device:
            text = f"zone {words.zone} is named by {site}/{before} and by {site}/{device}; give each room its own zone"
            look.report.error(look.value("sites", site, "devices", device, "zone"), text)


def _inputs(look: Look) -> None:
    for site, _, device, words in look.devices():
        path = ("sites", site, "devices", device)
        if words.gpio is None and words.mqtt is None and words.http is None:
            text = f"{site}/{device} can only be pressed with `alarmbro press`; write gpio: PIN or mqtt: true"
            look.report.warning(look.key(*path), text)
        if words.mqtt is not None and not look.has("mqtt"):
            text = "this device needs MQTT, but the file names no broker; write mqtt: {url: mqtts://HOST} at the top"
            look.report.error(look.key(*path, "mqtt"), text)
        if words.mqtt is True and device in OWN_LEVELS:
            text = f'"{device}" is one of alarmbro\'s own topics; give the device another id'
            look.report.error(look.key(*path), text)
        _supervision(look, path, words)


def _supervision(look: Look, path: tuple[str, ...], words: DeviceWords) -> None:
    asked = (words.supervise.heartbeat, words.supervise.battery_below, words.supervise.link_below)
    if words.mqtt is None and any(each is not None for each in asked):
        text = "a wired button says nothing of itself, so this would always be a fault; take supervise out"
        look.report.error(look.key(*path, "supervise"), text)


def _topics(look: Look) -> None:
    """No two devices may be pressed by one and the same message."""
    seen: dict[tuple[Any, ...], str] = {}
    for site, _, device, words in look.devices():
        path = ("sites", site, "devices", device, "mqtt")
        if words.mqtt is None or not known_make(look, words.mqtt, path):
            continue
        made = input_of(words.mqtt)
        told = False
        for name in ((topic, press) for topic in made.topics for press in presses(made)):
            before = seen.setdefault(name, f"{site}/{device}")
            if before != f"{site}/{device}" and not told:
                told = True
                text = f"the same message presses {before} and {site}/{device}; give one another topic, id or press"
                look.report.error(look.value(*path, "topic"), text)
    makes_told(look)


def _broker(look: Look) -> None:
    broker = look.parts.mqtt
    if broker is None:
        return
    if broker.ca_file and not (look.folder / broker.ca_file).is_file():
        text = "there is no such file; write the path of the authority's certificate, relative to this file"
        look.report.error(look.value("mqtt", "ca_file"), text)
    if not broker.url.tls and not _is_this_machine(broker.url.host):
        text = "anybody on the way to this broker can read and forge presses; use mqtts://, or a broker on this machine"
        look.report.warning(look.value("mqtt", "url"), text)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, not a number
        return host == "localhost" or host.endswith(".localhost")


def _timezone(look: Look) -> None:
    for place, name in look.texts("timezone"):
        try:
            ZoneInfo(name)
        except (ValueError, OSError, LookupError):  # unknown names raise any of these
            hint = nearest(name, sorted(available_timezones()))
            wanted = hint if hint.startswith("did") else "write a name such as Europe/Copenhagen"
            look.report.error(place, f"there is no time zone {shown(name)}; {wanted}")
