"""Frames are what the standard says, byte for byte, and every answer that receivers send is understood."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from dc09_receiver import ack, framed, nak
from hypothesis import given
from hypothesis import strategies as st
from siadc09 import message as judge

from alarmbro.delivery.dc09.answer import Reply, Verdict, replies
from alarmbro.delivery.dc09.crc import crc
from alarmbro.delivery.dc09.frame import Account, Saying, Token, ascii_only, frame, stamp, text_of

NOW = datetime(2026, 11, 23, 9, 12, 4, tzinfo=UTC)
KEYS = [b"AAAABBBBCCCCDDDD", b"AAAABBBBCCCCDDDDEEEEFFFF", b"AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH"]


def test_the_checksum_is_the_standards() -> None:
    """CRC-16/ARC's check value, and two frames that users of real panels have published."""
    assert crc(b"123456789") == "BB3D"
    published = '"SIA-DCS"1783L0#000110[#000110|Nri1BA503^Volum.Taverna   Appartam.Giorno ^]_11:49:27,01-20-2022'
    assert (crc(published.encode()), f"{len(published):04X}") == ("01CD", "005F")
    published = '"SIA-DCS"1663L0#0000[#0000|Nri1/NL501]_12:40:58,12-22-2021'
    assert (crc(published.encode()), f"{len(published):04X}") == ("EAC0", "003A")


def test_a_plain_frame_is_written_so() -> None:
    """Leading zeros of the account stay; no time stamp, which could get an alarm refused."""
    said = frame(Account("001234"), 8, Saying(Token.ADM_CID, "#001234|1120 01 001"), NOW)
    assert said == b'\n160F002D"ADM-CID"0008R0L0#001234[#001234|1120 01 001]\r'


def test_extended_data_stands_behind_and_in_ascii() -> None:
    """With other letters receivers drop the frame."""
    said = frame(Account("1234", line="2F"), 1, Saying(Token.SIA_DCS, "#1234|Nri1/PA1", ("IVrå [æøå]",)), NOW)
    assert said.endswith(b'"SIA-DCS"0001R0L2F#1234[#1234|Nri1/PA1][IVraa [aeoeaa]]\r')
    assert text_of("Vrå [1] |x|^") == "Vraa 1 x"
    assert text_of('Café "Müller"_\uff3bø\uff3d \u2116 7') == "Cafe Muller oe No 7"


@pytest.mark.parametrize("key", KEYS, ids=len)
@pytest.mark.parametrize("saying", [
    Saying(Token.SIA_DCS, "#5678|Nri1/PA1"), Saying(Token.ADM_CID, "#5678|1120 01 001"), Saying(Token.NULL),
], ids=lambda saying: saying.token.value)  # fmt: skip
def test_another_decoder_reads_what_was_encrypted(key: bytes, saying: Saying) -> None:
    """The same content, with the time in it, and never twice the same bytes."""
    first, second = (frame(Account("5678", key=key), 7, saying, NOW) for _ in range(2))
    assert first != second
    read = judge.parse_frame(first, key)
    assert read.seq == 7
    assert read.timestamp is not None
    assert b"5678" not in first.partition(b"[")[2]


@pytest.mark.parametrize("saying", [Saying(Token.SIA_DCS, "#5678|Nri1/PA1"), Saying(Token.NULL)])
def test_another_decoder_reads_what_is_plain(saying: Saying) -> None:
    """With its number."""
    assert judge.parse_frame(frame(Account("5678"), 9999, saying, NOW)).seq == 9999


@given(st.text())
def test_any_text_becomes_ascii(text: str) -> None:
    """And printable: no line feed can end the frame."""
    assert ascii_only(text).isascii()
    assert ascii_only(text).isprintable()


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        (ack(b'"x"0042'), Reply(Verdict.ACK, 42)),
        (framed('"ACK"0042L0#1234[]'), Reply(Verdict.ACK, 42)),
        (framed('"ACK"0001NoneL0#1234[]'), Reply(Verdict.ACK, 1)),
        (framed('"*ACK"0042R0L0#1234[0123ABCD'), Reply(Verdict.ACK, 42)),
        (framed('"RSP"0042R0L0#1234[K]'), Reply(Verdict.ACK, 42)),
        (framed('"DUH"0042R0L0#1234[]'), Reply(Verdict.DUH, 42)),
        (nak(NOW), Reply(Verdict.NAK, 0, NOW)),
        (nak(NOW, "#0"), Reply(Verdict.NAK, 0, NOW)),
        (b'"NAK"0000L0R0A0[]_09:12:04,11-23-2026', Reply(Verdict.NAK, 0, NOW)),
        (b'"NAK"', Reply(Verdict.NAK, None, whole=False)),
        (b'"NAK"0000L0R0A0[]_09:12', Reply(Verdict.NAK, 0, whole=False)),
        (b'"NAK"\r', Reply(Verdict.NAK, None)),
        (b"noise\n" + ack(b'"x"0042'), Reply(Verdict.ACK, 42)),
        (ack(b'"x"0042').lower().replace(b'"ack"', b'"ACK"').replace(b"r0l0", b"R0L0"), Reply(Verdict.ACK, 42)),
        (framed('"NAK"0000R0L0A0[]_99:99:99,02-31-2026'), Reply(Verdict.NAK, 0)),
    ],
)
def test_every_form_of_answer_is_understood(said: bytes, reply: Reply) -> None:
    """Those of the standard, and those that receivers really send."""
    assert replies(said) == [reply]


@pytest.mark.parametrize("said", [
    b"", b"\n\r", b"hello", b'"ACK"0042', b'\n0000001A"ACK"0042R0L0#1234[]\r', ack(b'"x"0042')[:-1], nak(NOW)[:-1],
    nak(NOW)[1:-1], nak(NOW).replace(b"A0", b"B0"),
])  # fmt: skip
def test_noise_and_broken_acknowledgements_are_no_answer(said: bytes) -> None:
    """Believing one would be an alarm that nobody got."""
    assert replies(said) == []


def test_an_answer_is_matched_by_its_number() -> None:
    """A late one answers another frame; a NAK has none."""
    assert Reply(Verdict.ACK, 7).is_to(7)
    assert not Reply(Verdict.ACK, 6).is_to(7)
    assert not Reply(Verdict.ACK, None).is_to(7)
    assert Reply(Verdict.NAK, 0).is_to(7)
    assert not Reply(Verdict.NAK, 6).is_to(7)


@given(st.binary() | st.builds(lambda head, tail: head + b'"NAK"' + tail, st.binary(), st.binary()))
def test_no_bytes_make_the_reader_stumble(said: bytes) -> None:
    """Whatever is on that port."""
    assert all(reply.verdict is not Verdict.ACK for reply in replies(said))


@given(st.text("0123456789ABCDEF", min_size=3, max_size=16), st.integers(1, 9999), st.datetimes(timezones=st.just(UTC)))
def test_whatever_the_account_it_stands_in_the_frame_as_text(account: str, sequence: int, now: datetime) -> None:
    """With a checksum that holds."""
    said = frame(Account(account), sequence, Saying(Token.NULL), now)
    body = said[9:-1]
    assert said[1:5].decode() == crc(body)
    assert int(said[5:9], 16) == len(body)
    assert f"#{account}[]".encode() in body
    assert stamp(now).count(":") == 2
