"""`alarmbro` with every log line that there is, as somebody would run it who looks for a fault."""

from __future__ import annotations

import logging

from alarmbro import logs
from alarmbro.cli.main import main

if __name__ == "__main__":
    usual = logs.start_logging.__kwdefaults__
    assert usual is not None
    usual["level"] = logging.DEBUG
    main()
