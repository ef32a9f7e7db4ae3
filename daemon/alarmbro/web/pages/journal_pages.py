"""The journal: search it, and take it along."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import islice

import structlog
from starlette.responses import Response, StreamingResponse

from alarmbro.journal import Reader
from alarmbro.journal.reading.exporting import lines
from alarmbro.web.guarding.users import Role
from alarmbro.web.sources.record import KINDS, Wishes, found
from alarmbro.web.visiting.visit import Visit, page

log = structlog.get_logger(__name__)

FIRST_YEAR, YEARS = 2000, 6
CHUNK = 500  # lines read at once


@page(Role.TEST)
async def journal(visit: Visit) -> Response:
    """Show the records that match, the latest first."""
    wishes = _wishes(visit)
    rows = await visit.house.asking.work(partial(found, visit.house.journal, wishes, visit.configuration, visit.words))
    this_year = visit.words.local(datetime.now(UTC)).year
    return visit.page(
        "journal.html", rows=rows, wishes=wishes, kinds=list(KINDS), sites=visit.configuration.sites,
        years=[this_year - ago for ago in range(YEARS)],
    )  # fmt: skip


@page(Role.ADMINISTER)
async def export(visit: Visit) -> Response:
    """Give the journal with its chain, or one site's records."""
    site = visit.request.query_params.get("site") or None
    if site is not None and site not in visit.configuration.sites:
        return visit.wrong(404, "wrong.missing")
    log.info("the journal is exported", user=visit.name, site=site)
    name = f"alarmbro-{site or 'journal'}-{datetime.now(UTC):%Y%m%d}.jsonl"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_export(visit, site), media_type="application/jsonl", headers=headers)


def _wishes(visit: Visit) -> Wishes:
    query = visit.request.query_params
    year, kind = query.get("year", ""), query.get("kind", "")
    known_year = int(year) if year.isdecimal() and FIRST_YEAR <= int(year) < 10_000 else None  # noqa: PLR2004 - years have four digits
    site, _, device = query.get("device", "").partition("/")
    return Wishes(
        site=query.get("site", "") or (site if device else ""), device=device, kind=kind if kind in KINDS else "",
        year=known_year, alarm=query.get("alarm", "")[:100],
    )  # fmt: skip


async def _export(visit: Visit, site: str | None) -> AsyncIterator[str]:
    """Give the lines of one state of the journal, read by a thread of its own: SQLite's connections stay in theirs."""
    loop, path = asyncio.get_running_loop(), visit.house.journal

    def opened() -> tuple[Reader, Iterator[str]]:
        reader = Reader(path)
        return reader, lines(reader.rows(), site=site)

    with ThreadPoolExecutor(1, "export") as thread:
        reader, rest = await loop.run_in_executor(thread, opened)
        try:
            while part := await loop.run_in_executor(thread, lambda: list(islice(rest, CHUNK))):
                yield "".join(part)
        finally:
            thread.submit(reader.close)
