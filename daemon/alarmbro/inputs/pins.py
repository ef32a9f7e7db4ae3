"""Where pins come from: real ones through lgpio, mock ones for development.

Promises one clear MachineError for whatever a machine lacks. Never takes gpiozero's default factory: that one falls
back from lgpio to others with a mere warning, and those miss presses. Importing lgpio (0.2.2.0) starts its thread,
makes a FIFO in `LG_WD` and leaves the process in that directory; so it happens here alone, once, at start.
"""

from __future__ import annotations

import getpass
import importlib
import importlib.metadata
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from alarmbro.model.configuration import Gpio, PinFactory
from alarmbro.model.errors import MachineError
from alarmbro.model.site import Contact, GpioInput

log = structlog.get_logger(__name__)

DEV = Path("/dev")
INSTALL = "install python3-lgpio with apt, or `pip install 'alarmbro[pi]'` up to Python 3.12"
WITHOUT = "set gpio: {factory: mock} to try alarmbro without one"
CONSUMER = 4  # where lgpio's line info names the holder: [status, line, flags, name, holder]


def build_factory(gpio: Gpio, work_dir: Path, *, dev: Path = DEV) -> Any:
    """Give the gpiozero Factory that `gpio` asks for; `work_dir` is for lgpio's FIFO where `LG_WD` is not set.

    Raise MachineError, in one line that says what to do, where this machine cannot give it. The process's working
    directory stays what it was.
    """
    if gpio.factory is PinFactory.MOCK:
        from alarmbro.inputs.pin_mock import ContactFactory  # noqa: PLC0415  # gpiozero, only where it is used

        return ContactFactory()
    lgpio = load_lgpio(work_dir)
    _check_chip(gpio, dev)
    return _lgpio_factory(lgpio, gpio, dev)


def load_lgpio(work_dir: Path) -> Any:
    """Import lgpio with a directory for its FIFO, and come back to where the process stood. Raise MachineError."""
    _prepare_work_dir(work_dir)
    here = _here()
    try:
        lgpio = importlib.import_module("lgpio")
    except ModuleNotFoundError as error:
        raise MachineError(f"Python module {error.name} is missing: {INSTALL}; or {WITHOUT}") from error
    except OSError as error:
        where = os.environ["LG_WD"]
        raise MachineError(f"lgpio cannot make its FIFO in LG_WD={where} ({error}): let it be writable") from error
    except Exception as error:
        raise MachineError(f"lgpio does not load ({type(error).__name__}: {error}): {INSTALL}") from error
    finally:
        _return_to(here)
    if not hasattr(lgpio, "gpiochip_open"):
        raise MachineError(_stub(lgpio))
    return lgpio


def open_input(
    pins: Any, gpio: GpioInput, path: str, on_edge: Callable[[Any, Any], None], *, opposite: bool = False
) -> Any:
    """Claim the pin, or the `opposite` one, with pull-up for `path`; give gpiozero's input. Raise MachineError.

    `on_edge(tick, state)` must be a method, is held weakly, and runs in lgpio's thread at every edge. It is the pin's
    own event: gpiozero's `when_activated` swallows an edge to the level it believes in already, which after one lost
    edge would be the next press. No `bounce_time`: lgpio drops shorter presses by it.
    """
    from gpiozero import GPIOPinInUse, InputDevice, PinInvalidPin  # noqa: PLC0415  # only where pins are used

    number, claimed = gpio.opposite if opposite else gpio.pin, None
    try:
        if hasattr(pins, "rest"):  # mock contacts lie as they are wired
            pins.rest(number, closed=opposite or gpio.contact is Contact.NORMALLY_CLOSED)
        claimed = InputDevice(number, pull_up=True, pin_factory=pins)
        claimed.pin.bounce, claimed.pin.edges = None, "both"
        claimed.pin.when_changed = on_edge
    except GPIOPinInUse as error:
        raise MachineError(f"{path}: pin {number} is already used by another device; give each its own") from error
    except PinInvalidPin as error:
        raise MachineError(f"{path}: this board has no GPIO pin {number}; name a BCM number that it has") from error
    except Exception as error:
        failure = _claim_failed(pins, number, path, error)
        if claimed is not None:
            close_input(claimed, path)
        raise MachineError(failure) from error
    return claimed


def close_input(claimed: Any, path: str) -> None:
    """Give a pin back. Never raises."""
    try:
        claimed.pin.when_changed = None
        claimed.close()
    except Exception:
        log.exception("pin not closed", device=path)


def edges_alive(pins: Any) -> bool:
    """Tell whether lgpio's one thread, which calls back for all pins, lives. Pins of other factories need none.

    lgpio has no public way to ask. Where a later version hides the thread, the answer is no: the poll then runs
    faster and a fault says so, which is better than silence.
    """
    if not any(kind.__module__ == "gpiozero.pins.lgpio" for kind in type(pins).__mro__):
        return True
    thread = getattr(sys.modules.get("lgpio"), "_notify_thread", None)
    return isinstance(thread, threading.Thread) and thread.is_alive()


def _prepare_work_dir(work_dir: Path) -> None:
    given = os.environ.get("LG_WD")
    place = Path(given) if given else work_dir.absolute()
    try:
        if not given:
            place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MachineError(f"cannot make {place} for lgpio ({error.strerror}): set LG_WD to a writable one") from error
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise MachineError(f"lgpio needs a directory it can write in; {place} is none: set LG_WD to a writable one")
    os.environ["LG_WD"] = str(place)


def _here() -> int | None:
    """Hold on to the working directory, which may have no name any more; None where this user may not use it."""
    try:
        return os.open(".", os.O_PATH | os.O_DIRECTORY)
    except OSError as error:
        log.warning("working directory cannot be used; lgpio's will be kept", error=str(error))
        return None


def _return_to(here: int | None) -> None:
    """Go back after the import; lgpio's FIFO is open by then and needs its directory no more."""
    if here is None:
        return
    try:
        os.fchdir(here)
    except OSError as error:
        log.warning("working directory stays where lgpio put it", error=str(error))
    finally:
        os.close(here)


def _stub(lgpio: Any) -> str:
    try:
        version = importlib.metadata.version("lgpio")
    except importlib.metadata.PackageNotFoundError:
        version = "of unknown version"
    where = getattr(lgpio, "__file__", None) or "unknown place"
    return f"package lgpio {version} ({where}) is empty: `pip uninstall lgpio`, then {INSTALL}"


def _check_chip(gpio: Gpio, dev: Path) -> None:
    found = sorted(path.name for path in dev.glob("gpiochip*"))
    if not found:
        raise MachineError(f"this machine has no GPIO chip: no {dev}/gpiochip*; run on a Raspberry Pi, or {WITHOUT}")
    if gpio.chip is not None and f"gpiochip{gpio.chip}" not in found:
        raise MachineError(f"there is no {dev}/gpiochip{gpio.chip}, only {', '.join(found)}: set gpio: {{chip: N}}")


def _lgpio_factory(lgpio: Any, gpio: Gpio, dev: Path) -> Any:
    from gpiozero import PinUnknownPi  # noqa: PLC0415  # only where pins are used
    from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415

    try:
        factory = LGPIOFactory(chip=gpio.chip)
        log.info("pins opened", board=factory.board_info.model, chip=factory.chip)
    except PinUnknownPi as error:
        raise MachineError(
            f"this board is not known as a Raspberry Pi ({error}; a unit with ProcSubset=pid hides it): "
            f"use a Raspberry Pi, or {WITHOUT}"
        ) from error
    except lgpio.error as error:
        raise MachineError(_chip_failed(gpio, dev, error)) from error
    except Exception as error:
        raise MachineError(f"gpiozero cannot use lgpio ({type(error).__name__}: {error}): {INSTALL}") from error
    return factory


def _chip_failed(gpio: Gpio, dev: Path, error: Exception) -> str:
    chips = [dev / f"gpiochip{gpio.chip}"] if gpio.chip is not None else sorted(dev.glob("gpiochip*"))
    barred = [str(chip) for chip in chips if not os.access(chip, os.R_OK | os.W_OK)]
    if barred:
        return f"no permission for {', '.join(barred)}: add user {_user()} to group gpio"
    return f"cannot open the GPIO chip ({error}): see that {', '.join(map(str, chips))} is the Pi's own"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return str(os.geteuid())


def _claim_failed(pins: Any, number: int | None, path: str, error: Exception) -> str:
    holder = _holder(pins, number)
    by = f", held by {holder!r}" if holder else ""
    return (
        f"{path}: cannot claim pin {number} ({error}){by}: free it (1-Wire, SPI, UART, another program) or use another"
    )


def _holder(pins: Any, number: int | None) -> str:
    """Give who holds a line, as the kernel knows it; empty where it cannot be told."""
    try:
        return str(sys.modules["lgpio"].gpio_get_line_info(pins._handle, number)[CONSUMER])  # noqa: SLF001  # no public way
    except Exception as error:  # noqa: BLE001  # a better error text is not worth another error
        log.debug("holder of pin unknown", pin=number, error=str(error))
        return ""
