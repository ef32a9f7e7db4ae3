"""What the file says about people: recipients, routes and steps against each other. Any thread."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from alarmbro.config.findings.look import Look
from alarmbro.config.findings.names import nearest
from alarmbro.config.schema.devices import DeviceWords, LevelName, SiteWords, route_for
from alarmbro.config.schema.file import RecipientWords
from alarmbro.config.schema.routes import RouteWords
from alarmbro.config.syntax.yaml_positions import Place, shown
from alarmbro.config.values.durations import spoken
from alarmbro.judgement.addressing.placeholders import names_in

HELPLESS = re.compile(r"sia://(?!.*[?&]help_code=)", re.IGNORECASE)  # an alarm centre without a code for help


def check_people(look: Look) -> None:
    """Tell what is wrong or doubtful with recipients, routes and steps."""
    _unknown_recipients(look)
    _unknown_routes(look)
    _unknown_lists(look)
    _twice_in_a_step(look)
    for key, route in look.parts.routes.items():
        _order_of_steps(look, key, route)
        _silent_in_a_test(look, key, route)
    _nobody_uses(look)
    _withheld(look)
    _zones_missing(look)
    _help_without_a_code(look)
    if not look.has("faults"):
        words = "nobody hears when something is broken; write faults: {notify: [RECIPIENT]}"
        look.report.warning(look.root.place, words)


def _steps(look: Look) -> Iterator[tuple[str, int]]:
    for route in look.names("routes"):
        for step in range(look.length("routes", route, "steps")):
            yield route, step


def _in_routes(look: Look) -> Iterator[tuple[Place, str]]:
    for route, step in _steps(look):
        yield from look.texts("routes", route, "steps", step, "notify")


def _elsewhere(look: Look) -> list[tuple[Place, str]]:
    after = [found for route in look.names("routes") for found in look.texts("routes", route, "aftercare", "notify")]
    return after + look.texts("faults", "notify") + look.texts("test", "coordinators")


def _unknown_recipients(look: Look) -> None:
    known = look.names("recipients")
    if not known:
        return
    for place, name in (*_in_routes(look), *_elsewhere(look)):
        if name not in known:
            look.report.error(place, f"there is no recipient {shown(name)}; {nearest(name, known)}")


def _unknown_routes(look: Look) -> None:
    known = look.names("routes")
    if not known:
        return
    for place, name in _named_routes(look):
        if name not in known:
            look.report.error(place, f"there is no route {shown(name)}; {nearest(name, known)}")


def _named_routes(look: Look) -> Iterator[tuple[Place, str]]:
    for site in look.names("sites"):
        yield from look.texts("sites", site, "route")
        for level in look.names("sites", site, "levels"):
            yield from look.texts("sites", site, "levels", level)  # written short, which is told already
            yield from look.texts("sites", site, "levels", level, "route")
        for device in look.names("sites", site, "devices"):
            yield from look.texts("sites", site, "devices", device, "route")
            yield from look.texts("sites", site, "devices", device, "hold", "route")


def _unknown_lists(look: Look) -> None:
    """Tell of aftercare lists that are named and not there, and of those that are there and never named."""
    known, used = look.names("aftercare"), set[str]()
    for route in look.names("routes"):
        for place, name in look.texts("routes", route, "aftercare", "list"):
            used.add(name)
            if name not in known:
                hint = nearest(name, known) if known else "write aftercare: {LIST: [WHAT IS TO BE DONE]} at the top"
                look.report.error(place, f"there is no aftercare list {shown(name)}; {hint}")
    if len(look.parts.routes) < len(look.names("routes")):
        return  # a route that is not sound may have meant it
    for name in look.names("aftercare"):
        if name not in used:
            words = f"nobody uses the aftercare list {shown(name)}; name it in a route's aftercare, or take it out"
            look.report.warning(look.key("aftercare", name), words)


def _twice_in_a_step(look: Look) -> None:
    for route, step in _steps(look):
        seen: set[str] = set()
        for place, name in look.texts("routes", route, "steps", step, "notify"):
            if name in seen:
                look.report.error(place, f"{shown(name)} is named twice in this step; name each recipient once")
            seen.add(name)


def _order_of_steps(look: Look, key: str, route: RouteWords) -> None:
    path = ("routes", key, "steps")
    first = route.steps[0]
    if first.after:
        words = "the first step comes late, so at the press nobody is told; write after: 0s, or leave after out"
        look.report.error(look.value(*path, 0, "after"), words)
    if first.unless and not first.after:
        words = "nobody can have acknowledged at the moment of the press; leave unless out of the first step"
        look.report.warning(look.value(*path, 0, "unless"), words)
    for number in range(1, len(route.steps)):
        after, before = route.steps[number].after, route.steps[number - 1].after
        if after <= before:
            words = f"this step can never be reached in its turn: the step before it is at {spoken(before)}"
            place = look.value(*path, number, "after")
            look.report.error(place, f"{words}; write a later time, or add its recipients to that step")


def _silent_in_a_test(look: Look, key: str, route: RouteWords) -> None:
    first = [look.parts.recipients.get(name) for name in route.steps[0].notify]
    if all(
        recipient is not None and (recipient.in_test == "withhold" or recipient.alarm_centre) for recipient in first
    ):
        words = f"in a test nobody of the first step of route {key} is told (an alarm centre only while on test)"
        look.report.warning(look.value("routes", key, "steps", 0, "notify"), f"{words}; name somebody else too")


def _nobody_uses(look: Look) -> None:
    if not look.names("routes"):
        return
    used = {name for _, name in (*_in_routes(look), *_elsewhere(look))}
    for name in look.names("recipients"):
        if name not in used:
            words = f"nobody uses the recipient {shown(name)}; name it in a route's notify, or take it out"
            look.report.warning(look.key("recipients", name), words)
    _unused_routes(look)


def _unused_routes(look: Look) -> None:
    if len(look.parts.sites) < len(look.names("sites")) or not look.parts.sites:
        return  # a site that is not sound may have meant it
    used = {name for _, name in _named_routes(look)}
    for name in look.names("routes"):
        if name not in used:
            words = f"nobody uses the route {shown(name)}; name it in a site's or device's route, or take it out"
            look.report.warning(look.key("routes", name), words)


def _withheld(look: Look) -> None:
    in_routes = {name for _, name in _in_routes(look)}
    for name, recipient in look.parts.recipients.items():
        if recipient.in_test == "withhold" and name in in_routes:
            words = f"a test sends nothing to any address of {name}, so it does not prove that they work"
            place = look.value("recipients", name, "in_test")
            look.report.warning(place, f"{words}; agree with them how that is proved")


def _zones_missing(look: Look) -> None:
    for site, place, device, words in look.devices():
        if words.zone is not None:
            continue
        routes = [route for _, route in _routes_of(place, words)]
        if asking := _first_named(look, routes, _names_zone):
            text = f"{site}/{device} has no zone, so the address of {asking} will not say where; write zone: NUMBER"
            look.report.warning(look.key("sites", site, "devices", device), text)


def _help_without_a_code(look: Look) -> None:
    for site, place, device, words in look.devices():
        routes = [route for level, route in _routes_of(place, words) if level == "help"]
        if asking := _first_named(look, routes, _has_no_help_code):
            text = f"{site}/{device} asks for help, and the sia:// address of {asking} has no code for that"
            mend = "agree one and write help_code= there, or give such presses another route"
            look.report.warning(look.key("sites", site, "devices", device), f"{text}; {mend}")


def _routes_of(place: SiteWords, words: DeviceWords) -> Iterator[tuple[LevelName, str]]:
    yield words.level, route_for(place, words.level, words.route)
    if words.hold:
        yield words.hold.level, route_for(place, words.hold.level, words.hold.route)


def _first_named(look: Look, routes: Iterable[str], meant: Callable[[RecipientWords], bool]) -> str | None:
    steps = [step for name in routes if name in look.parts.routes for step in look.parts.routes[name].steps]
    for name in (name for step in steps for name in step.notify):
        recipient = look.parts.recipients.get(name)
        if recipient and meant(recipient):
            return name
    return None


def _names_zone(recipient: RecipientWords) -> bool:
    return any("device.zone" in names_in(url.reveal()) for url in (*recipient.urls, *recipient.fallback))


def _has_no_help_code(recipient: RecipientWords) -> bool:
    return any(HELPLESS.match(url.reveal()) for url in recipient.urls)
