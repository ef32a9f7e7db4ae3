"""What is to be said of the configuration itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alarmbro.doctor.findings import Found, State, failed, well
from alarmbro.model.configuration import Configuration
from alarmbro.model.errors import Finding

CHECK = "configuration"


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading the file.

    `barred`: what this user may not read of all that it is made from; then nobody knows whether it is wrong. There may
    be a configuration all the same, without secrets: whoever needs one is not tried.
    """

    path: str
    configuration: Configuration | None = None
    findings: Sequence[Finding] = ()
    barred: str = ""

    @property
    def wrong(self) -> bool:
        """Tell whether the file itself is wrong."""
        return self.configuration is None and not self.barred

    @property
    def whole(self) -> Configuration | None:
        """Give the configuration with its secrets, for what needs them."""
        return None if self.barred else self.configuration


def judge(read: Read, user: str) -> Iterator[Found]:
    """Say whether it can be used, and everything that is wrong or doubtful about it."""
    if read.barred:
        yield failed(CHECK, read.barred, "configuration.barred", path=read.barred, user=user)
    elif read.configuration is None:
        yield failed(CHECK, read.path, "configuration.wrong", path=read.path)
    for each in read.findings:
        state = State.WARNING if each.warning else State.FAILED
        place = f"{each.file}:{each.line}:{each.column}"
        yield Found(CHECK, place, state, "configuration.finding", {"text": each.text})
    if read.configuration is not None:
        configuration = read.configuration
        sites, devices = ", ".join(configuration.serve), len(configuration.served_devices())
        yield well(CHECK, read.path, "configuration.right", path=read.path, sites=sites, devices=devices)
