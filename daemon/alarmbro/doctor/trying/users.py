"""Who may do what with a file: by its rights, for a user who need not be the one who asks."""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Iterable
from dataclasses import dataclass

ROOT_UID = 0


@dataclass(frozen=True, slots=True)
class User:
    """A user with all groups that the service gives it."""

    name: str
    uid: int
    gid: int
    gids: frozenset[int]


def user_of_service(name: str, groups: Iterable[str]) -> User | None:
    """Give the user that a unit names, with its supplementary groups; None where this machine has no such user."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    gids = {entry.pw_gid, *os.getgrouplist(entry.pw_name, entry.pw_gid)}
    gids |= {each.gr_gid for each in map(_group, groups) if each is not None}
    return User(entry.pw_name, entry.pw_uid, entry.pw_gid, frozenset(gids))


def me() -> str:
    """Give the name of the user who asks: by its rights, whatever the environment says."""
    return owner_name(os.geteuid())


def become(user: User) -> None:
    """Go on with the rights of the service's user and no more, for good. For root alone, before any thread is started.

    Raise OSError where that cannot be.
    """
    os.setgroups(sorted(user.gids))
    os.setgid(user.gid)
    os.setuid(user.uid)


def owner_name(uid: int) -> str:
    """Give the name of a user, or its number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def group_name(gid: int) -> str:
    """Give the name of a group, or its number."""
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def may(status: os.stat_result, user: User, wanted: int) -> bool:
    """Tell whether a file's mode lets a user do what is `wanted` (of 0o7). Access lists are not looked at."""
    if user.uid == ROOT_UID:
        return True
    shift = 6 if user.uid == status.st_uid else 3 if status.st_gid in user.gids else 0
    return status.st_mode >> shift & wanted == wanted


def _group(name: str) -> grp.struct_group | None:
    try:
        return grp.getgrnam(name)
    except KeyError:
        return None
