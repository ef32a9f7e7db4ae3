"""The real daemon with a wall clock that is moved by the seconds that the file named first holds."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from alarmbro.clock import SystemClock
from alarmbro.model.moment import Moment

moved = Path(sys.argv[1])
really_now = SystemClock.now


def now(self: SystemClock) -> Moment:
    """Give the time with the wall clock moved; the monotonic clock is what it is."""
    moment = really_now(self)
    return replace(moment, utc=moment.utc + timedelta(seconds=float(moved.read_text() or 0)))


if __name__ == "__main__":
    from alarmbro.cli.main import main

    SystemClock.now = now  # type: ignore[method-assign]
    sys.argv = ["alarmbro", *sys.argv[2:]]
    main()
