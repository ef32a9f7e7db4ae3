"""A receiver may be a name; a name server that is dead holds no alarm up for long."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from alarmbro.delivery.dc09 import lookup
from alarmbro.delivery.dc09.lookup import addresses


def test_an_address_in_digits_needs_no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither of version 4 nor 6."""
    monkeypatch.setattr(lookup, "_ask", None)
    assert [address[0] for _, address in addresses("127.0.0.1", 9, 1.0)] == ["127.0.0.1"]
    assert [address[0] for _, address in addresses("::1", 9, 1.0)] == ["::1"]


def test_a_name_leads_where_it_did_when_the_name_server_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """And that is known within the time given."""
    before = addresses("localhost", 9, 5.0)
    silent = threading.Event()
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *, type: int, flags: int) -> list[object]:  # noqa: A002 (the library's name)
        if not flags:
            silent.wait(10)
            raise socket.gaierror(socket.EAI_AGAIN, "too late")
        return list(real(host, port, type=type, flags=flags))

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    begun_s = time.monotonic()
    assert addresses("localhost", 9, 0.1) == before
    with pytest.raises(socket.gaierror):
        addresses("another.example", 9, 0.1)
    assert time.monotonic() - begun_s < 5
    silent.set()


def test_a_name_that_does_not_exist_is_said_to() -> None:
    """Also one that cannot: a part of it is too long."""
    for name in ("nobody.invalid", "a" * 70 + ".example"):
        with pytest.raises(socket.gaierror):
            addresses(name, 9, 5.0)
