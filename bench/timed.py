"""What is timed: one system at a time on a fresh stage, taking turns, in an order that moves on each round."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from place import System, pathless
from processes import busy_s, own_s
from stage import TARGETS, Actor, Stage, StageError

Cell = dict[str, Any]
EVERY_S = 0.2
STORM_DEVICES = 1000
THINNED = 10  # of a storm's times every tenth is kept
LIMIT_S = 60.0
STORM_LIMIT_S = 120.0
SETTLE_S = 2.0


@dataclass(frozen=True)
class Size:
    """How much is done: rounds, presses a round, presses of a storm, idling, how long news may fail, faults."""

    rounds: int = 4
    presses: int = 100
    storm: int = STORM_DEVICES
    idle_s: float = 60.0
    quiet_s: float = 15.0
    starts: int = 3
    faults: tuple[str, ...] = ()  # by letter; none: all


def turns(systems: Sequence[System], rounds: int) -> Iterator[tuple[int, System]]:
    """Give each system once a round; the one that begins moves on."""
    for number in range(rounds):
        for place in range(len(systems)):
            yield number, systems[(place + number) % len(systems)]


class Load:
    """How many cores others kept busy since this was made."""

    def __init__(self) -> None:
        self._busy, self._own, self._at = busy_s(), own_s(), time.monotonic()

    def others(self) -> float:
        """Give it in cores."""
        busy, own = busy_s() - self._busy, own_s() - self._own
        return max(0.0, round((busy - own) / (time.monotonic() - self._at), 3))


def tally(stage: Stage, actor: Actor, devices: Sequence[str], targets: Sequence[int] = (1, 2, 3)) -> Cell:
    """Give what came of these presses at one system; latencies in ms, to the first target and to all that count."""
    arrivals = actor.arrivals()
    first, whole, lost, twice = [], [], 0, 0
    for device in devices:
        pressed_ns = stage.buttons.pressed_ns[device]
        came = [arrivals.get((target, device), []) for target in targets]
        lost += sum(not each for each in came)
        twice += sum(max(0, len(each) - 1) for each in came)
        times = sorted(min(each) for each in came if each)
        if times:
            first.append(round((times[0] - pressed_ns) / 1e6, 4))
        if len(times) == len(targets):
            whole.append(round((times[-1] - pressed_ns) / 1e6, 4))
    wanted = len(devices) * len(targets)
    return {"first_ms": first, "all_ms": whole, "expected": wanted, "lost": lost, "twice": twice}


def latency(systems: Sequence[System], size: Size, say: Callable[[str], None]) -> list[Cell]:
    """Press at 5/s."""
    cells = []
    for number, system in turns(systems, size.rounds):
        cell = {"system": system.name, "round": number, **whole(_one_by_one, system, size)}
        say(f"latency, round {number + 1}: {in_short(cell)}")
        cells.append(cell)
    return cells


def storm(systems: Sequence[System], size: Size, say: Callable[[str], None]) -> list[Cell]:
    """Press all devices at once."""
    cells = []
    for number, system in turns(systems, size.rounds):
        cell = {"system": system.name, "round": number, **whole(_all_at_once, system, size)}
        say(f"storm, round {number + 1}: {in_short(cell)}")
        cells.append(cell)
    return cells


def whole(measure: Callable[[System, Size], Cell], system: System, size: Size) -> Cell:
    """Measure; where the system does not come up, or ends by itself, say so instead."""
    try:
        return measure(system, size)
    except StageError as error:
        print(error, file=sys.stderr)
        return {"broken": pathless(str(error))}


def in_short(cell: Cell) -> str:
    """Give a line for the one who watches."""
    if "broken" in cell:
        return f"{cell['system']}: BROKEN: {cell['broken']}"
    middle = f"{sorted(cell['all_ms'])[len(cell['all_ms']) // 2]:.2f} ms" if cell["all_ms"] else "never"
    return (
        f"{cell['system']}: all three {middle} (p50), {cell['lost']} of {cell['expected']} lost, {cell['twice']} twice"
    )


def _one_by_one(system: System, size: Size) -> Cell:
    with Stage([system], size.presses) as stage:
        armed = stage.arm()
        actor = stage.actors[0]
        load, before = Load(), actor.running().use()
        devices = stage.take(size.presses)
        stage.buttons.pace(devices, EVERY_S)
        stage.collect(devices, TARGETS, size.quiet_s, LIMIT_S)
        after, others = actor.running().use(), load.others()
        cell = tally(stage, actor, devices)
    cpu_ms = round(after.cpu_since(before) / len(devices) * 1e3, 3)
    return {**cell, "cpu_ms_a_press": cpu_ms, "others": others, "armed_s": armed[system.name]}


def _all_at_once(system: System, size: Size) -> Cell:
    with Stage([system], size.storm) as stage:
        stage.arm()
        actor = stage.actors[0]
        load, before = Load(), actor.running().use()
        devices = stage.take(size.storm)
        begun_ns = time.monotonic_ns()
        stage.buttons.press(*devices)
        stage.buttons.confirmed()
        taken_ns = time.monotonic_ns()
        stage.collect(devices, TARGETS, size.quiet_s, STORM_LIMIT_S)
        after, others = actor.running().use(), load.others()
        messages = len(actor.ask("take"))
        cell = tally(stage, actor, devices)
    seconds = max(cell["all_ms"], default=0.0) / 1e3
    for key in ("first_ms", "all_ms"):
        cell[key] = sorted(cell[key])[::THINNED]
    cell |= {"seconds": seconds, "confirmed_s": (taken_ns - begun_ns) / 1e9, "others": others}
    return {**cell, "messages": messages, "cpu_s": after.cpu_since(before), "peak_mib": after.peak_mib}


def idle(systems: Sequence[System], size: Size, say: Callable[[str], None]) -> list[Cell]:
    """Start each alone a few times, for the start and for its memory; then let all idle side by side."""
    alone: dict[str, list[Cell]] = {system.name: [] for system in systems}
    for _number, system in turns(systems, size.starts):
        alone[system.name].append(whole(_start, system, size))
        say(f"start: {system.name}: {alone[system.name][-1].get('armed_s', 'BROKEN')} s")
    able = [system for system in systems if all("broken" not in each for each in alone[system.name])]
    cells = [{"system": name, **each} for name, some in alone.items() for each in some if "broken" in each]
    say(f"idle: {size.idle_s} s, all side by side")
    for name, spent in _idle_together(able, size).items():
        memory = {key: alone[name][-1][key] for key in ("rss_mib", "pss_mib")}
        cells.append({"system": name, "armed_s": [each["armed_s"] for each in alone[name]], **spent, **memory})
    return cells


def _start(system: System, _size: Size) -> Cell:
    with Stage([system], 0) as stage:
        armed_s = stage.arm()[system.name]
        use = stage.actors[0].running().use()
        return {"armed_s": round(armed_s, 3), "rss_mib": use.rss_mib, "pss_mib": use.pss_mib}


def _idle_together(systems: Sequence[System], size: Size) -> dict[str, Cell]:
    with Stage(systems, 0) as stage:
        stage.arm()
        time.sleep(SETTLE_S)
        before = [actor.running().use() for actor in stage.actors]
        begun = time.monotonic()
        time.sleep(size.idle_s)
        spent_s = time.monotonic() - begun
        after = [actor.running().use() for actor in stage.actors]
    return {
        system.name: {"idle_s": spent_s, "cpu_s": now.cpu_since(was), "wakeups": now.wakeups - was.wakeups}
        for system, was, now in zip(systems, before, after, strict=True)
    }
