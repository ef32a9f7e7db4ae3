"""A scraper that hangs, drips, floods or goes away holds up nothing; nor does a port that is taken."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from receivers import free_port
from running import until
from scraping import fetch

from alarmbro.clock import SystemClock
from alarmbro.metrics import server as serving
from alarmbro.metrics.server import VISITORS, MetricsServer
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import Metrics


class Serving:
    """A server with a page of our choosing."""

    def __init__(self, port: int, page: bytes | None = b"a 1\n") -> None:
        self.port, self.page = port, page
        self.looks = 0
        self.troubles: queue.SimpleQueue[Trouble] = queue.SimpleQueue()
        self.server = MetricsServer(Metrics("127.0.0.1", port), self.look, SystemClock(), self.troubles.put)

    def look(self) -> bytes | None:
        self.looks += 1
        if self.page == b"broken":
            raise RuntimeError("no page")
        return self.page

    def listens(self) -> bool:
        with closing(socket.socket()) as asking:
            return asking.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def serving_on(port: int, page: bytes | None = b"a 1\n") -> Iterator[Serving]:
    made = Serving(port, page)
    made.server.start()
    try:
        until(made.listens)
        yield made
    finally:
        made.server.stop()


@pytest.fixture
def served() -> Iterator[Serving]:
    with serving_on(free_port()) as made:
        yield made


def connected(port: int, say: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(say)
    return connection


def rest_of(connection: socket.socket) -> bytes:
    """Give all that still comes, until the other end closes."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        parts.append(b"(reset)")
    return b"".join(parts)


def test_it_answers_what_it_is_asked(served: Serving) -> None:
    """The page at its path, to readers alone; what it is not is said."""
    assert fetch(served.port) == (200, "a 1\n")
    assert fetch(served.port, "/metrics?name=a") == (200, "a 1\n")
    assert fetch(served.port, method="HEAD") == (200, "")
    assert fetch(served.port, "/")[0] == 404
    assert fetch(served.port, "/metricsx")[0] == 404
    assert fetch(served.port, method="POST")[0] == 405
    served.page = b"broken"
    assert fetch(served.port)[0] == 500


@pytest.mark.parametrize("said", [b"\r\n\r\n", b"GET\r\n\r\n", b"GET /metrics\r\n\r\n", b"\x16\x03\x01\x00\r\n\r\n"])
def test_what_is_no_request_is_refused(served: Serving, said: bytes) -> None:
    """Somebody speaks TLS, or nothing that is known, to it."""
    with closing(connected(served.port, said)) as visitor:
        assert rest_of(visitor).startswith(b"HTTP/1.1 400 ")


def test_a_request_without_end_is_cut_off(served: Serving) -> None:
    """No more than a few kilobytes of anybody are kept."""
    with closing(connected(served.port)) as visitor:
        visitor.sendall(b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 20_000)
        answer = rest_of(visitor)
    assert answer.startswith(b"HTTP/1.1 431 ") or answer.endswith(b"(reset)")
    assert fetch(served.port)[0] == 200


def test_a_visitor_who_closes_its_side_after_asking_is_answered(served: Serving) -> None:
    """As some simple tools do."""
    with closing(connected(served.port, b"GET /metrics HTTP/1.0\r\n\r\n")) as visitor:
        visitor.shutdown(socket.SHUT_WR)
        assert rest_of(visitor).endswith(b"\r\n\r\na 1\n")


def test_slow_ones_keep_nobody_out_and_are_sent_away(served: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than there are places, each dripping its request: a scraper is served at once meanwhile."""
    monkeypatch.setattr(serving, "VISIT_S", 1.0)
    slow = [connected(served.port, b"GET /met") for _ in range(3 * VISITORS)]
    try:
        begun_s = time.monotonic()
        assert fetch(served.port)[0] == 200
        assert time.monotonic() - begun_s < 3.0
        assert until(lambda: fetch(served.port)[0] == 200)
        for visitor in slow:
            rest_of(visitor)  # it ends: they were sent away
        assert time.monotonic() - begun_s < 8.0
    finally:
        for visitor in slow:
            visitor.close()
    assert served.server.alive()


def test_one_that_does_not_read_is_sent_away(served: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that nobody takes fills what the kernel keeps, and no thread waits for it."""
    monkeypatch.setattr(serving, "VISIT_S", 1.0)
    served.page = b"x" * 20_000_000
    with closing(connected(served.port, b"GET /metrics HTTP/1.1\r\n\r\n")) as deaf:
        until(lambda: served.looks)
        served.page = b"a 1\n"
        assert fetch(served.port) == (200, "a 1\n")
        until(lambda: not served.server._visits)
        assert len(rest_of(deaf)) < 20_000_000


def test_many_at_once_all_get_their_page_or_a_closed_door(served: Serving) -> None:
    """Two hundred connections, half of which go away at once: the server lives, and serves the next."""
    results: queue.SimpleQueue[int] = queue.SimpleQueue()

    def visit(number: int) -> None:
        try:
            if number % 2:
                connected(served.port, b"GET /metrics HTTP/1.1\r\n").close()
            else:
                results.put(fetch(served.port)[0])
        except OSError:
            results.put(0)

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(200)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(30)
    found = [results.get_nowait() for _ in range(results.qsize())]
    assert set(found) <= {0, 200}
    assert found.count(200) >= 50
    assert fetch(served.port)[0] == 200
    assert served.server.alive()


def test_a_flood_costs_little(served: Serving) -> None:
    """However fast somebody asks, it is let in fifty times a second at the most."""
    ending = time.monotonic() + 2.0
    answered = 0
    while time.monotonic() < ending:
        answered += fetch(served.port)[0] == 200
    assert 10 <= answered <= 2.0 / serving.PACE_S + 10


def test_whoever_waits_for_the_page_does_not_keep_others_waiting() -> None:
    """While the deciding thread is awaited, other questions are answered."""
    with serving_on(free_port(), page=None) as served, closing(connected(served.port)) as patient:
        patient.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
        until(lambda: served.looks > 2)
        assert fetch(served.port, "/")[0] == 404
        served.page = b"late 1\n"
        assert rest_of(patient).endswith(b"late 1\n")


def test_a_port_that_is_taken_is_a_fault_until_it_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alarms do not need it: it is said, and tried again."""
    monkeypatch.setattr(serving, "BIND_AGAIN_S", 0.1)
    port = free_port()
    holder = socket.create_server(("127.0.0.1", port))
    made = Serving(port)
    made.server.start()
    try:
        trouble = made.troubles.get(timeout=10)
        assert (trouble.kind, trouble.subject, trouble.well) == ("metrics", f"127.0.0.1:{port}", False)
        assert "in use" in trouble.detail
        assert made.server.alive()
        holder.close()
        assert made.troubles.get(timeout=10).well
        assert fetch(port) == (200, "a 1\n")
        assert made.troubles.empty()
    finally:
        made.server.stop()
        holder.close()


def test_an_end_frees_the_port_at_once() -> None:
    """A reload opens it again right after, with visitors hanging in it."""
    port = free_port()
    with serving_on(port) as first:
        hanging = connected(port, b"GET /met")
        first.server.stop()
        first.server.stop()
        with serving_on(port) as second:
            assert fetch(port)[0] == 200
            assert second.troubles.empty()
        assert not first.server.alive()
        hanging.close()


def test_one_that_was_never_started_can_be_stopped() -> None:
    """As everything that listens can."""
    made = Serving(free_port())
    made.server.stop()
    assert not made.server.alive()


def test_the_other_address_family_works_as_well() -> None:
    """`[::1]:9480` is a place on this machine, too."""
    if not socket.has_ipv6:
        pytest.skip("needs IPv6")
    try:
        with closing(socket.create_server(("::1", 0), family=socket.AF_INET6)) as probe:
            port = probe.getsockname()[1]
    except OSError:
        pytest.skip("needs IPv6 on the loopback")
    server = MetricsServer(Metrics("::1", port), lambda: b"a 1\n", SystemClock(), lambda _trouble: None)
    server.start()
    try:
        with closing(socket.socket(socket.AF_INET6)) as asking:
            until(lambda: asking.connect_ex(("::1", port)) == 0)
            asking.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
            assert rest_of(asking).endswith(b"a 1\n")
    finally:
        server.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_its_own_is_seen_and_leaves_the_port_free(served: Serving) -> None:
    """Whoever watches the listeners sees that it has died, and makes another in its place."""

    def broken() -> bytes:
        raise ValueError

    served.server._look = broken
    with closing(connected(served.port, b"GET /metrics HTTP/1.1\r\n\r\n")) as visitor:
        assert not rest_of(visitor).startswith(b"HTTP/1.1 200")
    until(lambda: not served.server.alive())
    with serving_on(served.port):
        assert fetch(served.port)[0] == 200
