"""Opening the journal without waiting for ever: a disk that does not answer must not keep a button from being armed.

A thread of its own opens the file and starts the writer; whoever starts the daemon waits for it, but not long.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from alarmbro.journal.reading.remembering import Remembered
from alarmbro.journal.writing.writer import Journal

PATIENCE_S = 10.0  # a card that was not shut down replays its own log for some seconds


def open_within(
    journal: Journal, late: Callable[[Remembered], None], patience_s: float = PATIENCE_S
) -> Remembered | None:
    """Open and start the journal; give what it remembers.

    None: it is still being opened. What it remembers is then given to `late`, in another thread, when there is an
    answer; until then what is written waits in memory.
    """
    opened: queue.SimpleQueue[Remembered] = queue.SimpleQueue()
    given_up = False
    deciding = threading.Lock()

    def open_it() -> None:
        remembered = journal.open()
        journal.start()
        with deciding:
            if not given_up:
                opened.put(remembered)
                return
        late(remembered)

    threading.Thread(target=open_it, name="journal-opening", daemon=True).start()
    try:
        return opened.get(timeout=patience_s)
    except queue.Empty:
        with deciding:
            given_up = opened.empty()
        return None if given_up else opened.get()
