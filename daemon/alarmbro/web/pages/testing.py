"""The yearly test from a phone: start it, walk around while the list ticks, end it, get the report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from starlette.responses import Response

from alarmbro.model.errors import JournalError
from alarmbro.web.guarding.users import Role
from alarmbro.web.pages.overview import refresh_of
from alarmbro.web.sources.record import last_round
from alarmbro.web.visiting.visit import Visit, page
from alarmbro.web.words.showing import device_name, person, rounds_of, site_name

LENGTHS = (("1h", 3600), ("2h", 7200), ("4h", 14400), ("8h", 28800))  # what a coordinator may choose
USUAL = "2h"
LATELY = timedelta(days=1)
ENDS = {"finish": "test_finish", "abort": "test_abort"}


@page(Role.TEST)
async def tests(visit: Visit) -> Response:
    """Show the rounds that run, and how one is started."""
    picture = await visit.house.asking.picture()
    configuration = visit.configuration
    rounds = rounds_of(picture.rows("test_rounds"), configuration, visit.words)
    running = {each["site"] for each in rounds}
    return visit.page(
        "tests.html",
        last=await _last(visit) if not rounds else None,
        picture=picture,
        rounds=rounds,
        sites=[configuration.sites[site] for site in configuration.serve if site not in running],
        centres=[each for each in configuration.recipients.values() if each.alarm_centre],
        year=visit.words.local(datetime.now(UTC)).year,
        said=_said(visit),
        refresh_s=refresh_of(visit) if rounds else 0,
    )


@page(Role.TEST)
async def starting(visit: Visit) -> Response:
    """Ask what is to be tested."""
    site = visit.configuration.sites.get(visit.request.path_params["site"])
    if site is None:
        return visit.wrong(404, "wrong.missing")
    lengths = [(name, visit.words.length(seconds)) for name, seconds in LENGTHS]
    return visit.page("starting.html", site=site, lengths=lengths, usual=USUAL)


@page(Role.TEST)
async def start(visit: Visit) -> Response:
    """Start a round."""
    site = visit.configuration.sites.get(visit.request.path_params["site"])
    seconds = dict(LENGTHS).get(visit.form.get("for", ""))
    if site is None or seconds is None:
        return visit.wrong(400, "wrong.form", what=visit.words("test.for"))
    devices = [name for name in site.devices if f"device-{name}" in visit.form]
    if not devices:
        return visit.wrong(400, "wrong.form", what=visit.words("test.devices"))
    chosen = [] if len(devices) == len(site.devices) else devices
    confirm = visit.form.get("confirm") == "yes"
    await visit.house.asking.do(
        "test_start", site=site.id, by=visit.name, for_s=seconds, devices=chosen, confirm=confirm
    )
    return visit.go("/test", said="started")


@page(Role.TEST)
async def ending(visit: Visit) -> Response:
    """Ask whether the round is to end, and how."""
    picture = await visit.house.asking.picture()
    rounds = rounds_of(picture.rows("test_rounds"), visit.configuration, visit.words)
    running = next((each for each in rounds if each["site"] == visit.request.path_params["site"]), None)
    if running is None:
        return visit.go("/test")
    return visit.page("ending.html", round=running)


@page(Role.TEST)
async def end(visit: Visit) -> Response:
    """End a round."""
    verb = ENDS.get(visit.form.get("how", ""))
    if verb is None:
        return visit.wrong(400, "wrong.form", what=visit.words("test.finish"))
    site = visit.request.path_params["site"]
    answer = await visit.house.asking.do(verb, site=site, by=visit.name)
    missing = ",".join(answer["missing"])
    return visit.go(
        "/test", said="ended", site=site, passed=str(answer["passed"]), total=str(len(answer["devices"])),
        missing=missing,
    )  # fmt: skip


@page(Role.TEST)
async def on_test(visit: Visit) -> Response:
    """Note that an alarm centre knows of the test."""
    recipient, who = visit.form.get("recipient", ""), visit.form.get("who", "").strip()
    if not who:
        return visit.wrong(400, "wrong.form", what=visit.words("test.on_test_who"))
    seconds = dict(LENGTHS)[USUAL]
    answer = await visit.house.asking.do(
        "test_on_test", recipient=recipient, who=who, for_s=float(seconds), by=visit.name
    )
    return visit.go("/test", said="on_test", recipient=recipient, until=str(answer["until"]))


async def _last(visit: Visit) -> dict[str, Any] | None:
    """Give how the latest round of these days ended."""
    since = datetime.now(UTC) - LATELY
    try:
        draft = await visit.house.asking.work(partial(last_round, visit.house.journal, since))
    except JournalError:
        return None
    if draft is None:
        return None
    missing = [device_name(visit.configuration, draft.site, each) for each in draft.data["missing"]]
    return {
        "site": site_name(visit.configuration, draft.site),
        "time": visit.words.time(draft.at.utc),
        "passed": draft.data["passed"],
        "total": draft.data["total"],
        "missing": ", ".join(missing) or visit.words("test.nothing"),
    }


def _said(visit: Visit) -> str:
    """Say what was done, from the address that the last step sent on to."""
    query, words = visit.request.query_params, visit.words
    match query.get("said"):
        case "started":
            return words("test.started")
        case "ended":
            names = [device_name(visit.configuration, query.get("site", ""), each) for each in
                     query.get("missing", "").split(",") if each]  # fmt: skip
            missing = ", ".join(names) or words("test.nothing")
            return words("test.ended", passed=query.get("passed"), total=query.get("total"), missing=missing)
        case "on_test":
            try:
                until = words.time(query.get("until", ""))
            except ValueError:
                return ""
            return words("test.on_test_done", name=person(visit.configuration, query.get("recipient", "")), time=until)
        case _:
            return ""
