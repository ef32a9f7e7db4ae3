"""How the file's words for what a device publishes are read: paths, values, channels. As `readers`. Any thread."""

from __future__ import annotations

import re
from typing import Any

from alarmbro.config.values.readers import WrongError, invisible, text


def path_in_payload(written: Any) -> str:
    """Read a dotted path into a payload; empty is the payload itself."""
    words = text(written)
    if words and ("" in words.split(".") or invisible(words)):
        raise WrongError("this is no path; write keys with dots between, as in event.attributes.alarm")
    return words


def scalar(written: Any) -> str | int | float | bool:
    """Read a value to compare with: a text, a number, true or false."""
    if written == "":
        raise WrongError("an empty text says nothing, as makers send it after a press; write what a press says")
    if isinstance(written, (str, int, float)):
        return written
    raise WrongError("this must be a single value to compare with; write a text, a number, true or false")


def present(written: Any) -> bool:
    """Read `present: true`."""
    if written is True:
        return True
    raise WrongError("this asks for nothing; write present: true, or equals: and the value in its place")


def channel(written: Any) -> str:
    """Read which button of a device: a number or a name, which becomes part of a topic or a path."""
    word = str(written) if isinstance(written, int) and not isinstance(written, bool) else text(written)
    if not re.fullmatch(r"[A-Za-z0-9_:-]{1,60}", word):
        raise WrongError("this is no button or input of a device; write its number or its name there")
    return word


def own_topics(written: Any) -> bool:
    """Read `mqtt: true`."""
    if written is True:
        return True
    forms = "true (alarmbro's own topics), {preset: NAME, id: ID}, or topic and press"
    raise WrongError(f"this says nothing about the device's messages; write {forms}, or leave mqtt out")
