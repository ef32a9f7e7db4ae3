"""Who is told: for each device the route as it would go, in its words, and whether each way works now."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Any

from starlette.responses import Response

from alarmbro.clock import SystemClock
from alarmbro.judgement.course.timeline import Telling, foretell
from alarmbro.model.route import Recipient, Target
from alarmbro.web.guarding.users import Role
from alarmbro.web.sources.asking import Picture
from alarmbro.web.visiting.visit import Visit, page
from alarmbro.web.words.showing import site_name
from alarmbro.web.words.wording import Words

Rows = list[dict[str, Any]]


@page(Role.SEE)
async def devices(visit: Visit) -> Response:
    """List the devices."""
    return visit.page("devices.html", sites=[visit.configuration.sites[site] for site in visit.configuration.serve])


@page(Role.SEE)
async def who(visit: Visit) -> Response:
    """Show what a press of a device would lead to."""
    configuration, words = visit.configuration, visit.words
    place = visit.request.path_params
    device = configuration.device(place["site"], place["device"])
    if device is None:
        return visit.wrong(404, "wrong.missing")
    test = visit.request.query_params.get("as") == "test"
    picture = await visit.house.asking.picture()
    now = SystemClock().now()
    foretold = partial(foretell, configuration, device, now, test=test)
    tellings = await visit.house.asking.work(foretold)
    hold = device.hold
    held = await visit.house.asking.work(partial(foretold, level=hold.level)) if hold else ()
    broken = _broken(picture)
    return visit.page(
        "who.html", device=device, site=site_name(configuration, device.site), test=test,
        parts=_parts(tellings, words, broken), held=_parts(held, words, broken),
        held_for=words.length(hold.for_s) if hold else "",
    )  # fmt: skip


def _broken(picture: Picture) -> dict[str, str]:
    """Give the targets that are a fault now, by label, each with why."""
    return {each["subject"]: each["detail"] for each in picture.rows("faults") if each["kind"] == "target"}


def _parts(tellings: Iterable[Telling], words: Words, broken: dict[str, str]) -> Rows:
    return [
        {"title": words(f"who.{part}"), "tellings": [_telling(each, words, broken) for each in group]}
        for part, group in groupby(tellings, key=lambda each: each.part.value)
    ]


def _telling(telling: Telling, words: Words, broken: dict[str, str]) -> dict[str, Any]:
    when = [words("who.after", time=words.length(telling.after_s)) if telling.after_s else words("who.at_once")]
    when += [words("who.unless")] * telling.unless_acknowledged + [words("who.unless_told")] * telling.unless_told
    when += [words("who.every", time=words.length(telling.every_s))] if telling.every_s else []
    outcome = telling.kind.value.removeprefix("closed_")
    return {
        "what": words("who.outcome", outcome=words(f"outcome.{outcome}")) if outcome != telling.kind.value else "",
        "when": ", ".join(when),
        "people": [_person(each, words, broken) for each in telling.recipients],
        "withheld": [each.name for each in telling.withheld],
        "sms": telling.message.short,
        "title": telling.message.title,
        "body": telling.message.body,
    }


def _person(recipient: Recipient, words: Words, broken: dict[str, str]) -> dict[str, Any]:
    def way(target: Target, *, fallback: bool) -> dict[str, Any]:
        later = words("who.fallback", time=words.length(recipient.fallback_after_s)) if fallback else ""
        return {
            "name": target.scheme or str(target.number), "later": later, "well": target.label not in broken,
            "why": broken.get(target.label, ""),
        }  # fmt: skip

    ways = [way(each, fallback=False) for each in recipient.targets]
    return {"name": recipient.name, "ways": ways + [way(each, fallback=True) for each in recipient.fallback]}
