"""The report as one HTML file: to read on a screen or by ear, and to print on A4. No script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from alarmbro.model.configuration import Language
from alarmbro.report import lines
from alarmbro.report.account import Comparison, DeviceTest, Month, Report, SiteAccount
from alarmbro.report.words import ReportWords

STYLE = """
@page { size: A4; margin: 12mm 14mm }
* { box-sizing: border-box }
body { font: 10pt/1.35 "DejaVu Sans", Verdana, Arial, sans-serif; color: #111; background: #fff; max-width: 240mm;
  margin: 0 auto; padding: 4mm }
h1 { font-size: 15pt; margin: 0 0 1mm } h2 { font-size: 13pt; margin: 3mm 0 1mm }
h3 { font-size: 11pt; margin: 4mm 0 1mm }
table { border-collapse: collapse; width: 100%; margin: 1mm 0 2mm }
caption { text-align: left; font-weight: bold; font-size: 11pt; padding: 2mm 0 1mm }
th, td { border-bottom: .2mm solid #999; padding: 1mm 2mm 1mm 0; text-align: left; vertical-align: top;
  overflow-wrap: break-word }
thead th { border-bottom: .4mm solid #111 } td.n, th.n { text-align: right }
small { font-weight: normal; color: #444; font-size: 85% } th small { display: inline-block }
.result { min-width: 32mm }
.when { white-space: nowrap }
tr.failed > * { background: #f1f1f1 } tr.failed > :first-child { border-left: 1.2mm solid #111; padding-left: 1.5mm }
strong { white-space: nowrap }
dl { display: grid; grid-template-columns: 24mm 1fr 24mm 1fr; margin: 1mm 0 } dt { font-weight: bold } dd { margin: 0 }
ul { margin: 1mm 0; padding-left: 5mm } code { font-family: "DejaVu Sans Mono", monospace; font-size: 85% }
.sign { display: grid; grid-template-columns: 2fr 2fr 1fr; gap: 8mm; margin-top: 14mm; break-inside: avoid }
.sign div { border-top: .3mm solid #111; padding-top: 1mm }
footer { margin-top: 4mm; font-size: 8pt; overflow-wrap: anywhere }
svg { display: block; width: 100%; max-height: 34mm } svg text { font-size: 9px }
@media screen { main { overflow-x: auto } }
@media print {
  body { padding: 0; max-width: none; font-size: 7.5pt; line-height: 1.22 } h1 { font-size: 14pt }
  h2 { font-size: 11pt; margin: 2mm 0 .5mm } h3, caption { font-size: 8.5pt } h3 { margin: 1.5mm 0 .5mm }
  caption { padding: 1mm 0 .5mm } th, td { padding: .5mm 1.5mm .5mm 0 } svg { max-height: 17mm }
  thead th { font-size: 90% } table { margin: .5mm 0 1mm }
  tr.failed > * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  .sign { margin-top: 10mm } footer { margin-top: 2mm; font-size: 6.5pt } section.site { break-before: page }
  section.site:first-of-type { break-before: auto } tr { break-inside: avoid } h3, caption { break-after: avoid }
}
"""


def page(report: Report, words: ReportWords) -> str:
    """Give the whole file as text."""
    language = "en" if words.language is Language.ENGLISH else "da"
    title = words("title", year=report.year)
    parts = [*_overview(report, words), *(_site(report, site, words) for site in report.sites)]
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
    rows = [_row(lines.overview(site, words)) for site in report.sites]
    title = words("overview")
    table = _table(title, lines.overview_head(words), rows)
    yield f"<section><h2>{escape(title)}</h2>{table}{_centre(report.centre, words)}</section>"


def _site(report: Report, site: SiteAccount, words: ReportWords) -> str:
    name = f"site-{escape(site.site, quote=True)}"
    facts = lines.facts(site, report.year, words)
    return "\n".join(
        [
            f'<section class="site" aria-labelledby="{name}"><h2 id="{name}">{escape(site.name)}</h2>',
            f"<dl>{''.join(f'<dt>{escape(what)}</dt><dd>{escape(value)}</dd>' for what, value in facts)}</dl>",
            f"<h3>{escape(words('todo'))}</h3>",
            _list(lines.todo(site, report.year, words)),
            _devices(site, words),
            f"<h3>{escape(words('alarms'))}</h3>",
            _chart(site.months, words),
            _months(site.months, words),
            _table(words("times"), lines.response_head(words), [_row(each) for each in lines.response(site, words)]),
            f"<h3>{escape(words('points'))}</h3>",
            _list(lines.open_points(site, words)),
            _centre(report.centre, words) if len(report.sites) == 1 else "",
            _sign(words),
            "</section>",
        ]
    )


def _devices(site: SiteAccount, words: ReportWords) -> str:
    rows = [_device(site, each, words) for each in site.devices]
    head = (words("device"), words("pressed"), *lines.told_head(site, words), words("result"))
    return _table(words("devices"), head, rows)


def _device(site: SiteAccount, test: DeviceTest, words: ReportWords) -> str:
    passed = test.verdict == "passed"
    unreached = words("not_reached")
    told = "".join(
        f"<td><strong>{escape(each)}</strong></td>" if each == unreached else f"<td>{escape(each)}</td>"
        for each in lines.told(site, test, words)
    )
    verdict = escape(words(test.verdict)) if passed else f"<strong>{escape(words(test.verdict))}</strong>"
    seen = "".join(f"<br><small>{escape(each)}</small>" for each in words.seen(test))
    return (
        f"<tr{'' if passed else ' class=failed'}>"
        f'<th scope="row">{escape(test.name)} <small>{escape(words.mark(test))}</small></th>'
        f'<td class="when">{escape(words.moment(test.pressed)) if test.pressed else "-"}</td>{told}'
        f'<td class="result">{verdict}{seen}</td></tr>'
    )


def _months(months: tuple[Month, ...], words: ReportWords) -> str:
    kinds = (("real", "real_alarms"), ("false_alarm", "false_alarms"), ("open", "open_alarms"))
    rows = []
    for kind, name in kinds:
        counts = [getattr(each, kind) for each in months]
        cells = "".join(f'<td class="n">{count}</td>' for count in (*counts, sum(counts)))
        rows.append(f'<tr><th scope="row">{escape(words(name))}</th>{cells}</tr>')
    return _table(words("chart"), (words("month"), *words("months").split(), words("total")), rows, numbers=True)


def _chart(months: tuple[Month, ...], words: ReportWords) -> str:
    """Draw two bars a month, filled and hatched; the table below says the same."""
    most = max(1, *(max(each.real, each.false_alarm) for each in months))
    bars = [
        f'<rect x="0" y="{top}" width="8" height="8" fill="{fill}" stroke="#111"/>'
        f'<text x="13" y="{top + 8}">{escape(words(name))}</text>'
        for top, fill, name in ((26, "#111", "real_alarms"), (42, "#fff", "false_alarms"))
    ]
    for number, (each, name) in enumerate(zip(months, words("months").split(), strict=True)):
        left = 80 + number * 43
        for place, (count, fill) in enumerate(((each.real, "#111"), (each.false_alarm, "#fff"))):
            height = 56 * count / most
            if count:
                x, y = left + place * 16, 64 - height
                bars.append(
                    f'<rect x="{x}" y="{y:.1f}" width="14" height="{height:.1f}" fill="{fill}" stroke="#111"/>'
                    f'<text x="{x + 4}" y="{y - 4:.1f}">{count}</text>'
                )
        bars.append(f'<text x="{left + 4}" y="76">{escape(name)}</text>')
    label = escape(words("chart"), quote=True)
    base = '<line x1="76" y1="64.5" x2="590" y2="64.5" stroke="#111"/>'
    about = f'role="img" aria-label="{label}"><title>{label}</title>'
    return f'<svg viewBox="0 -12 590 92" preserveAspectRatio="xMinYMid" {about}{base}{"".join(bars)}</svg>'


def _centre(centre: Comparison | None, words: ReportWords) -> str:
    """Give the comparison, above what is signed: of all sites, it stands with the overview where there is one."""
    return f"<h3>{escape(words('centre'))}</h3>{_list(lines.comparison(centre, words))}" if centre else ""


def _sign(words: ReportWords) -> str:
    lines = "".join(f"<div>{escape(words(each))}</div>" for each in ("coordinator", "leader", "day"))
    return f'<div class="sign" role="group" aria-label="{escape(words("sign"), quote=True)}">{lines}</div>'


def _footer(report: Report, words: ReportWords) -> str:
    made = escape(words("made", time=words.time(report.made), records=report.records))
    return f"<footer>{made} <code>{escape(report.head)}</code></footer>"


def _list(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def _row(cells: tuple[str, ...]) -> str:
    """Give a row whose first cell heads it."""
    first, *rest = map(escape, cells)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{each}</td>" for each in rest)}</tr>'


def _table(caption: str, head: Iterable[str], rows: Iterable[str], *, numbers: bool = False) -> str:
    first, *rest = map(escape, head)
    right = ' class="n"' if numbers else ""
    columns = f'<th scope="col">{first}</th>' + "".join(f'<th scope="col"{right}>{each}</th>' for each in rest)
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{columns}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
