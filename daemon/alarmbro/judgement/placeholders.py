"""What a URL may name in braces, and how it is filled in. Pure; any thread."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

PLACEHOLDERS = frozenset({"site.id", "site.name", "device.id", "device.name", "device.zone", "alarm.id", "alarm.kind"})
_BRACES = re.compile(r"\{([^{}]*)\}")


def names_in(url: str) -> list[str]:
    """Give what stands in braces in a URL, known or not, in its order."""
    return _BRACES.findall(url)


def render(url: str, values: Mapping[str, str]) -> str:
    """Fill a URL in; each value is quoted, so that it cannot change the URL's parts. Raise KeyError for another name."""
    return _BRACES.sub(lambda match: quote(values[match[1]], safe=""), url)
