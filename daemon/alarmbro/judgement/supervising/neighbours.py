"""When the silence of another site's machine is a fault. Pure; time is an argument.

Each machine watches the sites that it does not serve: a machine that is dead cannot say so itself. A site's `status` is
retained; it is published at each change and at least daily (`shell.showing.announcer`), and the last will of its
connection says `"online": false`.

Promises: counts only the seconds in which this machine was itself connected to the broker: what it could not hear is
nobody's silence. What a broker has kept, and we have heard before, is no news.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from alarmbro.model.activation import Trouble

KIND = "site"
OFFLINE_S = 180.0  # a restart takes seconds, a Pi that reboots a minute
NEVER_S = 3600.0  # a machine that is being installed
STALE_S = 25 * 3600.0  # an hour more than the day within which each status is published again


@dataclass(slots=True)
class Neighbour:
    """What is known of one site. Times are seconds that we have listened."""

    heard_s: float | None = None
    online: bool = True
    offline_s: float = 0.0
    kept: bytes = b""  # of the last status: what the broker gives again is recognised by it
    told: tuple[bool, str] | None = None


class Neighbours:
    """The sites that are watched. `now_s` is the monotonic clock's; one thread."""

    def __init__(self, sites: Iterable[str]) -> None:
        self._sites = {site: Neighbour() for site in sites}
        self._listened_s = 0.0
        self._since_s: float | None = None

    def linked(self, now_s: float) -> None:
        """Begin to count: we hear."""
        self._since_s = now_s

    def unlinked(self, now_s: float) -> None:
        """Stop counting: we hear nobody."""
        self._listened_s, self._since_s = self._count(now_s), None

    def heard(self, site: str, payload: bytes, now_s: float, *, kept: bool) -> None:
        """Take a site's status; `kept` where the broker had it already. What cannot be read is no sign of life."""
        neighbour, online = self._sites.get(site), online_in(payload)
        if neighbour is None or online is None:
            return
        at_s, digest = self._count(now_s), hashlib.sha256(payload).digest()
        if not kept or digest != neighbour.kept:
            neighbour.heard_s, neighbour.kept = at_s, digest
        if neighbour.online and not online:
            neighbour.offline_s = at_s
        neighbour.online = online

    def due(self, now_s: float) -> Iterator[Trouble]:
        """Give what has changed by now: sites that fell silent, and those that are back."""
        if self._since_s is None:
            return
        for site, neighbour in self._sites.items():
            verdict = _verdict(neighbour, self._count(now_s))
            if verdict is not None and verdict != neighbour.told:
                neighbour.told = verdict
                well, detail = verdict
                yield Trouble(KIND, site, well=well, detail=detail, site=site)

    def _count(self, now_s: float) -> float:
        return self._listened_s if self._since_s is None else self._listened_s + max(0.0, now_s - self._since_s)


def _verdict(neighbour: Neighbour, listened_s: float) -> tuple[bool, str] | None:
    """Tell whether a site is well and, where not, why; None while that is not certain yet."""
    if neighbour.heard_s is None:
        return (False, "nothing was ever heard from it") if listened_s >= NEVER_S else None
    if not neighbour.online:
        return (False, "it is offline") if listened_s - neighbour.offline_s >= OFFLINE_S else None
    if listened_s - neighbour.heard_s >= STALE_S:
        return False, "nothing new was heard from it for 25 h"
    return True, ""


def online_in(payload: bytes) -> bool | None:
    """Read a status; None for what is none."""
    try:
        said: Any = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    online = said.get("online") if isinstance(said, dict) else None
    return online if isinstance(online, bool) else None
