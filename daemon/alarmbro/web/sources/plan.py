"""The configuration as the page needs it: names, routes, times. It never holds a secret.

The file is read again when it has changed; one with an error leaves the last good one. Which ways lead to whom (SMS,
mail) stands in addresses that are secret: the daemon tells their kinds alone.
Threads: `refresh` in a worker's, one at a time; all else in the event loop's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog

from alarmbro.model.configuration import Configuration
from alarmbro.model.errors import ConfigurationError
from alarmbro.model.route import Recipient, Target

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Plan:
    """The configuration of the file at `path`, which `load` reads without its secrets.

    Raise ConfigurationError where the first one is wrong. `problem`: the file has changed and cannot be used.
    """

    path: Path
    load: Callable[[Path], Configuration]
    problem: str = ""
    in_force: str = ""  # the digest of what the daemon goes by; empty where nobody has said
    configuration: Configuration = field(init=False)
    _file: Configuration = field(init=False)
    _stamp: tuple[int, int] | None = field(init=False)
    _people: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stamp = self._now()
        self.configuration = self._file = self.load(self.path)

    def refresh(self) -> None:
        """Read the file again where it has changed."""
        stamp = self._now()
        if stamp == self._stamp:
            return
        try:
            self._file = self.load(self.path)
        except ConfigurationError as error:
            self.problem = str(error).splitlines()[0]
            log.warning("the changed configuration is not used", error=self.problem)
        else:
            self.problem = ""
            self._merge()
        self._stamp = stamp

    def hear(self, answer: Mapping[str, Any]) -> None:
        """Take what the daemon says of the recipients and of what is in force."""
        self.in_force = str(answer["digest"])
        self._people = {each["recipient"]: each for each in answer["recipients"]}
        self._merge()

    @property
    def pending(self) -> bool:
        """Tell whether the file is not what the daemon goes by."""
        return bool(self.problem) or (bool(self.in_force) and self.in_force != self._file.digest)

    def _now(self) -> tuple[int, int] | None:
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def _merge(self) -> None:
        people = {
            name: _with_ways(each, self._people[name]) if name in self._people else each
            for name, each in self._file.recipients.items()
        }
        self.configuration = replace(self._file, recipients=people)


def _with_ways(recipient: Recipient, told: Mapping[str, Any]) -> Recipient:
    schemes = {each["number"]: str(each["scheme"]) for each in told["targets"]}

    def known(target: Target) -> Target:
        return replace(target, scheme=schemes.get(target.number, target.scheme))

    return replace(
        recipient,
        targets=tuple(map(known, recipient.targets)),
        fallback=tuple(map(known, recipient.fallback)),
        alarm_centre=bool(told["alarm_centre"]),
    )
