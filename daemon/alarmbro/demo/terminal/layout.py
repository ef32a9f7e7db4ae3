"""How messages stand on a terminal: side by side, one column for each recipient, or below each other. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

NARROWEST = 24  # characters of a column: an SMS in it is still read with ease
WIDEST = 44
STACKED_BELOW = 80  # characters of the terminal
GAP = " │ "
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Card:
    """One message to one recipient. `after` is the time since the press, in words."""

    recipient: str
    after: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    strong: bool = False

    def drawn(self, width: int, bold: bool) -> str:
        padded = self.text.ljust(width)
        return f"{BOLD}{padded}{PLAIN}" if bold and self.strong else padded


def block(head: str, cards: Sequence[Card], width: int, *, bold: bool) -> str:
    """Draw the messages of one step below a line that says what they are about."""
    rule = f"── {head} ".ljust(width, "─")
    drawn = _stacked(cards, width, bold) if width < STACKED_BELOW else _side_by_side(cards, width, bold)
    return "\n".join(["", rule, *drawn])


def _stacked(cards: Sequence[Card], width: int, bold: bool) -> Iterator[str]:
    for card in cards:
        yield from (f"  {line.drawn(0, bold)}".rstrip() for line in _lines(card, max(NARROWEST, width - 2), 0))
        yield ""


def _side_by_side(cards: Sequence[Card], width: int, bold: bool) -> Iterator[str]:
    fitting = max(1, (width + len(GAP)) // (NARROWEST + len(GAP)))
    rows = -(-len(cards) // fitting)
    abreast = -(-len(cards) // rows)  # as many in each row as in the others
    column = min(WIDEST, (width + len(GAP)) // abreast - len(GAP))
    for start in range(0, len(cards), abreast):
        yield from _row(cards[start : start + abreast], column, bold)
        yield ""


def _row(cards: Sequence[Card], column: int, bold: bool) -> Iterator[str]:
    names = max(len(_wrapped(card.recipient, column)) for card in cards)  # so that the messages begin at one height
    for lines in zip_longest(*(_lines(card, column, names) for card in cards), fillvalue=_Line("")):
        yield GAP.join(line.drawn(column, bold) for line in lines).rstrip()


def _lines(card: Card, width: int, names: int) -> list[_Line]:
    name = _wrapped(card.recipient, width)
    return [
        *(_Line(text) for text in name + [""] * (names - len(name))),
        *(_Line(text) for text in _wrapped(card.after, width)),
        _Line(""),
        *(_Line(text, strong=True) for text in _wrapped(card.title, width)),
        _Line(""),
        *(_Line(text) for text in _wrapped(card.body.rstrip(), width)),
    ]


def _wrapped(text: str, width: int) -> list[str]:
    """Wrap each line of a text for itself; an empty line stays one."""
    return [part for line in text.split("\n") for part in textwrap.wrap(line, width) or [""]]
