"""PyYAML's complaints in the words of somebody who writes configurations, not parsers.

Must never repeat a piece of the file, which PyYAML's own texts do: it may be a secret. Any thread.
"""

from __future__ import annotations

import yaml
from yaml.reader import ReaderError

INDENTATION = "the indentation does not fit the lines above; give keys that belong together the same column"
# The start of PyYAML's complaint, and ours. The longer start stands before the shorter one.
COMPLAINTS = (
    ("found character '\\t'", "a tab stands here; indent with spaces"),
    ("found character '@'", "a text cannot begin with @ or `; put it in quotes"),
    ("found character '`'", "a text cannot begin with @ or `; put it in quotes"),
    ("found character '%'", "a text cannot begin with %; put it in quotes"),
    ("found character", "this sign cannot begin a text; put the text in quotes"),
    ("mapping values are not allowed", "a colon cannot stand here; indent the line, or put a text with ': ' in quotes"),
    ("could not find expected ':'", "a key without its colon stands before this; write key: value"),
    ("expected <block end>", INDENTATION),
    ("sequence entries are not allowed", "a list item (-) cannot stand here; put the list on lines of its own"),
    ("block sequence entries are not allowed", "a list item (-) cannot stand here; put the list on lines of its own"),
    ("mapping keys are not allowed", "a key cannot stand here; put it on a line of its own"),
    ("expected ',' or ']'", "a list in [ ] is not finished here; write , between the items and ] at the end"),
    ("expected ',' or '}'", "a mapping in { } is not finished here; write , between the keys and } at the end"),
    ("found unexpected end of stream", "this quote is never closed; write the same quote at the end of the text"),
    ("found unexpected document separator", "this quote is never closed; write the same quote at the end of the text"),
    ("found unknown escape character", r"in double quotes \ begins an escape; use single quotes, or write \\ for it"),
    ("expected escape sequence", r"in double quotes \ begins an escape; use single quotes, or write \\ for it"),
    ("found undefined tag handle", "this tag is not known; the only one is !secret NAME"),
    (
        "expected the node content",
        "a value is missing here, or a bracket or comma is too many; write the one, or take the other out",
    ),
    ("while scanning", "this cannot be read as YAML; put the text in quotes"),
)
OTHERWISE = "this cannot be read as YAML; check quotes, colons and indentation around it"
OPENED = ("found unexpected end of stream", "found unexpected document separator")


def in_plain_words(error: yaml.YAMLError, text: str) -> tuple[int, int, str]:
    """Give line and column, from 1, of a syntax error and what to do about it."""
    if isinstance(error, ReaderError):
        before = text[: error.position]
        sign = f"U+{ord(text[error.position]):04X}" if error.position < len(text) else "a sign"
        column = len(before) - before.rfind("\n")
        return before.count("\n") + 1, column, f"{sign} stands here, which no text may hold; remove it"
    problem = getattr(error, "problem", None) or ""
    mark = getattr(error, "problem_mark", None)
    if problem.startswith(OPENED):
        mark = getattr(error, "context_mark", None) or mark
    words = next((ours for start, ours in COMPLAINTS if problem.startswith(start)), OTHERWISE)
    return (mark.line + 1, mark.column + 1, words) if mark else (1, 1, words)
