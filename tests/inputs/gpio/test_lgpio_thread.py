"""What lgpio really does to a process, with its own module and thread, each in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).with_name("lgpio_bench.py")
needs_lgpio = pytest.mark.skipif(importlib.util.find_spec("lgpio") is None, reason="lgpio is not installed")


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Give a directory that an unprivileged user can reach, unlike pytest's own."""
    place = Path(tempfile.mkdtemp(prefix="alarmbro-lgpio-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def bench(scenario: str, scratch: Path, **environment: str) -> dict[str, Any]:
    env = {key: value for key, value in os.environ.items() if key not in {"LG_WD", "GPIOZERO_PIN_FACTORY"}}
    done = subprocess.run(
        [sys.executable, str(BENCH), scenario, str(scratch)],
        env=env | environment, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert "\n" not in answer.get("error", "")
    return answer


@needs_lgpio
def test_a_press_that_only_edges_saw_counts_with_the_kernels_time(scratch: Path) -> None:
    """Through lgpio's FIFO: 40 ms by time stamps alone, received when it began."""
    answer = bench("edges", scratch)
    assert answer["counted"]
    assert abs(answer["off_s"]) < 0.01
    assert answer["troubles"] == []


@needs_lgpio
def test_an_exception_for_one_pin_does_not_silence_another(scratch: Path) -> None:
    """A bug in handling one button is told; it alarms through the poll, the other by its edge, all threads live."""
    answer = bench("raising", scratch)
    assert answer["both"]
    assert answer["edges_alive"]
    assert answer["alive"]
    assert answer["troubles"] == [["gpio", "huset/pin-17/handling", False]]


@needs_lgpio
def test_a_changeover_tells_a_cut_wire_and_presses_count_all_the_same(scratch: Path) -> None:
    """Two lines through lgpio's one thread: whole, cut, pressed while it is cut, and mended."""
    answer = bench("changeover", scratch)
    assert answer == {"whole": True, "cut": True, "pressed": True, "mended": True, "presses": 3}


@needs_lgpio
def test_a_press_alarms_through_the_poll_when_lgpios_thread_is_dead(scratch: Path) -> None:
    """Within 100 ms, short presses too, and the fault is told once."""
    answer = bench("killed", scratch)
    assert answer["told"]
    assert answer["delay_s"] < 0.1
    assert answer["short"] == 5
    assert answer["alive"]
    assert answer["troubles"] == [["gpio", "edges", False]]


@needs_lgpio
def test_lights_work_beside_the_buttons_and_hurt_none(scratch: Path) -> None:
    """One is lit and dark again at the end, its pin given back; one that cannot be claimed is a fault and no more."""
    answer = bench("lights", scratch)
    assert (answer["dark"], answer["lit"], answer["after"]) == (0, True, 0)
    assert answer["pressed"]
    assert answer["alive"]
    assert answer["input"]
    assert answer["troubles"] == [["feedback", "huset/pin-27", False]]


@needs_lgpio
def test_an_unprivileged_user_in_the_root_directory_can_start_it(scratch: Path) -> None:
    """Its FIFO gets a directory, the process keeps its own, relative paths still resolve; the missing chip is named."""
    answer = bench("no_chip", scratch)
    assert "this machine has no GPIO chip" in answer["error"]
    assert "gpio: {factory: mock}" in answer["error"]
    assert answer["cwd"] == "/"
    assert answer["relative"]
    assert answer["fifo"]


@needs_lgpio
def test_lg_wd_that_is_set_is_used(scratch: Path) -> None:
    """What the unit sets wins over our own directory, and must be there."""
    given = scratch / "given"
    given.mkdir()
    given.chmod(0o777)
    assert not bench("no_chip", scratch, LG_WD=str(given))["fifo"]
    assert (given / ".lgd-nfy0").is_fifo()
    assert str(scratch / "no") in bench("loads", scratch, LG_WD=str(scratch / "no"))["error"]


@needs_lgpio
@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ("unwritable", ["closed", "set LG_WD to a writable one"]),
        ("busy", ["huset/pin-27: cannot claim pin 27", "GPIO busy", "held by 'w1-gpio'"]),
        ("barred", ["no permission for", "gpiochip0", "to group gpio"]),
        ("no_pi", ["not known as a Raspberry Pi", "revision"]),
        ("hidden", ["this machine has no GPIO chip"]),
        ("other_chip", ["gpiochip4", "only gpiochip0, gpiochip1"]),
    ],
)
def test_what_the_machine_lacks_is_said_in_one_line(scratch: Path, scenario: str, words: list[str]) -> None:
    """Each failure names its cause and what to do."""
    error = bench(scenario, scratch)["error"]
    assert all(word in error for word in words), error


def test_the_empty_lgpio_is_named(scratch: Path) -> None:
    """The stub that package indexes serve imports well and does nothing: package and version are said."""
    stub, meta = scratch / "lgpio.py", scratch / "lgpio-0.0.0.2.dist-info"
    stub.touch()
    meta.mkdir()
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: lgpio\nVersion: 0.0.0.2\n")
    error = bench("loads", scratch, PYTHONPATH=str(scratch))["error"]
    assert error.startswith(f"package lgpio 0.0.0.2 ({stub}) is empty")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise ModuleNotFoundError('no', name='lgpio')", "module lgpio is missing: install python3-lgpio with apt"),
        ("raise ImportError('liblgpio.so.1: cannot open')", "lgpio does not load (ImportError: liblgpio.so.1"),
        ("raise FileNotFoundError(2, 'No such file', '.lgd-nfy-3')", ".lgd-nfy-3"),
    ],
)
def test_a_failing_lgpio_is_loud_and_nothing_else_is_taken(scratch: Path, source: str, words: str) -> None:
    """With no factory named in the environment no other backend steps in: the cause is said."""
    (scratch / "lgpio.py").write_text(source + "\n")
    assert words in bench("loads", scratch, PYTHONPATH=str(scratch))["error"]
