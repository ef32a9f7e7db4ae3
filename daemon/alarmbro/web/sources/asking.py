"""Asks the daemon for the page, so that however many look at it, the daemon is asked as by one.

Promises: at most `AT_ONCE` connections to the control socket, which has places for others, too; one picture of how
things stand serves all who look within `FRESH_S`; a daemon that does not answer shows, with the last that it said.
Runs in the event loop; the asking itself in threads of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import structlog

from alarmbro.control.client import ask
from alarmbro.model.errors import AlarmbroError
from alarmbro.web.sources.plan import Plan

log = structlog.get_logger(__name__)
Found = TypeVar("Found")

AT_ONCE = 3  # of the control socket's 16 places
FRESH_S = 0.4
EASE = 10  # a picture that took long is asked for again only after ten times as long
PATIENCE_S = 4.0  # for a picture
PEOPLE_S = 60.0  # how often the daemon is asked who can be told
WORKERS = 2  # for files and drawings
PASSING = ("last_heard", "battery", "link")  # of devices: what changes by itself, and nobody has to see at once


@dataclass(frozen=True, slots=True)
class Picture:
    """How things stood at `at_s` (monotonic). `error`: the daemon does not answer, and this is the last it said."""

    at_s: float = 0.0
    status: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    version: str = ""

    @property
    def known(self) -> bool:
        """Tell whether the daemon has ever answered."""
        return bool(self.status)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Give one of the lists of the status: `alarms`, `faults`, `devices`, `test_rounds`."""
        found: list[dict[str, Any]] = self.status.get(name, [])
        return found


class Asking:
    """The daemon at `run_dir`, and what the page knows of it."""

    def __init__(self, run_dir: Path, plan: Plan) -> None:
        self._run_dir = run_dir
        self._plan = plan
        self._daemon = ThreadPoolExecutor(AT_ONCE, "ask")
        self._work = ThreadPoolExecutor(WORKERS, "work")
        self._picture = Picture()
        self._asking = asyncio.Lock()
        self._rest_s = FRESH_S
        self._people_s = float("-inf")

    async def picture(self, *, newest: bool = False) -> Picture:
        """Give how things stand; asked anew where the last picture is old, or from before now where `newest`."""
        wanted_s = time.monotonic()
        async with self._asking:
            now_s = time.monotonic()
            if now_s - self._picture.at_s >= self._rest_s or (newest and self._picture.at_s < wanted_s):
                self._picture = await self._taken()
            return self._picture

    async def do(self, do: str, **words: Any) -> dict[str, Any]:
        """Ask the daemon to do something. Raise AlarmbroError as `control.client.ask` does."""
        answer = await self._in(self._daemon, lambda: ask(self._run_dir, {"do": do, **words}))
        self._rest_s = 0.0  # whoever did it sees it
        return answer

    async def work(self, what: Callable[[], Found]) -> Found:
        """Do what takes a while (a file, a drawing) without holding up others."""
        return await self._in(self._work, what)

    def close(self) -> None:
        """Wait for nothing that is under way."""
        for pool in (self._daemon, self._work):
            pool.shutdown(wait=False, cancel_futures=True)

    async def _taken(self) -> Picture:
        begun_s = time.monotonic()
        try:
            status = await self._in(self._daemon, lambda: ask(self._run_dir, {"do": "status"}, PATIENCE_S))
            took_s = time.monotonic() - begun_s
            await self._hear_of_people(begun_s)
        except AlarmbroError as error:
            if not self._picture.error:
                log.warning("the daemon does not answer", error=str(error))
            self._rest_s = FRESH_S
            return Picture(time.monotonic(), self._picture.status, str(error), "error")
        await self.work(self._plan.refresh)
        self._rest_s = max(FRESH_S, EASE * took_s)
        return Picture(begun_s, status, "", _version(status, self._plan))

    async def _hear_of_people(self, now_s: float) -> None:
        if now_s - self._people_s >= PEOPLE_S:
            self._plan.hear(await self._in(self._daemon, lambda: ask(self._run_dir, {"do": "recipients"}, PATIENCE_S)))
            self._people_s = now_s

    async def _in(self, pool: ThreadPoolExecutor, what: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(pool, what)


def _version(status: dict[str, Any], plan: Plan) -> str:
    """Give a text that changes when what people see does."""
    devices = [{name: each[name] for name in each if name not in PASSING} for each in status["devices"]]
    seen = json.dumps([status | {"devices": devices}, plan.pending], sort_keys=True, default=str)
    return hashlib.sha256(seen.encode()).hexdigest()[:16]
