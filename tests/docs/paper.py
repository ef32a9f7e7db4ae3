"""How many A4 pages a document fills when it is printed: Markdown to paper, in letters that are read standing up."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pypdfium2 import PdfDocument
from reportlab.lib.colors import black, grey
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

MARGIN = 15 * mm  # what an office printer leaves white, and room for a hole punch
READ = MarkdownIt("commonmark").enable("table")
TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=10.5, leading=13, spaceAfter=4)
CELL = ParagraphStyle("cell", TEXT, fontSize=10, leading=12, spaceAfter=0)
CODE = ParagraphStyle("code", TEXT, fontName="Courier", fontSize=9, leading=11, leftIndent=16)
HEADS = {
    "h1": ParagraphStyle("h1", TEXT, fontName="Helvetica-Bold", fontSize=17, leading=21, spaceAfter=5),
    "h2": ParagraphStyle("h2", TEXT, fontName="Helvetica-Bold", fontSize=12, leading=15, spaceBefore=6, spaceAfter=3),
}
RULED = [("LINEBELOW", (0, 0), (-1, -1), 0.4, grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]


def pages_of(text: str) -> int:
    """Give how many pages of A4 a document fills."""
    out = io.BytesIO()
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN)
    SimpleDocTemplate(out, pagesize=A4, **margins).build(list(_story(READ.parse(text))))
    with PdfDocument(out.getvalue()) as pdf:
        return len(pdf)


def _story(tokens: Sequence[Token]) -> Iterator[Any]:
    rows: list[list[Any]] = []
    inside: list[str] = []
    for token in tokens:
        if token.nesting > 0:
            inside.append(token.tag)
        elif token.nesting < 0:
            inside.pop()
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            yield _table(rows)
            rows = []
        elif token.type == "fence":
            yield from (Paragraph(_plain(line), CODE) for line in token.content.splitlines())
        elif token.type == "inline" and "table" in inside:
            rows[-1].append(Paragraph(_inline(token), CELL))
        elif token.type == "inline":
            yield _paragraph(_inline(token), inside)


def _paragraph(text: str, inside: list[str]) -> Paragraph:
    if inside[-1] in HEADS:
        return Paragraph(text, HEADS[inside[-1]])
    depth = sum(tag in ("ol", "ul") for tag in inside)
    framed = {"borderWidth": 1, "borderColor": black, "borderPadding": 4} if "blockquote" in inside else {}
    style = ParagraphStyle("here", TEXT, leftIndent=16 * depth, spaceAfter=10 if framed else TEXT.spaceAfter, **framed)
    return Paragraph(text, style, bulletText="-" if depth else None)


def _table(rows: list[list[Any]]) -> Table:
    """As a browser does, roughly: columns as wide as what stands in them."""
    lengths = [
        max(len(re.sub("<[^>]*>", "", row[column].text)) for row in rows) ** 0.6 for column in range(len(rows[0]))
    ]
    width = A4[0] - 2 * MARGIN - 12
    return Table(rows, colWidths=[width * each / sum(lengths) for each in lengths], style=RULED, spaceAfter=6)


def _inline(token: Token) -> str:
    html = READ.renderer.render([token], READ.options, {})
    return re.sub(r"<(/?)code>", lambda tag: "</font>" if tag[1] else '<font name="Courier">', html)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(" ", "&nbsp;")
