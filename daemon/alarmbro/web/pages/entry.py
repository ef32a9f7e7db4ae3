"""Logging in and out."""

from __future__ import annotations

import time

import structlog
from starlette.responses import Response

from alarmbro.web.guarding.users import Role, matches
from alarmbro.web.visiting.visit import Visit, is_form_of, keep_session, page

log = structlog.get_logger(__name__)

OK = 200


async def login(visit: Visit) -> Response:
    """Show the form, or take it."""
    if visit.request.method == "POST":
        return await _enter(visit)
    if visit.user is not None:
        return visit.go(next_page(visit.request.query_params.get("next", "")))
    said = "login.out" if visit.request.query_params.get("said") == "out" else ""
    return _form(visit, 200, said)


async def _enter(visit: Visit) -> Response:
    house, name = visit.house, visit.form.get("name", "").strip()
    address, now_s = visit.request.state.address, time.monotonic()
    if not is_form_of(visit):
        return _form(visit, 403, "wrong.token")
    counted = (f"address {address}", f"name {name}")  # wrong ones alone: many may come from behind one address
    if any(house.tries.empty(each, now_s) for each in counted):
        log.warning("refused", why="too many log-ins", address=address, user=name[:60])
        return _form(visit, 429, "login.slow")
    user = house.users.find(name)
    password = visit.form.get("password", "")
    if not await house.asking.work(lambda: matches(password, user.password if user else "")) or user is None:
        for each in counted:
            house.tries.take(each, now_s)
        log.warning("refused", why="log-in", address=address, user=name[:60])
        return _form(visit, 403, "login.wrong")
    session = house.sessions.begin(user.name, user.mark(), time.time())
    log.info("logged in", user=user.name, role=user.role.value, address=address)
    response = visit.go(next_page(visit.form.get("next", "")))
    keep_session(response, visit.request, house.sessions.written(session))
    return response


@page(Role.SEE)
async def logout(visit: Visit) -> Response:
    """End the session."""
    if visit.session is not None:
        visit.house.sessions.end(visit.session, time.time())
    response = visit.go("/login", said="out")
    keep_session(response, visit.request, "")
    return response


def next_page(wanted: str) -> str:
    """Give where to go on to: a path of ours, or the overview."""
    local = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if local else "/"


def _form(visit: Visit, status: int, said: str) -> Response:
    wanted = visit.form.get("next") or visit.request.query_params.get("next", "")
    return visit.page(
        "login.html", status, said=visit.words(said) if said else "", bad=status != OK, wanted=next_page(wanted),
        nobody=not visit.house.users.all(),
    )  # fmt: skip
