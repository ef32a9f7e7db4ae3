"""Whose files are believed: what an owner alone may change is worth no more than its owner.

Touches nothing but the list of users. Any thread.
"""

from __future__ import annotations

import os
import pwd

SERVICE = "alarmbro"  # the user of systemd's unit
ROOT_UID = 0


def believed() -> frozenset[int]:
    """Give the user ids whose secrets and keys may be used: our own and root's.

    Root looks on behalf of the service, which needs them to be its own: for root they may be that user's, too.
    """
    ours = os.geteuid()
    return frozenset({ROOT_UID, ours} | (_service() if ours == ROOT_UID else set()))


def _service() -> set[int]:
    try:
        return {pwd.getpwnam(SERVICE).pw_uid}
    except KeyError:  # not installed here
        return set()
