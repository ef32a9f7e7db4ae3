"""The demonstration's own folder, made afresh each time: state, control socket, logs.

Promises: nothing is written elsewhere, but for a socket whose name would be too long; nothing that is not the
demonstration's own is removed; two demonstrations never share a folder.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO, Self

from alarmbro.control.protocol import SOCKET_NAME
from alarmbro.model.errors import MachineError

NAME = ".demo"
SOCKET_LIMIT = 106  # bytes: unix(7) gives 108 with the closing zero; one less than that is certain
OWN_FOLDERS = ("state", "run")
PREFIX = "alarmbro-demo-"


class Folder:
    """`.demo` below `where`, or a passing one where that cannot be written. A context: entering it empties it.

    Raise MachineError on entering, where another demonstration runs in it or none can be made.
    """

    def __init__(self, where: Path) -> None:
        self._passing: list[Path] = []
        self.path = self._choose(where)
        self.state = self.path / "state"
        self.run = self._run_dir()
        self.configuration = self.path / "demo.yaml"
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            self._lock = (self.path / "lock").open("w", encoding="ascii")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._empty()
        except BlockingIOError:
            self._close()
            raise MachineError(f"a demonstration already runs in {self.path}; end it, or start elsewhere") from None
        except OSError as error:
            self._close()
            raise self._unusable(error) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def log(self, name: str) -> Path:
        """Give the path of a process's log."""
        return self.path / f"{name}.log"

    def write(self, path: Path, text: str) -> None:
        """Write a file of the demonstration's. Raise MachineError where that cannot be done."""
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise self._unusable(error) from error

    def _empty(self) -> None:
        for name in OWN_FOLDERS:
            shutil.rmtree(self.path / name, ignore_errors=True)  # mkdir says so where something is left
        self.state.mkdir()
        self.run.mkdir(exist_ok=True)

    def _unusable(self, error: OSError) -> MachineError:
        return MachineError(f"cannot use {self.path}: {error.strerror}; remove it, or start elsewhere")

    def _choose(self, where: Path) -> Path:
        path = where / NAME
        try:
            path.mkdir(exist_ok=True)
        except OSError:  # told by the header, which names the folder
            return self._pass(None)
        return path if os.access(path, os.W_OK | os.X_OK) else self._pass(None)

    def _run_dir(self) -> Path:
        run = self.path / "run"
        return run if fits(run) else next(filter(fits, map(self._pass, (None, Path("/tmp")))))  # noqa: S108 - mkdtemp

    def _pass(self, below: Path | None) -> Path:
        try:
            made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=below))
        except OSError as error:
            raise MachineError(f"no folder can be made for the demonstration: {error.strerror}") from error
        self._passing.append(made)
        return made

    def _close(self) -> None:
        if self._lock is not None:
            self._lock.close()
        for path in self._passing:
            shutil.rmtree(path, ignore_errors=True)  # a passing folder; the system clears what could not be removed


def fits(run: Path) -> bool:
    """Tell whether a control socket can have its name there."""
    return len(os.fsencode(run.absolute() / SOCKET_NAME)) <= SOCKET_LIMIT
