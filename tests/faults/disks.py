"""A disk of the test's own, which can be full, frozen, read-only or broken: a file with ext4 in it, mounted by loop.

Only root may mount; where it may not, what needs such a disk is skipped with that reason.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SIZE = 16 * 2**20
SYSTEM = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
TOOLS = ("mkfs.ext4", "mount", "umount", "fsfreeze")


def run(tool: str, *words: str) -> None:
    """Run one of the tools; CalledProcessError with what it said where it fails."""
    path = shutil.which(tool, path=SYSTEM)
    assert path is not None
    subprocess.run([path, *words], check=True, capture_output=True, text=True, timeout=60)


class Disk:
    """A small disk, mounted at `folder`."""

    def __init__(self, folder: Path, image: Path) -> None:
        self._folder, self._image = folder, image

    def make(self) -> None:
        """Make an empty one."""
        self._folder.mkdir(parents=True)
        with self._image.open("wb") as image:
            image.truncate(SIZE)
        run("mkfs.ext4", "-q", "-m", "0", str(self._image))

    def mount(self, *, read_only: bool = False) -> None:
        """Put it in its place."""
        how = "loop,ro" if read_only else "loop,errors=remount-ro"
        run("mount", "-o", how, str(self._image), str(self._folder))

    def unmount(self) -> None:
        """Take it away."""
        run("umount", str(self._folder))

    def fill(self) -> None:
        """Take what room there is, to the last block."""
        with (self._folder / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
            while True:
                ballast.write(b"x" * 4096)
        os.sync()

    def empty(self) -> None:
        """Give the room back."""
        (self._folder / "ballast").unlink()

    def fail(self) -> None:
        """Let it give up, as the kernel does after an error of a card: nothing can be written any more."""
        run("mount", "-o", "remount,abort", str(self._folder))

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it answer nothing: who writes, waits in the kernel (state D) and cannot even be killed."""
        run("fsfreeze", "--freeze", str(self._folder))
        try:
            yield
        finally:
            run("fsfreeze", "--unfreeze", str(self._folder))


@contextlib.contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """Mount a disk at `folder`, which must not be there yet; skip the test where that is not allowed."""
    missing = [tool for tool in TOOLS if shutil.which(tool, path=SYSTEM) is None]
    if os.getuid() != 0 or missing:
        pytest.skip(f"only root may mount a disk; tools that are missing: {missing}")
    made = Disk(folder, folder.parent / "disk.img")
    made.make()
    try:
        made.mount()
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no disk can be mounted here: {error.stderr}")
    try:
        yield made
    finally:
        made.unmount()
