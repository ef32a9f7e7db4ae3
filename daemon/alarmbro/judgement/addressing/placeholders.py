"""What a recipient's URL may name in braces, and how it is filled in. Pure; any thread."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

PLACEHOLDERS: Final = frozenset(
    {"site.id", "site.name", "device.id", "device.name", "device.zone", "alarm.id", "alarm.kind"}
)
NAMED = re.compile(r"\{([^{}]*)\}")


def names_in(url: str) -> list[str]:
    """Give what stands in braces, in order, whether or not it is a placeholder."""
    return NAMED.findall(url)


def has_stray_brace(url: str) -> bool:
    """Tell whether a brace stands without its other half. A brace that is meant as itself is written %7B or %7D."""
    rest = NAMED.sub("", url)
    return "{" in rest or "}" in rest


def render(url: str, values: Mapping[str, str]) -> str:
    """Give the URL with each placeholder's value, URL-quoted. Raise KeyError for one that has no value.

    In one pass, so that a value with braces in it stays what it is.
    """
    return NAMED.sub(lambda match: quote(values[match[1]], safe=""), url)
