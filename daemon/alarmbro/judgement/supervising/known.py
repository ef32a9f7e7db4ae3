"""What has been heard of a device: when last, its battery, whether it is there. Pure.

Promises: silence is counted in seconds of this machine's running, never by wall time: while the machine was off it
could not hear anybody, and a clock that jumps makes no device silent. What is kept over a restart is how long the
silence had lasted by then.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from alarmbro.model.activation import Heartbeat
from alarmbro.model.moment import Moment, from_iso, iso


@dataclass(slots=True)
class Known:
    """What is known of one device.

    `since` is when alarmbro began to listen to it. `heard` is its last sign of life since then, `heard_before` one
    before that, and `silent_s` how long it had been silent when listening began. `available` says by teller whether it
    is there.
    """

    since: Moment
    heard: Moment | None = None
    heard_before: datetime | None = None
    silent_s: float = 0.0
    battery: int | None = None
    battery_low: bool | None = None
    link: int | None = None
    tamper: bool | None = None
    available: dict[str, bool] = field(default_factory=dict)

    def learn(self, said: Heartbeat) -> None:
        """Take what was said of the device.

        Only its own live word is a sign of life: a gateway that is back says nothing of the button in a drawer.
        """
        if said.available is not None:
            self.available[said.teller] = said.available
        elif said.live:
            self.heard = said.received
        self.battery = self.battery if said.battery is None else said.battery
        self.battery_low = self.battery_low if said.battery_low is None else said.battery_low
        self.link = self.link if said.link is None else said.link
        self.tamper = self.tamper if said.tamper is None else said.tamper

    def pressed(self, at: Moment, battery: int | None) -> None:
        """Take a press: nothing proves better that a device lives."""
        self.heard = at
        self.battery = self.battery if battery is None else battery

    def silence_s(self, now: Moment) -> float:
        """Give the seconds for which nothing was heard while this machine listened."""
        return now.since(self.heard) if self.heard is not None else self.silent_s + now.since(self.since)

    def last_heard(self) -> datetime | None:
        """Give when the device was last heard by wall time, before this start too; None: never."""
        return self.heard.utc if self.heard is not None else self.heard_before

    def absent(self) -> list[str]:
        """Name those who say that the device is not there."""
        return sorted(teller for teller, there in self.available.items() if not there)

    def kept(self, now: Moment) -> dict[str, Any]:
        """Give what a later start should know, as JSON takes it."""
        heard = self.last_heard()
        return {
            "silent_s": round(self.silence_s(now)),
            "heard": iso(heard) if heard else None,
            "battery": self.battery,
            "battery_low": self.battery_low,
            "link": self.link,
            "tamper": self.tamper,
            "available": self.available,
        }


def recalled(kept: Any, since: Moment) -> Known:
    """Give what was kept; what cannot be read of it is not known."""
    said = kept if isinstance(kept, Mapping) else {}
    silent_s, battery = said.get("silent_s"), said.get("battery")
    known = Known(since, heard_before=_time(said.get("heard")))
    if isinstance(silent_s, int | float) and math.isfinite(silent_s) and silent_s > 0:
        known.silent_s = float(silent_s)
    low, tamper, link, available = (said.get(name) for name in ("battery_low", "tamper", "link", "available"))
    known.battery_low = low if isinstance(low, bool) else None
    known.tamper = tamper if isinstance(tamper, bool) else None
    known.link = link if isinstance(link, int) and not isinstance(link, bool) else None
    tellers = available.items() if isinstance(available, Mapping) else ()
    known.available = {str(teller): there for teller, there in tellers if isinstance(there, bool)}
    if isinstance(battery, int) and not isinstance(battery, bool) and 0 <= battery <= 100:  # noqa: PLR2004 - per cent
        known.battery = battery
    return known


def _time(text: Any) -> datetime | None:
    try:
        return from_iso(text) if isinstance(text, str) else None
    except (ValueError, OverflowError):  # no time: then it was never heard, as far as we know
        return None
