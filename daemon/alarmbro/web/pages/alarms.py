"""One alarm: its course, and what responders say of it: on my way, there, all-clear."""

from __future__ import annotations

import asyncio
from functools import partial

from starlette.responses import Response

from alarmbro.model.alarm import Closing
from alarmbro.model.errors import JournalError
from alarmbro.web.guarding.users import Role
from alarmbro.web.pages.overview import refresh_of
from alarmbro.web.sources.record import Course, course_of
from alarmbro.web.visiting.visit import Visit, page
from alarmbro.web.words.showing import alarm_of, device_name, site_name

NAME_LIMIT = 100
SAID = ("ack", "arrived", "closed")
DISK_S = 0.1


@page(Role.SEE)
async def alarm(visit: Visit) -> Response:
    """Show an alarm, open or closed."""
    name = alarm_named(visit)
    picture = await visit.house.asking.picture(newest=True)
    row = next((each for each in picture.rows("alarms") if each["alarm"] == name), None)
    course = await course_at(visit, name)
    if course is None and row is None:
        return visit.wrong(404, "wrong.missing")
    said = visit.request.query_params.get("said", "")
    return visit.page(
        "alarm.html",
        picture=picture,
        name=name,
        alarm=alarm_of(row, visit.configuration, visit.words) if row else None,
        course=course,
        where=_where(visit, course),
        said=visit.words(f"alarm.said.{said}") if said in SAID else "",
        refresh_s=refresh_of(visit) if row else 0,
    )


@page(Role.ANSWER)
async def acknowledge(visit: Visit) -> Response:
    """Note that the visitor is on the way."""
    name = alarm_named(visit)
    await visit.house.asking.do("ack", alarm=name, by=visit.name)
    return await noted(visit, f"/alarms/{name}", said="ack")


@page(Role.ANSWER)
async def arrive(visit: Visit) -> Response:
    """Note that the visitor is there."""
    name = alarm_named(visit)
    await visit.house.asking.do("arrived", alarm=name, by=visit.name)
    return await noted(visit, f"/alarms/{name}", said="arrived")


@page(Role.ANSWER)
async def closing(visit: Visit) -> Response:
    """Ask how the alarm ended: a page of its own, which does not change under somebody who writes."""
    name = alarm_named(visit)
    picture = await visit.house.asking.picture()
    row = next((each for each in picture.rows("alarms") if each["alarm"] == name), None)
    if row is None:
        return visit.go(f"/alarms/{name}")
    shown = alarm_of(row, visit.configuration, visit.words)
    return visit.page("closing.html", name=name, alarm=shown, outcomes=list(Closing), wrong="")


@page(Role.ANSWER)
async def close(visit: Visit) -> Response:
    """Give the all-clear."""
    name = alarm_named(visit)
    outcome = visit.form.get("outcome", "")
    if outcome not in list(Closing):
        return visit.wrong(400, "wrong.form", what=visit.words("alarm.outcome"))
    note = visit.form.get("note", "").strip()
    await visit.house.asking.do("close", alarm=name, by=visit.name, outcome=outcome, note=note)
    return await noted(visit, f"/alarms/{name}", said="closed")


def alarm_named(visit: Visit) -> str:
    """Give the alarm's name from the path, as the daemon writes it."""
    return str(visit.request.path_params["alarm"]).lower()[:NAME_LIMIT]


async def course_at(visit: Visit, name: str) -> Course | None:
    """Give an alarm's course; None where the journal cannot be read: what is open shows all the same."""
    read = partial(course_of, visit.house.journal, name, visit.configuration, visit.words)
    try:
        return await visit.house.asking.work(read)
    except JournalError:
        return None


async def noted(visit: Visit, path: str, said: str) -> Response:
    """Send on to where what was said shows, when the journal's disk will have had its time."""
    await asyncio.sleep(DISK_S)
    return visit.go(path, said=said)


def _where(visit: Visit, course: Course | None) -> tuple[str, str]:
    if course is None:
        return "", ""
    site = site_name(visit.configuration, course.site)
    return site, device_name(visit.configuration, course.site, course.device)
