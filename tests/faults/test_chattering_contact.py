"""A contact that closes again and again, with bounces: a fault, and nobody else's alarm is in its way."""

from __future__ import annotations

from pathlib import Path

from ground import Ground, a_moment, ground
from running import until

WIRES = "      tryk: {name: Kontakt ved døren, gpio: 17}\n"


def close_and_look(on: Ground) -> bool:
    """Let it close once more; tell whether somebody has been asked to see to it."""
    a_moment(0.08)  # it rests: without 50 ms of quiet it would be the same press still
    on.daemon.ask("pin", device="hus/tryk", for_s=0.03, bounce=3)
    return "chatter/hus/tryk" in on.faults()


def test_a_contact_that_chatters_is_a_fault_and_silences_nobody(tmp_path: Path) -> None:
    """It is told of once, as a fault; the device stays armed, and others are told by name."""
    with ground(tmp_path, 10, extra="gpio: {factory: mock}\n", wires=WIRES) as on:
        on.press(5)
        until(lambda: close_and_look(on), 60.0, say=on.daemon.log_text)
        on.press(5)
        assert close_and_look(on)
        on.settle()
        until(lambda: "tryk" in on.alarms())
        kinds = [record.draft.data.get("kind") for record in on.daemon.records("fault")]
        assert kinds.count("chatter") <= 1
        on.done("a contact chatters")
