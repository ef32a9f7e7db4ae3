"""paho's client, made to take whatever a broker hands on: one message must never keep the next from coming.

Theory: a broker sends a message again until it is confirmed. A message that paho cannot read ends the connection, comes
first on the next one, and ends that, too: whoever may publish a single message to us could silence a site. paho 2.2
refuses texts among a message's properties that mosquitto lets through (U+FEFF), and has no limit for its size.

Promises: the properties of a message, of which nothing here makes use, are left out unread. Of a message that is larger
than `MOST` the rest is thrown away as it comes; what is left of it is handed on, as a press is a press. Memory is
bounded, whatever the broker sends. Runs in the link's thread.
"""

from __future__ import annotations

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import MQTTErrorCode

MOST = 1 << 20  # bytes of a message, all told: of its payload no more than 64 KiB is read (`judgement.mapping`)
MOST_OF_OTHERS = 1 << 12  # … of an answer, which paho makes an object of for each of its bytes
PIECE = 1 << 16  # bytes that are taken from the network at once
KIND, PUBLISH = 0xF0, 0x30  # in a packet's first byte (MQTT 5, section 2.1.2)
QOS = 0x06  # … of a PUBLISH (section 3.3.1)
LONGEST_LENGTH = 4  # bytes (section 1.5.5)
MORE = 0x80  # in each of them but the last


class Receiving(Client):
    """A client that can be sent anything. Overrides private parts of paho, so its tests are against real brokers."""

    def _sock_recv(self, bufsize: int) -> bytes:
        coming = self._in_packet
        del coming["packet"][MOST if coming["command"] & KIND == PUBLISH else MOST_OF_OTHERS :]
        return super()._sock_recv(min(bufsize, PIECE))

    def _handle_publish(self) -> MQTTErrorCode:
        if self._protocol == MQTTv5:
            coming = self._in_packet
            coming["packet"] = without_properties(coming["packet"], numbered=bool(coming["command"] & QOS))
        return super()._handle_publish()


def without_properties(packet: bytearray, *, numbered: bool) -> bytearray:
    """Give the body of a PUBLISH of MQTT 5 (section 3.3.2) without properties; `numbered`: with a packet number.

    One that is cut off within its properties, because they are larger than any message may be, has no payload.
    """
    begin = 2 + int.from_bytes(packet[:2], "big") + (2 if numbered else 0)
    length, at = 0, begin
    while at < min(len(packet), begin + LONGEST_LENGTH):
        length |= (packet[at] & ~MORE) << (7 * (at - begin))
        at += 1
        if not packet[at - 1] & MORE:
            break
    return packet[:begin] + b"\0" + packet[at + length :]
