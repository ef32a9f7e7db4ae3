"""What the fuzz tests share: how much is tried, JSON of every kind, and a configuration with every kind of device."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from alarmbro.config import load
from alarmbro.model.configuration import Configuration

GOOD = Path(__file__).parents[1] / "config" / "good"
SECRETS = {
    "ALARMBRO_SECRET_MQTT_PASSWORD": "kanarie-4711",
    "ALARMBRO_SECRET_SERVICETEAM_SMS": "json://kanarie-4711@127.0.0.1/sms",
}
TIMES = int(os.environ.get("ALARMBRO_FUZZ", "1"))  # how many times as much as among the other tests
ODD = ["\ud800", "\ufeff", "\x00", "\x1b[2J", "\u202e", "a" * 10_000, "9" * 5000, "1e999", "NaN", "æøå", "", " "]


def tries(number: int) -> settings:
    """Give the settings of a test that tries so many examples."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=number * TIMES, deadline=None, suppress_health_check=slow)


TEXTS = st.text(max_size=20) | st.sampled_from(ODD)
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, -1, 1 << 63, 10**400, 1e308])


def trees(keys: st.SearchStrategy[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Give whatever JSON can say, with these keys and values among others."""
    leaves = st.none() | st.booleans() | NUMBERS | TEXTS | values
    return st.recursive(
        leaves,
        lambda below: st.lists(below, max_size=4) | st.dictionaries(keys | TEXTS, below, max_size=5),
        max_leaves=12,
    )


def written(tree: Any) -> bytes:
    """Write JSON as a careless sender does: NaN, and halves of letters, too."""
    return json.dumps(tree).encode()


def spoilt(content: bytes, at: int, piece: bytes) -> bytes:
    """Put something else in a place of it."""
    place = at % (len(content) + 1)
    return content[:place] + piece + content[place + len(piece) :]


@cache
def configuration() -> Configuration:
    """Give the one that has everything."""
    return load(GOOD / "everything.yaml", environ=SECRETS).configuration
