"""The numbers of frames, 0001 to 9999 and round again, over restarts too.

Promises: giving a number never raises, and never waits for a disk but for the first one, `FIRST_S` at most. Numbers are
reserved in blocks: a restart leaves the rest of a block out, which receivers do not mind (the number matches an answer
to its frame, no more), and the card is written once for some fifty frames. A frame that was not acknowledged keeps its
number when the same is said again, so that a receiver that heard it knows the repeat.
Any thread; the file is touched by a thread of its own alone, as a card that stalls must hold up nobody.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

FILE_NAME = "sia-sequence"
LAST = 9999
BLOCK = 100
PENDING = 256  # frames without an acknowledgement that keep their number: more than a storm at one centre
FIRST_S = 0.5  # for reading the file: long over when the first alarm comes


class Sequence:
    """The counter. `folder` is where it is kept; None: it begins where the clock points, so that no restart repeats."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = folder / FILE_NAME if folder else None
        self._lock = threading.Lock()
        self._pending: OrderedDict[Hashable, int] = OrderedDict()
        self._last = int(time.time()) % LAST
        self._reserved = self._last
        self._begun = self._busy = False
        self._read = threading.Event()
        if self._file is None:
            self._read.set()
        else:
            self._busy = True
            self._beside(self._recall)

    def number_for(self, said: Hashable = None) -> int:
        """Give the number of a frame that says `said`: the same until it is acknowledged. Of None, a new one."""
        self._read.wait(FIRST_S)
        with self._lock:
            self._begun = True
            number = self._pending.get(said) if said is not None else None
            if number is None:
                self._last = number = self._last % LAST + 1
                self._remember(said, number)
            self._read.set()  # waited once; whoever is next need not
            wanted = self._file is not None and not self._busy and self._left() < BLOCK // 2
            self._busy = self._busy or wanted
        if wanted:
            self._beside(self._reserve)
        return number

    def acknowledged(self, said: Hashable) -> None:
        """Hear that the receiver has it: said again, it would be something new."""
        with self._lock:
            self._pending.pop(said, None)

    def _remember(self, said: Hashable, number: int) -> None:
        if said is None:
            return
        self._pending[said] = number
        while len(self._pending) > PENDING:
            self._pending.popitem(last=False)

    def _recall(self) -> None:
        kept = _number_in(self._file)
        with self._lock:
            if kept is not None and not self._begun:
                self._last = kept
        self._read.set()
        self._reserve()

    def _reserve(self) -> None:
        """Keep a block ahead. More than once where a slow card let a storm use the block up while it was written."""
        behind = True
        while behind:
            with self._lock:
                ahead = (self._last + BLOCK) % LAST
            kept = _keep(self._file, ahead)
            with self._lock:  # also where it could not be kept: it is tried again a block later, not for each frame
                self._reserved = ahead
                self._busy = behind = kept and self._left() < BLOCK // 2

    def _left(self) -> int:
        """Give how many numbers may be given before what is kept is used up; below 0, so many too many."""
        return (self._reserved - self._last + LAST // 2) % LAST - LAST // 2

    def _beside(self, work: Callable[[], None]) -> None:
        """Have work done that may hang. Without a thread numbers go on, and a restart may use some of them again."""
        try:
            threading.Thread(target=work, name="sia-sequence", daemon=True).start()
        except RuntimeError:
            self._read.set()
            self._busy = False


def _number_in(file: Path | None) -> int | None:
    try:
        return int(file.read_text(encoding="ascii")) % LAST if file else None
    except (OSError, ValueError):  # a first start, or a file that somebody edited: any number is as good
        log.debug("the alarm centre's numbers begin anew")
        return None


def _keep(file: Path | None, reserved: int) -> bool:
    if file is None:
        return False
    beside = file.with_name(f".{FILE_NAME}.new")
    try:
        beside.write_text(f"{reserved}\n", encoding="ascii")
        beside.replace(file)
    except OSError as error:
        log.warning("the alarm centre's numbers are not kept", error=type(error).__name__)
        return False
    return True
