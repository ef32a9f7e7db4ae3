"""Where alarmbro lives on this machine, and as whom it is looked at."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alarmbro.doctor.judging.service import UNIT, Unit
from alarmbro.doctor.trying import service as systemd
from alarmbro.doctor.trying.users import User, become


@dataclass(frozen=True, slots=True)
class Premises:
    """Its file, its folders and its environment; `units` is what systemd says, and `service` who runs it, if known."""

    config: Path
    state: Path
    run: Path
    environ: Mapping[str, str]
    units: Mapping[str, Unit] | None = None
    service: User | None = None

    @property
    def unit(self) -> Unit | None:
        """Give what systemd says of the daemon's unit."""
        return self.units.get(UNIT) if self.units else None


def enter(config: Path, state: Path, run: Path, *, usual: bool) -> Premises:
    """Look around. `usual`: it is the service's own file that is looked at; then the service's environment counts.

    Root goes on with the service's rights alone: what root may do says nothing of what the service may. Before any
    thread is started.
    """
    units = systemd.units()
    unit = units.get(UNIT) if units else None
    if not usual:
        return Premises(config, state, run, dict(os.environ), units)
    environ, service = systemd.surroundings(unit, os.environ), systemd.user_of(unit)
    if service is not None and os.geteuid() == 0:
        become(service)
    return Premises(config, state, run, environ, units, service)
