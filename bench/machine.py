"""What the figures were measured on: no names, no paths."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

WRITES = 200


def describe() -> dict[str, Any]:
    """Give cores, kernel, broker and what storing a line costs on the disk used."""
    told = subprocess.run(["mosquitto", "-h"], check=False, capture_output=True, text=True, timeout=10).stdout
    version = re.search(r"version (\S+)", told)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "processor": platform.machine(),
        "kernel": ".".join(platform.release().split(".")[:2]),
        "python": platform.python_version(),
        "mosquitto": version[1] if version else "?",
        "fdatasync_ms_p50": _storing_ms(),
    }


def _storing_ms() -> float:
    """Give the median of appending a line and having it on the disk."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        file = os.open(Path(folder) / "line", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for _ in range(WRITES):
            begun = time.monotonic()
            os.write(file, b"x" * 100)
            os.fdatasync(file)
            times.append((time.monotonic() - begun) * 1e3)
        os.close(file)
    return round(sorted(times)[WRITES // 2], 3)
