"""Targets that are dead, slow or wrong in every way: the others hear at once, and it hears when it is well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from arrivals import HOST
from ground import Ground, ground, prepared
from receivers import HttpReceiver
from running import until

from alarmbro.shell.telling.sender import BUSY_THREADS

WAYS: dict[str, Callable[[HttpReceiver], None]] = {
    "refuses": HttpReceiver.refuse,
    "hangs": HttpReceiver.hang,
    "drips": HttpReceiver.drip,
    "resets": HttpReceiver.reset,
    "answers 500": lambda receiver: receiver.status(500),
    "answers 401": lambda receiver: receiver.status(401),
    "answers 429": lambda receiver: receiver.status(429),
    "answers too late": lambda receiver: receiver.slow(6.0),
}


def others_hear(on: Ground, number: int) -> None:
    """Press, and wait until the two that are well have heard of each."""
    on.unreachable = {0}
    on.press(number)
    on.settle()
    on.unreachable = set()


def failed(on: Ground) -> bool:
    """Tell whether each of the tries that the sick one takes at once has failed."""
    tries = [record.draft.data for record in on.daemon.records("attempt") if record.draft.recipient == "m0"]
    return len([each for each in tries if each["outcome"] != "ok"]) >= BUSY_THREADS


@pytest.mark.parametrize("way", WAYS)
def test_a_target_that_is_sick_delays_no_other_and_hears_when_it_is_well(tmp_path: Path, way: str, full: bool) -> None:
    """What the sick one has not taken is told again until it does."""
    if not full and way not in {"hangs", "refuses"}:
        pytest.skip("`make faults` tries every way")
    with ground(tmp_path, 20) as on:
        WAYS[way](on.receivers[0])
        others_hear(on, 10)
        until(lambda: failed(on))
        if way != "answers too late":  # that one has read what it was told
            on.receivers[0].arrivals.clear()
        on.receivers[0].start()
        on.receivers[0].ok()
        others_hear(on, 2)
        on.settle()
        on.done(f"a target {way}")


def test_a_name_that_never_resolves_delays_no_other(tmp_path: Path) -> None:
    """`.invalid` is a name that there is not (RFC 6761); a resolver that hangs is a target that hangs, by its lane."""
    with prepared(tmp_path, 10) as on:
        text = on.daemon.config.read_text(encoding="utf-8")
        text = text.replace(f"json://{HOST}:{on.receivers[0].port}/", "json://gateway.invalid/")
        on.daemon.config.write_text(text, encoding="utf-8")
        on.start()
        on.unreachable = {0}
        on.press(10)
        on.settle()
        on.done("a name that never resolves")


def test_twenty_that_hang_do_not_delay_the_one_that_is_well(tmp_path: Path) -> None:
    """Each has a lane of its own."""
    with prepared(tmp_path, 10) as on, HttpReceiver() as hanging:
        hanging.hang()
        text = on.daemon.config.read_text(encoding="utf-8")
        many = "".join(
            f"  h{number}: {{name: H{number}, urls: ['json://{HOST}:{hanging.port}/{number}']}}\n"
            for number in range(20)
        )
        names = ", ".join(f"h{number}" for number in range(20))
        text = text.replace("routes:\n", f"{many}routes:\n").replace("notify: [m0,", f"notify: [{names}, m0,")
        on.daemon.config.write_text(text, encoding="utf-8")
        on.start()
        on.press(10)
        on.settle()
        on.done("20 targets hang, 3 are well")
