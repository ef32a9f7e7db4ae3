"""Keeps over a restart how long each device had been silent, in a small file beside the journal.

Without it a dead pendant would count as silent from each restart anew, and with a restart a day never. It is no record:
where it is lost, silence is counted from the start.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)

FILE_NAME = "heard.json"
LARGEST = 1_000_000  # bytes; a thousand devices need a tenth


def read(folder: Path) -> dict[str, Any]:
    """Give what was kept: device path → facts; nothing where it cannot be read. Never raises."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            said = json.loads(file.read(LARGEST))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.warning("what was heard before this start is not known", error=type(error).__name__)
        return {}
    return said if isinstance(said, dict) else {}


def write(folder: Path, heard: Mapping[str, Any]) -> None:
    """Keep it: whole or not at all. Never raises; may hang with its disk."""
    beside = folder / f".{FILE_NAME}.new"
    try:
        beside.write_text(json.dumps(heard), encoding="utf-8")
        beside.replace(folder / FILE_NAME)
    except (OSError, ValueError) as error:
        log.warning("what was heard of devices is not kept", error=type(error).__name__)
