"""A resolver that does not answer: glibc's own waiting, in the middle of a delivery.

The daemon runs in a mount namespace of its own where /etc/resolv.conf names a server of the test's on loopback, which
takes each question and says nothing, until it is told to answer. Needs root, for the namespace and for port 53.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ground import Ground, prepared
from receivers import HOST
from running import RUN, until

RESOLVER = "127.0.0.77"
INSIDE = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
ANSWER = bytes.fromhex("c00c 0001 0001 00000001 0004") + socket.inet_aton(HOST)  # the name asked for; A; IN; 1 s


class Resolver:
    """A name server that is silent until `speak`; then every name is 127.0.0.1."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self._speaks = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((RESOLVER, 53))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def speak(self) -> None:
        """Answer from here on."""
        self._speaks.set()

    def _serve(self) -> None:
        while True:
            question, peer = self._socket.recvfrom(512)
            if not question:
                return
            self.asked.set()
            if self._speaks.is_set():
                self._socket.sendto(answer(question), peer)

    def stop(self) -> None:
        """End its thread by an empty question, and close."""
        self._socket.sendto(b"", (RESOLVER, 53))
        self._thread.join(5)
        self._socket.close()


def answer(question: bytes) -> bytes:
    """Give an answer to one question (RFC 1035, 4.1): one address where it is for type A, else none."""
    end = question.index(b"\0", 12) + 5
    is_a = question[end - 4 : end - 2] == b"\0\1"
    return question[:2] + bytes.fromhex("8180 0001") + bytes([0, is_a]) + bytes(4) + question[12:end] + ANSWER * is_a


@contextlib.contextmanager
def deaf(folder: Path) -> Iterator[tuple[Ground, Resolver]]:
    """Start the daemon with a resolver that is silent, and its first recipient behind a name."""
    inside = ["unshare", "--mount", "sh", "-c", INSIDE, str(folder / "resolv.conf")]
    (folder / "resolv.conf").write_text(f"nameserver {RESOLVER}\n", encoding="ascii")
    if os.getuid() != 0 or subprocess.run([*inside, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may have a mount namespace of its own, and so a resolver of its own")
    with prepared(folder, 20) as on:
        resolver = Resolver()
        try:
            text = on.daemon.config.read_text(encoding="utf-8")
            port = on.receivers[0].port
            on.daemon.config.write_text(text.replace(f"{HOST}:{port}/", f"gateway.example:{port}/"), encoding="utf-8")
            on.start([*inside, *RUN])
            yield on, resolver
        finally:
            on.daemon.end()
            resolver.stop()


def test_a_resolver_that_hangs_delays_no_other_and_the_rest_hear_when_it_answers(tmp_path: Path, full: bool) -> None:
    """Whose address needs no resolver hears at once; the others when their name can be resolved."""
    assert sys.platform == "linux"
    with deaf(tmp_path) as (on, resolver):
        on.unreachable = {0}
        on.press(12)
        on.settle()
        assert resolver.asked.wait(20)
        assert on.receivers[0].received() == []
        if full:
            until(lambda: [record for record in on.daemon.records("attempt") if record.draft.recipient == "m0"], 60.0)
            resolver.speak()
            on.unreachable = set()
            on.settle()
        on.done("a resolver that hangs")
