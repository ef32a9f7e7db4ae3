"""The machine is measured as it is, what was heard outlives a restart, and neither can hold anything up."""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from clocks import JumpingClock
from running import until

from alarmbro.clock import SystemClock
from alarmbro.judgement.supervising.machine import of_machine
from alarmbro.machine import heard
from alarmbro.machine.surveyor import Surveyor
from alarmbro.machine.vitals import measure
from alarmbro.model.activation import Trouble

LIMIT_S = 10.0


def right() -> bool:
    return True


def pi(root: Path, *, celsius: str = "48312", flags: str = "0x0") -> Path:
    """Lay out what a Raspberry Pi shows in /sys and /proc."""
    for name, text in (
        ("sys/class/thermal/thermal_zone0/temp", celsius),
        ("sys/devices/platform/soc/soc:firmware/get_throttled", flags),
        ("proc/meminfo", "MemTotal:         430000 kB\nMemFree: 100 kB\nMemAvailable:      215000 kB\n"),
    ):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n", encoding="ascii")
    return root


def test_a_pi_is_measured(tmp_path: Path) -> None:
    """Its temperature, its power, its memory and the room on its disk."""
    vitals = measure(tmp_path, right, pi(tmp_path))
    assert (vitals.celsius, vitals.undervoltage, vitals.throttled, vitals.free_memory) == (48.312, False, False, 0.5)
    assert vitals.free_bytes is not None
    assert vitals.free_bytes > 0


def test_low_voltage_now_is_told_and_that_of_last_week_is_not(tmp_path: Path) -> None:
    """Bits 16 and up are history: they stay until the next boot."""
    now = measure(tmp_path, right, pi(tmp_path, flags="0x50005"))
    assert (now.undervoltage, now.throttled) == (True, True)
    before = measure(tmp_path, right, pi(tmp_path, flags="50000"))
    assert (before.undervoltage, before.throttled) == (False, False)


def test_a_machine_that_is_no_pi_is_measured_as_far_as_it_goes(tmp_path: Path) -> None:
    """Nothing raises, whatever is not there."""
    vitals = measure(tmp_path / "gone", right, tmp_path)
    assert (vitals.celsius, vitals.undervoltage, vitals.free_memory, vitals.free_bytes) == (None, None, None, None)
    assert {each.kind for each in of_machine(vitals)} == {"clock"}


def test_what_was_heard_is_kept_whole(tmp_path: Path) -> None:
    """And read by the next run."""
    heard.write(tmp_path, {"vraa/lommy-1": {"silent_s": 12}})
    assert heard.read(tmp_path) == {"vraa/lommy-1": {"silent_s": 12}}
    assert [file.name for file in tmp_path.iterdir()] == [heard.FILE_NAME]


def test_a_file_that_cannot_be_read_or_written_costs_nothing(tmp_path: Path) -> None:
    """Silence is then counted from the start."""
    assert heard.read(tmp_path) == {}
    for text in ("{", "[1]", "[" * 100_000, "\udcff"):
        (tmp_path / heard.FILE_NAME).write_text(text, encoding="utf-8", errors="surrogateescape")
        assert heard.read(tmp_path) == {}
    heard.write(tmp_path / "gone", {"a": 1})


def test_a_surveyor_tells_of_the_machine_and_keeps_what_was_heard_at_its_end(tmp_path: Path) -> None:
    """In its own thread."""
    told = queue.SimpleQueue[Trouble]()
    surveyor = Surveyor(tmp_path, right, JumpingClock(), told.put, lambda: {"vraa/lommy-1": {"silent_s": 3}}, {})
    surveyor.start()
    assert told.get(timeout=LIMIT_S).kind == "clock"
    assert surveyor.alive()
    surveyor.stop()
    surveyor.stop()
    assert not surveyor.alive()
    assert heard.read(tmp_path) == {"vraa/lommy-1": {"silent_s": 3}}


def test_a_surveyor_whose_look_fails_looks_again_later(tmp_path: Path) -> None:
    """A fault of ours in it is in the log, and nobody's alarm."""
    looked = queue.SimpleQueue[bool]()

    def broken(_trouble: Trouble) -> None:
        looked.put(item=True)
        raise ZeroDivisionError

    surveyor = Surveyor(tmp_path, right, JumpingClock(), broken, dict, {})
    surveyor.start()
    assert looked.get(timeout=LIMIT_S)
    assert surveyor.alive()
    surveyor.stop()


def certificate(folder: Path, days: int) -> Path:
    """Make a certificate for so many days."""
    made = folder / f"{days}.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=vraa", "-days", str(days)]
    subprocess.run([*command, "-keyout", str(folder / "key"), "-out", str(made)], check=True, capture_output=True)
    return made


def told_of(folder: Path, certificates: dict[str, Path], synchronised: Callable[[], bool] = right) -> dict[str, bool]:
    """Give what a surveyor's first look says of certificates: whether each is well."""
    told = queue.SimpleQueue[Trouble]()
    looked = threading.Event()

    def kept() -> dict[str, object]:
        looked.set()
        return {}

    surveyor = Surveyor(folder, synchronised, SystemClock(), told.put, kept, certificates)
    surveyor.start()
    until(lambda: not told.empty())
    surveyor.stop()
    assert looked.wait(LIMIT_S)
    found = [told.get_nowait() for _ in range(told.qsize())]
    return {each.subject: each.well for each in found if each.kind == "certificate"}


def test_a_certificate_that_soon_ends_is_told_while_the_service_runs(tmp_path: Path) -> None:
    """A machine that is never restarted would else lose its broker on a day that nobody knew of."""
    files = {"mqtt.cert": certificate(tmp_path, 10), "mqtt.ca_file": certificate(tmp_path, 400)}
    assert told_of(tmp_path, files | {"web.certificate": tmp_path / "gone"}) == {
        "mqtt.cert": False, "mqtt.ca_file": True,
    }  # fmt: skip
    assert told_of(tmp_path, {"mqtt.cert": certificate(tmp_path, 100)}) == {"mqtt.cert": True}


def test_by_a_clock_that_is_wrong_nothing_is_said_of_certificates(tmp_path: Path) -> None:
    """A Pi without a battery clock starts in another year."""
    assert told_of(tmp_path, {"mqtt.cert": certificate(tmp_path, 10)}, lambda: False) == {}
