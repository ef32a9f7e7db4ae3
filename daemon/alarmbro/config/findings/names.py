"""The nearest right name to a wrong one. Any thread."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MANY = 12  # names that a person still reads in a line


def nearest(wrong: str, right: Iterable[str]) -> str:
    """Give a question with the nearest name, or else the names that there are."""
    known = list(dict.fromkeys(right))
    close = get_close_matches(wrong.lower(), known, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    if not known:
        return "there is none yet"
    if len(known) > MANY:
        return f"there are {', '.join(known[:MANY])} and others"
    return f"there {'is' if len(known) == 1 else 'are'} {', '.join(known)}"
