"""Reports: the paper of the yearly test, and charts of alarms by month and of response times."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from starlette.responses import Response

from alarmbro.journal import Reader
from alarmbro.model.configuration import Configuration
from alarmbro.report.account import Report, SiteAccount
from alarmbro.report.gathering import gather
from alarmbro.report.page import STYLE
from alarmbro.report.page import page as html
from alarmbro.report.table import document, sheet
from alarmbro.report.words import ReportWords
from alarmbro.web.guarding.policy import with_style
from alarmbro.web.guarding.users import Role
from alarmbro.web.pages.charts import Bars, bars
from alarmbro.web.visiting.house import House
from alarmbro.web.visiting.visit import Visit, page

FIRST_YEAR = 2000
SHOWN_YEARS = 4
KINDS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
# The report is one file with its style in it: it may be shown with exactly that style.
REPORT_POLICY = with_style(STYLE)


@dataclass(frozen=True, slots=True)
class Shown:
    """One site's year as a page shows it."""

    account: SiteAccount
    chart: Bars
    times: tuple[tuple[str, str, str, str], ...]


@page(Role.TEST)
async def reports(visit: Visit) -> Response:
    """Show a year."""
    this_year = visit.words.local(datetime.now(UTC)).year
    year = _year(visit.request.query_params.get("year", ""), this_year)
    found = await visit.house.asking.work(partial(gathered, visit.house, visit.configuration, year))
    return visit.page(
        "reports.html", year=year, years=[this_year - ago for ago in range(SHOWN_YEARS)],
        sites=[_shown(visit, each) for each in found.sites], months=visit.words("reports.month_names").split(),
    )  # fmt: skip


@page(Role.TEST)
async def report(visit: Visit) -> Response:
    """Give the year's report as a file."""
    kind = visit.request.path_params["kind"]
    year = _year(visit.request.path_params["year"], 0)
    if kind not in KINDS or not year:
        return visit.wrong(404, "wrong.missing")
    site = visit.request.query_params.get("site") or None
    if site is not None and site not in visit.configuration.sites:
        return visit.wrong(404, "wrong.missing")
    try:
        whole = await visit.house.asking.work(partial(_formed, visit.house, visit.configuration, kind, year, site))
    except ImportError:
        return visit.wrong(501, "wrong.pdf")
    headers = {"content-security-policy": REPORT_POLICY}
    if kind != "html":
        headers["content-disposition"] = f'attachment; filename="alarmbro-{year}.{kind}"'
    return Response(whole, media_type=KINDS[kind], headers=headers)


def gathered(house: House, configuration: Configuration, year: int, site: str | None = None) -> Report:
    """Give the account of a year. Reads the whole journal: in a worker's thread."""
    sites = (site,) if site else configuration.serve
    with Reader(house.journal) as reader:
        return gather(reader.records(), configuration, year, sites, datetime.now(UTC))


def _formed(house: House, configuration: Configuration, kind: str, year: int, site: str | None) -> bytes:
    found = gathered(house, configuration, year, site)
    words = ReportWords(configuration.language, configuration.timezone)
    if kind == "pdf":
        from alarmbro.report.paper import paper  # noqa: PLC0415 - needs reportlab, which not every machine has

        return paper(found, words)
    if kind == "csv":
        return sheet(found).encode()
    if kind == "json":
        return json.dumps(document(found), ensure_ascii=False, indent=1).encode()
    return html(found, words).encode()


def _shown(visit: Visit, account: SiteAccount) -> Shown:
    words = visit.words
    rows = []
    for key, times in (("reports.first_told", account.first_told), ("reports.first_answer", account.first_answer)):
        known = [words.after(ms) if times.count else "-" for ms in (times.median_ms, times.slowest_ms)]
        rows.append((words(key), f"{times.count} / {times.total}", known[0], known[1]))
    counts = [(each.real, each.false_alarm) for each in account.months]
    return Shown(account, bars(counts, words("reports.month_names").split()), tuple(rows))


def _year(text: str, usual: int) -> int:
    return int(text) if text.isdecimal() and FIRST_YEAR <= int(text) < 10_000 else usual  # noqa: PLR2004 - years have four digits
