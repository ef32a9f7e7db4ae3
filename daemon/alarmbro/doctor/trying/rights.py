"""Looks at the rights of alarmbro's files and folders. What is not there yet has none, and is not spoken of."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from alarmbro.config.secrets import BESIDE
from alarmbro.control.protocol import SOCKET_NAME
from alarmbro.doctor.judging.rights import Part, Place
from alarmbro.doctor.trying.users import User, may, me, owner_name
from alarmbro.journal.file.storage import FILE_NAME

READ, WRITE, USE = 0o4, 0o6, 0o7  # what the service must be able to do with a file, and with a folder


def places(config: Path, state: Path, run: Path, service: User | None) -> Iterator[Place]:
    """Give the rights of everything of ours that is there."""
    for part, path, wanted in (
        (Part.CONFIGURATION, config, READ),
        (Part.SECRETS, config.parent / BESIDE, READ),
        (Part.STATE, state, USE),
        (Part.JOURNAL, state / FILE_NAME, WRITE),
        (Part.RUN, run, USE),
        (Part.SOCKET, run / SOCKET_NAME, WRITE),
    ):
        try:
            status = path.stat()
        except OSError:  # not there, or in a folder that is closed to us: that folder is spoken of
            continue
        yield _place(part, path, status, service, wanted)


def _place(part: Part, path: Path, status: os.stat_result, service: User | None, wanted: int) -> Place:
    usable = may(status, service, wanted) if service else os.access(path, wanted)
    if part is Part.SECRETS and service:  # its owner alone may read it, and the daemon refuses another's
        usable = usable and status.st_uid in {service.uid, 0}
    owner, user = owner_name(status.st_uid), service.name if service else me()
    return Place(part, str(path), stat.S_IMODE(status.st_mode), owner, user, usable, known=service is not None)
