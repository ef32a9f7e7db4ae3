"""Whether the wired buttons can be read on this machine. Pure.

While a daemon may run its pins are its own: then what it says of them is told, and none is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alarmbro.doctor.findings import Found, doubtful, failed, well
from alarmbro.doctor.judging.alive import Alive, Sign

CHECK = "gpio"
STUCK = ("stuck/", "active/")


@dataclass(frozen=True, slots=True)
class Wire:
    """A pin of the file: `closed` is how it rests, None for one that is an output (a light, a relay).

    `button`: the subject is a device, of which the daemon can say how it is.
    """

    subject: str
    pin: int
    closed: bool | None
    button: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """How a pin was found: `closed` to ground or not; `error` where it could not be claimed; `holder` who has it."""

    pin: int
    closed: bool | None = None
    error: str = ""
    held: bool = False
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying: `error` where lgpio, the chip or the board failed before any pin."""

    board: str = ""
    error: str = ""
    pins: tuple[Tried, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """A file of a GPIO chip below /dev: who may open it. `mine`: the user who asks may."""

    path: str
    group: str
    mine: bool
    service: bool | None  # the service's user may; None where there is no such user


@dataclass(frozen=True, slots=True)
class Folder:
    """Where lgpio would make its pipe. `made_at_start`: it is the unit's, and there only while it runs."""

    path: str
    there: bool
    writable: bool
    made_at_start: bool = False


def judge_chip(devices: Sequence[Device], wires: Sequence[Wire] | None, user: str, service: str) -> Iterator[Found]:
    """Say whether there is a chip, and who may use it; `wires` is None where nobody knows what is wired."""
    if wires == ():
        yield well(CHECK, "chip", "gpio.none_wired")
        return
    if not devices:
        yield (
            doubtful(CHECK, "chip", "gpio.no_chip_perhaps") if wires is None else failed(CHECK, "chip", "gpio.no_chip")
        )
        return
    for each in devices:
        values = {"path": each.path, "group": each.group, "user": user, "service": service}
        if each.service is False:
            yield failed(CHECK, each.path, "gpio.service_barred", **values)
        elif not each.mine and each.service is None:
            yield failed(CHECK, each.path, "gpio.barred", **values)
        else:
            yield well(CHECK, each.path, "gpio.open", **values)


def judge_folder(folder: Folder) -> Found:
    """Say whether lgpio will find a folder for its pipe: without one it does not load."""
    values = {"folder": folder.path}
    if not folder.there:
        return (well if folder.made_at_start else failed)(CHECK, "LG_WD", _missing(folder), **values)
    return (well if folder.writable else failed)(
        CHECK, "LG_WD", "gpio.folder" if folder.writable else "gpio.folder_closed", **values
    )


def _missing(folder: Folder) -> str:
    return "gpio.folder_later" if folder.made_at_start else "gpio.folder_missing"


def judge_held(wires: Sequence[Wire], alive: Alive) -> Iterator[Found]:
    """Say what the daemon says of the pins that it holds."""
    for wire in wires:
        yield _held(wire, alive)


def _held(wire: Wire, alive: Alive) -> Found:
    values = {"pin": wire.pin}
    if alive.sign is not Sign.ANSWERS:
        return doubtful(CHECK, wire.subject, "gpio.untold", **values)
    if not wire.button:  # a light, a relay, a key: its faults are among the daemon's
        return well(CHECK, wire.subject, "gpio.held", **values)
    device = alive.device(wire.subject)
    if device is None or "gpio" not in device.get("inputs", ()):
        return doubtful(CHECK, wire.subject, "gpio.newer", **values)
    reasons = [str(each) for each in device.get("reasons", ())]
    if any(each.startswith("gpio/") for each in reasons):
        return failed(CHECK, wire.subject, "gpio.unread", **values)
    if any(each.startswith(STUCK) for each in reasons):
        return doubtful(CHECK, wire.subject, "gpio.pressed", **values)
    return well(CHECK, wire.subject, "gpio.held", **values)


def judge_trial(trial: Trial, wires: Sequence[Wire]) -> Iterator[Found]:
    """Say how the pins were found."""
    if trial.error:
        yield failed(CHECK, "lgpio", "gpio.lgpio_fails", error=trial.error)
        return
    yield well(CHECK, "lgpio", "gpio.lgpio_works", board=trial.board)
    found = {each.pin: each for each in trial.pins}
    for wire in wires:
        tried = found.get(wire.pin)
        if tried is not None:
            yield _tried(wire, tried)


def _tried(wire: Wire, tried: Tried) -> Found:
    values = {"pin": wire.pin, "holder": tried.holder or "?", "error": tried.error}
    if tried.held:
        return failed(CHECK, wire.subject, "gpio.taken", **values)
    if tried.error:
        return failed(CHECK, wire.subject, "gpio.fails", **values)
    if wire.closed is None:
        return well(CHECK, wire.subject, "gpio.free", **values)
    if tried.closed is wire.closed:
        return well(CHECK, wire.subject, "gpio.rests", **values)
    return doubtful(CHECK, wire.subject, "gpio.pressed", **values)
