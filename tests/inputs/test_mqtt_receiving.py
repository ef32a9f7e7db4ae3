"""One message never keeps the next from coming, whatever it holds: by real brokers that hand it on."""

from __future__ import annotations

import socket
import struct
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from arrivals import HOST
from broker import Mosquitto
from hypothesis import given
from hypothesis import strategies as st
from mqtt_bench import BOTH, PRESS, WAIT_S, Bench
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from alarmbro.inputs.mqtt_receiving import MOST, without_properties

CONNECT = bytes([0x10, 17, 0, 4]) + b"MQTT" + bytes([5, 2, 0, 60, 0, 0, 4]) + b"evil"
MEGABYTE = 1 << 20


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    made = Mosquitto(tmp_path)
    made.start()
    yield made
    made.kill()


def sized(content: bytes) -> bytes:
    """Put its length before a text, as MQTT does."""
    return struct.pack("!H", len(content)) + content


def length(number: int) -> bytes:
    """Write a length as MQTT does: seven bits a byte, the lowest first."""
    low, high = number % 128, number // 128
    return bytes([low | 128]) + length(high) if high else bytes([low])


def publish_raw(broker: Mosquitto, topic: str, properties: bytes, payload: bytes) -> bytes:
    """Publish by QoS 1 without a library that would check anything; give the broker's answer."""
    with socket.create_connection((HOST, broker.port), WAIT_S) as line:
        line.sendall(CONNECT)
        assert line.recv(100)[0] == 0x20
        body = sized(topic.encode()) + b"\0\1" + length(len(properties)) + properties + payload
        line.sendall(b"\x32" + length(len(body)) + body)
        answer = line.recv(100)
        line.sendall(b"\xe0\0")
        return answer


@pytest.mark.parametrize("text", ["\ufeff", "a\ufeffb", "\U0001f600", "æøå", ""])
def test_a_text_that_the_library_does_not_take_keeps_no_press_from_coming(broker: Mosquitto, text: str) -> None:
    """The broker lets it through, and would send it again for ever: whoever has one pendant would silence the site."""
    bench = Bench(broker)
    with bench.listening() as listener:
        answer = publish_raw(broker, PRESS, b"\x26" + sized(b"name") + sized(text.encode()), b'{"id": "evil"}')
        assert answer[0] == 0x40
        bench.publish((PRESS, b'{"id": "next"}'))
        heard = bench.door.activations.wait_for(2, WAIT_S)
        assert [each.press_id for each in heard] == ["evil", "next"]
        assert listener.connected
    assert all(each.well for each in bench.door.troubles.all())


def test_more_properties_than_any_message_has_keep_no_press_from_coming(broker: Mosquitto) -> None:
    """They are larger than what is kept of a message; it is a press all the same."""
    bench = Bench(broker)
    pair = b"\x26" + sized(b"name") + sized(b"x" * 65_000)
    with bench.listening():
        publish_raw(broker, PRESS, pair * (MOST // len(pair) + 2), b'{"id": "lost"}')
        bench.publish((PRESS, b'{"id": "next"}'))
        heard = bench.door.activations.wait_for(2, WAIT_S)
        assert [each.press_id for each in heard] == [None, "next"]


@pytest.mark.parametrize("protocol", BOTH)
def test_a_message_of_any_size_takes_little_memory_and_is_a_press(
    broker: Mosquitto, tmp_path: Path, protocol: str
) -> None:
    """64 MB here, where a broker allows 256; what a machine with 512 has must be left for the next press."""
    bench = Bench(broker, protocol)
    (tmp_path / "large").write_bytes(b" " * (64 * MEGABYTE))
    say = ["mosquitto_pub", "-h", HOST, "-p", str(broker.port), "-q", "1", "-t", PRESS, "-f", str(tmp_path / "large")]
    with bench.listening():
        tracemalloc.start()
        try:
            subprocess.run(say, check=True, timeout=60)
            bench.publish((PRESS, b'{"id": "next"}'))
            heard = bench.door.activations.wait_for(2, 60)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert [each.press_id for each in heard] == [None, "next"]
        assert peak < 8 * MEGABYTE


@given(
    st.text(max_size=20), st.binary(max_size=300), st.integers(0, 65535), st.integers(0, 2),
    st.lists(st.tuples(st.text("abcæ", max_size=100), st.text("abcæ", max_size=100)), max_size=5),
)  # fmt: skip
def test_the_properties_alone_are_taken_out(
    topic: str, payload: bytes, number: int, qos: int, pairs: list[tuple[str, str]]
) -> None:
    """Topic, number and payload stay as they were."""
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho types only its client
    if pairs:
        properties.UserProperty = pairs
    packed = properties.pack()  # type: ignore[no-untyped-call]  # as above
    head = sized(topic.encode()) + (struct.pack("!H", number) if qos else b"")
    assert without_properties(bytearray(head + packed + payload), numbered=qos > 0) == head + b"\0" + payload


@given(st.binary(max_size=200), st.booleans())
def test_what_is_no_message_raises_nothing(packet: bytes, numbered: bool) -> None:
    """A broker sends none; whoever stands in for one ends with a connection that is lost."""
    assert len(without_properties(bytearray(packet), numbered=numbered)) <= len(packet) + 1
