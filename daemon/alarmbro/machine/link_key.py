"""The key that links to answer by are made and checked with, in the file `link.key` of the state folder.

The daemon makes it, once; it belongs to the daemon's user, and its group may read it (0640): that of whoever serves the
page. Whoever can read it can answer alarms. Where it is removed, links that were sent do not work any more.
Any thread; may hang with its disk.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

import structlog

from alarmbro.judgement.addressing.linking import KEY_BYTES

log = structlog.get_logger(__name__)

FILE_NAME = "link.key"


def read(folder: Path) -> bytes | None:
    """Give the key; None where there is none that can be read. Never raises."""
    try:
        key = bytes.fromhex((folder / FILE_NAME).read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("the key of links cannot be read", error=type(error).__name__)
        return None
    return key if len(key) == KEY_BYTES else None


def make(folder: Path) -> bytes | None:
    """Give the key, made where there is none yet; None where it cannot be kept. Never raises."""
    known = read(folder)
    if known is not None:
        return known
    key = secrets.token_bytes(KEY_BYTES)
    beside = folder / f".{FILE_NAME}.new"
    try:
        with contextlib.suppress(FileNotFoundError):  # of a start that was killed in the middle
            beside.unlink()
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / FILE_NAME)
    except OSError as error:
        log.warning("the key of links cannot be kept; messages have no link", error=error.strerror)
        return None
    return key
