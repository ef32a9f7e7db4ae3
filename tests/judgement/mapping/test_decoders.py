"""The bytes of devices, without the server's help."""

from __future__ import annotations

import base64
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.config.schema.mqtt import DecoderName
from alarmbro.judgement.mapping.decoders import DECODERS, decoded


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("ff2e01", {"button": "short"}),
        ("ff2e02", {"button": "long"}),
        ("017510ff2e03", {"button": "double", "battery": 16}),
        ("ff2e07", {"button": "other"}),
        ("017564", {"battery": 100}),
        ("ff0bffff0101ff166136d41398070001ff090310ff0a0101ff0f00017563", {"battery": 99}),
        ("ff166136d4ff2e010001ff0b01", {}),  # the bytes of a press inside a serial number
        ("03670101ff2e01", {"button": "short"}),  # behind a channel that nobody knows
        ("ff2e", {}),
        ("01", {}),
        ("", {}),
    ],
)
def test_milesights_channels_are_walked_and_a_press_behind_unknown_ones_counts(data: str, said: dict[str, Any]) -> None:
    """Battery, switching on and the press; in doubt a press is real, but not where a serial number looks like one."""
    assert DECODERS["milesight-ws101"](bytes.fromhex(data)) == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("010b35", {"pressed": True, "battery": 3.6}),
        ("00fb35", {"pressed": False, "battery": 3.6}),
        ("03", {"pressed": True}),
        ("", {}),
    ],
)
def test_browans_press_is_a_bit_and_its_battery_a_nibble(data: str, said: dict[str, Any]) -> None:
    """The keep-alive is the same message without the bit."""
    assert DECODERS["browan-tbpb100"](bytes.fromhex(data)) == said


def test_the_file_may_name_every_decoder_and_no_other() -> None:
    """A preset that names one that there is not would read nothing."""
    assert set(get_args(DecoderName)) == set(DECODERS)


@given(st.sampled_from(sorted(DECODERS)), st.binary(max_size=300) | st.text(max_size=50) | st.integers())
def test_no_bytes_raise(name: str, data: bytes | str | int) -> None:
    """Neither what is no base64 nor what is no message of the make."""
    text = base64.b64encode(data).decode() if isinstance(data, bytes) else data
    assert isinstance(decoded(name, text), dict)
