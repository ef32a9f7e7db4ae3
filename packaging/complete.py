"""Says what a folder of Python packages lacks, by what each of them requires: `complete.py FOLDER 3.13 EXTRA,EXTRA`.

Whoever puts packages together for another Python than his own needs it: pip judges the conditions of requirements by
the Python that it runs on. Exit 1 where anything is missing or too old.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions

from pip._vendor.packaging.requirements import Requirement  # the standard library cannot judge a condition

OURS = "alarmbro"


def canonical(name: str) -> str:
    """Write a package's name as all of them are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def lacking(folder: str, python: str, extras: set[str]) -> Iterator[str]:
    """Give a line for each requirement that is not met."""
    here = {canonical(each.metadata["Name"]): each for each in distributions(path=[folder])}
    if OURS not in here:
        yield f"{OURS} itself is missing"
        return
    asked: set[tuple[str, str]] = set()
    waiting = [(OURS, extra) for extra in ("", *sorted(extras))]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in asked:
            continue
        asked.add((name, extra))
        for wanted in _wanted(here[name], python, extra):
            found = here.get(canonical(wanted.name))
            if found is None:
                yield f"{name} needs {wanted}, which is missing"
            elif not wanted.specifier.contains(found.version, prereleases=True):
                yield f"{name} needs {wanted}, but {found.version} is here"
            else:
                waiting += [(canonical(wanted.name), each) for each in ("", *wanted.extras)]


def _wanted(package: Distribution, python: str, extra: str) -> Iterator[Requirement]:
    surroundings = {
        "python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux",
        "platform_system": "Linux", "os_name": "posix", "platform_python_implementation": "CPython",
        "implementation_name": "cpython", "extra": extra,
    }  # fmt: skip
    for line in package.requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate(surroundings):
            yield wanted


def main() -> None:
    """Print what is missing."""
    folder, python, extras = sys.argv[1:]
    missing = sorted(set(lacking(folder, python, set(extras.split(",")))))
    for line in missing:
        print(line, file=sys.stderr)
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
