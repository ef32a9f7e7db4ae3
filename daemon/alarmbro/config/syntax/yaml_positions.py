"""YAML read so that everything keeps the line and column where it was written.

Promises: a text becomes what its writer meant. Only `true`, `false`, `null`, plain decimal numbers and nothing at all
are other than text: `no`, `on`, `12:30`, `0123`, `2026-01-01` and `+4512345678` stay as written. Duplicate keys,
anchors, aliases, merge keys, tags other than `!secret`, and more than one document are problems with their places, all
of them at once. Nothing is shared and nothing is deep, so the tree is never larger than its text.

Must never put a value of the file into a problem: the value may be a secret. Any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from alarmbro.config.syntax.complaints import in_plain_words

DEEPEST = 20  # levels; the configuration needs eight
SECRET_TAG = "!secret"  # noqa: S105 (a tag's name)

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
HALF = re.compile("[\ud800-\udfff]")  # YAML's escapes can name one half of a pair; nothing can be sent that has it
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

Value = bool | int | float | str | None


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the text at a place; what would be right."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value. `written` is its text; `secret` marks `!secret NAME`, whose name is the value."""

    place: Place
    value: Value
    written: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys, always text as written, with the place of each key and its value."""

    place: Place
    entries: dict[str, tuple[Place, Node]] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping
START = Place(1, 1)


class _StopReadingError(Exception):
    """The rest of the text cannot be made sense of."""


def parse(text: str) -> tuple[Node | None, list[Problem]]:
    """Read one YAML document. Give its tree, or None where there is none to be had, and all problems found."""
    reading = _Reading()
    try:
        reading.document(yaml.parse(text, Loader=yaml.SafeLoader))
    except _StopReadingError:
        return None, reading.problems
    except yaml.YAMLError as error:
        line, column, words = in_plain_words(error, text)
        reading.problem(Place(line, column), words)
        return None, reading.problems
    except (ValueError, OverflowError, IndexError):  # PyYAML lets some bad escapes and directives through to Python
        reading.problem(reading.last, "here or just after stands an escape or a number that YAML does not have")
        return None, reading.problems
    return reading.root, reading.problems


class _Reading:
    """Makes the tree of PyYAML's events, without recursion until the depth is known to be small."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.last = START

    def problem(self, place: Place, text: str) -> None:
        self.problems.append(Problem(place, text))

    def document(self, events: Iterator[yaml.Event]) -> None:
        documents = 0
        for event in events:
            self.last = _place(event)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.problem(self.last, "a second document begins here; write one document, without ---")
                    raise _StopReadingError
            elif isinstance(event, yaml.NodeEvent):
                self.root = self._node(event, events, 0)

    def _node(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> Node:
        place = self.last = _place(event)
        if depth > DEEPEST:
            self.problem(place, f"this is nested more than {DEEPEST} levels deep; check the brackets and indentation")
            raise _StopReadingError
        if isinstance(event, yaml.AliasEvent):
            self.problem(
                place, "an alias (*) cannot be used here; write the value out, or in quotes if * belongs to it"
            )
            return Scalar(place, None, "")
        if event.anchor is not None:
            self.problem(place, "an anchor (&) cannot be used here; leave it out, or write the value in quotes")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        self._refuse_tag(getattr(event, "tag", None), place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place, events, depth)
        return self._mapping(place, events, depth)

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Scalar:
        if HALF.search(event.value):
            self.problem(
                place, r"half a letter (as in \ud800) stands here, which no text may hold; write the whole one"
            )
        if event.tag == SECRET_TAG:
            return Scalar(place, event.value, event.value, secret=True)
        self._refuse_tag(event.tag, place)
        plain = event.tag is None and event.implicit[0]
        return Scalar(place, resolve(event.value) if plain else event.value, event.value)

    def _refuse_tag(self, tag: str | None, place: Place) -> None:
        if tag is not None:
            words = "this tag is not known; the only one is !secret NAME, and a text that begins with ! goes in quotes"
            self.problem(place, words)

    def _sequence(self, place: Place, events: Iterator[yaml.Event], depth: int) -> Sequence:
        found = Sequence(place)
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.items.append(self._node(_node_event(event), events, depth + 1))
        return found

    def _mapping(self, place: Place, events: Iterator[yaml.Event], depth: int) -> Mapping:
        found = Mapping(place)
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            at = _place(event)
            key = self._node(_node_event(event), events, depth + 1)
            value = self._node(_node_event(next(events)), events, depth + 1)
            self._enter(found, at, key, value)
        return found

    def _enter(self, found: Mapping, at: Place, key: Node, value: Node) -> None:
        if not isinstance(key, Scalar) or key.secret:
            self.problem(at, "a key must be a plain word; write key: value, and put a text with braces in quotes")
        elif key.written == "<<":
            self.problem(at, "a merge key (<<) cannot be used here; write the keys out")
        elif key.written in found.entries:
            before = found.entries[key.written][0]
            words = f"the key {shown(key.written)} stands here and in line {before.line} (column {before.column})"
            self.problem(at, f"{words}; keep one of the two")
        else:
            found.entries[key.written] = (at, value)


def _node_event(event: yaml.Event) -> yaml.NodeEvent:
    if not isinstance(event, yaml.NodeEvent):  # the parser's grammar does not allow it
        raise _StopReadingError
    return event


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else START


def resolve(text: str) -> Value:
    """Give what a text without quotes means."""
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text


def shown(text: str) -> str:
    """Give a short text of the file in quotes; what may be an address, and hold a token, is not repeated."""
    if "://" in text or "@" in text:
        return "(an address)"
    clean = printable(text)
    return f'"{clean}"' if len(clean) <= 40 else f'"{clean[:37]}..."'  # noqa: PLR2004 (a line's worth)


def printable(text: str) -> str:
    """Give a text without what cannot be seen, or would steer the terminal that shows it."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "?" for letter in text)


Path = tuple[str | int, ...]


def find(root: Node, path: Path) -> tuple[Place, Node, int]:
    """Walk a path of keys and indexes as far as it goes. Parts that name nothing are skipped.

    Gives the place of the last key (of the item, in a list), the last node, and how many parts were found.
    """
    at, node, found = root.place, root, 0
    for part in path:
        if isinstance(node, Mapping) and part in node.entries:
            at, node = node.entries[str(part)]
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            at = node.place
        else:
            continue
        found += 1
    return at, node, found


def keys(root: Node, *path: str) -> list[str]:
    """Give the keys of the mapping at a path; none where there is no mapping."""
    _, node, found = find(root, path)
    return list(node.entries) if isinstance(node, Mapping) and found == len(path) else []


def plain(node: Node, secret: Callable[[str, Place], object]) -> Any:
    """Give a tree as dicts, lists and values, with what `secret` gives for each `!secret NAME`."""
    if isinstance(node, Mapping):
        return {key: plain(value, secret) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item, secret) for item in node.items]
    return secret(str(node.value), node.place) if node.secret else node.value
