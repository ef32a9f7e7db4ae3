"""Tells systemd how we are: READY, STATUS, WATCHDOG, STOPPING (sd_notify(3)). Called by the deciding thread.

Written here because it is one datagram: the `sdnotify` package encodes Danish letters as Latin-1, which systemd drops.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

import structlog

log = structlog.get_logger(__name__)

MICRO = 1_000_000


class Systemd:
    """Talks to the service manager named in `environ`; silent where there is none."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        ours = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        text = environ.get("WATCHDOG_USEC", "")
        self.watchdog_s = int(text) / MICRO if ours and text.isdecimal() and int(text) else None

    def notify(self, **fields: str) -> None:
        """Send fields as `NAME=text` lines in UTF-8. Never raises, never blocks: alarms go on without systemd."""
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        lines = "\n".join(f"{name}={' '.join(text.split())}" for name, text in fields.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams:
                datagrams.setblocking(False)
                datagrams.sendto(lines.encode(errors="replace"), address)  # half a character costs itself alone
        except OSError as error:
            log.warning("systemd does not hear us", error=error.strerror)
