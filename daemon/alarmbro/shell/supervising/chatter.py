"""Makes it a fault that a device chatters: somebody must see to it. Its presses, and all others, stay alarms.

Runs in the deciding thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from alarmbro.judgement.supervising.chattering import MOST, WITHIN_S, Chattering
from alarmbro.model.activation import Trouble

KIND = "chatter"


@dataclass(slots=True)
class Chatter:
    """Gives the troubles that presses bring. Keeps some bytes for each device that has been pressed."""

    _devices: dict[tuple[str, str], Chattering] = field(default_factory=dict)

    def pressed(self, site: str, device: str, now_s: float) -> Iterator[Trouble]:
        """Take a press of a device."""
        if self._devices.setdefault((site, device), Chattering()).pressed(now_s):
            detail = f"{MOST} presses within {WITHIN_S:.0f} s"
            yield Trouble(KIND, f"{site}/{device}", detail=detail, site=site, device=device)

    def due(self, now_s: float) -> Iterator[Trouble]:
        """Give the ends that have come."""
        for (site, device), chattering in self._devices.items():
            if chattering.over_in_s(now_s) <= 0:
                chattering.end()
                yield Trouble(KIND, f"{site}/{device}", well=True, site=site, device=device)

    def next_in_s(self, now_s: float) -> float:
        """Give the seconds until `due` has something (infinite: nothing as things stand)."""
        return min((each.over_in_s(now_s) for each in self._devices.values()), default=float("inf"))
