"""How a device is, and what happens at it, as machines beside us read it on `state` and `event`. Pure.

Codes and times, no words for people; never who answered, and never where anybody is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from alarmbro.judgement.supervising.health import DEAD, NEVER_HEARD, NEVER_TESTED, NO_INPUT, TEST_DUE
from alarmbro.model.moment import iso
from alarmbro.model.record import Draft, RecordType

PRESS, TEST, ACKNOWLEDGED, CLOSED = "press", "test", "acknowledged", "closed"
EVENTS: Final = (PRESS, TEST, ACKNOWLEDGED, CLOSED)
EVENT_OF: Final = {
    RecordType.RAISED: PRESS,
    RecordType.JOINED: PRESS,
    RecordType.TEST_PRESSED: TEST,
    RecordType.ACKNOWLEDGED: ACKNOWLEDGED,
    RecordType.CLOSED: CLOSED,
}
OF_TESTS: Final = frozenset({TEST_DUE, NEVER_TESTED})
CUT_OFF: Final = DEAD | {"gateway", "mqtt", "listener"}


def state_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """Give what stands on a device's `state` topic; `view` is how `status --json` shows the device."""
    reasons = list(view["reasons"])
    kinds = {reason.partition("/")[0] for reason in reasons}
    battery = view["battery"]
    return {
        "health": view["health"],
        "problem": bool(kinds - OF_TESTS),
        "reasons": reasons,
        "connected": None if kinds & {NEVER_HEARD, NO_INPUT} else not kinds & CUT_OFF,
        "battery": battery,
        "battery_low": None if battery is None and "battery" not in kinds else "battery" in kinds,
        "alarm": view["alarm"] or "",
        "under_test": view["under_test"],
        "test_due": bool(kinds & OF_TESTS),
        "last_press": view["last_press"],
        "last_test": view["tested"],
    }


def event_of(draft: Draft) -> dict[str, Any] | None:
    """Give what goes out on a device's `event` topic after a record; None for what is nobody's event.

    Of a test there is the press alone: who trusts an `acknowledged` takes it for an alarm's.
    """
    kind = EVENT_OF.get(draft.type)
    if kind is None or not draft.device or draft.data.get("test"):
        return None
    return {"event_type": kind, "alarm": draft.alarm, "at": iso(draft.at.utc)}
