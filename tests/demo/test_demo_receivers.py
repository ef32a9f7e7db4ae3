"""The receivers take what Apprise posts, and nothing that is not a message."""

from __future__ import annotations

import http.client
import queue

import pytest
from apprise import Apprise

from alarmbro.demo.receivers import HOST, Arrival, Receivers, shown


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise 2.2 imports it on 3.11
def test_a_message_by_apprise_arrives_as_it_was_sent() -> None:
    """With its Danish letters, at the path of its recipient."""
    arrivals: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
    with Receivers(arrivals.put) as receivers:
        plugin = Apprise.instantiate(f"json://{HOST}:{receivers.port}/direktoer")
        assert plugin.notify(title="OVERFALDSALARM: Vrå", body="Sted: Vrå\nBackoffice går ikke ud")
    arrival = arrivals.get(timeout=5)
    assert (arrival.path, arrival.title) == ("direktoer", "OVERFALDSALARM: Vrå")
    assert arrival.body == "Sted: Vrå\nBackoffice går ikke ud"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"title": "uden besked"}', b"\xff\xfe"])
def test_what_is_no_message_is_refused_and_not_shown(body: bytes) -> None:
    """The sender hears of it, and counts it as failed."""
    arrivals: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
    with Receivers(arrivals.put) as receivers:
        connection = http.client.HTTPConnection(HOST, receivers.port, timeout=5)
        connection.request("POST", "/leder", body)
        assert connection.getresponse().status == 400
        connection.close()
    assert arrivals.empty()


def test_a_message_cannot_move_the_cursor() -> None:
    """Control sequences are not shown as such; lines stay lines."""
    assert shown("ét\x1b[2J\r\nto") == "ét [2J \nto"
