"""What is typed, line by line, whatever standard input is.

Promises: an input that is closed, empty, or a terminal that belongs to somebody else at the moment (`demo &`) ends or
pauses the listening and nothing else. Runs in a thread of its own, which is never waited for.
"""

from __future__ import annotations

import codecs
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

PAUSE_S = 1.0
LONGEST_LINE = 1000


@dataclass(frozen=True, slots=True)
class Typed:
    """One line, without its end."""

    text: str


def listen(typed: Callable[[Typed], object]) -> None:
    """Hand each line on, from now on. Call it in the main thread."""
    # In the background, reading would stop the whole process; this way it is an error of the reading alone.
    signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    if sys.stdin is not None and not sys.stdin.closed:
        threading.Thread(target=_read, args=(sys.stdin.fileno(), typed), name="keyboard", daemon=True).start()


def _read(descriptor: int, typed: Callable[[Typed], object]) -> None:
    # Not sys.stdin: a thread that waits inside its buffer can stop the interpreter from ending.
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    while (part := _part(descriptor)) != b"":
        *lines, rest = (rest + decoder.decode(part)).split("\n")
        rest = rest[-LONGEST_LINE:]
        for line in lines:
            typed(Typed(line.strip()))


def _part(descriptor: int) -> bytes:
    while True:
        try:
            return os.read(descriptor, 4096)
        except OSError:
            if not os.isatty(descriptor):
                return b""  # closed: there is no keyboard
            threading.Event().wait(PAUSE_S)  # a terminal whose turn is somebody else's; perhaps ours again later
