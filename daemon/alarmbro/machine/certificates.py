"""When certificates end, read from their files. In the thread of whoever asks; may block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from alarmbro.judgement.expiring.certificates import end_of

LARGEST = 1 << 20  # bytes; the authorities of a whole system have a fifth of it


def ends_of(named: Mapping[str, Path]) -> Iterator[tuple[str, datetime]]:
    """Give when each ends that can be read; of the others `doctor` says why."""
    for name, file in named.items():
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST)
        except OSError:  # the page's may be for its own user alone
            continue
        end = end_of(content, authorities=name.endswith("ca_file"))
        if end is not None:
            yield name, end
