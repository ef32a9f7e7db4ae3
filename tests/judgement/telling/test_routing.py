"""Whom this machine may have to tell: its own sites' people, and those who hear of faults and tests."""

from __future__ import annotations

from dataclasses import replace

from places import municipality

from alarmbro.judgement.telling.routing import recipients_here, recipients_of
from alarmbro.model.configuration import FaultPolicy
from alarmbro.model.route import Aftercare, Repeat, Route, Step
from alarmbro.model.site import Hold


def test_another_sites_people_are_not_this_machines_to_try() -> None:
    """A sign of life to another site's alarm centre would hide that the machine there is dead."""
    town = municipality()
    route = Route("fjern", (Step(("fjerne",)),), Repeat(60.0))
    sites = {**town.sites, "fjernt": replace(town.sites["vraa"], id="fjernt", route="fjern", devices={})}
    town = replace(town, routes={**town.routes, "fjern": route}, sites=sites, serve=("vraa",))
    assert "fjerne" not in recipients_here(town)
    assert recipients_of(town, ("fjernt",)) == {"fjerne"}


def test_those_who_hear_of_faults_of_tests_and_of_what_is_to_be_done_afterwards_are() -> None:
    """By whatever route: a device's own, that of a hold, aftercare."""
    town = municipality()
    care = Route("pleje", (Step(("a",)), Step(("b",), after_s=60.0)), aftercare=Aftercare(60.0, ("c",), ()))
    routes = {**town.routes, "pleje": care, "holdt": Route("holdt", (Step(("d",)),))}
    site = town.sites["vraa"]
    name, device = next(iter(site.devices.items()))
    held = replace(device, route="pleje", hold=Hold(3.0, device.level, "holdt"))
    town = replace(
        town, routes=routes, sites={"vraa": replace(site, devices={name: held})}, serve=("vraa",),
        faults=FaultPolicy(("e",)), test=replace(town.test, coordinators=("f",)),
    )  # fmt: skip
    assert {"a", "b", "c", "d", "e", "f"} <= recipients_here(town)
