"""The relays of this machine's alarms: at rest from the start, signalling again for what is open, and dead at the end.

Promises: a relay that cannot be had is a fault of its target and keeps nothing else from starting; it is tried again
whenever its target is. Runs in the thread that starts and ends the daemon, or asks for another configuration; `pins` is
called in those that send, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from alarmbro.delivery.plugins import relay
from alarmbro.judgement.addressing.placeholders import render
from alarmbro.judgement.supervising.targets import KIND
from alarmbro.model.activation import Trouble
from alarmbro.model.alarm import Alarm
from alarmbro.model.delivery import Outcome
from alarmbro.model.route import Target

SCHEME = "relay"


def start(
    targets: Iterable[Target],
    alarms: Iterable[Alarm],
    values: Mapping[str, str],
    pins: Callable[[], object],
    trouble: Callable[[Trouble], None],
) -> None:
    """Claim each relay of `targets`, and let a latched one signal for those of the open `alarms` that it was told of.

    Those of an earlier configuration are given back.

    `values` are samples for the placeholders of an address; `pins` gives a gpiozero Factory or raises.
    """
    relay.configure(pins)
    open_alarms, ours = tuple(alarms), [target for target in targets if target.scheme == SCHEME]
    relay.keep_only(render(target.url.reveal(), values) for target in ours)
    for target in ours:
        signalled = [alarm.id for alarm in open_alarms if was_told(alarm, target)]
        result = relay.claim(render(target.url.reveal(), values), signalled)
        if result.outcome is not Outcome.OK:
            trouble(Trouble(KIND, target.label, detail=result.detail or result.reason))


def was_told(alarm: Alarm, target: Target) -> bool:
    """Tell whether a call of this alarm has come through to this target."""
    calls = {notice.number for notice in alarm.notices if notice.calls}
    return any(
        progress.done and (each.recipient, each.target) == (target.recipient, target.number) and each.notice in calls
        for each, progress in alarm.progress.items()
    )


def stop() -> None:
    """End every signal and give the pins back. May be called whatever has been started. Never raises."""
    relay.release_all()
