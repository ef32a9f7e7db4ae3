"""The overview: what is open, on top and large; what is under test; faults with what to do; each device's health."""

from __future__ import annotations

from starlette.responses import Response

from alarmbro.web.guarding.users import Role
from alarmbro.web.visiting.visit import Visit, page
from alarmbro.web.words.showing import alarms_of, devices_of, faults_of, rounds_of

REFRESH_S = 5  # for a browser without scripts


@page(Role.SEE)
async def overview(visit: Visit) -> Response:
    """Show how things stand."""
    picture = await visit.house.asking.picture()
    configuration, words = visit.configuration, visit.words
    return visit.page(
        "overview.html",
        picture=picture,
        pending=visit.house.plan.pending,
        alarms=alarms_of(picture.rows("alarms"), configuration, words),
        rounds=rounds_of(picture.rows("test_rounds"), configuration, words),
        faults=faults_of(picture.rows("faults"), configuration, words),
        sites=devices_of(picture.rows("devices"), configuration, words),
        refresh_s=refresh_of(visit),
    )


def refresh_of(visit: Visit) -> int:
    """Give after how many seconds a browser without scripts asks again; 0 where the visitor has stopped it."""
    return 0 if visit.request.query_params.get("live") == "off" else REFRESH_S
