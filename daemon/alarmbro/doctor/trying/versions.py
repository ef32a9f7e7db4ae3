"""Looks up versions without importing what they are of: lgpio would change the working directory."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib import metadata
from pathlib import Path

from alarmbro import __version__
from alarmbro.doctor.judging.versions import JournalFile, Part, floors
from alarmbro.journal.file.storage import FILE_NAME, MIGRATIONS, open_for_reading
from alarmbro.model.errors import JournalError

LIBRARIES = ("apprise", "gpiozero", "lgpio", "paho-mqtt", "pydantic", "PyYAML", "structlog")


def parts(*, pins: bool) -> list[Part]:
    """Give every version; `pins`: lgpio is needed here."""
    least = floors(_requirements())
    found = [Part("alarmbro", __version__), Part("Python", platform.python_version())]
    found += [
        Part(name, _version(name), least.get(name.lower(), ""), needed=pins or name != "lgpio") for name in LIBRARIES
    ]
    return [*found, Part("SQLite", sqlite3.sqlite_version)]


def journal(state: Path) -> JournalFile | None:
    """Look at the journal's format; None where there is none."""
    path, ours = state / FILE_NAME, len(MIGRATIONS)
    try:
        path.stat()
    except FileNotFoundError:
        return None
    except OSError:
        return JournalFile(str(path), ours, barred=True)
    if not os.access(path, os.R_OK):
        return JournalFile(str(path), ours, barred=True)
    try:
        connection = open_for_reading(path)
    except JournalError as error:
        return JournalFile(str(path), ours, error=str(error.__cause__ or error))
    try:
        return JournalFile(str(path), ours, int(connection.execute("PRAGMA user_version").fetchone()[0]))
    except sqlite3.Error as error:
        return JournalFile(str(path), ours, error=str(error))
    finally:
        connection.close()


def _requirements() -> list[str]:
    try:
        return metadata.requires("alarmbro") or []
    except metadata.PackageNotFoundError:  # run from its folder, not installed
        return []


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
