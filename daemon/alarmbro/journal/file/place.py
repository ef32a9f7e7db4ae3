"""What the kernel says of the journal's file and of a thread of ours. Any thread may ask; neither raises."""

from __future__ import annotations

from pathlib import Path


def waits_for_disk(thread: int | None) -> bool:
    """Tell whether the kernel says `D` of a thread of ours: uninterruptible sleep (proc_pid_stat(5))."""
    try:
        stat = Path(f"/proc/self/task/{thread}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[:1] == ["D"]


def file_at(path: Path) -> tuple[int, int] | None:
    """Name the file that now has this path, as the kernel knows it; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
