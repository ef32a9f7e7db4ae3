"""The report as one HTML file: to read on a screen or by ear, and to print on A4. No script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from alarmbro.judgement.words.wording import fault_words
from alarmbro.model.configuration import Language
from alarmbro.report.account import Comparison, DeviceTest, Month, Report, SiteAccount, Times
from alarmbro.report.words import ReportWords

STYLE = """
@page { size: A4; margin: 12mm 14mm }
* { box-sizing: border-box }
body { font: 10pt/1.35 "DejaVu Sans", Verdana, Arial, sans-serif; color: #111; background: #fff; max-width: 182mm;
  margin: 0 auto; padding: 4mm }
h1 { font-size: 15pt; margin: 0 0 1mm } h2 { font-size: 11pt; margin: 4mm 0 1mm }
table { border-collapse: collapse; width: 100%; margin: 1mm 0 2mm }
caption { text-align: left; font-weight: bold; padding: 1mm 0 }
th, td { border-bottom: .3mm solid #999; padding: 1mm 2mm 1mm 0; text-align: left; vertical-align: top }
thead th { border-bottom: .5mm solid #111 } td.n, th.n { text-align: right }
.when { white-space: nowrap }
.failed { font-weight: bold; border-left: 1.2mm solid #111; padding-left: 1.5mm }
dl { display: grid; grid-template-columns: 32mm 1fr; margin: 1mm 0 } dt { font-weight: bold } dd { margin: 0 }
ul { margin: 1mm 0; padding-left: 5mm } code { font-family: "DejaVu Sans Mono", monospace; font-size: 85% }
.sign { display: grid; grid-template-columns: 2fr 2fr 1fr; gap: 8mm; margin-top: 12mm }
.sign div { border-top: .3mm solid #111; padding-top: 1mm }
footer { margin-top: 4mm; font-size: 8pt; overflow-wrap: anywhere }
svg { display: block; width: 100%; max-height: 34mm } svg text { font-size: 9px }
@media print { body { padding: 0; max-width: none; font: 7.5pt/1.25 "DejaVu Sans", Verdana, Arial, sans-serif } h1 { font-size: 13pt }
  h2 { font-size: 9pt; margin: 2mm 0 .5mm } th, td { padding: .5mm 1.5mm .5mm 0 } svg { max-height: 22mm } .sign { margin-top: 10mm }
  footer { margin-top: 2mm; font-size: 6.5pt } section.site { break-before: page }
  section.site:first-of-type { break-before: auto } tr { break-inside: avoid } }
"""


def page(report: Report, words: ReportWords) -> str:
    """Give the whole file as text."""
    language = "en" if words.language is Language.ENGLISH else "da"
    title = words("title", year=report.year)
    parts = [*_overview(report, words), *(_site(report, site, words) for site in report.sites)]
    parts += [_centre(report.centre, words)] if report.centre else []
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<header><h1>{escape(title)}</h1></header>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n"
        + _footer(report, words)
        + "\n</body>\n</html>\n"
    )


def _overview(report: Report, words: ReportWords) -> Iterable[str]:
    if len(report.sites) < 2:  # noqa: PLR2004 - an overview of one site is that site
        return
    rows = [
        [
            f'<th scope="row">{escape(site.name)}</th>',
            _cell(_last(site, words)),
            _cell(words("of", passed=len(site.devices) - len(site.failed), total=len(site.devices))),
            _cell(", ".join(words.place(each) for each in site.failed) or "-"),
            f'<td class="n">{_sum(site.months, "real")} / {_sum(site.months, "false_alarm")}</td>',
        ]
        for site in report.sites
    ]
    kinds = f"{words('real_alarms')} / {words('false_alarms')}"
    head = (words("site"), words("last"), words("result"), words("todo"), kinds)
    yield f"<section><h2>{escape(words('overview'))}</h2>{_table(words('overview'), head, rows)}</section>"


def _site(report: Report, site: SiteAccount, words: ReportWords) -> str:
    name = f"site-{escape(site.site, quote=True)}"
    return "\n".join(
        [
            f'<section class="site" aria-labelledby="{name}"><h2 id="{name}">{escape(site.name)}</h2>',
            _facts(report, site, words),
            f"<h2>{escape(words('todo'))}</h2>",
            _list([words.todo(site.site, report.year, each) for each in site.failed] or [words("todo.none")]),
            _devices(site, words),
            f"<h2>{escape(words('alarms'))}</h2>",
            _chart(site.months, words),
            _months(site.months, words),
            _times(site, words),
            f"<h2>{escape(words('points'))}</h2>",
            _list(open_points(site, words) or [words("points.none")]),
            _sign(words),
            "</section>",
        ]
    )


def _facts(report: Report, site: SiteAccount, words: ReportWords) -> str:
    people = dict.fromkeys(held.by or words("unknown") for held in site.rounds)
    facts = {
        words("address"): site.address,
        words("date"): _last(site, words) if site.rounds else words("none", year=report.year),
        words("by"): ", ".join(people),
        words("result"): words("of", passed=len(site.devices) - len(site.failed), total=len(site.devices)),
    }
    items = [f"<dt>{escape(what)}</dt><dd>{escape(value)}</dd>" for what, value in facts.items() if value]
    return f"<dl>{''.join(items)}</dl>"


def open_points(site: SiteAccount, words: ReportWords) -> list[str]:
    """Say what is open, a line each; of a fault what it is in plain words."""
    lines = []
    for each in site.open_points:
        kind, _, subject = each.what.partition("/")
        fault = each.kind == "fault"
        what = fault_words(kind, subject, words.language)[0].rstrip(".") if fault else f"{words('alarm')} {each.what}"
        since = words("since", time=words.time(each.since))
        lines.append(f"{what}, {since}" + (f": {each.detail}" if each.detail else ""))
    return lines


def _devices(site: SiteAccount, words: ReportWords) -> str:
    people = site.recipients
    rows = [_device(each, people, words) for each in site.devices]
    head = (words("device"), words("pressed"), *people.values(), words("result"))
    return _table(words("devices"), head, rows)


def _device(test: DeviceTest, people: Iterable[str], words: ReportWords) -> list[str]:
    passed = test.verdict == "passed"
    told = ["<br>".join(map(escape, words.reached(test.of(name)))) for name in people]
    return [
        f'<th scope="row">{escape(words.place(test))}</th>',
        f"<td class=when>{escape(words.moment(test.pressed)) if test.pressed else '-'}</td>",
        *(f"<td>{each}</td>" for each in told),
        f"<td{'' if passed else ' class=failed'}>{escape(words(test.verdict))}</td>",
    ]


def _months(months: tuple[Month, ...], words: ReportWords) -> str:
    names = words("months").split()
    kinds = (("real", "real_alarms"), ("false_alarm", "false_alarms"), ("open", "open_alarms"))
    rows = [
        [f'<th scope="row">{escape(words(name))}</th>']
        + [f'<td class="n">{getattr(each, kind)}</td>' for each in months]
        + [f'<td class="n">{_sum(months, kind)}</td>']
        for kind, name in kinds
    ]
    return _table(words("alarms"), (words("month"), *names, words("total")), rows)


def _chart(months: tuple[Month, ...], words: ReportWords) -> str:
    """Draw two bars a month, filled and hatched; the table below says the same."""
    most = max(1, *(max(each.real, each.false_alarm) for each in months))
    bars = []
    for number, (each, name) in enumerate(zip(months, words("months").split(), strict=True)):
        left = 10 + number * 48
        for place, (count, fill) in enumerate(((each.real, "#111"), (each.false_alarm, "#fff"))):
            height = 56 * count / most
            bars.append(
                f'<rect x="{left + place * 16}" y="{64 - height:.1f}" width="14" height="{height:.1f}" fill="{fill}" '
                'stroke="#111"/>'
            )
            bars.append(f'<text x="{left + place * 16 + 4}" y="{60 - height:.1f}">{count or ""}</text>')
        bars.append(f'<text x="{left + 4}" y="76">{escape(name)}</text>')
    label = escape(words("chart"), quote=True)
    return f'<svg viewBox="0 -12 590 92" role="img" aria-label="{label}"><title>{label}</title>{"".join(bars)}</svg>'


def _times(site: SiteAccount, words: ReportWords) -> str:
    rows = [
        _time_row(words("first_told"), site.first_told, words),
        _time_row(words("first_answer"), site.first_answer, words),
    ]
    return _table(words("times"), (words("measure"), words("count"), words("median"), words("slowest")), rows)


def _time_row(name: str, times: Times, words: ReportWords) -> list[str]:
    known = [words.length(ms) if times.count else "-" for ms in (times.median_ms, times.slowest_ms)]
    return [f'<th scope="row">{escape(name)}</th>', *(_cell(each) for each in (str(times.count), *known))]


def _centre(centre: Comparison, words: ReportWords) -> str:
    return f"<section><h2>{escape(words('centre'))}</h2>{_list(comparison(centre, words))}</section>"


def comparison(centre: Comparison, words: ReportWords) -> list[str]:
    """Say what agrees and what does not, a line each."""
    lines = [words("centre.some" if centre.differs else "centre.same", count=centre.agreed)]
    lines += [words("only_ours", what=a.what, zone=a.zone or "-", time=words.clock(a.at)) for a in centre.only_ours]
    lines += [words("only_theirs", what=a.what, zone=a.zone or "-", time=words.clock(a.at)) for a in centre.only_theirs]
    lines += [words("apart", zone=a.zone, ours=words.clock(a.at), theirs=words.clock(b.at)) for a, b in centre.apart]
    return lines


def _sign(words: ReportWords) -> str:
    lines = "".join(f"<div>{escape(words(each))}</div>" for each in ("coordinator", "leader", "day"))
    return f'<div class="sign" role="group" aria-label="{escape(words("sign"), quote=True)}">{lines}</div>'


def _footer(report: Report, words: ReportWords) -> str:
    made = escape(words("made", time=words.time(report.made), records=report.records))
    return f"<footer>{made} <code>{escape(report.head)}</code></footer>"


def _last(site: SiteAccount, words: ReportWords) -> str:
    return ", ".join(dict.fromkeys(words.day(held.started) for held in site.rounds)) or "-"


def _sum(months: tuple[Month, ...], kind: str) -> int:
    return sum(getattr(each, kind) for each in months)


def _cell(text: str) -> str:
    return f"<td>{escape(text)}</td>"


def _list(lines: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _table(caption: str, head: Iterable[str], rows: list[list[str]]) -> str:
    columns = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"
