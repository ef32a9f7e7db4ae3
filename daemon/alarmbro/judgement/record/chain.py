"""How records are chained: each hash covers the one before it and all of its own record.

Pure. A changed, missing or swapped record breaks the chain at its place. What names a person (`personal`) is covered
by salted commitments, so that it can be removed later and the chain stays whole. A chain alone cannot show that its
tail was cut off: compare its head with one that is kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """What the chain covers of a record, as it is stored: JSON as its text, the monotonic clock in microseconds.

    `sealed` is the JSON of each personal field's commitment.
    """

    seq: int
    at: str
    boot: str
    monotonic_us: int
    type: str
    site: str
    device: str
    alarm: str
    recipient: str
    data: str
    ref: str
    sealed: str


def encode(data: Mapping[str, Any]) -> str:
    """Write JSON in the one form that is hashed, pure ASCII. What JSON does not know is written as its text."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), default=str)


def link(previous: str, entry: Entry) -> str:
    """Give the hash of `entry` (64 hex digits) after a record with the hash `previous` (`GENESIS` for the first)."""
    content = json.dumps(
        [
            entry.seq, entry.at, entry.boot, entry.monotonic_us, entry.type, entry.site, entry.device,
            entry.alarm, entry.recipient, entry.data, entry.ref, entry.sealed,
        ],
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(f"{previous}\n{content}".encode("utf-8", "surrogatepass")).hexdigest()


def commitment(salt: str, value: str) -> str:
    """Give what the chain covers in place of a personal `value`: without the salt nobody can guess it back."""
    return hashlib.sha256(f"{salt}\n{value}".encode("utf-8", "surrogatepass")).hexdigest()
