"""Processes that the benchmark starts: each in a session of its own, ended by its own id, measured through /proc.

Must never leave one behind: `end_all` runs at exit, and where `setpriv` is here the kernel ends them with us.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
MANY_TICKS = 20
STOP_S = 10.0
LEASH = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []


@dataclass(frozen=True)
class Use:
    """What a process and its children have used: seconds of processor, voluntary switches (wake-ups), MiB."""

    ticks_s: float  # counts threads that have ended, too
    precise_s: float  # counts less than a tick, of living threads
    wakeups: int
    rss_mib: float
    pss_mib: float
    peak_mib: float

    def cpu_since(self, before: Use) -> float:
        """Give the seconds of processor between two looks."""
        ticks_s = self.ticks_s - before.ticks_s
        return ticks_s if ticks_s > MANY_TICKS * TICK_S else max(0.0, self.precise_s - before.precise_s)


class Process:
    """One program in a session of its own; its output goes to `log`. Starts at once."""

    living: list[Process] = []  # noqa: RUF012 (one list for the program: what `end_all` has to end)

    def __init__(self, command: Sequence[str], folder: Path, log: Path, *, piped: bool = False) -> None:
        with log.open("ab") as output:
            self.started_ns = time.monotonic_ns()
            self.child = subprocess.Popen(
                [*LEASH, *command],
                cwd=folder,
                stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
                stdout=subprocess.PIPE if piped else output,
                stderr=output,
                start_new_session=True,
            )
        Process.living.append(self)

    def stop(self) -> bool:
        """End it by SIGTERM as systemd does; where that does not help in ten seconds, by SIGKILL, and say False."""
        self.child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.child.wait(STOP_S)
        willing = self.child.returncode is not None
        self.kill()
        return willing

    def kill(self) -> None:
        """End it and all of its session by SIGKILL."""
        for pid in list(self.pids()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.child.wait(STOP_S)
        if self in Process.living:
            Process.living.remove(self)

    def pids(self) -> Iterator[int]:
        """Give the processes of its session."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _session(int(entry.name)) == self.child.pid:
                yield int(entry.name)

    def use(self) -> Use:
        """Give what it has used so far."""
        uses = [_use(pid) for pid in self.pids()]
        return Use(
            sum(each.ticks_s for each in uses),
            sum(each.precise_s for each in uses),
            sum(each.wakeups for each in uses),
            sum(each.rss_mib for each in uses),
            sum(each.pss_mib for each in uses),
            sum(each.peak_mib for each in uses),
        )


def end_all() -> None:
    """End whatever still runs."""
    for process in list(Process.living):
        process.kill()


atexit.register(end_all)


def busy_s() -> float:
    """Give the seconds that the machine's processors have worked, all together, since it was started."""
    fields = [int(word) for word in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]]
    user, nice, system, _idle, _waiting, *interrupts = fields[:7]
    return (user + nice + system + sum(interrupts)) * TICK_S


def own_s() -> float:
    """Give the processor's seconds of this program and of all that it has started."""
    mine = os.times()
    return (
        mine.user
        + mine.system
        + mine.children_user
        + mine.children_system
        + sum(each.use().ticks_s for each in Process.living)
    )


def _fields(pid: int) -> list[str]:
    """Give the fields of /proc/PID/stat that follow the name, which may have blanks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _session(pid: int) -> int:
    fields = _fields(pid)
    return int(fields[3]) if fields and fields[0] != "Z" else 0


def _use(pid: int) -> Use:
    fields = _fields(pid)
    try:
        memory = _numbers(Path(f"/proc/{pid}/smaps_rollup"))
        peak = _numbers(Path(f"/proc/{pid}/status"))["VmHWM"]
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        switches = sum(_numbers(task / "status")["voluntary_ctxt_switches"] for task in tasks)
        precise_s = sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9
    except (OSError, KeyError, ValueError, IndexError):
        return Use(0, 0, 0, 0, 0, 0)  # it ended while we looked
    ticks_s = (int(fields[11]) + int(fields[12])) * TICK_S if fields else 0.0
    return Use(ticks_s, precise_s, switches, memory["Rss"] / 1024, memory["Pss"] / 1024, peak / 1024)


def _numbers(file: Path) -> dict[str, int]:
    """Give the numbers of a file of `Name: number unit` lines; kernel threads have fewer of them."""
    words = (line.split() for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
    return {each[0].rstrip(":"): int(each[1]) for each in words if len(each) > 1 and each[1].isdigit()}
