"""Errors by whose job it is to act, each saying what to do.

`str(error)` is one line for that person. It never holds a secret: whoever raises takes care of that.
"""

from __future__ import annotations

from dataclasses import dataclass


class AlarmbroError(Exception):
    """Something that a person must act on; the text says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (or doubtful, where `warning`) in the configuration.

    `line` and `column` count from 1. `text` says what is wrong; what would be right.
    """

    file: str
    line: int
    column: int
    text: str
    warning: bool = False

    def __str__(self) -> str:
        """Give `FILE:LINE:COLUMN: text`, the form that editors jump to."""
        mark = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}:{self.column}: {mark}{self.text}"


class ConfigurationError(AlarmbroError):
    """The configuration is wrong; `findings` holds every fault at once. The installer mends the file."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


class MachineError(AlarmbroError):
    """This machine cannot do what the configuration asks (no GPIO chip, no right to a file). The technician acts."""


class JournalError(AlarmbroError):
    """The journal cannot be opened, read or written. The alarm path goes on without it; the technician acts."""


class UnreachableError(AlarmbroError):
    """The daemon does not answer on its control socket. The caller starts it, or names the right `--run-dir`."""


class RefusedError(AlarmbroError):
    """The request was understood and refused; nothing was changed. The text says why."""
