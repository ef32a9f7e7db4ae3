"""Which route a press takes, and why. Total: every press of a site that is known has a route."""

from __future__ import annotations

from alarmbro.model.configuration import Configuration
from alarmbro.model.level import Level
from alarmbro.model.route import Route


def route_of(configuration: Configuration, site: str, device: str, level: Level | None = None) -> Route | None:
    """Give the route of a device at a level (None: its own).

    Where the device is not known (any more), its site's; None for an unknown site.
    """
    place = configuration.sites.get(site)
    if place is None:
        return None
    known = place.devices.get(device)
    if known is None:
        return configuration.routes[place.route]
    held = known.hold is not None and level is known.hold.level and level is not known.level
    return configuration.routes[known.hold.route if known.hold and held else known.route]


def level_of(configuration: Configuration, site: str, device: str) -> Level:
    """Give what a press of a device asks for; of one that is not known (any more) the most urgent."""
    known = configuration.device(site, device)
    return known.level if known else Level.ASSAULT


def first_step(route: Route | None) -> tuple[str, ...]:
    """Name who is told first; nobody where there is no route."""
    return route.steps[0].notify if route else ()
