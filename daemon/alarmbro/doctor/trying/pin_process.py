"""The process that tries pins: reads on stdin what is to be tried, writes what it found on stdout, both as JSON.

Inputs are claimed for a moment, as the daemon claims them, and given back. An output is never claimed: it would switch.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from alarmbro.inputs.pins import build_factory, close_input, open_input
from alarmbro.model.configuration import Gpio
from alarmbro.model.errors import MachineError
from alarmbro.model.site import GpioInput

SETTLED_S = 0.2  # the pull-up against the capacity of a long cable
IN_USE = 1  # lgpio.gpio_get_line_info: the line is in use (the kernel's GPIO_V2_LINE_FLAG_USED)
FLAGS, NAME_OF_HOLDER = 2, 4

Build = Callable[[Gpio], Any]


class _Deaf:
    """Takes edges that nobody wants."""

    def edge(self, _tick: Any, _state: Any) -> None:
        """Take one."""


def try_all(chip: int | None, inputs: Sequence[int], outputs: Sequence[int], build: Build) -> dict[str, Any]:
    """Try the pins with the factory that `build` gives, and give what was found; see `judging.pins.Trial`."""
    try:
        pins = build(Gpio(chip=chip))
    except MachineError as error:
        return {"board": "", "error": str(error), "pins": []}
    try:
        info = pins.board_info
        tried = [*_inputs(pins, inputs), *(_looked_at(pins, pin) for pin in outputs)]
        return {"board": f"{info.model} ({info.revision}), gpiochip{pins.chip}", "error": "", "pins": tried}
    finally:
        pins.close()


def _inputs(pins: Any, numbers: Sequence[int]) -> list[dict[str, Any]]:
    found, claimed, deaf = [], {}, _Deaf()
    for number in numbers:
        before = _looked_at(pins, number)
        try:
            if not before["held"]:
                claimed[number] = open_input(pins, GpioInput(number), "doctor", deaf.edge)
        except MachineError as error:
            before["error"] = str(error).removeprefix("doctor: ")
        if number not in claimed:
            found.append(before)
    threading.Event().wait(SETTLED_S)
    for number, each in claimed.items():
        found.append({"pin": number, "closed": bool(each.is_active)})
        close_input(each, "doctor")
    return found


def _looked_at(pins: Any, number: int) -> dict[str, Any]:
    """Say who has a line, as the kernel knows it."""
    lgpio = sys.modules["lgpio"]
    try:
        info = lgpio.gpio_get_line_info(pins._handle, number)  # noqa: SLF001  # no public way
        held = bool(info[FLAGS] & IN_USE)
        return {"pin": number, "held": held, "holder": str(info[NAME_OF_HOLDER]) if held else ""}
    except Exception as error:  # noqa: BLE001  (told as the pin's error)
        return {"pin": number, "error": f"{type(error).__name__}: {error}"}


def main() -> None:
    """Try what stdin asks for."""
    asked = json.loads(sys.stdin.read())
    found = try_all(asked["chip"], asked["inputs"], asked["outputs"], lambda gpio: build_factory(gpio, Path.cwd()))
    sys.stdout.write("\n" + json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
