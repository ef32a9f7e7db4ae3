"""Where a receiver's name leads, without ever waiting long for a dead name server.

Promises: `addresses` comes back within the time given, and with what the name led to before where the name server is
silent now: a centre seldom moves, and the null messages keep the last answer fresh. Any thread.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

Address = tuple[socket.AddressFamily, Any]  # the family, and what a socket of it connects to


@dataclass(slots=True)
class _Asked:
    """One question to the name server, and its answer."""

    done: threading.Event = field(default_factory=threading.Event)
    found: tuple[Address, ...] = ()
    failure: OSError | None = None


_lock = threading.Lock()
_known: dict[tuple[str, int], tuple[Address, ...]] = {}


def addresses(host: str, port: int, wait_s: float) -> tuple[Address, ...]:
    """Give the addresses of a host, at least one. Raise socket.gaierror where there is none to be had in time."""
    with contextlib.suppress(socket.gaierror, UnicodeError):  # a name: that takes asking
        return _found(host, port, socket.AI_NUMERICHOST)
    asked = _Asked()
    with contextlib.suppress(RuntimeError):  # no thread to be had: what is known must do
        threading.Thread(target=_ask, args=(asked, host, port), name="sia-lookup", daemon=True).start()
        asked.done.wait(wait_s)
    with _lock:
        if asked.found:
            _known[host, port] = asked.found
        known = _known.get((host, port), ())
    if not known:
        raise asked.failure or socket.gaierror(socket.EAI_AGAIN, "no answer from the name server in time")
    return known


def _ask(asked: _Asked, host: str, port: int) -> None:
    try:
        asked.found = _found(host, port, 0)
    except OSError as error:
        asked.failure = error
    except UnicodeError:  # a name that cannot be one: a label of more than 63 signs
        asked.failure = socket.gaierror(socket.EAI_NONAME, "this is no name of a host")
    asked.done.set()


def _found(host: str, port: int, flags: int) -> tuple[Address, ...]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return tuple((family, address) for family, _kind, _protocol, _name, address in found)
