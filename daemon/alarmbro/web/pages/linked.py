"""The page behind a link in a message: it shows the alarm; only its button says "I am on my way".

GET changes nothing, because phones, mail gateways and chat programs open links by themselves.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import structlog
from starlette.responses import Response

from alarmbro.web.pages.alarms import course_at, noted
from alarmbro.web.pages.overview import refresh_of
from alarmbro.web.sources.asking import Picture
from alarmbro.web.visiting.visit import Visit
from alarmbro.web.words.showing import alarm_of, device_name, person, site_name

log = structlog.get_logger(__name__)


async def linked(visit: Visit) -> Response:
    """Show the alarm of a link, or take the answer."""
    house, address = visit.house, visit.request.state.address
    if house.guesses.empty(address, time.monotonic()):
        return visit.wrong(429, "login.slow")
    picture = await house.asking.picture(newest=True)  # the link may be quicker than the last picture
    if picture.error and not picture.known:
        return visit.wrong(503, "wrong.unreachable")
    code = str(visit.request.path_params["code"])
    meant = house.links.meant(code, _open(picture), tuple(visit.configuration.recipients), datetime.now(UTC))
    if meant is None:
        house.guesses.take(address, time.monotonic())
        log.warning("refused", why="link", address=address, method=visit.request.method)
        return visit.wrong(404, "wrong.link")
    if visit.request.method == "POST":
        return await _answer(visit, code, *meant)
    return await _shown(visit, picture, *meant)


def _open(picture: Picture) -> dict[str, datetime]:
    """Give what can be answered, each with when it was pressed: alarms, and presses of tests."""
    found = {each["alarm"]: datetime.fromisoformat(each["received"]) for each in picture.rows("alarms")}
    for round_ in picture.rows("test_rounds"):
        since = datetime.fromisoformat(round_["started"])
        found |= {each["alarm"]: since for each in round_["devices"] if each["alarm"]}
    return found


async def _answer(visit: Visit, code: str, alarm: str, recipient: str) -> Response:
    do = "arrived" if visit.form.get("do") == "arrived" else "ack"
    await visit.house.asking.do(do, alarm=alarm, by=recipient)
    return await noted(visit, f"/{code}", said=do)


async def _shown(visit: Visit, picture: Picture, alarm: str, recipient: str) -> Response:
    row = next((each for each in picture.rows("alarms") if each["alarm"] == alarm), None)
    course = await course_at(visit, alarm)
    configuration, words = visit.configuration, visit.words
    said = visit.request.query_params.get("said", "")
    key = "link.confirmed" if row is None else f"alarm.said.{said}"
    return visit.page(
        "linked.html",
        picture=picture,
        name=alarm,
        alarm=alarm_of(row, configuration, words) if row else None,
        course=course,
        where=(site_name(configuration, course.site), device_name(configuration, course.site, course.device))
        if course
        else ("", ""),
        recipient=person(configuration, recipient),
        said=words(key) if said in {"ack", "arrived"} else "",
        refresh_s=refresh_of(visit),
    )
