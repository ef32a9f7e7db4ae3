"""The checksum of DC-09: CRC-16/ARC (polynomial 0x8005 reflected, start 0). Pure."""

from __future__ import annotations

REFLECTED = 0xA001


def _row(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (REFLECTED if value & 1 else 0)
    return value


TABLE = tuple(map(_row, range(256)))


def crc(data: bytes) -> str:
    """Give the checksum as four upper-case hex digits; of `123456789` it is BB3D."""
    value = 0
    for byte in data:
        value = (value >> 8) ^ TABLE[(value ^ byte) & 0xFF]
    return f"{value:04X}"
