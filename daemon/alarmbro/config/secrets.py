"""Where `!secret NAME` gets its text: systemd's credentials, the environment, or secrets.yaml beside the file.

Must never put a secret into an error. Reads each place when a secret is first asked of it. Any thread.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from alarmbro.config.findings.report import Report
from alarmbro.config.owning import believed
from alarmbro.config.syntax.yaml_positions import START, Place, Scalar, parse
from alarmbro.config.syntax.yaml_positions import Mapping as Keys
from alarmbro.model.secret import Secret

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # a file's name, never a path
BESIDE = "secrets.yaml"
LARGEST = 1 << 20  # bytes
OTHERS = 0o077
UNKNOWN = Secret("")  # stands for a secret that could not be had, so that the rest is checked too


class Vault:
    """Gives secrets by name; tells the report what cannot be had."""

    def __init__(self, environ: Mapping[str, str], folder: Path, report: Report) -> None:
        self._environ = environ
        self._file = folder / BESIDE
        self._report = report
        self._beside: dict[str, Scalar] | None = None
        self._refused = False

    def fetch(self, name: str, place: Place) -> Secret:
        """Give the secret, without the newline at its end; `UNKNOWN` after telling why there is none."""
        if not NAME.fullmatch(name):
            self._report.error(place, "this is no name of a secret; write !secret NAME with letters, digits, - _ and .")
            return UNKNOWN
        try:
            found = self._credential(name)
        except (OSError, UnicodeDecodeError) as error:
            why = (
                f"the credential {name} cannot be read ({type(error).__name__}); check its rights and that it is UTF-8"
            )
            self._report.error(place, why)
            return UNKNOWN
        if found is None:
            found = self._environ.get(variable(name))
        if found is None:
            return self._from_file(name, place)
        return self._checked(found, name, place)

    def _checked(self, found: str, name: str, place: Place) -> Secret:
        text = found.rstrip("\r\n")
        if not text.strip():
            self._report.error(place, f"the secret {name} is empty; give it its text")
            return UNKNOWN
        return Secret(text)

    def _credential(self, name: str) -> str | None:
        folder = self._environ.get("CREDENTIALS_DIRECTORY")
        path = Path(folder) / name if folder else None
        if path is None or not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(LARGEST).decode()

    def _from_file(self, name: str, place: Place) -> Secret:
        if self._beside is None:
            self._beside = self._read(place)
        node = self._beside.get(name)
        if node is None:
            if not self._refused:
                self._report.error(place, self._nowhere(name))
            return UNKNOWN
        if not isinstance(node.value, str) or node.secret:
            words = f"the secret {name} is no text; put it in quotes"
            self._report.error_elsewhere(str(self._file), node.place, words)
            return UNKNOWN
        return self._checked(node.value, name, place)

    def _nowhere(self, name: str) -> str:
        places = (
            f"a file {name} in CREDENTIALS_DIRECTORY, {variable(name)} in the environment, or {name} in {self._file}"
        )
        return f"there is no secret {name}; put it into one of: {places}"

    def _read(self, place: Place) -> dict[str, Scalar]:
        try:
            descriptor = os.open(self._file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return {}
        except OSError as error:
            return self._refuse(place, f"cannot be read ({error.strerror}); let the user that runs alarmbro own it")
        try:  # what is checked is what is read, whatever becomes of the name meanwhile
            if words := self._unfit(os.fstat(descriptor)):
                return self._refuse(place, words)
            return self._entries(place, os.read(descriptor, LARGEST))
        except OSError as error:
            return self._refuse(place, f"cannot be read ({error.strerror}); check the disk")
        finally:
            os.close(descriptor)

    def _unfit(self, status: os.stat_result) -> str | None:
        if not stat.S_ISREG(status.st_mode):
            return "is no file; write NAME: text into it"
        if status.st_uid not in believed():
            return "belongs to another user; `chown` it to the one that runs alarmbro"
        if status.st_mode & OTHERS:
            return f"can be read or written by others; run: chmod 600 {self._file}"
        return None

    def _refuse(self, place: Place, words: str) -> dict[str, Scalar]:
        self._refused = True
        self._report.error(place, f"the file of secrets {self._file} {words}")
        return {}

    def _entries(self, place: Place, content: bytes) -> dict[str, Scalar]:
        try:
            root, problems = parse(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return self._refuse(place, "is not written in UTF-8; save it so")
        for problem in problems:
            self._report.error_elsewhere(str(self._file), problem.place, problem.text)
        if root is None and not problems:  # an empty file
            return {}
        if not isinstance(root, Keys):
            self._refused = True
            if not problems:
                words = "secrets are written as NAME: text, one a line; write them so"
                self._report.error_elsewhere(str(self._file), START, words)
            return {}
        return {key: node for key, (_, node) in root.entries.items() if isinstance(node, Scalar)}


def variable(name: str) -> str:
    """Give the environment's name of a secret."""
    return "ALARMBRO_SECRET_" + re.sub(r"[-.]", "_", name).upper()
