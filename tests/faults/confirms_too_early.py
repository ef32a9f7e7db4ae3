"""A broken daemon, for proving that a loss is seen: it confirms a press to the broker before it is on disk.

Otherwise as `killed_at.py`, and with the same words.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from killed_at import die_at

from alarmbro.inputs.mqtt_receipts import Receipt, Receipts


def promise(self: Receipts, receipt: Receipt) -> Callable[[], None]:
    """Wait for nothing: the journal's word that it has the press comes to nobody."""
    return lambda: None


if __name__ == "__main__":
    from alarmbro.cli.main import main

    Receipts.promise = promise  # type: ignore[method-assign]
    die_at(sys.argv[1], Path(sys.argv[2]))
    sys.argv = ["alarmbro", *sys.argv[3:]]
    main()
