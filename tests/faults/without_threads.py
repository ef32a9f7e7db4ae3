"""The real daemon, which gets no new thread from the moment when the file named first is there."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

armed = Path(sys.argv[1])
really_start = threading.Thread.start


def start(self: threading.Thread) -> None:
    """Fail as CPython does where the system gives no thread."""
    if armed.exists():
        raise RuntimeError("can't start new thread")
    really_start(self)


if __name__ == "__main__":
    from alarmbro.cli.main import main

    threading.Thread.start = start  # type: ignore[method-assign]
    sys.argv = ["alarmbro", *sys.argv[2:]]
    main()
