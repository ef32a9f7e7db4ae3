"""Becomes another program that ends when the demonstration ends, however that ends (kill -9 too).

`python -m alarmbro.demo.processes.leash PARENT PROGRAM ARGUMENT…`; PARENT is the process id of the demonstration. Only
what is told by the kernel: prctl(2), PR_SET_PDEATHSIG, which holds across execve(2).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def become(parent: int, command: list[str]) -> None:
    """Turn into `command`; return only where the parent is gone already. Raise OSError where it cannot be started."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == parent:  # else it ended before the kernel knew
        os.execvp(command[0], command)  # noqa: S606 - the demonstration's own children, no shell


if __name__ == "__main__":
    become(int(sys.argv[1]), sys.argv[2:])
