"""Which route a press takes, and who is on it. Total: every press of a site that is known has a route."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alarmbro.model.alarm import Alarm
from alarmbro.model.configuration import Configuration
from alarmbro.model.level import Level
from alarmbro.model.route import Route
from alarmbro.model.site import Site


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


def route_of_alarm(configuration: Configuration, alarm: Alarm) -> Route | None:
    """Give the route of an open alarm: the one that it took, by its name, for as long as the configuration has it.

    So a changed configuration does not move an alarm to other people while they are on their way. Where that route is
    gone, the one that a press would take now; None for a site that is gone.
    """
    if alarm.site not in configuration.sites:
        return None
    taken = configuration.routes.get(alarm.route)
    return taken or route_of(configuration, alarm.site, alarm.device, alarm.level)


def level_of(configuration: Configuration, site: str, device: str) -> Level:
    """Give what a press of a device asks for; of one that is not known (any more) the most urgent."""
    known = configuration.device(site, device)
    return known.level if known else Level.ASSAULT


def first_step(route: Route | None) -> tuple[str, ...]:
    """Name who is told first; nobody where there is no route."""
    return route.steps[0].notify if route else ()


def recipients_of(configuration: Configuration, sites: Iterable[str]) -> frozenset[str]:
    """Name everybody who can be told of an alarm at one of these sites: by its steps, or afterwards."""
    routes = [configuration.routes[name] for site in sites for name in _routes_at(configuration.sites[site])]
    steps = (name for route in routes for step in route.steps for name in step.notify)
    after = (name for route in routes if route.aftercare for name in route.aftercare.notify)
    return frozenset((*steps, *after))


def recipients_here(configuration: Configuration) -> frozenset[str]:
    """Name everybody whom this machine may have to tell something: of its sites' alarms, of faults, of tests.

    Another machine's recipients are that machine's to try: a sign of life to its alarm centre from here would hide
    that it is dead.
    """
    others = (*configuration.faults.notify, *configuration.test.coordinators)
    return recipients_of(configuration, configuration.serve).union(others)


def _routes_at(site: Site) -> Iterator[str]:
    yield site.route
    for device in site.devices.values():
        yield device.route
        if device.hold is not None:
            yield device.hold.route
