"""Asks the daemon how it is, and looks whether one is there that does not answer. Changes nothing.

Must never: take the state folder's lock, even for a moment: a daemon that starts right then would end.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from alarmbro.control.client import ask
from alarmbro.doctor.judging.alive import Alive, Sign
from alarmbro.journal.file.lock import LOCK_NAME
from alarmbro.model.errors import AlarmbroError, UnreachableError

LOCKS = Path("/proc/locks")
PATIENCE_S = 5.0  # as long as the daemon itself waits for its deciding thread
BARRED = frozenset({errno.EACCES, errno.EPERM})
AWAY = frozenset({errno.ENOENT, errno.ECONNREFUSED, errno.ENOTDIR})


def look(run_dir: Path, state: Path, *, active: bool, patience_s: float = PATIENCE_S) -> Alive:
    """Ask for the daemon's status. `active`: systemd says that it runs."""
    try:
        return Alive(Sign.ANSWERS, ask(run_dir, {"do": "status"}, patience_s))
    except UnreachableError as error:
        number = getattr(error.__cause__, "errno", None)
        if number in BARRED:
            return Alive(Sign.BARRED)
        if number in AWAY and not active and not locked(state / LOCK_NAME):
            return Alive(Sign.AWAY)
        why = errno.errorcode.get(number, "") if number else type(error.__cause__).__name__
        return Alive(Sign.SILENT, error=why)
    except AlarmbroError as error:
        return Alive(Sign.SILENT, error=type(error).__name__)


def locked(lock: Path, locks: Path = LOCKS) -> bool:
    """Tell whether somebody holds a lock (flock(2)) on a file, as the kernel lists them (proc(5)); no for no file."""
    try:
        status = lock.stat()
        lines = locks.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:  # nobody has made one, or we may not look: who asks has other signs
        return False
    name = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    return any(name in words and "FLOCK" in words for words in map(str.split, lines))
