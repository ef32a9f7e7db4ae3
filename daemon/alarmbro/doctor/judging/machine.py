"""How the machine is: clock, time zone, memory, heat, power. Pure. The marks are those of the daemon's faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from alarmbro.doctor.findings import Found, doubtful, failed, well
from alarmbro.judgement.supervising.machine import COOL_C, HOT_C, MEMORY_LOW, MEMORY_WELL, Vitals

NOW = {"undervoltage": 0x1, "capped": 0x2, "throttled": 0x4, "soft": 0x8}  # documentation of `vcgencmd get_throttled`
SINCE_BOOT = 16  # bits higher, the same has been so since the last start


@dataclass(frozen=True, slots=True)
class Clocks:
    """The zone of the file, its offset from UTC now (None: this machine does not know it), and the machine's own."""

    zone: str
    offset: timedelta | None
    machine: timedelta


def judge_clock(*, synchronised: bool) -> Found:
    """Say whether somebody keeps the clock right."""
    return well("clock", "", "clock.right") if synchronised else failed("clock", "", "clock.adrift")


def judge_zone(clocks: Clocks) -> Found:
    """Say whether times can be written as people at the site read them; a machine on UTC is no fault."""
    if clocks.offset is None:
        return failed("timezone", clocks.zone, "timezone.unknown", zone=clocks.zone)
    says = "timezone.same" if clocks.offset == clocks.machine else "timezone.other"
    return well("timezone", clocks.zone, says, zone=clocks.zone, hours=f"{clocks.machine / timedelta(hours=1):+g}")


def judge_memory(vitals: Vitals) -> Found:
    """Say whether there is memory left."""
    free = vitals.free_memory
    if free is None:
        return well("memory", "", "machine.unmeasured")
    values = {"share": f"{free:.0%}"}
    if free <= MEMORY_LOW:
        return failed("memory", "", "memory.low", **values)
    return (well if free >= MEMORY_WELL else doubtful)("memory", "", "memory.free", **values)


def judge_heat(vitals: Vitals) -> Found:
    """Say whether it is too warm."""
    if vitals.celsius is None:
        return well("temperature", "", "machine.unmeasured")
    values = {"celsius": round(vitals.celsius)}
    if vitals.celsius >= HOT_C:
        return failed("temperature", "", "temperature.hot", **values)
    return (well if vitals.celsius < COOL_C else doubtful)("temperature", "", "temperature.is", **values)


def judge_power(flags: int | None) -> Iterator[Found]:
    """Say whether the power supply is enough: now, and since the machine started."""
    if flags is None:
        yield well("power", "", "machine.unmeasured")
        return
    bad = [name for name, bit in NOW.items() if flags & bit]
    was = [name for name, bit in NOW.items() if flags & bit << SINCE_BOOT and name not in bad]
    yield from (failed("power", name, f"power.{name}") for name in bad)
    yield from (doubtful("power", name, f"power.{name}_was") for name in was)
    if not bad and not was:
        yield well("power", "", "power.enough")
