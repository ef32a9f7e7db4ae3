"""YAML means what its writer meant, everything has its place, and no text is a trap."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.config.syntax.yaml_positions import Mapping, Place, Scalar, find, keys, parse, plain

PLAIN = [
    ("no", "no"),
    ("NO", "NO"),
    ("off", "off"),
    ("on", "on"),
    ("yes", "yes"),
    ("y", "y"),
    ("True", "True"),
    ("12:30", "12:30"),
    ("1:30:00", "1:30:00"),
    ("0123", "0123"),
    ("0x1F", "0x1F"),
    ("0b11", "0b11"),
    ("0o17", "0o17"),
    ("1_000", "1_000"),
    ("1e3", "1e3"),
    (".5", ".5"),
    (".inf", ".inf"),
    (".nan", ".nan"),
    ("+4512345678", "+4512345678"),
    ("45 12 34 56", "45 12 34 56"),
    ("2026-01-10", "2026-01-10"),
    ("2026-01-10T09:12:04Z", "2026-01-10T09:12:04Z"),
    ("3.1.1", "3.1.1"),
    ("=", "="),
    ("9" * 30, "9" * 30),
    ("'17'", "17"),
    ('"true"', "true"),
    ("true", True),
    ("false", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("17", 17),
    ("-3", -3),
    ("0", 0),
    ("1.5", 1.5),
    ("-0.25", -0.25),
]


def value(text: str) -> Any:
    """Give what stands after `key:`."""
    root, problems = parse(f"key: {text}\n")
    assert root is not None
    assert problems == []
    return plain(root, lambda name, _place: f"secret {name}")["key"]


@pytest.mark.parametrize(("text", "meant"), PLAIN)
def test_a_value_is_what_was_written(text: str, meant: object) -> None:
    """Norway, times, telephone numbers, octal numbers and dates stay text; only a few words and numbers do not."""
    found = value(text)
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize("key", ["on", "no", "true", "17", "12:30", "null", "2026-01-10"])
def test_a_key_is_always_a_text(key: str) -> None:
    """A site may be called `on`."""
    root, problems = parse(f"{key}: 1\n")
    assert problems == []
    assert root is not None
    assert keys(root) == [key]


def test_a_block_of_text_and_a_quoted_one_keep_their_words() -> None:
    """Folded and literal texts are texts, whatever they look like."""
    assert value("|\n  17\n  18\n") == "17\n18\n"
    assert value(">-\n  true\n") == "true"


def test_everything_has_its_line_and_column() -> None:
    """Keys and values, in blocks and in braces, found by their path; what is not there is skipped."""
    root, _ = parse("sites:\n  hus: {name: Huset, devices: [a, {b: 1}]}\n")
    assert root is not None
    at, node, found = find(root, ("sites", "hus", "devices", 1, "b"))
    assert (at, node.place, found) == (Place(2, 36), Place(2, 39), 5)
    at, node, found = find(root, ("sites", "<tag>", "hus", "name", "nothing"))
    assert (at, node.place, found) == (Place(2, 9), Place(2, 15), 3)


def test_a_secret_is_known_by_its_name_and_its_place() -> None:
    """The text itself is fetched elsewhere."""
    root, _ = parse("urls: [!secret vagt-sms]\n")
    assert root is not None
    assert find(root, ("urls", 0))[1] == Scalar(Place(1, 8), "vagt-sms", "vagt-sms", secret=True)


def bomb() -> str:
    """Give ten lines that stand for a thousand million words."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    return "\n".join(lines)


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    """Nothing is shared, so nothing explodes; each anchor and alias is named."""
    start = time.perf_counter()
    root, problems = parse(bomb())
    assert time.perf_counter() - start < 0.1
    assert len(problems) == 9 + 80
    assert isinstance(root, Mapping)
    assert plain(root, lambda _name, _place: "")["i"] == [None] * 10


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_a_deep_text_is_refused_at_once(opening: str) -> None:
    """A hundred thousand brackets end at the twenty-first."""
    start = time.perf_counter()
    _, problems = parse(opening * 100_000)
    assert time.perf_counter() - start < 2
    assert len(problems) == 1


def test_a_sign_that_no_text_may_hold_is_named_with_its_place() -> None:
    """A NUL from a broken editor."""
    _, problems = parse("language: da\nname: a\0b\n")
    assert [(each.place, each.text[:6]) for each in problems] == [(Place(2, 8), "U+0000")]


def test_a_bad_escape_and_a_bad_directive_are_problems_and_no_crash() -> None:
    """PyYAML lets Python's own errors through for these."""
    for text in ('a: "\\UFFFFFFFF"', '"\\U00110000"', "%YAML 1." + "9" * 5000 + "\n--- a", "a: !<%FF> b", "!%zz a"):
        assert parse(text)[1]


@given(st.text(alphabet=st.characters() | st.sampled_from(list("{}[]&*!|>'\"%@`#-:?, \n\tabc")), max_size=60))
def test_any_text_is_read_or_told_and_never_raises(text: str) -> None:
    """What cannot be read is a problem with a place in the text."""
    _, problems = parse(text)
    assert all(each.place >= Place(1, 1) and each.text for each in problems)
