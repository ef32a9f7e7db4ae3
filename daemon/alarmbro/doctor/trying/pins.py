"""Tries the pins in a process of its own, which can be ended where it hangs, and looks who may open the chip.

lgpio, once imported, changes the working directory, starts a thread and cannot be unloaded; and its pipe would replace
that of a running daemon in the same folder. So that process gets a folder of its own, too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from alarmbro.doctor.judging.pins import Device, Folder, Trial, Tried, Wire
from alarmbro.doctor.trying.users import User, group_name, may
from alarmbro.inputs.pins import DEV
from alarmbro.judgement.addressing.relay_pins import pin_of
from alarmbro.model.configuration import Configuration, Gpio
from alarmbro.model.site import Contact, GpioInput
from alarmbro.shell.watching.watchers import targets_here

LIMIT_S = 20.0  # loading gpiozero and lgpio takes a Pi Zero some seconds
TRIAL = "alarmbro.doctor.trying.pin_process"


def wires_of(configuration: Configuration) -> tuple[Wire, ...]:
    """Give every pin that this machine's sites use."""
    return (*_inputs(configuration), *_outputs(configuration))


def _inputs(configuration: Configuration) -> Iterator[Wire]:
    for device in configuration.served_devices():
        if device.gpio is not None:
            yield from _contact(device.path, device.gpio, button=True)
    for name in configuration.serve:
        key = configuration.sites[name].acknowledge
        if key is not None:
            yield from _contact(f"{name}/acknowledge", key.gpio, button=False)


def _contact(subject: str, gpio: GpioInput, *, button: bool) -> Iterator[Wire]:
    yield Wire(subject, gpio.pin, gpio.contact is Contact.NORMALLY_CLOSED, button)
    if gpio.opposite is not None:
        yield Wire(subject, gpio.opposite, closed=True, button=button)


def _outputs(configuration: Configuration) -> Iterator[Wire]:
    lights = [(device.path, device.led) for device in configuration.served_devices()]
    lights += [(name, configuration.sites[name].led) for name in configuration.serve]
    relays = [(target.label, pin_of(target.url.reveal())) for target in targets_here(configuration)]
    for subject, pin in (*lights, *relays):
        if pin is not None:
            yield Wire(subject, pin, closed=None)


def chips(service: User | None, dev: Path = DEV) -> list[Device]:
    """Give the GPIO chips, and who may open them."""
    found = []
    for path in sorted(dev.glob("gpiochip*")):
        status = path.stat()
        theirs = may(status, service, 0o6) if service else None
        found.append(Device(str(path), group_name(status.st_gid), os.access(path, os.R_OK | os.W_OK), theirs))
    return found


def work_folder(given: str | None, run_dir: Path, service: User | None) -> Folder:
    """Look at the folder for lgpio's pipe: `given` is LG_WD, else it is the run folder, which the daemon makes."""
    place = Path(given) if given else run_dir
    try:
        status = place.stat()
    except OSError:
        return Folder(str(place), there=False, writable=False, made_at_start=place == run_dir)
    writable = may(status, service, 0o3) if service else os.access(place, os.W_OK | os.X_OK)
    return Folder(str(place), there=place.is_dir(), writable=writable)


def try_pins(gpio: Gpio, wires: Sequence[Wire], limit_s: float = LIMIT_S) -> Trial:
    """Claim each input for a moment and read it; of outputs only look who has them. Raise TimeoutError."""
    asked = {
        "chip": gpio.chip,
        "inputs": sorted({wire.pin for wire in wires if wire.closed is not None}),
        "outputs": sorted({wire.pin for wire in wires if wire.closed is None}),
    }
    with tempfile.TemporaryDirectory(prefix="alarmbro-doctor-") as folder:
        environ = {**os.environ, "LG_WD": folder}
        try:
            done = subprocess.run(  # noqa: S603 (our own module)
                [sys.executable, "-m", TRIAL], input=json.dumps(asked), capture_output=True, text=True, check=False,
                timeout=limit_s, env=environ, cwd=folder,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise TimeoutError("the pins cannot be tried in time") from error
    return _trial(done)


def _trial(done: subprocess.CompletedProcess[str]) -> Trial:
    try:
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        last = (done.stderr.strip().splitlines() or [""])[-1]
        return Trial(error=f"exit {done.returncode} {last.partition(':')[0]}".strip())
    return Trial(said["board"], said["error"], tuple(Tried(**each) for each in said["pins"]))
