"""The report as PDF, a page of A4 for each site, to sign. Needs reportlab (the extra `report`), which brings its fonts.

What the font lacks is written with the nearest letters, never left out. The same report gives the same bytes.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import reportlab
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from alarmbro.model.configuration import Language
from alarmbro.report.account import Month, Report, SiteAccount, Times
from alarmbro.report.page import comparison, open_points
from alarmbro.report.words import ReportWords

FONT, BOLD = "Vera", "VeraBd"
MARGIN = 14 * mm
PADDING = 6.0  # points, of the frame that reportlab puts the text in
WIDTH = A4[0] - 2 * MARGIN
NORMAL = ParagraphStyle("normal", fontName=FONT, fontSize=7.5, leading=9.6)
STRONG = ParagraphStyle("strong", NORMAL, fontName=BOLD)
CAPTION = ParagraphStyle("caption", STRONG, fontSize=6.3, leading=8)
TITLE = ParagraphStyle("title", NORMAL, fontName=BOLD, fontSize=14, leading=18)
HEAD = ParagraphStyle("head", NORMAL, fontName=BOLD, fontSize=9, leading=12, spaceBefore=5, spaceAfter=1.5)
LINES = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ("TOPPADDING", (0, 0), (-1, -1), 1.4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
]
RULED = [*LINES, ("LINEBELOW", (0, 0), (-1, 0), 0.9, colors.black), ("LINEBELOW", (0, 1), (-1, -1), 0.3, colors.grey)]


def paper(report: Report, words: ReportWords) -> bytes:
    """Give the PDF's bytes."""
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(Path(reportlab.__file__).parent / "fonts" / f"{name}.ttf")))
    story: list[Any] = []
    if len(report.sites) > 1:
        story += [*_overview(report, words), PageBreak()]
    for number, site in enumerate(report.sites):
        story += [PageBreak()] if number else []
        story += _site(report, site, words)
    if report.centre:
        story += [_text(words("centre"), HEAD), *(_text(line) for line in comparison(report.centre, words))]
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN - PADDING, rightMargin=MARGIN - PADDING,
        topMargin=12 * mm, bottomMargin=16 * mm,
        title=words("title", year=report.year), author="alarmbro", invariant=1,
        lang="en" if words.language is Language.ENGLISH else "da",
    )  # fmt: skip

    def foot(canvas: Any, _template: Any) -> None:
        made = words("made", time=words.time(report.made), records=report.records)
        canvas.setFont(FONT, 6)
        canvas.drawString(MARGIN, 10 * mm, _known(made))
        canvas.drawString(MARGIN, 7 * mm, report.head)
        canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(canvas.getPageNumber()))

    template.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _overview(report: Report, words: ReportWords) -> list[Any]:
    rows = [
        (
            site.name,
            ", ".join(dict.fromkeys(words.day(held.started) for held in site.rounds)) or "-",
            words("of", passed=len(site.devices) - len(site.failed), total=len(site.devices)),
            ", ".join(words.place(each) for each in site.failed) or "-",
            f"{sum(each.real for each in site.months)} / {sum(each.false_alarm for each in site.months)}",
        )
        for site in report.sites
    ]
    kinds = f"{words('real_alarms')} / {words('false_alarms')}"
    head = (words("site"), words("last"), words("result"), words("todo"), kinds)
    title = _text(f"{words('title', year=report.year)}: {words('overview')}", TITLE)
    return [title, Spacer(1, 3 * mm), _table(head, rows, (0.24, 0.14, 0.18, 0.29, 0.15))]


def _site(report: Report, site: SiteAccount, words: ReportWords) -> list[Any]:
    todo = [words.todo(site.site, report.year, each) for each in site.failed] or [words("todo.none")]
    return [
        _text(words("title", year=report.year), TITLE),
        Spacer(1, 1.5 * mm),
        *_facts(report, site, words),
        _text(words("todo"), HEAD),
        *(_text(f"• {line}") for line in todo),
        _text(words("devices"), HEAD),
        _devices(site, words),
        KeepTogether([
            _text(words("alarms"), HEAD), _chart(site.months, words), _months(site.months, words),
            _text(words("times"), HEAD), _times(site, words),
            _text(words("points"), HEAD),
            *(_text(f"• {line}") for line in open_points(site, words) or [words("points.none")]),
            Spacer(1, 11 * mm), _sign(words),
        ]),
    ]  # fmt: skip


def _facts(report: Report, site: SiteAccount, words: ReportWords) -> Iterable[Any]:
    people = dict.fromkeys(held.by or words("unknown") for held in site.rounds)
    days = ", ".join(dict.fromkeys(words.day(held.started) for held in site.rounds))
    rows = [
        (words("site"), site.name),
        (words("address"), site.address),
        (words("date"), days or words("none", year=report.year)),
        (words("by"), ", ".join(people)),
        (words("result"), words("of", passed=len(site.devices) - len(site.failed), total=len(site.devices))),
    ]
    known = [[_text(name, STRONG), _text(value)] for name, value in rows if value]
    half = (len(known) + 1) // 2
    cells = [[*left, *right] for left, right in zip(known[:half], [*known[half:], ["", ""]], strict=False)]
    yield Table(cells, colWidths=[WIDTH * part for part in (0.12, 0.46, 0.12, 0.3)], style=LINES, hAlign="LEFT")


def _devices(site: SiteAccount, words: ReportWords) -> Any:
    people = site.recipients
    rows = [
        [
            _text(words.place(test), STRONG),
            _text(words.moment(test.pressed) if test.pressed else "-"),
            *([_text(line) for line in words.reached(test.of(name))] for name in people),
            _text(words(test.verdict), NORMAL if test.verdict == "passed" else STRONG),
        ]
        for test in site.devices
    ]
    head = [_text(each, CAPTION) for each in (words("device"), words("pressed"), *people.values(), words("result"))]
    widths = [WIDTH * 0.25, WIDTH * 0.11, *([WIDTH * 0.5 / len(people)] * len(people)), WIDTH * 0.14]
    return _ruled([head, *rows], widths)


def _months(months: tuple[Month, ...], words: ReportWords) -> Any:
    kinds = (("real", "real_alarms"), ("false_alarm", "false_alarms"), ("open", "open_alarms"))
    rows = [
        (words(name), *(str(getattr(each, kind)) for each in months), str(sum(getattr(each, kind) for each in months)))
        for kind, name in kinds
    ]
    head = (words("month"), *words("months").split(), words("total"))
    return _table(head, rows, (0.12, *([0.065] * 12), 0.1))


def _chart(months: tuple[Month, ...], words: ReportWords) -> Any:
    """Draw two bars a month, filled and empty; the table below says the same."""
    high, step = 15 * mm, WIDTH * 0.065
    drawing = Drawing(WIDTH, high + 4 * mm)
    most = max(1, *(max(each.real, each.false_alarm) for each in months))
    for number, each in enumerate(months):
        left = WIDTH * 0.12 + number * step
        for place, (count, fill) in enumerate(((each.real, colors.black), (each.false_alarm, colors.white))):
            tall = high * count / most
            if count:
                drawing.add(
                    Rect(left + place * 9, 0, 8, tall, fillColor=fill, strokeColor=colors.black, strokeWidth=0.5)
                )
                drawing.add(String(left + place * 9 + 2, tall + 1.5, str(count), fontName=FONT, fontSize=6))
    for line, (name, fill) in enumerate((("real_alarms", colors.black), ("false_alarms", colors.white))):
        low = high / 2 - line * 10
        drawing.add(Rect(0, low, 6, 6, fillColor=fill, strokeColor=colors.black, strokeWidth=0.5))
        drawing.add(String(10, low, words(name), fontName=FONT, fontSize=6.3))
    return drawing


def _times(site: SiteAccount, words: ReportWords) -> Any:
    rows = [
        _time_row(words("first_told"), site.first_told, words),
        _time_row(words("first_answer"), site.first_answer, words),
    ]
    return _table((words("measure"), words("count"), words("median"), words("slowest")), rows, (0.52, 0.12, 0.18, 0.18))


def _time_row(name: str, times: Times, words: ReportWords) -> tuple[str, ...]:
    known = [words.length(ms) if times.count else "-" for ms in (times.median_ms, times.slowest_ms)]
    return (name, str(times.count), *known)


def _sign(words: ReportWords) -> Any:
    cells = [[_text(words("coordinator")), "", _text(words("leader")), "", _text(words("day"))]]
    over = [("LINEABOVE", (column, 0), (column, 0), 0.6, colors.black) for column in (0, 2, 4)]
    return Table(
        cells, colWidths=[WIDTH * part for part in (0.36, 0.04, 0.36, 0.04, 0.2)], style=[*LINES, *over], hAlign="LEFT"
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]], parts: tuple[float, ...]) -> Any:
    cells = [[_text(each, STRONG) for each in head], *([_text(each) for each in row] for row in rows)]
    return _ruled(cells, [WIDTH * part for part in parts])


def _ruled(cells: list[list[Any]], widths: list[float]) -> Any:
    return Table(cells, colWidths=widths, style=RULED, repeatRows=1, hAlign="LEFT")


def _text(text: str, style: Any = NORMAL) -> Any:
    return Paragraph(escape(_known(text), quote=False), style)


def _known(text: str) -> str:
    """Give a text in letters that the font has: the nearest ones, or a question mark."""
    glyphs = pdfmetrics.getFont(FONT).face.charToGlyph
    kept = []
    for character in text:
        plain = unicodedata.normalize("NFKD", character) if ord(character) not in glyphs else character
        kept.append("".join(each for each in plain if ord(each) in glyphs) or "?")
    return "".join(kept)
