"""What the doctor finds: codes and values, from which `words` makes a line. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How a thing stands. Only `failed` would keep an alarm from somebody, or will soon."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding. `check` groups it, `subject` names what it is about, `says` its words; no value is a secret."""

    check: str
    subject: str
    state: State
    says: str
    values: Mapping[str, object] = field(default_factory=dict)


def well(check: str, subject: str, says: str, **values: object) -> Found:
    """Give a finding that nobody need act on."""
    return Found(check, subject, State.OK, says, values)


def doubtful(check: str, subject: str, says: str, **values: object) -> Found:
    """Give a finding that somebody should look at."""
    return Found(check, subject, State.WARNING, says, values)


def failed(check: str, subject: str, says: str, **values: object) -> Found:
    """Give a finding that somebody must act on."""
    return Found(check, subject, State.FAILED, says, values)
