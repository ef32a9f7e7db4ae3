"""Whether files may be read and written by those who should, and by nobody else. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from alarmbro.doctor.findings import Found, doubtful, failed, well

CHECK = "rights"
OTHERS, OTHERS_WRITE, GROUP_OR_OTHERS = 0o007, 0o002, 0o077


class Part(StrEnum):
    """What a file is for."""

    CONFIGURATION = "configuration"
    SECRETS = "secrets"
    STATE = "state"
    JOURNAL = "journal"
    RUN = "run"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder: `mode` are its nine bits. `usable`: the service's user may do with it what it must.

    `service` is that user. Where it is not `known`, it is the user who asks, who need not be the one who may.
    """

    part: Part
    path: str
    mode: int
    owner: str
    service: str
    usable: bool
    known: bool = True


def judge(place: Place) -> Iterator[Found]:
    """Say what is wrong with a place's rights, or that nothing is."""
    values = {
        "path": place.path, "mode": f"{place.mode:04o}", "owner": place.owner, "service": place.service,
        "wanted": _wanted(place),
    }  # fmt: skip
    wrong = list(_wrong(place))
    for severe, says in wrong:
        yield (failed if severe else doubtful)(CHECK, place.path, says, **values)
    if not wrong:
        yield well(CHECK, place.path, "rights.right", **values)


def _wrong(place: Place) -> Iterator[tuple[bool, str]]:
    """Give the words for what is wrong, and whether it keeps alarms away or lets others make or read them."""
    if place.part is Part.SECRETS and place.mode & GROUP_OR_OTHERS:
        yield True, "rights.secrets_open"
    elif place.mode & OTHERS_WRITE:
        yield True, "rights.writable"
    elif place.part in (Part.STATE, Part.JOURNAL) and place.mode & OTHERS:
        yield False, "rights.readable"
    if not place.usable:
        yield place.known, "rights.unusable" if place.known else "rights.barred"


def _wanted(place: Place) -> str:
    return {
        Part.CONFIGURATION: "640", Part.SECRETS: "600", Part.STATE: "750", Part.JOURNAL: "640", Part.RUN: "750",
        Part.SOCKET: "660",
    }[place.part]  # fmt: skip
