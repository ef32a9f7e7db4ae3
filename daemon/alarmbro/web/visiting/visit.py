"""One visit to the page: who it is, in which language, and what they may do.

`page` makes a handler of a function that takes a `Visit`: nobody gets there without the role that it needs, and nothing
is changed without the token of a form that we gave to the same person.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alarmbro.model.configuration import Configuration, Language
from alarmbro.model.errors import AlarmbroError, UnreachableError
from alarmbro.web.guarding.sessions import LASTS_S, Session
from alarmbro.web.guarding.users import Role, User
from alarmbro.web.visiting.house import House
from alarmbro.web.words.wording import Words

log = structlog.get_logger(__name__)

LANGUAGE_COOKIE = "language"
LANGUAGE_LASTS_S = 365 * 86400
FIELD_LIMIT = 1000  # letters of one field
Form = Mapping[str, str]


@dataclass(slots=True)
class Visit:
    """Who asks, and for what. `form` is empty but for a POST."""

    request: Request
    house: House
    words: Words
    user: User | None = None
    session: Session | None = None
    form: Form = field(default_factory=dict)

    @property
    def configuration(self) -> Configuration:
        """Give the configuration as it is now."""
        return self.house.plan.configuration

    @property
    def name(self) -> str:
        """Give the user's name; empty where nobody is logged in."""
        return self.user.name if self.user else ""

    @property
    def token(self) -> str:
        """Give the token for this visit's forms."""
        return self.house.sessions.token(f"{self.name}\n{self.session.id if self.session else ''}")

    def may(self, role: str) -> bool:
        """Tell whether the user may do what that role may."""
        return self.user is not None and self.user.role.may(Role(role))

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """Give a page."""
        names = self.house.names(self)
        return HTMLResponse(self.house.templates.get_template(template).render(names | values), status)

    def go(self, path: str, **said: str) -> Response:
        """Send on to another page, with a word of what was done."""
        query = f"?{urlencode(said)}" if said else ""
        return RedirectResponse(path + query, 303)

    def wrong(self, status: int, key: str, **values: object) -> Response:
        """Give a page that says what is wrong."""
        return self.page("wrong.html", status, said=self.words(key, **values), bad=True)

    def refused(self, error: AlarmbroError) -> Response:
        """Give a page that says what the daemon says, in its own words."""
        unreachable = isinstance(error, UnreachableError)
        return self.page(
            "wrong.html", 503 if unreachable else 409,
            said=self.words("wrong.unreachable" if unreachable else "wrong.refused"), detail=str(error), bad=True,
        )  # fmt: skip


Handler = Callable[[Visit], Awaitable[Response]]


def visiting(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Make a handler for anybody, logged in or not. It looks at the token itself where that matters."""

    async def handle(request: Request) -> Response:
        visit = await _visit(request)
        try:
            response = await handler(visit)
        except AlarmbroError as error:
            log.warning("a request was not met", path=request.url.path[:100], error=str(error))
            response = visit.refused(error)
        return _remember_language(response, request)

    return handle


def page(role: Role) -> Callable[[Handler], Callable[[Request], Awaitable[Response]]]:
    """Make a handler for those who have at least this role."""

    def made(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(visit: Visit) -> Response:
            request = visit.request
            if visit.user is None:
                return _to_log_in(visit)
            if not visit.user.role.may(role):
                log.warning("refused", why="role", user=visit.name, role=visit.user.role.value, path=request.url.path)
                return visit.wrong(403, "wrong.role")
            if request.method == "POST" and not is_form_of(visit):
                log.warning("refused", why="token", user=visit.name, path=request.url.path)
                return visit.wrong(403, "wrong.token")
            return await handler(visit)

        return visiting(guarded)

    return made


def is_form_of(visit: Visit) -> bool:
    """Tell whether a form carries the token that we gave to the same visitor."""
    of = f"{visit.name}\n{visit.session.id if visit.session else ''}"
    return visit.house.sessions.is_token(visit.form.get("token", ""), of)


def cookie_name(request: Request) -> str:
    """Give the session cookie's name; a browser lets nobody but this very host set the one with the prefix."""
    return "__Host-alarmbro" if request.url.scheme == "https" else "alarmbro"


def keep_session(response: Response, request: Request, text: str, lasts_s: float = LASTS_S) -> None:
    """Hand a session to the browser; an empty text takes it back."""
    response.set_cookie(
        cookie_name(request), text, max_age=round(lasts_s) if text else 0, path="/", httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip


async def _visit(request: Request) -> Visit:
    house: House = request.app.state.house
    words = Words(_language(request, house.plan.configuration.language), house.plan.configuration.timezone)
    user, session = _who(request, house)
    return Visit(request, house, words, user, session, await _form(request))


def _who(request: Request, house: House) -> tuple[User | None, Session | None]:
    """Tell who it is: by the proxy's word, or by the session."""
    if request.state.proxied:
        known = house.users.find(request.state.proxied)
        if known is None:
            log.warning("refused", why="the proxy's user is not known here", user=request.state.proxied[:60])
        return known, None
    session = house.sessions.read(request.cookies.get(cookie_name(request), ""), time.time())
    user = house.users.find(session.user) if session else None
    if user is None or session is None or user.mark() != session.mark:
        return None, None
    return user, session


def _language(request: Request, usual: Language) -> Language:
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE) or ""
    return Language(asked) if asked in list(Language) else usual


def _remember_language(response: Response, request: Request) -> Response:
    asked = request.query_params.get("lang", "")
    if asked in list(Language):
        response.set_cookie(
            LANGUAGE_COOKIE, asked, max_age=LANGUAGE_LASTS_S, path="/", httponly=True, samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
    return response


async def _form(request: Request) -> Form:
    """Give the fields of a form; the guard has seen to its length."""
    if request.method != "POST" or not request.headers.get("content-type", "").startswith(
        "application/x-www-form-urlencoded"
    ):
        return {}
    fields = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
    return {name: values[-1][:FIELD_LIMIT] for name, values in fields.items()} | {
        f"{name}[]": "\n".join(values) for name, values in fields.items() if len(values) > 1
    }


def _to_log_in(visit: Visit) -> Response:
    url = visit.request.url
    if visit.request.method == "POST":
        return visit.wrong(401, "wrong.session")
    wanted = url.path + (f"?{url.query}" if url.query else "")
    return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
