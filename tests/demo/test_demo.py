"""The demonstration as a person has it: one command, a press by each way, everybody's message, Ctrl-C."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from demonstrations import NARROW, READY, Running, demonstration

from alarmbro.control.client import ask
from alarmbro.demo.terminal.layout import BOLD

HERE = ["Redningsringen", "Serviceteam", "Nærmeste leder"]


def message(recipient: str, alarm: str) -> str:
    """Give the pattern of a recipient's message about an alarm: name, time since the press, title, first words."""
    return rf"{recipient}\n  [\d.,]+ m?s efter trykket\n\n  OVERFALDSALARM: .*?  OVERFALDSALARM\s+{alarm}\s+kl\."


def publish(running: Running, device: str) -> None:
    """Press by `mosquitto_pub`, with the port that the demonstration names."""
    port = running.until(r"mosquitto_pub -p (\d+) -q 1 -t alarmbro/vraa/lommy-1/press -m ''")[1]
    topic = f"alarmbro/{device}/press"
    subprocess.run(["mosquitto_pub", "-p", port, "-q", "1", "-t", topic, "-m", ""], check=True, timeout=10)


def gone(pids: list[int]) -> bool:
    """Tell whether none of the processes is there any more."""
    until_s = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > until_s:
            return False
        threading.Event().wait(0.05)
    return True


def daemon_of(children: list[int]) -> int:
    """Give the one that is `alarmbro run`."""
    return next(pid for pid in children if b"run" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"))


def read_until(master: int, text: str) -> str:
    """Read a terminal until a text has come, and give all that was read."""
    heard = b""
    until_s = time.monotonic() + 30
    while text not in heard.decode(errors="replace"):
        assert select.select([master], [], [], max(0.0, until_s - time.monotonic()))[0], heard.decode(errors="replace")
        heard += os.read(master, 4096)
    return heard.decode(errors="replace")


@pytest.mark.parametrize("broker", ["mosquitto", "amqtt"])
@pytest.mark.skipif(shutil.which("mosquitto_pub") is None, reason="needs mosquitto's clients")
def test_a_pin_and_a_publish_reach_everybody_and_ctrl_c_ends_it(tmp_path: Path, broker: str) -> None:
    """With either broker, and no keyboard: Danish words at every recipient of the first step; nothing is left."""
    with demonstration(tmp_path, ALARMBRO_DEMO_BROKER=broker) as running:
        children = running.children()
        assert len(children) == 2
        ask(tmp_path / ".demo" / "run", {"do": "pin", "device": "hirtshals/lokale-1", "for_s": 0.2, "bounce": 3})
        for recipient in HERE:
            running.until(message(recipient, "hirtshals-1"))
        publish(running, "vraa/lommy-1")
        for recipient in ("Serviceteam", r"Politiet \(via godkendt kontrolcentral\)", "Nærmeste leder"):
            running.until(message(recipient, "vraa-1"))
        running.signal(signal.SIGINT)
        assert running.end() == 0
        assert gone(children)
    assert [path.name for path in tmp_path.iterdir()] == [".demo"]
    assert not (tmp_path / ".demo" / "run" / "control.sock").exists()


def test_every_button_of_the_list_can_be_pressed_by_its_number(tmp_path: Path) -> None:
    """A pin is moved, a wireless button publishes; `q` ends it."""
    with demonstration(tmp_path, keyboard=True) as running:
        paths = re.findall(r"^ +(\d+)  (\S+/\S+)", running.text, re.MULTILINE)
        assert len(paths) == 10
        for number, _ in paths:
            running.type(number)
        for _, path in paths:
            running.until(rf"Du trykkede på {path}")
        for alarm in ("hjoerring-6", "hirtshals-2", "vraa-1", "sindal-1"):
            running.until(rf"OVERFALDSALARM\s+{alarm}\s")
        running.type("q")
        assert running.end() == 0


def test_a_second_press_and_a_wrong_key_are_answered(tmp_path: Path) -> None:
    """A press of an open alarm tells nobody twice, and says so; the status names what is open."""
    with demonstration(tmp_path, keyboard=True) as running:
        running.type("7")
        running.until("OVERFALDSALARM")
        running.type("7")
        running.until(r"hirtshals-1: trykket igen \(tryk nr\. 2\)")
        running.type("s")
        running.until(
            r"Åbne alarmer:\n  hirtshals-1: hirtshals/lokale-1, ingen har kvitteret, tryk: 2, underrettet: \w"
        )
        running.type("99")
        running.until("99: skriv et tal fra 1 til 10")
        running.signal(signal.SIGTERM)
        assert running.end() == 0


def test_a_daemon_that_dies_is_told_with_its_last_words(tmp_path: Path) -> None:
    """Exit code 1, the end of its log, and the broker is ended too."""
    with demonstration(tmp_path) as running:
        children = running.children()
        os.kill(daemon_of(children), signal.SIGKILL)
        assert running.end() == 1
        assert "the daemon of the demonstration has ended by itself" in running.text
        assert '"event": "ready"' in running.text
        assert gone(children)


def test_the_one_who_comes_can_answer_and_close(tmp_path: Path) -> None:
    """`v`, and everybody reads who is on the way; `a`, and everybody reads that it is over."""
    with demonstration(tmp_path, keyboard=True) as running:
        running.type("v")
        running.until("Ingen alarm er åben")
        running.type("7")
        running.until(message("Serviceteam", "hirtshals-1"))
        running.type("v")
        running.until("hirtshals-1: Serviceteam siger »på vej«")
        running.until("Redningsringen\n  [^\n]+\n\n  PÅ VEJ: ")
        running.type("a")
        running.until("hirtshals-1: Serviceteam afslutter alarmen")
        running.until("Redningsringen\n  [^\n]+\n\n  AFSLUTTET: ")
        running.type("q")
        assert running.end() == 0


def test_a_daemon_that_hangs_holds_up_no_end(tmp_path: Path) -> None:
    """It is ended by force, in time."""
    with demonstration(tmp_path) as running:
        children = running.children()
        os.kill(daemon_of(children), signal.SIGSTOP)
        running.signal(signal.SIGINT)
        assert running.end(5.0) == 0
        assert gone(children)


def test_a_ctrl_c_on_a_terminal_ends_it_once_and_in_order(tmp_path: Path) -> None:
    """The terminal signals everything in the foreground; titles are bold there."""
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        os.execve(sys.executable, [sys.executable, "-m", "alarmbro", "demo"], os.environ | NARROW)  # noqa: S606 - in the new terminal
    try:
        read_until(master, READY)
        os.write(master, b"9\n")
        assert BOLD in read_until(master, "vraa-1 kl.")
        os.write(master, b"\x03")
        assert "ended by itself" not in read_until(master, "Slut.")
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise
    finally:
        status = os.waitpid(pid, 0)[1]
        os.close(master)
    assert os.waitstatus_to_exitcode(status) == 0


def test_a_ctrl_c_while_it_starts_ends_it(tmp_path: Path) -> None:
    """There is nothing to wait for."""
    running = Running(tmp_path, keyboard=False, language="", environment={})
    try:
        running.until("starter")
        children = running.children()
        running.signal(signal.SIGINT)
        assert running.end() == 0
        assert gone(children)
    finally:
        running.close()


def test_a_second_demonstration_beside_the_first_has_a_broker_of_its_own(tmp_path: Path) -> None:
    """In another folder it works; in the same one it says why not."""
    (tmp_path / "other").mkdir()
    with demonstration(tmp_path) as first, demonstration(tmp_path / "other") as second:
        ports = {running.until(r"mosquitto_pub -p (\d+)")[1] for running in (first, second)}
        assert len(ports) == 2
        third = Running(tmp_path, keyboard=False, language="", environment={})
        try:
            assert third.end(20) == 1
            assert "already runs" in third.text
        finally:
            third.close()
