"""Whether the daemon lives, and what it says of itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from alarmbro.doctor.findings import Found, State, doubtful, failed, well

CHECK = "daemon"
# Faults that keep no alarm from anybody as long as they are alone.
MILD = frozenset({
    "battery", "clock", "disk", "feedback", "flapping", "link", "metrics", "reviewed", "temperature", "test_due",
    "watch_me", "watching",
})  # fmt: skip


class Sign(StrEnum):
    """What there was of a daemon."""

    ANSWERS = "answers"
    SILENT = "silent"  # it is there, and does not answer
    BARRED = "barred"  # this user may not ask it
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Alive:
    """What was seen of the daemon. `status` is its answer to `status`; `error` says in a word why there is none."""

    sign: Sign
    status: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def may_run(self) -> bool:
        """Tell whether a daemon may be at work here: then its pins and its names are not tried."""
        return self.sign is not Sign.AWAY

    def device(self, path: str) -> Mapping[str, Any] | None:
        """Give what it says of a device; None where it does not know it."""
        for each in self.status.get("devices", ()):
            if f"{each.get('site')}/{each.get('device')}" == path:
                return dict(each)
        return None


def judge(alive: Alive, version: str, run_dir: str, user: str) -> Iterator[Found]:
    """Say whether the daemon answers, and each fault that it tells; `version` is that of this program."""
    if alive.sign is not Sign.ANSWERS:
        yield _absent(alive, run_dir, user)
        return
    status = alive.status
    numbers = {"devices": len(status.get("devices", ())), "alarms": len(status.get("alarms", ()))}
    yield well(CHECK, "", "daemon.answers", version=status.get("version"), **numbers)
    if status.get("version") != version:
        yield doubtful(CHECK, "version", "daemon.older", theirs=status.get("version"), ours=version)
    yield from map(_fault, status.get("faults", ()))
    for site, connected in status.get("mqtt", {}).items():
        if not connected:
            yield failed(CHECK, site, "daemon.unlinked", site=site)
    for each in status.get("test_rounds", ()):
        yield doubtful(CHECK, str(each.get("site")), "daemon.test", site=each.get("site"), until=each.get("until"))


def _absent(alive: Alive, run_dir: str, user: str) -> Found:
    if alive.sign is Sign.BARRED:
        return doubtful(CHECK, "", "daemon.barred", folder=run_dir, user=user)
    if alive.sign is Sign.SILENT:
        return failed(CHECK, "", "daemon.silent", error=alive.error)
    return failed(CHECK, "", "daemon.away", folder=run_dir)


def _fault(fault: Mapping[str, Any]) -> Found:
    kind, subject = str(fault.get("kind")), str(fault.get("subject"))
    values = {"kind": kind, "subject": subject, "detail": str(fault.get("detail") or "")}
    state = State.WARNING if kind in MILD else State.FAILED
    return Found(CHECK, f"{kind}/{subject}", state, "daemon.fault", values)
