"""AES-CBC as DC-09 wants it: the initial vector is sixteen zero bytes, the key 16, 24 or 32 bytes.

It needs the extra `sia` (pycryptodome: 35 ms to import here), imported with the first key. Where there is no wheel, as
on a 32-bit Raspberry Pi OS, the system's python3-pycryptodome does. There is no authentication in the protocol: use a
private network to the centre.
"""

from __future__ import annotations

import contextlib
from importlib import import_module
from typing import Any

BLOCK = 16
KEY_SIZES = (16, 24, 32)


class NoCipherError(Exception):
    """The library for AES is not installed; the text says how to."""


def _aes() -> Any:
    for name in ("Cryptodome.Cipher.AES", "Crypto.Cipher.AES"):  # Debian's python3-pycryptodome is the first
        with contextlib.suppress(ImportError):
            return import_module(name)
    raise NoCipherError("an encrypted sia:// address needs AES: pip install 'alarmbro[sia]'")


def _cipher(key: bytes) -> Any:
    aes = _aes()
    return aes.new(key, aes.MODE_CBC, iv=bytes(BLOCK))


def available() -> bool:
    """Tell whether frames can be encrypted here."""
    try:
        _cipher(bytes(BLOCK))
    except NoCipherError:
        return False
    return True


def encrypt(plain: bytes, key: bytes) -> bytes:
    """Encrypt a multiple of 16 bytes. Raise NoCipherError."""
    return bytes(_cipher(key).encrypt(plain))


def decrypt(secret: bytes, key: bytes) -> bytes:
    """Decrypt a multiple of 16 bytes. Raise NoCipherError, or ValueError for another length."""
    return bytes(_cipher(key).decrypt(secret))
