"""The real daemon, with a hand at one of its mock wires: `cable_cut.py PIN FILE run …`.

The wire to the pin is cut for as long as FILE is there.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from alarmbro.inputs.pin_mock import ContactFactory, Wire

EVERY_S = 0.01


def cut_and_mend(pins: ContactFactory, pin: int, file: Path) -> None:
    """Look at the file until the process ends."""
    wire = Wire.WHOLE
    while True:
        wanted = Wire.CUT if file.exists() else Wire.WHOLE
        if wanted is not wire:
            wire = wanted
            pins.pin(pin).damage(wire)
        threading.Event().wait(EVERY_S)


def with_a_hand_at(pin: int, file: Path) -> None:
    """Have the wire of each factory that is made from now on in hand."""
    real = ContactFactory.__init__

    def made(pins: ContactFactory) -> None:
        real(pins)
        threading.Thread(target=cut_and_mend, args=(pins, pin, file), daemon=True).start()

    setattr(ContactFactory, "__init__", made)  # noqa: B010 - mypy forbids to assign to a method


if __name__ == "__main__":
    from alarmbro.cli.main import main

    with_a_hand_at(int(sys.argv[1]), Path(sys.argv[2]))
    sys.argv = ["alarmbro", *sys.argv[3:]]
    main()
