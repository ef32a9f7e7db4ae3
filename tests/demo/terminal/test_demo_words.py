"""The demonstration's words."""

from __future__ import annotations

from string import Formatter

import pytest

from alarmbro.demo.terminal.words import _DANISH, _ENGLISH, Words
from alarmbro.model.configuration import Language


def fields(text: str) -> set[str]:
    """Give the names that a text has to be filled with."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same() -> None:
    """The same texts, with the same fields."""
    assert {name: fields(text) for name, text in _DANISH.items()} == {
        name: fields(text) for name, text in _ENGLISH.items()
    }


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.0312, "31 ms"), (0.9996, "1,0 s"), (30.06, "30,1 s"), (59.97, "1 min 0 s"), (150.2, "2 min 30 s")],
)
def test_a_time_is_written_as_people_read_it(seconds: float, written: str) -> None:
    """With the Danish comma."""
    assert Words().duration(seconds) == written


def test_english_has_a_point() -> None:
    """Where the configuration's language is English."""
    assert Words(Language.ENGLISH).duration(1.25) == "1.2 s"
