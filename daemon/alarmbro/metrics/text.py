"""The text that Prometheus reads (exposition format 0.0.4). Pure; any thread.

Source: prometheus.io/docs/instrumenting/exposition_formats. A client library would bring its own web server, which has
no limits, and counters with locks; what is left of it is this file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
WHOLE = 2.0**53  # up to here every whole number is written as one

Kind = Literal["counter", "gauge", "histogram"]


@dataclass(frozen=True, slots=True)
class Value:
    """One number. `suffix` is behind the family's name: `_bucket`, `_sum` and `_count` of a histogram."""

    number: float
    labels: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """All values of one name, with what they mean. One without values is named all the same: it exists."""

    name: str
    kind: Kind
    meaning: str
    values: Sequence[Value] = ()


def written(families: Iterable[Family]) -> str:
    """Write families in their order."""
    return "".join(map(_family, families))


def _family(family: Family) -> str:
    meaning = family.meaning.replace("\\", r"\\").replace("\n", r"\n")
    lines = [f"# HELP {family.name} {meaning}", f"# TYPE {family.name} {family.kind}"]
    lines += [f"{family.name}{each.suffix}{_labels(each.labels)} {_number(each.number)}" for each in family.values]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_quoted(text)}"' for name, text in labels.items()) + "}"


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _number(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    return str(int(number)) if number == int(number) and abs(number) < WHOLE else repr(float(number))
