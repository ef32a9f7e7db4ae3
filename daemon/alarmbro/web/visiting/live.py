"""Tells open pages that something has changed, by server-sent events; what has, they fetch as any page.

However many look, the daemon is asked as by one. No more than `PLACES` are told so; others ask by themselves.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from alarmbro.web.visiting.house import House
from alarmbro.web.visiting.visit import Visit

log = structlog.get_logger(__name__)

PLACES = 64
LOOK_S = 0.5
BREATH_S = 15.0  # a line that says nothing, so that proxies keep the connection


@dataclass(slots=True)
class Live:
    """Who is being told."""

    told: int = 0
    ending: bool = False

    async def events(self, visit: Visit) -> Response:
        """Tell one page, until it goes or its session ends."""
        if not await _may(visit):
            return PlainTextResponse("log in\n", 403)
        if self.told >= PLACES:
            return PlainTextResponse("too many\n", 503, {"retry-after": "5"})
        headers = {"x-accel-buffering": "no"}
        return StreamingResponse(self._changes(visit), media_type="text/event-stream", headers=headers)

    async def _changes(self, visit: Visit) -> AsyncIterator[str]:
        self.told += 1
        last, spoken_s = "", time.monotonic()
        try:
            yield "retry: 2000\n\n"
            while not self.ending and await _may(visit):
                version = (await visit.house.asking.picture()).version
                if version != last:
                    last, spoken_s = version, time.monotonic()
                    yield f"data: {version}\n\n"
                elif time.monotonic() - spoken_s >= BREATH_S:
                    spoken_s = time.monotonic()
                    yield ": \n\n"
                await asyncio.sleep(LOOK_S)
        finally:
            self.told -= 1


async def _may(visit: Visit) -> bool:
    """Tell whether the visitor may still be told: a session that is over, or a user who is gone, hears nothing."""
    house: House = visit.house
    if visit.user is None:
        return False
    known = house.users.find(visit.user.name)
    over = visit.session is not None and visit.session.ends <= time.time()
    return not over and known is not None and known.mark() == visit.user.mark()
