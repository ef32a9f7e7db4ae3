"""The one thing that a text may do: name fields in braces.

`{field}` is replaced; `{{` and `}}` are braces. There is no attribute access, no index, no format specification, so
that a text from a file can reach nothing. Pure; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

TOKEN = re.compile(r"\{\{|\}\}|\{([a-z_]+)\}|[{}]")


def fields_of(template: str) -> frozenset[str]:
    """Give the fields that a template names. Raise ValueError, which says where, for a brace that is none."""
    found = set()
    for match in TOKEN.finditer(template):
        if match[0] in {"{", "}"}:
            near = template[match.start() : match.start() + 20]
            raise ValueError(f"the brace at character {match.start() + 1} ({near!r}) is no field; write {{{{ or }}}}")
        if match[1]:
            found.add(match[1])
    return frozenset(found)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put the values in. A field without a value is empty; a lone brace stays: this never raises."""
    return TOKEN.sub(lambda match: values.get(match[1], "") if match[1] else match[0][0], template)


def fill_lines(template: str, values: Mapping[str, str]) -> str:
    """Fill a text of several lines: a line whose fields are all empty goes, and so do empty lines in excess."""
    lines = [tidy(fill(line, values)) for line in template.split("\n") if _says_something(line, values)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def tidy(text: str) -> str:
    """Give a line without the blanks and the punctuation that empty fields leave behind (`kl. 09.12: , . Ring`)."""
    line = re.sub(r"\s+", " ", text)
    line = re.sub(r" +([,.:;])(?= |$)", r"\1", line)
    line = re.sub(r"(?<![.,:;])[.,:;]{2,}(?= |$)", lambda match: _one(match[0]), line)
    return re.sub(r"[,:;] *$", "", line).strip()


def _one(marks: str) -> str:
    if marks.startswith("..."):  # something was cut here
        return "..." + marks[3:4].strip(".")
    if marks[0] == "." and marks[1] != ".":  # an abbreviation, and what follows it
        return marks[:2]
    return "." if "." in marks and marks[0] != ":" else marks[0]


def _says_something(line: str, values: Mapping[str, str]) -> bool:
    named = [match[1] for match in TOKEN.finditer(line) if match[1]]
    return not named or any(values.get(name) for name in named)
