"""No process outlives the demonstration, and none of its children is led astray by the environment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from alarmbro.demo.processes.children import Child, own_environment
from alarmbro.model.errors import MachineError

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(99)"
)
PARENT = """
import sys, time
from pathlib import Path
from alarmbro.demo.processes.children import Child
says = "import time; print('ready', flush=True); time.sleep(99)"
child = Child("child", [sys.executable, "-c", says], Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(99)
"""


def wait_until(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    """Wait for a condition; fail where it does not come."""
    until_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until_s
        threading.Event().wait(0.02)


def runs(pid: int) -> bool:
    """Tell whether there is such a process that is no zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False


def test_a_child_that_does_not_end_when_asked_is_ended_by_force(tmp_path: Path) -> None:
    """Within a few seconds."""
    child = Child("child", [sys.executable, "-c", STUBBORN], tmp_path / "log")
    wait_until(lambda: child.tail() == "ready")
    begun_s = time.monotonic()
    child.end()
    assert child.ended()
    assert time.monotonic() - begun_s < 3.0


def test_children_end_with_a_demonstration_that_is_killed(tmp_path: Path) -> None:
    """Even by a signal that no program can catch."""
    log = tmp_path / "log"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(log)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent:
        pid = int(parent.stdout.readline())
        wait_until(lambda: "ready" in log.read_text(encoding="utf-8"))
        assert runs(pid)
        parent.kill()
    wait_until(lambda: not runs(pid))


def test_a_child_that_cannot_be_started_says_so(tmp_path: Path) -> None:
    """Its end is seen, with the reason in its log."""
    child = Child("child", [str(tmp_path / "missing")], tmp_path / "log")
    wait_until(child.ended)
    assert "No such file" in child.tail()
    child.end()


def test_without_a_place_for_its_log_a_child_is_an_error_that_names_it(tmp_path: Path) -> None:
    """The caller shows it."""
    with pytest.raises(MachineError, match="the demonstration's broker"):
        Child("broker", [sys.executable], tmp_path / "missing" / "log")


def test_children_do_not_inherit_what_leads_elsewhere() -> None:
    """A proxy, another daemon's folders, a service manager's socket."""
    foreign = {"https_proxy": "http://proxy.example", "ALARMBRO_SERVE": "vraa", "NOTIFY_SOCKET": "/run/x"}
    assert own_environment(foreign | {"PATH": "/bin", "LANG": "da_DK.UTF-8"}) == {"PATH": "/bin", "LANG": "da_DK.UTF-8"}


def test_a_child_hears_no_ctrl_c_of_the_terminal(tmp_path: Path) -> None:
    """The demonstration ends its children itself, in order."""
    child = Child("child", [sys.executable, "-c", STUBBORN], tmp_path / "log")
    try:
        assert os.getpgid(child.pid) != os.getpgrp() or child.ended()
    finally:
        os.kill(child.pid, signal.SIGKILL)
        wait_until(child.ended)
