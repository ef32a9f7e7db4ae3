"""What people read in Home Assistant: the names of what each site and device has. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from alarmbro.model.configuration import Language

WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    Language.DANISH: {
        "model.site": "Sted med overfaldsalarm",
        "model.device": "Overfaldsknap",
        "press": "Tryk",
        "alarm": "Åben alarm",
        "problem": "Fejl",
        "connected": "Forbindelse",
        "testing": "Testrunde",
        "under_test": "Under test",
        "test_due": "Mangler test",
        "last_test": "Sidste test",
        "battery": "Batteri",
        "battery_low": "Lavt batteri",
    },
    Language.ENGLISH: {
        "model.site": "Site with panic buttons",
        "model.device": "Panic button",
        "press": "Press",
        "alarm": "Open alarm",
        "problem": "Fault",
        "connected": "Connection",
        "testing": "Test round",
        "under_test": "Under test",
        "test_due": "Test due",
        "last_test": "Last test",
        "battery": "Battery",
        "battery_low": "Low battery",
    },
}
