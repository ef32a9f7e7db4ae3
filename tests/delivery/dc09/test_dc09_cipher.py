"""Frames are encrypted where the library is there, and refused in words where it is not."""

from __future__ import annotations

import sys

import pytest

from alarmbro.delivery.dc09 import cipher
from alarmbro.delivery.dc09.centre import Centre
from alarmbro.delivery.dc09.exchange import Receiver
from alarmbro.delivery.dc09.frame import Account, Saying, Token
from alarmbro.delivery.dc09.sequence import Sequence
from alarmbro.model.delivery import Outcome

LIBRARIES = ("Cryptodome.Cipher.AES", "Crypto.Cipher.AES")


@pytest.mark.parametrize("size", cipher.KEY_SIZES)
@pytest.mark.parametrize("gone", [*LIBRARIES, None])
def test_either_name_of_the_library_does(monkeypatch: pytest.MonkeyPatch, size: int, gone: str | None) -> None:
    """Debian's package has another than PyPI's."""
    if gone is not None:
        monkeypatch.setitem(sys.modules, gone, None)
    key = bytes(range(size))
    assert cipher.decrypt(cipher.encrypt(b"sixteen letters!" * 3, key), key) == b"sixteen letters!" * 3


def test_the_cipher_is_the_standards() -> None:
    """AES-128 of a zero block by a zero key, as FIPS 197's test vectors have it, and chained by the block before."""
    twice = cipher.encrypt(bytes(32), bytes(16))
    assert twice[:16].hex() == "66e94bd4ef8a2c3b884cfa59ca342b2e"
    assert twice[16:] == cipher.encrypt(twice[:16], bytes(16))


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes out for everybody to read instead."""
    for name in LIBRARIES:
        monkeypatch.setitem(sys.modules, name, None)
    assert not cipher.available()
    centre = Centre(Account("1234", key=bytes(16)), (Receiver("127.0.0.1", 9),))
    result = centre.tell(Saying(Token.SIA_DCS, "#1234|Nri1/PA1"), Sequence())
    assert (result.outcome, result.reason) == (Outcome.FAILED, "unusable")
    assert "alarmbro[sia]" in result.detail


def test_a_key_stands_in_no_representation() -> None:
    """Nor does anything else log it."""
    centre = Centre(Account("1234", key=b"AAAABBBBCCCCDDDD"), (Receiver("127.0.0.1", 9),))
    assert "AAAABBBB" not in f"{centre} {centre!r}"
