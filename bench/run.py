"""Press -> people, side by side with what a user would otherwise pick, in one run.

python bench/run.py [--systems a,b] [--scenarios latency,storm,idle,faults] [--faults a,b] [--rounds N]
                        [--quick] [--out FOLDER]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import faults
import machine
import report
import timed
from place import HERE, System, pathless
from systems import ALL

SCENARIOS: dict[str, Callable[[Sequence[System], timed.Size, Callable[[str], None]], list[timed.Cell]]] = {
    "latency": timed.latency,
    "storm": timed.storm,
    "idle": timed.idle,
    "faults": faults.faults,
}
QUICK = timed.Size(rounds=2, presses=25, storm=300, idle_s=10.0, quiet_s=8.0, starts=1)


def main() -> int:
    """Do what the words say; give 0, or 2 where they are wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every `with` ends what it began
    words = _words()
    systems, missing = _installed([each for each in ALL if each.name in words.systems])
    size = QUICK if words.quick else timed.Size()
    size = dataclasses.replace(size, rounds=words.rounds or size.rounds, faults=tuple(words.faults))
    begun = time.monotonic()
    result: dict[str, Any] = {"machine": machine.describe(), "missing": missing, "quick": words.quick}
    result["systems"] = {each.name: {"note": each.note, "versions": each.versions()} for each in systems}
    result["scenarios"] = {}
    for name in words.scenarios:
        result["scenarios"][name] = SCENARIOS[name](systems, size, _say)
        result["minutes"] = round((time.monotonic() - begun) / 60, 1)
        report.write(result, words.out)
    print((words.out / "results.md").read_text(encoding="utf-8"))
    return 0


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [each.name for each in ALL]
    parser.add_argument("--systems", type=_listed(known), default=known, metavar="A,B", help=", ".join(known))
    parser.add_argument("--scenarios", type=_listed(list(SCENARIOS)), default=list(SCENARIOS), metavar="A,B")
    letters = list(faults.FAULTS)
    parser.add_argument("--faults", type=_listed(letters), default=letters, metavar="A,B", help=", ".join(letters))
    parser.add_argument("--rounds", type=int, default=0, metavar="N")
    parser.add_argument("--quick", action="store_true", help="few of everything: to compare a change, not to quote")
    parser.add_argument("--out", type=Path, default=None, metavar="FOLDER")
    words = parser.parse_args()
    words.out = words.out or HERE / ("quick" if words.quick else "results")
    return words


def _listed(known: list[str]) -> Callable[[str], list[str]]:
    """Read a list of names; those that are not known are an error that says which are."""

    def read(text: str) -> list[str]:
        names = text.split(",")
        if strange := set(names) - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(strange))}: not among {', '.join(known)}")
        return names

    return read


def _installed(systems: Sequence[System]) -> tuple[list[System], dict[str, str]]:
    """Install what is to be measured; give what is here, and why the rest is not."""
    here, missing = [], {}
    for system in systems:
        try:
            system.get()
            system.versions()
        except (OSError, subprocess.SubprocessError, LookupError, json.JSONDecodeError) as error:
            missing[system.name] = pathless(f"{type(error).__name__}: {error}")
            _say(f"{system.name} is left out: {missing[system.name]}")
        else:
            here.append(system)
    return here, missing


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
