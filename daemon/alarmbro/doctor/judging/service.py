"""Whether systemd starts alarmbro with the machine, and how far its unit is shut in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from alarmbro.doctor.findings import Found, State, doubtful, failed, well

CHECK = "service"
UNIT = "alarmbro.service"
OTHERS = ("alarmbro-web.service", "alarmbro-backup.timer")  # alarms do without them
EXPOSED = 2.0  # `systemd-analyze security`, 0 to 10: what the shipped unit keeps below
OVERALL = re.compile(r"Overall exposure level for \S+ ([0-9.]+)")
STARTS = frozenset({"enabled", "enabled-runtime", "static", "linked", "generated"})


@dataclass(frozen=True, slots=True)
class Unit:
    """What systemd says of a unit (`systemctl show`): its properties by name; empty where there is no such unit."""

    name: str
    says: Mapping[str, str] = field(default_factory=dict)

    @property
    def loaded(self) -> bool:
        """Tell whether systemd has it."""
        return self.says.get("LoadState") == "loaded"

    @property
    def active(self) -> bool:
        """Tell whether it runs, or is about to."""
        return self.says.get("ActiveState") in {"active", "activating", "reloading"}

    @property
    def starts(self) -> bool:
        """Tell whether it starts with the machine. Of those that alarms do without, one that does not is not wanted."""
        return self.says.get("UnitFileState") in STARTS


def judge(units: Mapping[str, Unit] | None) -> Iterator[Found]:
    """Say how each unit stands; None where systemd is not what runs this machine."""
    if units is None:
        yield doubtful(CHECK, UNIT, "service.no_systemd")
        return
    main = units.get(UNIT, Unit(UNIT))
    if not main.loaded:
        yield doubtful(CHECK, UNIT, _absent(main), unit=UNIT, state=main.says.get("LoadState", "?"))
    for unit in units.values():
        if unit.loaded and (unit.name == UNIT or unit.active or unit.starts):
            yield from _unit(unit)


def judge_security(output: str) -> Iterator[Found]:
    """Say how far the unit is shut in, by what `systemd-analyze security` printed."""
    found = OVERALL.search(output)
    if found is None:
        yield doubtful(CHECK, "security", "service.security_unknown")
        return
    exposure = float(found[1])
    state = State.OK if exposure <= EXPOSED else State.WARNING
    says = "service.shut_in" if exposure <= EXPOSED else "service.exposed"
    yield Found(CHECK, "security", state, says, {"exposure": exposure, "limit": EXPOSED})


def _absent(unit: Unit) -> str:
    return "service.absent" if unit.says.get("LoadState") in {None, "not-found"} else "service.unloadable"


def _unit(unit: Unit) -> Iterator[Found]:
    sharp = failed if unit.name == UNIT else doubtful
    values = {"unit": unit.name, "state": unit.says.get("ActiveState", "?"), "sub": unit.says.get("SubState", "?")}
    restarts = int(unit.says.get("NRestarts") or 0)
    if unit.says.get("NeedDaemonReload") == "yes":
        yield doubtful(CHECK, unit.name, "service.changed", **values)
    if not unit.starts:
        yield sharp(CHECK, unit.name, "service.disabled", **values)
    if not unit.active:
        yield sharp(CHECK, unit.name, "service.inactive", **values)
    elif restarts:
        yield doubtful(CHECK, unit.name, "service.restarted", **values, times=restarts)
    else:
        yield well(CHECK, unit.name, "service.runs", **values)
