"""The relays that the addresses of the recipients name, site by site. Any thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alarmbro.config.findings.look import Look
from alarmbro.config.schema.devices import SiteWords, route_for
from alarmbro.config.syntax.yaml_positions import Place
from alarmbro.judgement.addressing.relay_pins import pin_of, wiring_of


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay that a site's alarms signal by: its pin, how it is wired, whose it is, and where that stands."""

    site: str
    recipient: str
    pin: int
    wiring: dict[str, str]
    place: Place


def relays(look: Look) -> Iterator[Relay]:
    """Give each relay of each site that is sound, once for each address."""
    for site, words in look.parts.sites.items():
        for recipient in dict.fromkeys(_told(look, words)):
            yield from _of_recipient(look, site, recipient)


def _told(look: Look, site: SiteWords) -> Iterator[str]:
    routes = [site.route, *(level.route for level in site.levels.values())]
    for device in site.devices.values():
        routes.append(route_for(site, device.level, device.route))
        if device.hold:
            routes.append(route_for(site, device.hold.level, device.hold.route))
    for route in dict.fromkeys(routes):
        for step in look.parts.routes[route].steps if route in look.parts.routes else ():
            yield from step.notify


def _of_recipient(look: Look, site: str, name: str) -> Iterator[Relay]:
    recipient = look.parts.recipients.get(name)
    for key, urls in (("urls", recipient.urls), ("fallback", recipient.fallback)) if recipient else ():
        for number, url in enumerate(urls):
            pin = pin_of(url.reveal())
            if pin is not None:
                place = look.value("recipients", name, key, number)
                yield Relay(site, name, pin, wiring_of(url.reveal()), place)
