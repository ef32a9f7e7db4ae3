"""What is wrong with the machine itself."""

from __future__ import annotations

import pytest

from alarmbro.judgement.supervising.machine import Vitals, of_machine

WELL = Vitals(
    synchronised=True, free_bytes=10**9, free_inodes=10**5, celsius=50.0, undervoltage=False, throttled=False,
    free_memory=0.5,
)  # fmt: skip


def wrong(vitals: Vitals) -> dict[str, str]:
    return {f"{each.kind}/{each.subject}": each.detail for each in of_machine(vitals) if not each.well}


def test_a_machine_that_is_well_is_said_to_be_well_in_every_respect() -> None:
    """So that what was wrong before is over."""
    assert wrong(WELL) == {}
    assert {f"{each.kind}/{each.subject}" for each in of_machine(WELL)} == {
        "clock/sync", "disk/space", "disk/files", "temperature/cpu", "memory/machine", "power/undervoltage",
        "power/throttled",
    }  # fmt: skip


def test_everything_that_can_be_wrong_is_told() -> None:
    """Each with the figure."""
    ill = Vitals(
        synchronised=False, free_bytes=199_000_000, free_inodes=10, celsius=81.2, undervoltage=True, throttled=True,
        free_memory=0.04,
    )  # fmt: skip
    assert wrong(ill) == {
        "clock/sync": "not synchronised", "disk/space": "199 MB free", "disk/files": "room for 10 files",
        "temperature/cpu": "81 °C", "memory/machine": "4% free", "power/undervoltage": "", "power/throttled": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("between", "subject"),
    [
        (Vitals(synchronised=True, celsius=75.0), "temperature"),
        (Vitals(synchronised=True, free_bytes=250_000_000), "disk"),
        (Vitals(synchronised=True, free_memory=0.07), "memory"),
    ],
)
def test_between_two_marks_what_was_said_last_holds(between: Vitals, subject: str) -> None:
    """Else a value on the mark would be a fault each minute."""
    assert [each for each in of_machine(between) if each.kind == subject] == []


def test_what_a_machine_cannot_measure_is_nobodys_trouble() -> None:
    """A PC has no under-voltage."""
    assert [each.kind for each in of_machine(Vitals(synchronised=True))] == ["clock"]
