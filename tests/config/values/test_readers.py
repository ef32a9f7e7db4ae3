"""Single values of the file: what is taken, and what is told to whoever wrote something else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.config.values import readers, readers_payload
from alarmbro.config.values.readers import BrokerAddress, WrongError

Read = Callable[[Any], Any]
READERS: list[Read] = [
    readers.broker,
    readers.name,
    readers.free_text,
    readers.line,
    readers.identifier,
    readers.day,
    readers.secret,
    readers.topic,
    readers.prefix,
    readers_payload.path_in_payload,
    readers.protocol,
    readers.tracker,
    readers.listen,
    readers.public_url,
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mqtt://localhost", BrokerAddress("localhost", 1883, tls=False, username=None)),
        ("mqtts://a%40b@broker.example/", BrokerAddress("broker.example", 8883, tls=True, username="a@b")),
        ("mqtt://u@[::1]:1884", BrokerAddress("::1", 1884, tls=False, username="u")),
    ],
)
def test_a_broker_has_its_usual_port_and_perhaps_a_user(written: str, meant: BrokerAddress) -> None:
    """1883 without encryption, 8883 with it."""
    assert readers.broker(written) == meant


@pytest.mark.parametrize(
    ("read", "written", "said"),
    [
        (readers.broker, "mqtt://h:kanarie", "its port is a number"),
        (readers.broker, "mqtt://h:70000", "its port is a number"),
        (readers.broker, "mqtt://h:0", "not understood"),
        (readers.broker, "mqtt://", "not understood"),
        (readers.broker, "broker.example", "not understood"),
        (readers.broker, "mqtt://[kanarie", "not understood"),
        (readers.broker, "mqtts://h/kanarie", "topics are set by prefix"),
        (readers.broker, "mqtts://u:kanarie@h", "password: !secret"),
        (readers.broker, "mqtts://u:@h", "password: !secret"),
        (readers.name, "  ", "the name is empty"),
        (readers.name, "a\u200bb", "invisible"),
        (readers.free_text, "a" * 501, "at most 500"),
        (readers.free_text, "a\x07", "invisible"),
        (readers.line, " ", "in one line"),
        (readers.line, "a\nb", "in one line"),
        (readers.line, "a" * 201, "1 to 200"),
        (readers.identifier, "-a", "cannot be an id"),
        (readers.identifier, "", "cannot be an id"),
        (readers.identifier, "Skranke Å 1", "skranke-aa-1"),
        (readers.secret, " ", "this is empty"),
        (readers.topic, "", "empty"),
        (readers.topic, " a", "blank"),
        (readers.topic, "a\0b", "invisible"),
        (readers.topic, "a/b#", "wildcard"),
        (readers.topic, "a+/b", "wildcard"),
        (readers.prefix, "$SYS", "cannot begin a topic"),
        (readers.prefix, "a//b", "cannot begin a topic"),
        (readers.prefix, "a/", "cannot begin a topic"),
        (readers_payload.path_in_payload, ".a", "is no path"),
        (readers_payload.scalar, None, "a single value"),
        (readers_payload.scalar, ["a"], "a single value"),
        (readers_payload.scalar, "", "an empty text says nothing"),
        (readers_payload.present, False, "write present: true"),
        (readers_payload.channel, "a.b", "no button or input"),
        (readers.protocol, True, "5 or 3.1.1"),
        (readers.protocol, "3.1", "5 or 3.1.1"),
        (readers.listen, "127.0.0.1", "HOST:PORT"),
        (readers.listen, "127.0.0.1:0", "HOST:PORT"),
        (readers.listen, "127.0.0.1:65536", "HOST:PORT"),
        (readers.public_url, "https://", "https://HOST"),
        (readers.public_url, "https://u:kanarie@h", "https://HOST"),
        (readers.public_url, "https://[kanarie", "https://HOST"),
        (readers.public_url, "https://kanarie\u2100.example", "https://HOST"),
        (readers.broker, "mqtt://kanarie\u2100.example", "not understood"),
        (readers.public_url, "https://h/?a=kanarie", "https://HOST"),
        (readers.day, "2026-1-1", "year-month-day"),
        (readers_payload.own_topics, "true", "write true"),
        (readers.tracker, "a/{id}", "rename"),
    ],
)
def test_what_cannot_be_used_is_told_with_what_would_be_right(read: Read, written: object, said: str) -> None:
    """In words for a person, and without what may be a secret."""
    with pytest.raises(WrongError) as caught:
        read(written)
    assert said in str(caught.value)
    assert "kanarie" not in str(caught.value)


@pytest.mark.parametrize("written", ["a/b", "+/b", "a/+/b", "a/#", "#", "+", "a b/c", "zigbee2mqtt/Knap 1"])
def test_a_topic_may_have_wildcards_where_mqtt_allows_them(written: str) -> None:
    """A whole level, or everything below."""
    assert readers.topic(written) == written


@pytest.mark.parametrize("written", ["https://alarm.example", "http://alarm.example:8480/sti/"])
def test_the_address_of_the_page_ends_without_a_slash(written: str) -> None:
    """What is put behind it begins with one."""
    assert readers.public_url(written) == written.rstrip("/")


@given(st.text())
def test_a_suggested_id_is_one(wrong: str) -> None:
    """Whatever was written, what is suggested is taken; or nothing is suggested."""
    better = readers.suggested_id(wrong)
    assert better == "" or readers.identifier(better) == better


@given(st.sampled_from(READERS), st.text(max_size=30) | st.text("mqtthps:/@[]%.#?\0 a1", max_size=30))
def test_no_text_makes_a_reader_raise_anything_else(read: Read, written: str) -> None:
    """A reader takes a text or tells what is wrong with it."""
    try:
        read(written)
    except WrongError as error:
        told = str(error)
    else:
        told = "taken"
    assert told
