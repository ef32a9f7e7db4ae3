"""An arm64 machine with systemd as its first process and a GPIO chip, driven from outside: started, pressed, cut off.

What stands for the hand is QEMU's qtest socket, which moves the lines of the PL061 chip as wires would.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

BOOT_S = 180.0
LINES = 8


class Guest:
    """One machine on the image in `folder`; what is written stays in its own disk until `folder/run` is removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run_folder = folder / "run"
        self.run_folder.mkdir(exist_ok=True)
        self.disk = self.run_folder / "disk"
        self._process: subprocess.Popen[bytes] | None = None
        self._chip = ""

    def fresh(self) -> None:
        """Begin with the disk as it was made."""
        subprocess.run(["cp", "--sparse=always", str(self.folder / "disk"), str(self.disk)], check=True)

    def start(self) -> None:
        """Boot, and wait until the agent answers. All lines are open."""
        for name in ("qtest", "qmp", "agent", "told"):
            (self.run_folder / name).unlink(missing_ok=True)
        self._process = subprocess.Popen(self._command(), stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            self._wait(lambda: all((self.run_folder / name).exists() for name in ("qtest", "qmp", "agent", "told")))
            self._chip = self._find_chip()
            for line in range(LINES):
                self.line(line, high=True)
            self._wait(self._answers)
        except BaseException:
            self.cut()
            raise

    def cut(self) -> None:
        """Take the power away."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None

    def line(self, number: int, *, high: bool) -> None:
        """Move a line of the chip: low is a contact that is closed to ground."""
        self._exchange("qtest", f"set_irq_in {self._chip} unnamed-gpio-in {number} {int(high)}\n".encode())

    def press(self, number: int, for_s: float = 0.3) -> None:
        """Close a contact for so long, as a hand does."""
        self.line(number, high=False)
        threading.Event().wait(for_s)
        self.line(number, high=True)

    def shell(self, command: str, *, within_s: float = 120.0, check: bool = True) -> str:
        """Run a command as root; give what it printed. AssertionError where it failed and `check`."""
        request = json.dumps({"run": command, "within_s": within_s}).encode() + b"\n"
        answer = json.loads(self._exchange("agent", request, within_s + 30))
        assert not check or answer["code"] == 0, (command, answer)
        return str(answer["out"])

    def put(self, path: str, content: str) -> None:
        """Write a file in the guest."""
        self.shell(f"cat > {path} <<'END_OF_FILE'\n{content}\nEND_OF_FILE")

    @contextlib.contextmanager
    def told(self) -> Iterator[list[str]]:
        """Collect the lines of the guest's other port, until the block ends."""
        lines: list[str] = []
        with socket.socket(socket.AF_UNIX) as port:
            port.connect(str(self.run_folder / "told"))
            thread = threading.Thread(target=_collect, args=(port, lines), daemon=True)
            thread.start()
            yield lines
            with contextlib.suppress(OSError):
                port.shutdown(socket.SHUT_RDWR)
            thread.join(5)

    def console(self) -> str:
        """Give what the machine has said while it booted."""
        return (self.run_folder / "console").read_text(encoding="utf-8", errors="replace")

    def _command(self) -> list[str]:
        run = self.run_folder
        return [
            "qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", "-m", "1024", "-accel", "tcg",
            "-kernel", str(self.folder / "kernel"), "-initrd", str(self.folder / "initrd"),
            "-dtb", str(self.folder / "tree.dtb"), "-append", "root=/dev/vda rw console=ttyAMA0 quiet",
            "-drive", f"file={self.disk},format=raw,if=none,id=disk,cache=none" if _direct(run)
            else f"file={self.disk},format=raw,if=none,id=disk",
            "-device", "virtio-blk-device,drive=disk",
            "-netdev", "user,id=net", "-device", "virtio-net-device,netdev=net",
            "-device", "virtio-serial-device",
            "-chardev", f"socket,id=agent,path={run / 'agent'},server=on,wait=off",
            "-device", "virtserialport,chardev=agent,name=agent",
            "-chardev", f"socket,id=told,path={run / 'told'},server=on,wait=off",
            "-device", "virtserialport,chardev=told,name=told",
            "-qtest", f"unix:{run / 'qtest'},server=on,wait=off", "-qtest-log", "/dev/null",
            "-qmp", f"unix:{run / 'qmp'},server=on,wait=off",
            "-display", "none", "-serial", f"file:{run / 'console'}", "-no-reboot",
        ]  # fmt: skip

    def _find_chip(self) -> str:
        place = "/machine/unattached"
        with socket.socket(socket.AF_UNIX) as qmp:
            qmp.connect(str(self.run_folder / "qmp"))
            lines = qmp.makefile("rwb", buffering=0)
            lines.readline()
            for command in ({"execute": "qmp_capabilities"}, {"execute": "qom-list", "arguments": {"path": place}}):
                lines.write(json.dumps(command).encode() + b"\n")
                answer = json.loads(lines.readline())
        return next(f"{place}/{each['name']}" for each in answer["return"] if "pl061" in each["type"])

    def _exchange(self, name: str, request: bytes, within_s: float = 30.0) -> bytes:
        with socket.socket(socket.AF_UNIX) as port:
            port.settimeout(within_s)
            port.connect(str(self.run_folder / name))
            port.sendall(request)
            answer = b""
            while not answer.endswith(b"\n"):
                part = port.recv(65536)
                assert part, f"{name} broke off"
                answer += part
        return answer

    def _answers(self) -> bool:
        with contextlib.suppress(OSError, AssertionError, ValueError):
            return "up" in json.loads(self._exchange("agent", b'{"run": "echo up", "within_s": 5}\n', 5.0))["out"]
        return False

    def _wait(self, what: Callable[[], Any]) -> None:
        until_s = time.monotonic() + BOOT_S
        while not what():
            assert self._process is not None
            assert self._process.poll() is None, "the machine ended"
            assert time.monotonic() < until_s, self.console()[-3000:]
            threading.Event().wait(0.2)


def _direct(folder: Path) -> bool:
    """Tell whether the host's file system lets the disk be written past its page cache."""
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_DIRECT, 0o600))
    except OSError:
        return False
    return True


def _collect(port: socket.socket, lines: list[str]) -> None:
    left = b""
    with contextlib.suppress(OSError):
        while part := port.recv(65536):
            *whole, left = (left + part).split(b"\n")
            lines += [line.decode(errors="replace") for line in whole]
