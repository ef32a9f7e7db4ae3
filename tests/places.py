"""A small municipality for tests: two sites, three devices, a route of three steps that repeats."""

from __future__ import annotations

from dataclasses import replace

from alarmbro.model.configuration import Configuration, FaultPolicy
from alarmbro.model.route import Aftercare, Recipient, Repeat, Route, Step, Target
from alarmbro.model.secret import Secret
from alarmbro.model.site import Device, GpioInput, MqttInput, Site


def recipient(name: str, *urls: str, fallback: tuple[str, ...] = (), fallback_after_s: float = 30.0) -> Recipient:
    """Make a recipient whose targets have the given URLs (one unless named)."""
    texts = [*(urls or (f"json://127.0.0.1:9/{name}",)), *fallback]
    targets = tuple(Target(name, number, url.split(":")[0], Secret(url)) for number, url in enumerate(texts, start=1))
    own = len(texts) - len(fallback)
    return Recipient(name, name.title(), targets[:own], targets[own:], fallback_after_s)


def municipality(**changes: object) -> Configuration:
    """Give the configuration, with `changes` to its fields."""
    route = Route(
        "bibliotek",
        (
            Step(("redningsringen", "serviceteam")),
            Step(("leder",), after_s=60.0, unless_acknowledged=True),
            Step(("kontorchef",), after_s=180.0, unless_acknowledged=True),
        ),
        Repeat(120.0),
        "Backoffice går ikke ud i borgerområdet.",
    )
    devices = {
        "lokale-1": Device("hirtshals", "lokale-1", "Lokale 1", "bibliotek", zone=1, gpio=GpioInput(17)),
        "lokale-2": Device("hirtshals", "lokale-2", "Lokale 2", "bibliotek", zone=2, gpio=GpioInput(27)),
    }
    lommy = {"lommy-1": Device("vraa", "lommy-1", "Lommy 1", "bibliotek", zone=11, mqtt=MqttInput(own=True))}
    whole = Configuration(
        recipients={
            name: recipient(name) for name in ("redningsringen", "serviceteam", "leder", "kontorchef", "teknik")
        },
        routes={"bibliotek": route},
        sites={
            "hirtshals": Site("hirtshals", "Hirtshals Bibliotek", "bibliotek", devices),
            "vraa": Site("vraa", "Vrå Bibliotek", "bibliotek", lommy),
        },
        serve=("hirtshals", "vraa"),
        faults=FaultPolicy(("teknik",)),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # each change is a field's own type


def aftercare(care: Aftercare) -> Configuration:
    """Give the municipality with a list of what is to be done after a real alarm."""
    base = municipality()
    return replace(base, routes={name: replace(route, aftercare=care) for name, route in base.routes.items()})
