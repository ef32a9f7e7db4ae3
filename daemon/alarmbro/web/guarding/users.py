"""Who may log in, and as what: a file that `alarmbro web user` writes and the page reads.

Passwords are kept as scrypt (RFC 7914) alone, 16 MiB and some 80 ms for each try. The file belongs to whoever
administers the machine, and the page's group may read it (0640).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from alarmbro.model.errors import MachineError, RefusedError

FILE_NAME = "web-users.json"
LARGEST = 1_000_000  # bytes
SHORTEST, LONGEST = 12, 200  # letters of a password
LONGEST_NAME = 60
COST, BLOCK, SALT_BYTES = 2**14, 8, 16
MEMORY = 64 * 1024 * 1024


class Role(StrEnum):
    """What somebody may do; each may do what those before it may."""

    SEE = "see"
    ANSWER = "answer"
    TEST = "test"
    ADMINISTER = "administer"

    def may(self, needed: Role) -> bool:
        """Tell whether it is enough."""
        roles = tuple(Role)
        return roles.index(self) >= roles.index(needed)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may use the page. `password` is `SALT$HASH` in hex, empty for who comes by the proxy alone."""

    name: str
    role: Role
    password: str = ""

    def mark(self) -> str:
        """Give what of a user a session depends on: another password or role ends it."""
        return hashlib.sha256(f"{self.name}\n{self.role}\n{self.password}".encode()).hexdigest()[:16]


class Users:
    """The file at `path`, read again when it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._known: Mapping[str, User] = {}

    def all(self) -> Mapping[str, User]:
        """Give everybody by name; nobody where there is no file. Raise MachineError where it cannot be used."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise MachineError(f"cannot read {self._path}: {error.strerror}; let the page's group read it") from error
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp != self._stamp:
            self._known, self._stamp = read(self._path), stamp
        return self._known

    def find(self, name: str) -> User | None:
        """Give a user by name."""
        return self.all().get(name)


def read(path: Path) -> dict[str, User]:
    """Give the users of a file; none where there is none. Raise MachineError where it cannot be used."""
    try:
        with path.open("rb") as file:
            rows = json.loads(file.read(LARGEST))
        return {name: User(name, Role(row["role"]), str(row["password"])) for name, row in rows.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise MachineError(f"cannot read {path}: {error.strerror}; let the page's group read it") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MachineError(f"{path} is not what `alarmbro web user` wrote; remove it and add the users anew") from error


def write(path: Path, users: Mapping[str, User]) -> None:
    """Write the file, whole or not at all; the group is that of its folder. Raise MachineError."""
    rows = {each.name: {"role": each.role.value, "password": each.password} for each in users.values()}
    beside = path.with_name(f".{path.name}.new")
    try:
        with suppress(FileNotFoundError):
            beside.unlink()
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
            with suppress(PermissionError):  # then the group is our own already, or root must set it
                os.fchown(file.fileno(), -1, path.parent.stat().st_gid)
            os.fchmod(file.fileno(), 0o640)
        beside.replace(path)
    except OSError as error:
        raise MachineError(f"cannot write {path}: {error.strerror}; run it as who owns that folder") from error


def checked_name(name: str) -> str:
    """Give a name that can be shown and typed. Raise RefusedError."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise RefusedError(f"a user's name has 1 to {LONGEST_NAME} letters that can be read")
    return name


def hashed(password: str) -> str:
    """Give what is kept of a password. Raise RefusedError where it is too short."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise RefusedError(f"a password has {SHORTEST} letters or more (at most {LONGEST}); some words are easiest")
    salt = secrets.token_bytes(SALT_BYTES)
    return f"{salt.hex()}${_scrypt(password, salt).hex()}"


def matches(password: str, kept: str) -> bool:
    """Tell whether a password is the one. Takes as long where there is none, so that nobody learns who is known."""
    salt, _, digest = kept.partition("$")
    found = _scrypt(password[:LONGEST], bytes.fromhex(salt) if digest else b"nobody")
    return bool(digest) and hmac.compare_digest(found.hex(), digest)


def _scrypt(password: str, salt: bytes) -> bytes:
    said = password.encode("utf-8", "replace")
    return hashlib.scrypt(said, salt=salt, n=COST, r=BLOCK, p=1, maxmem=MEMORY, dklen=32)
