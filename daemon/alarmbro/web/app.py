"""The page as an application: which address leads where. `make` builds it; it starts nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from alarmbro.machine import link_key
from alarmbro.model.configuration import Web
from alarmbro.web import pressing
from alarmbro.web.guarding.guard import Guard
from alarmbro.web.guarding.policy import LOOPBACK
from alarmbro.web.guarding.users import Users
from alarmbro.web.pages import alarms, entry, journal_pages, linked, overview, reports, testing, who
from alarmbro.web.sources.asking import Asking
from alarmbro.web.sources.plan import Plan
from alarmbro.web.visiting.house import House, Links, sessions_of
from alarmbro.web.visiting.live import Live
from alarmbro.web.visiting.visit import Visit, visiting

GET, POST, BOTH = ["GET"], ["POST"], ["GET", "POST"]
STATIC_S = 3600  # how long a browser keeps what never changes but with the program


class _Static(StaticFiles):
    """Style, script and picture: the same for everybody, so that browsers may keep them."""

    def file_response(self, *args: object, **words: object) -> Response:
        response = super().file_response(*args, **words)  # type: ignore[arg-type]  # passed on as they came
        response.headers["cache-control"] = f"public, max-age={STATIC_S}"
        return response


def make(plan: Plan, state: Path, run_dir: Path, users: Path) -> ASGIApp:
    """Give the application for a configuration, behind its guard."""
    links = Links(state)
    house = House(plan, Asking(run_dir, plan), Users(users), state, links, sessions_of(link_key.read(state)))
    live = Live()
    app = Starlette(
        routes=_routes(live),
        exception_handlers={HTTPException: _missing, Exception: _broken},
        lifespan=partial(_lasting, house, live),
    )
    app.state.house = house
    web = plan.configuration.web
    return Guard(app, hosts_of(web), frozenset(web.proxies), web.user_header)


def hosts_of(web: Web) -> frozenset[str]:
    """Give the names that the page answers to."""
    listen = web.listen.rpartition(":")[0]
    public = urlsplit(web.public_url or "").hostname or ""
    return frozenset({*LOOPBACK, *web.hosts, public, listen} - {"", "0.0.0.0", "[::]"})  # noqa: S104 - not listened to: left out


def _routes(live: Live) -> list[BaseRoute]:
    return [
        Route("/", overview.overview, methods=GET),
        Route("/healthz", _health, methods=GET),
        Route("/events", visiting(live.events), methods=GET),
        Route("/login", visiting(entry.login), methods=BOTH),
        Route("/logout", entry.logout, methods=POST),
        Route("/alarms/{alarm}", alarms.alarm, methods=GET),
        Route("/alarms/{alarm}/ack", alarms.acknowledge, methods=POST),
        Route("/alarms/{alarm}/arrived", alarms.arrive, methods=POST),
        Route("/alarms/{alarm}/close", alarms.closing, methods=GET),
        Route("/alarms/{alarm}/close", alarms.close, methods=POST),
        Route("/test", testing.tests, methods=GET),
        Route("/test/on-test", testing.on_test, methods=POST),
        Route("/test/{site}/start", testing.starting, methods=GET),
        Route("/test/{site}/start", testing.start, methods=POST),
        Route("/test/{site}/end", testing.ending, methods=GET),
        Route("/test/{site}/end", testing.end, methods=POST),
        Route("/journal", journal_pages.journal, methods=GET),
        Route("/journal/export", journal_pages.export, methods=GET),
        Route("/reports", reports.reports, methods=GET),
        Route("/reports/{year}.{kind}", reports.report, methods=GET),
        Route("/who", who.devices, methods=GET),
        Route("/who/{site}/{device}", who.who, methods=GET),
        Route("/press/{site}/{device}", pressing.press, methods=POST),
        Mount("/static", _Static(directory=str(files("alarmbro.web") / "static"))),
        Route("/{code}", visiting(linked.linked), methods=BOTH),
    ]


async def _health(request: Request) -> Response:
    """Say whether the daemon answers, and nothing more."""
    house: House = request.app.state.house
    well = not (await house.asking.picture()).error
    return PlainTextResponse("ok\n" if well else "not ok\n", 200 if well else 503)


async def _missing(request: Request, error: Exception) -> Response:
    code = error.status_code if isinstance(error, HTTPException) else 404

    async def shown(visit: Visit) -> Response:
        return visit.wrong(code, "wrong.missing")

    return await visiting(shown)(request)


async def _broken(_request: Request, _error: Exception) -> Response:
    """Say that it is our fault, and not how: uvicorn logs it."""
    return PlainTextResponse("Der er sket en fejl. Prøv igen. / Something went wrong. Try again.\n", 500)


@asynccontextmanager
async def _lasting(house: House, live: Live, _app: Starlette) -> AsyncIterator[None]:
    try:
        yield
    finally:
        live.ending = True
        house.asking.close()
