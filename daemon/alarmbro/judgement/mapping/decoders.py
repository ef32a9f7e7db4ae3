"""The devices' own bytes, for makes that come through a LoRaWAN server, whose own decoding may be missing or change.

Each decoder gives a mapping of what the bytes say, empty where they say nothing that is known. None raises.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

LARGEST = 1024  # characters of base64; a LoRaWAN message has at most 242 bytes
BUTTON = b"\xff\x2e"
BUTTONS = {1: "short", 2: "long", 3: "double"}
# Milesight's channels: what they are called by and how many bytes follow, from the maker's published decoders.
CHANNELS = {
    b"\x01\x75": 1,  # battery, per cent
    BUTTON: 1,
    b"\xff\x01": 1,  # version of the protocol
    b"\xff\x09": 2,  # hardware
    b"\xff\x0a": 2,  # firmware
    b"\xff\x0b": 1,  # switched on
    b"\xff\x0f": 1,  # class
    b"\xff\x16": 8,  # serial number
    b"\xff\x18": 2,  # parts
    b"\xff\xff": 2,  # version of the TSL
    b"\xff\xfe": 1,  # reset
}


def milesight_ws101(data: bytes) -> dict[str, Any]:
    """Give `button` (short, long, double; other for what is not known) and `battery` in per cent."""
    found: dict[str, Any] = {}
    rest = data
    while rest:
        channel, length = rest[:2], CHANNELS.get(rest[:2])
        if length is None or len(rest) < 2 + length:
            return found | _button_in(rest)
        if channel == BUTTON:
            found["button"] = BUTTONS.get(rest[2], "other")
        elif channel == b"\x01\x75":
            found["battery"] = rest[2]
        rest = rest[2 + length :]
    return found


def _button_in(rest: bytes) -> dict[str, Any]:
    """Look for a press behind what is not understood: in doubt it is real."""
    for value, name in BUTTONS.items():
        if BUTTON + bytes([value]) in rest:
            return {"button": name}
    return {}


def browan_tbpb100(data: bytes) -> dict[str, Any]:
    """Give `pressed` and `battery` in volts (2.5 V and a tenth for each step of the low half of the second byte)."""
    if not data:
        return {}
    found: dict[str, Any] = {"pressed": bool(data[0] & 1)}
    if len(data) > 1:
        found["battery"] = (25 + (data[1] & 0x0F)) / 10
    return found


DECODERS: Mapping[str, Callable[[bytes], dict[str, Any]]] = {
    "milesight-ws101": milesight_ws101,
    "browan-tbpb100": browan_tbpb100,
}


def decoded(name: str, text: Any) -> dict[str, Any]:
    """Give what base64 says, read by the decoder of that name; nothing where it is none."""
    if not isinstance(text, str) or len(text) > LARGEST:
        return {}
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:  # no base64, or letters beyond ASCII: the server's own decoding may still say it
        return {}
    return DECODERS[name](data)
