"""Faults of what the configuration no longer has are over: nobody is left who would say so."""

from __future__ import annotations

import pytest
from clocks import JumpingClock
from places import municipality

from alarmbro.judgement.supervising.obsolete import obsolete
from alarmbro.model.alarm import Fault

TOWN = municipality()
LABEL = next(iter(TOWN.recipients.values())).targets[0].label
RECIPIENT = next(iter(TOWN.recipients))


def fault(kind: str, subject: str, site: str = "", device: str = "") -> Fault:
    return Fault(f"{kind}/{subject}", site, device, JumpingClock().now(), kind=kind, subject=subject)


@pytest.mark.parametrize(
    "stands",
    [
        fault("silent", "vraa/lommy-1", "vraa", "lommy-1"),
        fault("gpio", "edges"),
        fault("mqtt", "broker", "vraa"),
        fault("disk", "space"),
        fault("probe", LABEL),
        fault("target", LABEL),
        fault("reviewed", RECIPIENT),
        fault("unroutable", "gone-1", "gone", "x"),
        fault("nobody_told", "gone-1", "gone", "x"),
    ],
    ids=lambda each: each.id,
)
def test_what_is_still_there_keeps_its_fault(stands: Fault) -> None:
    """Only whoever raised it says that it is well."""
    assert obsolete([stands], TOWN) == []


@pytest.mark.parametrize(
    "gone",
    [
        fault("silent", "vraa/lommy-77", "vraa", "lommy-77"),
        fault("mqtt", "broker", "gone"),
        fault("probe", "gone/1 (json)"),
        fault("target_stuck", "gone/1 (json)"),
        fault("reviewed", "gone"),
        fault("watch_me", "watcher.example"),
        fault("certificate", "web.certificate"),
        fault("site", "gone"),
        fault("unroutable", "vraa-1", "vraa", "lommy-1"),
    ],
    ids=lambda each: each.id,
)
def test_what_is_gone_takes_its_fault_with_it(gone: Fault) -> None:
    """A pendant that was taken out never speaks again."""
    assert obsolete([gone], TOWN) == [gone]


def test_a_fault_that_is_cleared_is_left_alone() -> None:
    """It has been told."""
    over = fault("reviewed", "gone")
    over.cleared = True
    assert obsolete([over], TOWN) == []
