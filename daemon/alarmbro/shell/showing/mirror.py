"""Shows machines beside us (Home Assistant) how each device is, and calls out what happens at it.

Promises: never in the way: what it is given to show with (`inputs.watching.watcher`) neither blocks nor raises, and a
fault in here costs no alarm. A press is called out at once; how things stand is shown a second after a change at the
latest, and looked at again every half minute, as batteries and signs of life are no records.
Runs in the deciding thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from alarmbro.judgement.home_assistant.states import event_of, state_of
from alarmbro.model.moment import UNKNOWN_S, Moment
from alarmbro.model.record import Draft

log = structlog.get_logger(__name__)

EVERY_S = 30.0
SOONEST_S = 1.0


class Shows(Protocol):
    """What shows devices to others."""

    def show(self, site: str, device: str, state: Mapping[str, Any]) -> None:
        """Have a device's state stand where others read it."""
        ...

    def call(self, site: str, device: str, event: Mapping[str, Any]) -> None:
        """Say once what happened at a device."""
        ...


@dataclass(slots=True)
class Mirror:
    """`devices` gives each served device as `status --json` shows it. Without `shows` nothing is done."""

    devices: Callable[[], Sequence[Mapping[str, Any]]]
    shows: Shows | None = None
    _shown_s: float = field(default=float("-inf"))
    _changed: bool = True

    def record(self, draft: Draft) -> None:
        """Take note of a record that was just applied."""
        if self.shows is None:
            return
        self._changed = True
        try:
            event = event_of(draft)
            if event is not None:
                self.shows.call(draft.site, draft.device, event)
        except Exception:  # nobody who must come waits for this
            log.exception("an event could not be called out", type=draft.type.value)

    def publish(self, now: Moment) -> float:
        """Show what is due; give the seconds until it should be asked again."""
        if self.shows is None:
            return UNKNOWN_S
        wait_s = self._shown_s + (SOONEST_S if self._changed else EVERY_S) - now.monotonic_s
        if wait_s > 0:
            return wait_s
        self._shown_s, self._changed = now.monotonic_s, False
        try:
            for view in self.devices():
                self.shows.show(view["site"], view["device"], state_of(view))
        except Exception:  # as above; tried again in half a minute
            log.exception("devices could not be shown")
        return EVERY_S
