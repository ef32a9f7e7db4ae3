"""Wired buttons on a machine that has others, too: where the pins cannot be had, the rest of it works meanwhile.

Promises: what keeps the wired buttons from being armed is told at once, as the fault `gpio/chip`, and tried again until
they are. Once they are, this is the listener to them. Must never: let the start wait for it, or end it.
The first try is made by who calls `start`, the others in the thread `gpio-late`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

import structlog

from alarmbro.inputs.gpio.listener import GpioListener
from alarmbro.model.activation import Trouble
from alarmbro.model.errors import MachineError
from alarmbro.model.site import AcknowledgeKey, Device

log = structlog.get_logger(__name__)

EVERY_S = 30.0
JOIN_S = 0.8


class LateListener:
    """Stands in for the listener that `make` gives, until that can be started. `make` raises MachineError till then.

    Implements `alarmbro.model.activation.Listener`. `trouble` may be called from any thread.
    """

    name = "gpio"

    def __init__(self, make: Callable[[], GpioListener], trouble: Callable[[Trouble], None]) -> None:
        self._make = make
        self._trouble = trouble
        self._failed = False
        self._listener: GpioListener | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._handing = threading.Lock()  # held for a few lines: one that is started late must not miss the end

    def start(self) -> None:
        """Try once; return when the buttons are armed, or when that has failed and is told."""
        self._stopping.clear()
        if self._armed():
            return
        self._thread = threading.Thread(target=self._run, name="gpio-late", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End within two seconds. May be called twice."""
        with self._handing:
            self._stopping.set()
            listener, self._listener = self._listener, None
        thread, self._thread = self._thread, None
        if listener is not None:
            listener.stop()
        if thread is not None:
            thread.join(JOIN_S)

    def alive(self) -> bool:
        """Tell whether the listener lives, or somebody still tries to have one.

        However long a try takes: a chip that hangs is no reason to end what else this machine listens to.
        """
        listener, thread = self._listener, self._thread
        if listener is not None:
            return listener.alive()
        return thread is not None and thread.is_alive()

    def change(self, devices: Sequence[Device], keys: Mapping[str, AcknowledgeKey]) -> None:
        """Have the listener listen to these instead; where there is none yet, `make` is to give one that does.

        Raise MachineError where a pin of theirs cannot be claimed: then all is as it was before.
        """
        listener = self._listener
        if listener is not None:
            listener.change(devices, keys)

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            if self._armed():
                return

    def _armed(self) -> bool:
        try:
            listener = self._make()
            listener.start()
        except MachineError as error:
            if not self._failed:
                log.critical("wired buttons cannot be read; trying again", error=str(error))
            self._failed = True
            self._trouble(Trouble("gpio", "chip", detail=str(error)))  # saying it again changes nothing
            return False
        with self._handing:
            ended = self._stopping.is_set()
            self._listener = None if ended else listener
        if ended:
            listener.stop()
            return True
        if self._failed:
            log.warning("wired buttons can be read now")
        self._failed = False
        self._trouble(Trouble("gpio", "chip", well=True))
        return True
