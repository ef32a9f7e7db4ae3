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
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from alarmbro.model.configuration import Language
from alarmbro.report import lines
from alarmbro.report.account import DeviceTest, Month, Report, SiteAccount
from alarmbro.report.words import ReportWords

FONT, BOLD = "Vera", "VeraBd"
MARGIN = 14 * mm
PADDING = 6.0  # points, of the frame that reportlab puts the text in
WIDTH = A4[0] - 2 * MARGIN
PRESSED, RESULT, TOLD = WIDTH * 0.115, WIDTH * 0.18, WIDTH * 0.48  # columns; the recipients' at the most
BETWEEN = 5  # points between columns
SHADE = colors.Color(0.94, 0.94, 0.94)
NORMAL = ParagraphStyle("normal", fontName=FONT, fontSize=8, leading=10)
STRONG = ParagraphStyle("strong", NORMAL, fontName=BOLD)
CAPTION = ParagraphStyle("caption", STRONG, fontSize=6.6, leading=8.2)
SMALL = ParagraphStyle("small", NORMAL, fontSize=6.4, leading=8, textColor=colors.Color(0.25, 0.25, 0.25))
TITLE = ParagraphStyle("title", NORMAL, fontName=BOLD, fontSize=14, leading=18)
POINT = ParagraphStyle("point", NORMAL, leftIndent=7, firstLineIndent=-7)
HEAD = ParagraphStyle("head", NORMAL, fontName=BOLD, fontSize=9, leading=12, spaceBefore=5, spaceAfter=1.5)
LINES = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), BETWEEN),
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
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN - PADDING, rightMargin=MARGIN - PADDING,
        topMargin=11 * mm, bottomMargin=13 * mm,
        title=words("title", year=report.year), author="alarmbro", invariant=1,
        lang="en" if words.language is Language.ENGLISH else "da",
    )  # fmt: skip

    def foot(canvas: Any, _template: Any) -> None:
        made = words("made", time=words.time(report.made), records=report.records)
        canvas.setFont(FONT, 6.5)
        canvas.drawString(MARGIN, 10 * mm, _known(made))
        canvas.drawString(MARGIN, 7 * mm, report.head)
        canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(canvas.getPageNumber()))

    template.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _overview(report: Report, words: ReportWords) -> list[Any]:
    rows = [lines.overview(site, words) for site in report.sites]
    title = _text(f"{words('title', year=report.year)}: {words('overview')}", TITLE)
    return [
        title,
        Spacer(1, 3 * mm),
        _table(lines.overview_head(words), rows, (0.24, 0.13, 0.22, 0.28, 0.13)),
        *_centre(report, words),
    ]


def _site(report: Report, site: SiteAccount, words: ReportWords) -> list[Any]:
    return [
        _text(words("title", year=report.year), TITLE),
        Spacer(1, 1.5 * mm),
        _facts([(words("site"), site.name), *lines.facts(site, report.year, words)]),
        _text(words("todo"), HEAD),
        *_points(lines.todo(site, report.year, words)),
        _text(words("devices"), HEAD),
        _devices(site, words),
        KeepTogether([
            _text(words("alarms"), HEAD), _chart(site.months, words), _months(site.months, words),
            _text(words("times"), HEAD),
            _table(lines.response_head(words), lines.response(site, words), (0.52, 0.12, 0.18, 0.18)),
            _text(words("points"), HEAD), *_points(lines.open_points(site, words)),
            *(_centre(report, words) if len(report.sites) == 1 else ()),
            Spacer(1, 10 * mm), _sign(words),
        ]),
    ]  # fmt: skip


def _centre(report: Report, words: ReportWords) -> list[Any]:
    """Give the comparison, above what is signed: of all sites, it stands with the overview where there is one."""
    if report.centre is None:
        return []
    return [_text(words("centre"), HEAD), *_points(lines.comparison(report.centre, words))]


def _points(texts: Iterable[str]) -> list[Any]:
    return [_text(f"• {text}", POINT) for text in texts]


def _facts(pairs: list[tuple[str, str]]) -> Any:
    """Lay pairs out in two columns, the left one first."""
    known = [[_text(name, STRONG), _text(value)] for name, value in pairs]
    half = (len(known) + 1) // 2
    cells = [[*left, *right] for left, right in zip(known[:half], [*known[half:], ["", ""]], strict=False)]
    return Table(cells, colWidths=[WIDTH * part for part in (0.12, 0.46, 0.12, 0.3)], style=LINES, hAlign="LEFT")


def _devices(site: SiteAccount, words: ReportWords) -> Any:
    told = lines.told_head(site, words)
    head = [_text(each, CAPTION) for each in (words("device"), words("pressed"), *told, words("result"))]
    rows = [_device(site, each, words) for each in site.devices]
    shades = [
        ("BACKGROUND", (0, number), (-1, number), SHADE)
        for number, each in enumerate(site.devices, start=1)
        if each.verdict != "passed"
    ]
    columns = _widths(told, [lines.told(site, each, words) for each in site.devices])
    return _ruled([head, *rows], [WIDTH - sum(columns) - PRESSED - RESULT, PRESSED, *columns, RESULT], shades)


def _widths(heads: tuple[str, ...], rows: list[list[str]]) -> list[float]:
    """Give each recipient's column what its longest word needs, as far as there is room."""
    if len(heads) == 1:
        return [TOLD]
    needs = []
    for number, head in enumerate(heads):
        cells = {word for row in rows for word in row[number].split()}
        words = [pdfmetrics.stringWidth(_known(word), BOLD, CAPTION.fontSize) for word in head.split()]
        words += [pdfmetrics.stringWidth(_known(word), BOLD, NORMAL.fontSize) for word in cells]
        needs.append(max(words, default=0.0) + BETWEEN + 2)
    return [need * min(1.0, TOLD / sum(needs)) for need in needs]


def _device(site: SiteAccount, test: DeviceTest, words: ReportWords) -> list[Any]:
    unreached = words("not_reached")
    return [
        _named(test, words),
        _text(words.moment(test.pressed) if test.pressed else "-"),
        *(_text(each, STRONG if each == unreached else NORMAL) for each in lines.told(site, test, words)),
        [
            _text(words(test.verdict), NORMAL if test.verdict == "passed" else STRONG),
            *(_text(each, SMALL) for each in words.seen(test)),
        ],
    ]


def _named(test: DeviceTest, words: ReportWords) -> Any:
    """Give a device's name, and after it, small and in one piece, its id and zone."""
    name, mark = (escape(_known(text), quote=False) for text in (test.name, words.mark(test)))
    small = f'<font name="{FONT}" size="{SMALL.fontSize}" color="#404040">{mark.replace(" ", chr(160))}</font>'
    return Paragraph(f"{name} {small}", STRONG)


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
    high, step = 12 * mm, WIDTH * 0.065
    drawing = Drawing(WIDTH, high + 4 * mm)
    drawing.add(Line(WIDTH * 0.12, 0, WIDTH * 0.9, 0, strokeColor=colors.black, strokeWidth=0.5))
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


def _sign(words: ReportWords) -> Any:
    cells = [[_text(words("coordinator")), "", _text(words("leader")), "", _text(words("day"))]]
    over = [("LINEABOVE", (column, 0), (column, 0), 0.6, colors.black) for column in (0, 2, 4)]
    return Table(
        cells, colWidths=[WIDTH * part for part in (0.36, 0.04, 0.36, 0.04, 0.2)], style=[*LINES, *over], hAlign="LEFT"
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]], parts: tuple[float, ...]) -> Any:
    cells = [[_text(each, STRONG) for each in head], *([_text(each) for each in row] for row in rows)]
    return _ruled(cells, [WIDTH * part for part in parts])


def _ruled(cells: list[list[Any]], widths: list[float], more: Iterable[Any] = ()) -> Any:
    """Give a table whose head comes again on each page; a row that is longer than a page goes on, too."""
    return Table(cells, colWidths=widths, style=[*RULED, *more], repeatRows=1, hAlign="LEFT", splitInRow=1)


def _text(text: str, style: Any = NORMAL) -> Any:
    return Paragraph(escape(_known(text), quote=False), style)


def _known(text: str) -> str:
    """Give a text in letters that the font has: the nearest ones, or a question mark."""
    glyphs = pdfmetrics.getFont(FONT).face.charToGlyph
    kept = []
    for character in unicodedata.normalize("NFC", " ".join(text.split())):
        plain = unicodedata.normalize("NFKD", character) if ord(character) not in glyphs else character
        kept.append("".join(each for each in plain if ord(each) in glyphs) or "?")
    return "".join(kept)
