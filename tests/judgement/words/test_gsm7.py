"""What an SMS costs, and the nearest text that it can carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.words.gsm7 import BASIC, EXTENSION, parts, septets, to_gsm7


def test_the_table_is_the_standards() -> None:
    """127 characters in the default alphabet (the escape is none) and ten in the extension (TS 23.038, 6.2.1)."""
    assert (len(BASIC), len(EXTENSION)) == (127, 10)
    assert not BASIC & EXTENSION


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("abc", 3),
        ("æøåÆØÅé", 7),
        ("[€]", 6),
        ("a\nb", 3),
        ("ç", None),
        ("–", None),  # noqa: RUF001  # the dash is the case
        ("\x1b", None),
        ("🚨", None),
        ("`", None),
    ],
)
def test_septets_are_counted_by_the_table(text: str, expected: int | None) -> None:
    """Extension characters cost two; one character outside makes the whole text impossible."""
    assert septets(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 153, 3),  # 76 to a part: an escape is never split from its character
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("🚨" * 35, 1),
        ("🚨" * 36, 2),
    ],
)
def test_parts_are_what_the_provider_bills(text: str, expected: int) -> None:
    """160 or 153 septets a part; 70 or 67 UTF-16 units where a character is outside the alphabet."""
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rødgrød på Ærø, café ÆØÅ", "Rødgrød på Ærø, café ÆØÅ"),
        ("“Lokale 1” – kælder…", '"Lokale 1" - kælder...'),  # noqa: RUF001  # typographic signs are the case
        ("l’été", "l'été"),  # noqa: RUF001
        ("a\u030a e\u0301", "å é"),  # combining marks are put together first
        ("Łódź, señor, Ç ç", "Lodz, señor, Ç c"),
        ("ǿ", "ø"),
        ("½", "1/2"),
        ("alarm 🚨 会", "alarm ? ?"),
        ("a\u200bb\u202ec\x1bd", "abcd"),
        ("a\u00a0b", "a b"),
        ("\ud800", "?"),
    ],
)
def test_the_nearest_text_keeps_danish_and_loses_ornament(text: str, expected: str) -> None:
    """Danish letters stay, signs become plain, and what has no neighbour is a question mark."""
    assert to_gsm7(text) == expected


@given(st.text())
def test_the_nearest_text_is_always_in_the_alphabet(text: str) -> None:
    """Whatever comes in, one SMS can carry the characters that come out, and doing it again changes nothing."""
    near = to_gsm7(text)
    assert septets(near) is not None
    assert to_gsm7(near) == near
