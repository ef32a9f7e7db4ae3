"""What the page and the paper both say, as texts: the table of devices, open points, the comparison. Pure."""

from __future__ import annotations

from alarmbro.judgement.words.wording import fault_words
from alarmbro.report.account import Comparison, DeviceTest, Signal, SiteAccount, Times
from alarmbro.report.words import ReportWords

COLUMNS = 4  # recipients beside each other at the most: more are told in one column, or none can be read


def told_head(site: SiteAccount, words: ReportWords) -> tuple[str, ...]:
    """Head the columns that say how each recipient was reached."""
    people = tuple(site.recipients.values())
    return (words("recipients"),) if len(people) > COLUMNS else people


def told(site: SiteAccount, test: DeviceTest, words: ReportWords) -> list[str]:
    """Give a device's texts in those columns."""
    if len(site.recipients) > COLUMNS:
        return ["; ".join(f"{each.name} {words.reached(each)}" for each in test.recipients) or "-"]
    return [words.reached(test.of(name)) for name in site.recipients]


def facts(site: SiteAccount, year: int, words: ReportWords) -> list[tuple[str, str]]:
    """Give the site's address, when and by whom it was tested, and how it went."""
    days = ", ".join(dict.fromkeys(words.day(held.started) for held in site.rounds))
    people = dict.fromkeys(held.by or words("unknown") for held in site.rounds)
    pairs = [
        (words("address"), site.address),
        (words("date"), days or words("none", year=year)),
        (words("by"), ", ".join(people)),
        (words("result"), words("of", passed=len(site.devices) - len(site.failed), total=len(site.devices))),
    ]
    return [(name, value) for name, value in pairs if value]


def todo(site: SiteAccount, year: int, words: ReportWords) -> list[str]:
    """Say of each device that has not passed why, and what to do."""
    return [words.todo(site.site, year, each) for each in site.failed] or [words("todo.none")]


def open_points(site: SiteAccount, words: ReportWords) -> list[str]:
    """Say what is open, a line each: alarms, faults in plain words, and recipients to whom no test has gone."""
    lines = []
    for each in site.open_points:
        kind, _, subject = each.what.partition("/")
        fault = each.kind == "fault"
        what = fault_words(kind, subject, words.language)[0].rstrip(".") if fault else f"{words('alarm')} {each.what}"
        since = words("since", time=words.time(each.since))
        lines.append(f"{what}, {since}" + (f": {each.detail}" if each.detail else ""))
    for unproven in site.unproven:
        key = "unproven.in_test" if unproven.reason == "in_test" else "unproven"
        lines.append(words(key, name=unproven.name, recipient=unproven.recipient))
    return lines or [words("points.none")]


def comparison(centre: Comparison, words: ReportWords) -> list[str]:
    """Say what agrees and what does not, a line each."""

    def of(key: str, signal: Signal, **more: str) -> str:
        return words(key, what=signal.what, zone=signal.zone or "-", time=words.clock(signal.at), **more)

    lines = [words("centre.some" if centre.differs else "centre.same", count=centre.agreed)]
    lines += [of("only_ours", each) for each in centre.only_ours]
    lines += [of("only_theirs", each) for each in centre.only_theirs]
    lines += [of("apart", a, ours=words.clock(a.at), theirs=words.clock(b.at)) for a, b in centre.apart]
    if centre.first and centre.last:
        first, last = words.day(centre.first), words.day(centre.last)
        lines += [of("outside", each, first=first, last=last) for each in centre.outside]
    return lines


def overview(site: SiteAccount, words: ReportWords) -> tuple[str, ...]:
    """Give a site's row in the overview: name, last test, how many passed, what is to be put right, alarms."""
    never = sum(each.verdict == "never" for each in site.devices)
    failed = len(site.failed)
    counts = words("counts", passed=len(site.devices) - failed, failed=failed - never, never=never)
    last = words.day(max(held.started for held in site.rounds)) if site.rounds else "-"
    alarms = f"{sum(each.real for each in site.months)} / {sum(each.false_alarm for each in site.months)}"
    return site.name, last, counts, ", ".join(words.place(each) for each in site.failed) or "-", alarms


def overview_head(words: ReportWords) -> tuple[str, ...]:
    """Head the columns of the overview."""
    kinds = f"{words('real_alarms')} / {words('false_alarms')}"
    return words("site"), words("last"), words("result"), words("todo"), kinds


def response(site: SiteAccount, words: ReportWords) -> list[tuple[str, ...]]:
    """Give the rows of the response times."""

    def row(name: str, times: Times) -> tuple[str, ...]:
        known = [words.length(ms) if times.count else "-" for ms in (times.median_ms, times.slowest_ms)]
        return (words(name), words("count.of", count=times.count, total=times.total), *known)

    return [row("first_told", site.first_told), row("first_answer", site.first_answer)]


def response_head(words: ReportWords) -> tuple[str, ...]:
    """Head the columns of the response times."""
    return words("measure"), words("count"), words("median"), words("slowest")
