"""Which route a press takes, and why. Total: every press of a site that is known has a route."""

from __future__ import annotations

from alarmbro.model.configuration import Configuration, Route


def route_of(configuration: Configuration, site: str, device: str) -> Route | None:
    """Give the device's route; its site's where the device is not known (any more); None for an unknown site."""
    place = configuration.sites.get(site)
    if place is None:
        return None
    known = place.devices.get(device)
    return configuration.routes[known.route if known else place.route]
