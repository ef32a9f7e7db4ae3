"""What is typed is heard line by line; where there is no keyboard nothing happens."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import queue, sys
from alarmbro.demo.terminal import keyboard
typed = queue.SimpleQueue()
keyboard.listen(typed.put)
print("listening", flush=True)
for _ in range(int(sys.argv[1])):
    print(typed.get(timeout=10).text, flush=True)
try:
    print(typed.get(timeout=0.3).text)
except queue.Empty:
    print("quiet")
"""


def command(lines: int) -> list[str]:
    """Give a program that prints so many lines as they were heard, and whether there is nothing more."""
    return [sys.executable, "-c", PROGRAM, str(lines)]


def test_lines_are_heard_however_they_come_in_pieces() -> None:
    """A letter may be cut in two between two reads; what has no end of line yet waits."""
    with subprocess.Popen(command(3), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"listening\n"
        for part in (b"1", b"2\r\n\n k\xc3", b"\xb8 \nrest"):
            process.stdin.write(part)
            process.stdin.flush()
        assert process.stdout.read().decode() == "12\n\nkø\nquiet\n"
        process.stdin.close()


def test_a_terminal_is_heard() -> None:
    """As a person's is."""
    master, slave = pty.openpty()
    with subprocess.Popen(command(1), stdin=slave, stdout=subprocess.PIPE) as process:
        os.close(slave)
        os.write(master, b"7\n")
        assert process.communicate(timeout=10)[0] == b"listening\n7\nquiet\n"
    os.close(master)


def test_a_terminal_of_another_job_stops_nobody() -> None:
    """Reading it in the background would stop the process; it must go on, and end when asked."""
    pid, master = pty.fork()
    if pid == 0:
        script = f"set -m; {sys.executable} -c '{PROGRAM}' 0 & wait $!; echo \"code $?\""
        os.execvp("sh", ["sh", "-c", script])  # noqa: S606 - a shell with job control, in the new terminal
    heard = b""
    while b"code" not in heard:
        heard += os.read(master, 4096)
    os.waitpid(pid, 0)
    os.close(master)
    assert b"code 0" in heard


def test_without_standard_input_there_is_nothing_to_hear(tmp_path: Path) -> None:
    """Closed, or empty: no line, and no error."""
    for redirected in ("<&-", "</dev/null"):
        script = f'"$0" -c "$1" 0 {redirected}'
        ran = subprocess.run(
            ["sh", "-c", script, sys.executable, PROGRAM], capture_output=True, check=False, timeout=20
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"listening\nquiet\n", b"")
