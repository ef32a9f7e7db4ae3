"""More presses than anybody can answer: bounded threads and memory, and nobody is lost in the noise of another."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from ground import Ground, a_moment, ground
from running import until

WIRES = "      tryk: {name: Kontakt ved døren, gpio: 17}\n"


def memory(on: Ground) -> tuple[float, int]:
    """Give the daemon's resident memory in MiB, and its threads."""
    assert on.daemon.process is not None
    pid = on.daemon.process.pid
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20, len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208 (counts)


def rounds(on: Ground, devices: int, number: int, seconds: float) -> None:
    """Press every device again and again, so many times in all."""
    begun = time.monotonic()
    for count in range(number):
        on.publisher.press_again(count % devices, json.dumps({"id": f"{begun}-{count}"}))
        behind = begun + seconds * count / number - time.monotonic()
        if behind > 0:
            a_moment(behind)


@pytest.mark.timeout(300)
def test_ten_thousand_presses_of_500_devices_in_a_minute(tmp_path: Path, full: bool) -> None:
    """Each is in the journal, each device's alarm reaches everybody; memory and threads end where they began."""
    devices, number, seconds = (500, 10_000, 60.0) if full else (50, 500, 3.0)
    with ground(tmp_path, devices) as on:
        on.press(devices)
        on.settle()
        threads = memory(on)[1]
        until(on.quiet)
        rounds(on, devices, number // 5, seconds / 5)  # what the first storm makes stays: caches, arenas, threads
        until(lambda: on.journalled() == devices + number // 5, 120.0)
        before, _ = memory(on)
        rounds(on, devices, number, seconds)
        until(lambda: on.journalled() == devices + number // 5 + number, 120.0, say=on.daemon.log_text)
        until(on.quiet)
        after, _ = memory(on)
        on.settle()
        on.done(f"{devices} alarms, {number} presses of theirs in {seconds:.0f} s")
        assert after <= before * 1.1, f"{before:.1f} -> {after:.1f} MiB"
        until(lambda: memory(on)[1] <= threads, 60.0)  # those of the busiest moment end when they have rested


def test_a_thousand_alarms_at_once(tmp_path: Path, full: bool) -> None:
    """Every device of a municipality within a second: each is told by name, to everybody."""
    number = 1000 if full else 300
    with ground(tmp_path, number) as on:
        on.press(number)
        on.settle()
        until(lambda: len(on.alarms()) == number)
        on.done(f"{number} alarms at once")


def test_a_device_that_chatters_is_a_fault_and_silences_nobody(tmp_path: Path, full: bool) -> None:
    """By radio and by wire: after a while somebody is asked to see to it, and others' alarms go out meanwhile."""
    seconds = 30.0 if full else 4.0
    with ground(tmp_path, 20, extra="gpio: {factory: mock}\n", wires=WIRES) as on:
        begun = time.monotonic()
        on.press(1)
        count = 0
        while time.monotonic() - begun < seconds:
            count += 1
            on.publisher.press_again(0, json.dumps({"id": str(count)}))
            if count % 20 == 0:
                on.daemon.ask("pin", device="hus/tryk", for_s=0.05, bounce=200)
            if count % 40 == 0 and on.pressed < 15:
                on.press(1)
            a_moment(0.02)
        on.settle()
        until(lambda: "chatter/hus/k0" in on.faults())
        until(lambda: "tryk" in on.alarms())
        on.done(f"a device chatters for {seconds:.0f} s")
