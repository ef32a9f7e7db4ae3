"""What the kernel knows of this process, under the names that every Prometheus client gives it.

Must never: raise. Where there is no Linux /proc there are no such numbers. Source: proc(5), `/proc/PID/stat`.
Runs in the thread of the server.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from alarmbro.metrics.text import Family, Kind, Value

PROC = Path("/proc")
# Fields behind the name of the program, which stands in brackets and may hold anything; counted from 0.
USER_TICKS, SYSTEM_TICKS, START_TICKS, RESIDENT_PAGES = 11, 12, 19, 21
SAME_S = 1.0  # two readings of the same beginning differ by less, unless the clock was set


class Process:
    """This process."""

    def __init__(self, proc: Path = PROC) -> None:
        self._proc = proc
        self._began_s = 0.0

    def families(self) -> Iterator[Family]:
        """Give when it began, its processor time, its memory and its open files."""
        try:
            fields = (self._proc / "self/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
            began_s = self._began(int(fields[START_TICKS]) / ticks)
            used_s = (int(fields[USER_TICKS]) + int(fields[SYSTEM_TICKS])) / ticks
            resident = int(fields[RESIDENT_PAGES]) * page
            files = sum(1 for _ in (self._proc / "self/fd").iterdir())
        except (OSError, ValueError, LookupError):  # no Linux /proc, or one that hides this
            return
        yield _of("process_start_time_seconds", "gauge", "When the process began, in seconds since 1970.", began_s)
        yield _of("process_cpu_seconds_total", "counter", "Processor time used, in seconds.", used_s)
        yield _of("process_resident_memory_bytes", "gauge", "Memory that the process holds.", resident)
        yield _of("process_open_fds", "gauge", "Files and connections that the process has open.", files)

    def _began(self, after_boot_s: float) -> float:
        """Give the beginning by wall time as it is set now; the same each time, as a change means a restart."""
        began_s = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + after_boot_s
        if abs(began_s - self._began_s) > SAME_S:
            self._began_s = round(began_s, 2)
        return self._began_s


def _of(name: str, kind: Kind, meaning: str, number: float) -> Family:
    return Family(name, kind, meaning, [Value(number)])
