"""lgpio's real module and thread without a chip: run as a process of its own, one scenario by name.

lgpio changes the working directory, starts a thread and cannot be unloaded. Its calls to the chip are replaced here;
its FIFO, its thread, gpiozero's factory and pins and all of alarmbro are real. Prints one JSON object.

Usage: lgpio_bench.py SCENARIO SCRATCH
"""

from __future__ import annotations

import itertools
import json
import os
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alarmbro.clock import SystemClock
from alarmbro.feedback.lights import Lights
from alarmbro.inputs.gpio.listener import GpioListener
from alarmbro.inputs.pins import build_factory, edges_alive, load_lgpio
from alarmbro.model.activation import Activation, Answer, Heartbeat, HeldDown, Rejected, Trouble
from alarmbro.model.alarm import Feedback
from alarmbro.model.configuration import Gpio
from alarmbro.model.errors import MachineError
from alarmbro.model.site import Device, GpioInput

PI_5 = 0xC04170
NOBODY = 65534
DESK, BACK, OPPOSITE = 17, 27, 22
LIGHT, LIGHT_BUSY = 24, 25


class Chip:
    """The lines of a chip that is not there, and the FIFO through which lgpio tells their edges."""

    def __init__(self, lgpio: Any, fifo: Path) -> None:
        self.levels: dict[int, int] = {}
        self.busy: set[int] = set()
        self.outputs: set[int] = set()
        self._lgpio = lgpio
        self._fifo = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        for name in ("gpiochip_close", "gpio_free", "gpio_set_debounce_micros", "gpio_claim_alert"):
            setattr(lgpio, name, lambda *_args: 0)
        lgpio.gpiochip_open = lambda chip: chip
        lgpio.gpio_claim_input = self.claim
        lgpio.gpio_claim_output = self.claim_output
        lgpio.gpio_write = lambda _handle, line, level: self.levels.update({line: int(level)})
        lgpio.gpio_get_mode = lambda _handle, line: 2 if line in self.outputs else 0
        lgpio.gpio_read = lambda _handle, line: self.levels.get(line, 1)
        lgpio.gpio_get_line_info = lambda _handle, line: [0, line, 1, "", "w1-gpio"]

    def claim(self, _handle: int, line: int, *_flags: int) -> int:
        if line in self.busy:
            raise self._lgpio.error("GPIO busy")
        self.outputs.discard(line)
        return 0

    def claim_output(self, _handle: int, line: int, level: int = 0, *_flags: int) -> int:
        self.outputs.add(line)
        self.levels[line] = level
        return 0

    def move(self, line: int, level: int) -> None:
        self.levels[line] = level
        os.write(self._fifo, struct.pack("QBBBBI", time.monotonic_ns(), 0, line, level, 0, 0))


class Hall:
    """A door that keeps when what came."""

    def __init__(self) -> None:
        self.devices: list[str] = []
        self.came_s: list[float] = []
        self.received_s: list[float] = []
        self.troubles: list[tuple[str, str, bool]] = []
        self._moved = threading.Condition()

    def activation(self, activation: Activation, *, confirmed: Callable[[], None] | None = None) -> None:
        assert confirmed is None
        with self._moved:
            self.devices.append(activation.device)
            self.came_s.append(time.monotonic())
            self.received_s.append(activation.received.monotonic_s)
            self._moved.notify_all()

    def trouble(self, trouble: Trouble) -> None:
        with self._moved:
            self.troubles.append((trouble.kind, trouble.subject, trouble.well))
            self._moved.notify_all()

    def rejected(self, rejected: Rejected, *, confirmed: Callable[[], None] | None = None) -> None:
        raise AssertionError(rejected, confirmed)

    def answered(self, answer: Answer) -> None:
        raise AssertionError(answer)

    def held(self, held: HeldDown) -> None:
        raise AssertionError(held)

    def heartbeat(self, heartbeat: Heartbeat) -> None:
        raise AssertionError(heartbeat)

    def until(self, holds: Callable[[], bool]) -> bool:
        with self._moved:
            return self._moved.wait_for(holds, 3.0)


def pause(seconds: float) -> None:
    threading.Event().wait(seconds)


def pi(scratch: Path, *, chips: int = 1) -> tuple[Chip, Callable[[], Any]]:
    """Make this machine a Pi 5: give its chip, and the builder of its factory."""
    lgpio = load_lgpio(scratch / "run")
    import gpiozero.pins.local as local  # noqa: PLC0415, PLR0402  # after lgpio, as the daemon does

    local.get_pi_revision = lambda: PI_5
    dev = scratch / "dev"
    dev.mkdir()
    for number in range(chips):
        (dev / f"gpiochip{number}").touch()
    return Chip(lgpio, scratch / "run" / ".lgd-nfy0"), lambda: build_factory(Gpio(), scratch / "run", dev=dev)


def desk_and_back(pins: Any, hall: Hall) -> GpioListener:
    keys = itertools.count()
    devices = [Device("huset", f"pin-{pin}", "Knap", "rute", gpio=GpioInput(pin)) for pin in (DESK, BACK)]
    return GpioListener(devices, pins, hall, SystemClock(), lambda: str(next(keys)))


def edges(scratch: Path) -> dict[str, Any]:
    """Press for 40 ms while the poll never sees it: only the kernel's time stamps tell the length."""
    chip, build = pi(scratch)
    hall = Hall()
    listener = desk_and_back(build(), hall)
    listener.start()
    began_s = time.monotonic()
    fifo, record = chip._fifo, "QBBBBI"
    began_ns = time.monotonic_ns()
    pause(0.06)
    for stamp, level in ((began_ns, 0), (began_ns + 40_000_000, 1)):
        os.write(fifo, struct.pack(record, stamp, 0, DESK, level, 0, 0))
    counted = hall.until(lambda: len(hall.devices) == 1)
    listener.stop()
    return {"counted": counted, "off_s": hall.received_s[0] - began_s, "troubles": hall.troubles}


def raising(scratch: Path) -> dict[str, Any]:
    """Let the handling of one pin raise at every edge, then press the other."""
    chip, build = pi(scratch)
    hall = Hall()
    pins = build()
    listener = desk_and_back(pins, hall)
    listener.start()

    def bug(_edge: Any) -> None:
        raise ZeroDivisionError("a bug in the handling of one button")

    listener._contacts[0].take = bug  # type: ignore[method-assign, assignment]  # the bug
    chip.move(DESK, 0)
    hall.until(lambda: "pin-17" in hall.devices)
    chip.move(BACK, 0)
    both = hall.until(lambda: len(hall.devices) == 2)
    answer = {"both": both, "edges_alive": edges_alive(pins), "alive": listener.alive(), "troubles": hall.troubles}
    listener.stop()
    return answer


def changeover(scratch: Path) -> dict[str, Any]:
    """Press a changeover contact by its edges alone, cut its opposite's wire, press again, and mend it."""
    chip, build = pi(scratch)
    hall = Hall()
    chip.levels[OPPOSITE] = 0
    device = Device("huset", "skranke", "Knap", "rute", gpio=GpioInput(DESK, opposite=OPPOSITE))
    listener = GpioListener([device], build(), hall, SystemClock(), lambda: "key")
    listener.start()

    def press() -> None:
        rested = chip.levels[OPPOSITE]
        for line, level, for_s in ((OPPOSITE, 1, 0.004), (DESK, 0, 0.06), (DESK, 1, 0.004), (OPPOSITE, rested, 0.2)):
            chip.move(line, level)
            pause(for_s)

    press()
    whole = hall.until(lambda: len(hall.devices) == 1) and not hall.troubles
    chip.move(OPPOSITE, 1)
    cut = hall.until(lambda: hall.troubles == [("cable", "huset/skranke", False)])
    press()
    pressed = hall.until(lambda: len(hall.devices) == 2)
    chip.move(OPPOSITE, 0)
    pause(0.1)
    press()
    mended = hall.until(lambda: hall.troubles[1:] == [("cable", "huset/skranke", True)])
    answer = {"whole": whole, "cut": cut, "pressed": pressed, "mended": mended, "presses": len(hall.devices)}
    listener.stop()
    return answer


def killed(scratch: Path) -> dict[str, Any]:
    """Kill lgpio's thread by an exception in a callback that is not ours, then press, short and long."""
    chip, build = pi(scratch)
    hall = Hall()
    lgpio = sys.modules["lgpio"]
    listener = desk_and_back(build(), hall)
    listener.start()
    threading.excepthook = lambda _args: None
    lgpio.callback(0, 5, lgpio.BOTH_EDGES, lambda *_args: 1 // 0)
    chip.move(5, 0)
    told = hall.until(lambda: bool(hall.troubles))
    pressed_s = time.monotonic()
    chip.levels[DESK] = 0
    hall.until(lambda: len(hall.devices) == 1)
    delay_s = hall.came_s[0] - pressed_s
    short = 0
    for count in range(2, 7):
        pause(0.15)
        chip.levels[BACK] = 0
        pause(0.06)
        chip.levels[BACK] = 1
        short += hall.until(lambda count=count: len(hall.devices) == count)  # type: ignore[misc]  # default binds
    answer = {"told": told, "delay_s": delay_s, "short": short, "alive": listener.alive(), "troubles": hall.troubles}
    listener.stop()
    return answer


def lights(scratch: Path) -> dict[str, Any]:
    """Show two alarms on two lights, of which the kernel's 1-Wire driver holds one, and press a button meanwhile."""
    chip, build = pi(scratch)
    chip.busy.add(LIGHT_BUSY)
    pins, hall = build(), Hall()
    listener = desk_and_back(pins, hall)
    listener.start()
    shown = Lights({("huset", "pin-17"): LIGHT, ("huset", "pin-27"): LIGHT_BUSY}, pins, SystemClock(), hall.trouble)
    shown.start()
    dark = chip.levels[LIGHT]
    for device in ("pin-17", "pin-27"):
        shown.show("huset", device, device, Feedback.TOLD)
    lit = wait_for(lambda: chip.levels[LIGHT] == 1)
    chip.move(DESK, 0)
    pressed = hall.until(lambda: hall.devices == ["pin-17"])
    answer = {"dark": dark, "lit": lit, "pressed": pressed, "alive": shown.alive(), "troubles": hall.troubles}
    shown.stop()
    listener.stop()
    return answer | {"after": chip.levels[LIGHT], "input": LIGHT not in chip.outputs}


def wait_for(holds: Callable[[], bool]) -> bool:
    for _ in range(300):
        if holds():
            return True
        pause(0.01)
    return False


def busy(scratch: Path) -> dict[str, Any]:
    """Claim a line that the kernel's 1-Wire driver holds."""
    chip, build = pi(scratch)
    chip.busy.add(BACK)
    return refused(lambda: desk_and_back(build(), Hall()).start())


def barred(scratch: Path) -> dict[str, Any]:
    """Open a chip without the right to."""
    _chip, build = pi(scratch)
    (scratch / "dev" / "gpiochip0").chmod(0)
    (scratch / "run").chmod(0o777)
    become_nobody(scratch)

    def cannot(_chip: int) -> int:
        raise sys.modules["lgpio"].error("can not open gpiochip")

    setattr(sys.modules["lgpio"], "gpiochip_open", cannot)  # noqa: B010  # lgpio has no types
    return refused(build)


def no_pi(scratch: Path) -> dict[str, Any]:
    """Find a chip on a board without a revision."""
    load_lgpio(scratch / "run")
    (scratch / "dev").mkdir()
    (scratch / "dev" / "gpiochip0").touch()
    return refused(lambda: build_factory(Gpio(), scratch / "run", dev=scratch / "dev"))


def no_chip(scratch: Path) -> dict[str, Any]:
    """Build on a machine without a chip, as nobody, with the cwd `/`; then use a relative path."""
    become_nobody(scratch)
    os.chdir("/")
    (scratch / "dev").mkdir()
    answer = refused(lambda: build_factory(Gpio(), scratch / "run", dev=scratch / "dev"))
    relative = (scratch / "dev").relative_to("/").exists()
    return {**answer, "cwd": str(Path.cwd()), "relative": relative, "fifo": (scratch / "run" / ".lgd-nfy0").is_fifo()}


def other_chip(scratch: Path) -> dict[str, Any]:
    """Ask for a chip that is not there."""
    pi(scratch, chips=2)
    return refused(lambda: build_factory(Gpio(chip=4), scratch / "run", dev=scratch / "dev"))


def unwritable(scratch: Path) -> dict[str, Any]:
    """Give lgpio a directory where nobody may write."""
    closed = scratch / "closed"
    closed.mkdir(mode=0o555)
    become_nobody(scratch)
    os.chdir("/")
    return refused(lambda: build_factory(Gpio(), closed, dev=scratch))


def hidden(scratch: Path) -> dict[str, Any]:
    """Stand in a directory that this user may not use."""
    place = scratch / "hidden"
    place.mkdir(mode=0o700 if os.geteuid() == 0 else 0o500)
    os.chdir(place)
    become_nobody(scratch)
    (scratch / "dev").mkdir()
    return refused(lambda: build_factory(Gpio(), scratch / "run", dev=scratch / "dev"))


def loads(scratch: Path) -> dict[str, Any]:
    """Build with whatever lgpio the caller has put on the path."""
    return refused(lambda: build_factory(Gpio(), scratch / "run"))


def refused(work: Callable[[], Any]) -> dict[str, Any]:
    try:
        work()
    except MachineError as error:
        return {"error": str(error)}
    return {"error": ""}


def become_nobody(scratch: Path) -> None:
    if os.geteuid() == 0:
        os.chown(scratch, NOBODY, NOBODY)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


SCENARIOS = {
    run.__name__: run
    for run in (
        edges,
        raising,
        changeover,
        killed,
        lights,
        busy,
        barred,
        no_pi,
        no_chip,
        other_chip,
        unwritable,
        hidden,
        loads,
    )
}

if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))) + "\n")
