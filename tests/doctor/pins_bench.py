"""The doctor's process for pins on a chip that is not there: lgpio's module, thread and gpiozero's factory are real.

Run as a process of its own, as lgpio cannot be unloaded. Prints one JSON object.

Usage: pins_bench.py SCRATCH
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from lgpio_bench import pi

from alarmbro.doctor.trying.pin_process import try_all

REST, CLOSED, TAKEN, LIGHT = 17, 27, 22, 24


def main(scratch: Path) -> dict[str, Any]:
    chip, build = pi(scratch)
    chip.levels[CLOSED] = 0
    chip.busy.add(TAKEN)
    holder = "w1-gpio"
    sys.modules["lgpio"].gpio_get_line_info = lambda _handle, line: (  # type: ignore[attr-defined]  # lgpio has no types
        [0, line, int(line in chip.busy), "", holder if line in chip.busy else ""]
    )
    found = try_all(None, [REST, CLOSED, TAKEN, 99], [LIGHT], lambda _gpio: build())
    return {**found, "outputs": sorted(chip.outputs), "here": str(Path.cwd())}


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(main(Path(sys.argv[1]))) + "\n")
