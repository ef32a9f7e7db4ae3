"""Runs in the guest: presses over the control socket, one after the other, and says each that was answered.

`storm.py SOCKET PORT`: what stands on PORT (another virtio serial port) has been promised to whoever pressed.
"""

from __future__ import annotations

import itertools
import json
import socket
import sys

DEVICES = [f"hus/knap-{number}" for number in range(1, 21)]


def press(path: str, device: str, name: str) -> str | None:
    """Press, and give the press's own name where it was taken."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(30)
        connection.connect(path)
        connection.sendall(json.dumps({"do": "press", "device": device, "id": name}).encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):
            answer += connection.recv(65536)
    reply = json.loads(answer)
    return str(reply["answer"]["activation"]) if reply["ok"] else None


def main() -> None:
    """Press until the end."""
    path, port = sys.argv[1:]
    with open(port, "wb", buffering=0) as told:  # noqa: PTH123 - it stands alone in the guest
        for number, device in zip(itertools.count(), itertools.cycle(DEVICES), strict=False):
            activation = press(path, device, f"storm-{number}")
            if activation:
                told.write(f"{activation} {device}\n".encode())


if __name__ == "__main__":
    main()
