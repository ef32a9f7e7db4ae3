"""The real daemon, with a voltmeter on one of its mock pins: `relay_seen.py PIN FILE run …`.

Appends to FILE what the pin is, a line at each change: `input`, `output 0` or `output 1`.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alarmbro.inputs.pin_mock import ContactPin


def with_a_voltmeter(name: str, file: Path) -> None:
    """Measure the pin of that name after whatever can change it."""
    last = ""

    def measure(pin: ContactPin) -> None:
        nonlocal last
        now = f"output {int(pin.state)}" if pin.function == "output" else "input"
        if pin.info.name == name and now != last:
            last = now
            with file.open("a", encoding="ascii") as lines:
                lines.write(now + "\n")

    for change in ("output_with_state", "_set_state", "close"):
        setattr(ContactPin, change, measured(getattr(ContactPin, change), measure))


def measured(change: Callable[..., Any], measure: Callable[[ContactPin], None]) -> Callable[..., Any]:
    """Wrap what changes a pin."""

    @functools.wraps(change)
    def then_measured(pin: ContactPin, *values: Any) -> Any:
        done = change(pin, *values)
        measure(pin)
        return done

    return then_measured


if __name__ == "__main__":
    from alarmbro.cli.main import main

    with_a_voltmeter(f"GPIO{sys.argv[1]}", Path(sys.argv[2]))
    sys.argv = ["alarmbro", *sys.argv[3:]]
    main()
