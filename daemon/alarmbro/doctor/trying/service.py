"""Asks systemd after the units. Changes nothing; a systemd that does not answer is left after some seconds."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from alarmbro.config.secrets import variable
from alarmbro.doctor.judging.service import OTHERS, UNIT, Unit
from alarmbro.doctor.trying.users import User, user_of_service

BOOTED = Path("/run/systemd/system")  # sd_booted(3)
CREDENTIALS = Path("/run/credentials")
ASKED = (
    "LoadState", "ActiveState", "SubState", "UnitFileState", "NeedDaemonReload", "NRestarts", "FragmentPath",
    "Environment", "User", "SupplementaryGroups",
)  # fmt: skip
PATIENCE_S = 5.0
LOAD = re.compile(r"^\s*LoadCredential=([^:\s]+):(/\S+)\s*$", re.MULTILINE)
OURS = ("ALARMBRO_", "LG_WD")


def units(booted: Path = BOOTED) -> dict[str, Unit] | None:
    """Give what systemd says of our units; None where systemd is not what runs this machine, or does not answer."""
    if not booted.is_dir():
        return None
    said = {name: _said(name) for name in (UNIT, *OTHERS)}
    return None if said[UNIT] is None else {name: Unit(name, says or {}) for name, says in said.items()}


def security(unit: Unit) -> str:
    """Give what systemd thinks of a unit's hardening, by its file: no right is needed for that."""
    return _output(["systemd-analyze", "security", "--offline=yes", "--no-pager", unit.says.get("FragmentPath", "")])


def surroundings(unit: Unit | None, environ: Mapping[str, str], credentials: Path = CREDENTIALS) -> dict[str, str]:
    """Give the environment in which the service runs, as far as it is ours: which sites it serves, its secrets.

    What the caller's own says wins. Its credentials can be read by root alone: while it runs as it has them, else from
    the files that the unit names.
    """
    theirs = {}
    for word in _words(unit.says.get("Environment", "") if unit else ""):
        name, sign, value = word.partition("=")
        if sign and name.startswith(OURS):
            theirs[name] = value
    folder = credentials / UNIT
    if os.access(folder, os.R_OK | os.X_OK):
        theirs["CREDENTIALS_DIRECTORY"] = str(folder)
    elif unit is not None and unit.loaded:
        theirs |= _credentials(_output(["systemctl", "cat", "--no-pager", unit.name]))
    return {**theirs, **environ}


def user_of(unit: Unit | None) -> User | None:
    """Give the user that the service runs as; None where that is not known here."""
    says: Mapping[str, str] = unit.says if unit else {}
    return user_of_service(says["User"], says.get("SupplementaryGroups", "").split()) if says.get("User") else None


def _said(name: str) -> dict[str, str] | None:
    output = _output(["systemctl", "show", "--no-pager", *(f"--property={each}" for each in ASKED), name])
    pairs = (line.partition("=") for line in output.splitlines())
    return {key: value for key, sign, value in pairs if sign} or None


def _credentials(text: str) -> dict[str, str]:
    """Give the secrets that a unit's text names files for (`LoadCredential=NAME:FILE`), as far as we may read them."""
    found = {}
    for name, path in LOAD.findall(text):
        try:
            found[variable(name)] = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):  # the configuration says which secret it lacks
            continue
    return found


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a quote without its other half
        return text.split()


def _output(command: Sequence[str]) -> str:
    """Give what a command of systemd's prints; nothing where there is no such command, or it fails or hangs."""
    try:
        done = subprocess.run(  # noqa: S603 (systemd's own commands, found where the system has them)
            command, capture_output=True, text=True, errors="replace", check=False, timeout=PATIENCE_S,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
