"""What goes wrong in a house: receivers, brokers and the daemon itself. What counts is what never came, and what twice.

Where the faults are the outside's, all systems live through the same one side by side, each with receivers of its own;
where their own speed decides, they take turns.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from place import System, pathless
from stage import TARGETS, Actor, Stage, StageError
from timed import Cell, Size, in_short, tally

OUTAGE_S = 10.0
OUTAGE_PRESSES = 10
HANG_PRESSES = 20
HANG_EVERY_S = 0.5
BURST = 50
KILL_AFTER_S = 0.05
SLOW_S = 0.5
BROKER_PRESSES = 60
BROKER_DOWN_S = 2.0
LIMIT_S = 60.0
AGAIN_S = 15.0


@dataclass(frozen=True)
class Trial:
    """What was pressed, since when things are right again (monotonic), and which targets count."""

    devices: list[str]
    since_s: float
    targets: tuple[int, ...] = (1, 2, 3)


Fault = Callable[[Stage, Size], Trial]


def faults(systems: Sequence[System], size: Size, say: Callable[[str], None]) -> list[Cell]:
    """Go through all faults once; one cell a fault and system."""
    cells = []
    for name in size.faults or FAULTS:
        fault, together = FAULTS[name]
        for cast in [list(systems)] if together else [[each] for each in systems]:
            for cell in _once(fault, cast, size):
                say(f"fault {name}: {in_short(cell)}")
                cells.append({"fault": name, **cell})
    return cells


def _once(fault: Fault, cast: Sequence[System], size: Size) -> list[Cell]:
    """Let these systems live through it; where one breaks, each alone, so that it spoils nobody's figures."""
    try:
        with Stage(cast, BROKER_PRESSES + BURST) as stage:
            stage.arm()
            trial = fault(stage, size)
            cells = [_told(stage, actor, trial) for actor in stage.actors]
            return [{**cell, "works": works} for cell, works in zip(cells, _work(stage), strict=True)]
    except StageError as error:
        if len(cast) == 1:
            print(error, file=sys.stderr)
            return [{"system": cast[0].name, "broken": pathless(str(error))}]
        return [cell for each in cast for cell in _once(fault, [each], size)]


def _told(stage: Stage, actor: Actor, trial: Trial) -> Cell:
    """Count; `back_s` are the first and the last arrival after things were right again."""
    times = (at / 1e9 - trial.since_s for some in actor.arrivals().values() for at in some)
    after = [each for each in times if each > 0]
    back = [round(min(after), 3), round(max(after), 3)] if after else None
    return {"system": actor.system.name, **tally(stage, actor, trial.devices, trial.targets), "back_s": back}


def _work(stage: Stage) -> list[bool]:
    """Tell of each system whether one more press reaches all three; others may still come late meanwhile."""
    device = stage.take(1)[0]
    for actor in stage.actors:
        actor.behave()
    everywhere = {(target, device) for target in range(1, TARGETS + 1)}
    stage.buttons.press(device)
    end = time.monotonic() + AGAIN_S
    while not all(works := [everywhere <= actor.arrivals().keys() for actor in stage.actors]):
        if time.monotonic() > end:
            break
        time.sleep(0.1)
    return works


def _refused(stage: Stage, size: Size) -> Trial:
    """Have nobody listen at the receivers for a while."""
    devices = stage.take(OUTAGE_PRESSES)
    for actor in stage.actors:
        actor.ask("refuse")
    stage.buttons.pace(devices, OUTAGE_S / OUTAGE_PRESSES)
    time.sleep(OUTAGE_S / OUTAGE_PRESSES)
    for actor in stage.actors:
        actor.ask("listen")
    since_s = time.monotonic()
    stage.collect(devices, TARGETS, size.quiet_s, LIMIT_S)
    return Trial(devices, since_s)


def _hangs(stage: Stage, size: Size) -> Trial:
    """Let the second of three take each message and never answer."""
    devices = stage.take(HANG_PRESSES)
    for actor in stage.actors:
        actor.behave(hangs=2)
    since_s = time.monotonic()
    stage.buttons.pace(devices, HANG_EVERY_S)
    stage.collect(devices, TARGETS - 1, size.quiet_s, size.quiet_s)
    return Trial(devices, since_s, targets=(1, 3))


def _killed(stage: Stage, size: Size) -> Trial:
    """Kill with work in hand."""
    devices = stage.take(BURST)
    for actor in stage.actors:
        actor.behave(slow_s=SLOW_S)
    stage.buttons.press(*devices)
    time.sleep(KILL_AFTER_S)
    for actor in stage.actors:
        actor.running().kill()
    since_s = time.monotonic()
    for actor in stage.actors:
        actor.behave()
        actor.start()
    stage.collect(devices, TARGETS, size.quiet_s, LIMIT_S)
    return Trial(devices, since_s)


def _broker(stage: Stage, size: Size) -> Trial:
    """Stop the broker in order, and have it back two seconds later, while presses go on."""
    devices = stage.take(BROKER_PRESSES)
    before, rest = devices[: BROKER_PRESSES // 3], devices[BROKER_PRESSES // 3 :]
    stage.buttons.pace(before, 0.2)
    stage.broker.stop()
    down = int(BROKER_DOWN_S / 0.2)
    stage.buttons.pace(rest[:down], 0.2)
    time.sleep(0.2)
    stage.broker.start()
    since_s = time.monotonic()
    stage.buttons.pace(rest[down:], 0.2)
    stage.collect(devices, TARGETS, size.quiet_s, LIMIT_S)
    return Trial(devices, since_s)


def _stopped(stage: Stage, size: Size, *, kill: bool) -> Trial:
    """Press while the system does not run."""
    devices = stage.take(OUTAGE_PRESSES)
    for actor in stage.actors:
        process = actor.running()
        process.kill() if kill else process.stop()
    stage.buttons.pace(devices, 0.2)
    stage.buttons.confirmed()
    since_s = time.monotonic()
    for actor in stage.actors:
        actor.start()
    stage.collect(devices, TARGETS, size.quiet_s, LIMIT_S)
    return Trial(devices, since_s)


# By letter: what happens, and whether all systems live through it side by side.
FAULTS: dict[str, tuple[Fault, bool]] = {
    "a": (_refused, True),
    "b": (_hangs, False),
    "c": (_killed, False),
    "d": (_broker, True),
    "e": (partial(_stopped, kill=False), True),
    "e2": (partial(_stopped, kill=True), True),
}
