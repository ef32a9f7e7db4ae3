"""Runs examinations side by side, each within its own time.

Promises: what hangs is told as hanging when its time is over, and holds up nobody; what raises is told by the kind and
place of its error alone, whose text may hold a secret. Findings come in the order of the examinations.
Threads: a daemon thread for each examination while it lasts; one that hangs ends with the process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from alarmbro.delivery.reasons import place
from alarmbro.doctor.findings import Found, failed

TOGETHER = 8
USUAL_S = 10.0


@dataclass(frozen=True, slots=True)
class Examination:
    """Something to try: `run` gives what it found and may block; after `limit_s` seconds it counts as hanging."""

    check: str
    subject: str
    run: Callable[[], Iterable[Found]]
    limit_s: float = USUAL_S


@dataclass(slots=True, eq=False)
class _Patient:
    examination: Examination
    begun_s: float | None = None
    found: tuple[Found, ...] | None = None

    @property
    def under_way(self) -> bool:
        return self.begun_s is not None and self.found is None

    def left_s(self, now_s: float) -> float:
        return (self.begun_s or 0.0) + self.examination.limit_s - now_s

    def says(self, says: str, **values: object) -> None:
        self.found = (failed(self.examination.check, self.examination.subject, says, **values),)


def examine(examinations: Sequence[Examination], together: int = TOGETHER) -> Iterator[Found]:
    """Run them, at most `together` at a time (one that hangs no longer counts), and give what they find, in order."""
    patients = [_Patient(each) for each in examinations]
    changed = threading.Condition()
    for number, patient in enumerate(patients):
        with changed:
            while patient.found is None:
                rest = patients[number:]
                _give_up_on_what_hangs(rest)
                _begin(rest, together, changed)
                if patient.found is None:
                    changed.wait(_rest_s(rest))
        yield from patient.found


def _give_up_on_what_hangs(patients: Iterable[_Patient]) -> None:
    for patient in patients:
        if patient.under_way and patient.left_s(time.monotonic()) <= 0:
            patient.says("doctor.hangs", seconds=round(patient.examination.limit_s))


def _begin(patients: Sequence[_Patient], together: int, changed: threading.Condition) -> None:
    places = together - sum(1 for each in patients if each.under_way)
    for patient in [each for each in patients if each.begun_s is None][:places]:
        patient.begun_s = time.monotonic()
        name = f"doctor {patient.examination.check} {patient.examination.subject}"
        try:
            threading.Thread(target=_run, args=(patient, changed), name=name, daemon=True).start()
        except RuntimeError:  # "can't start new thread"
            patient.says("doctor.no_thread")


def _run(patient: _Patient, changed: threading.Condition) -> None:
    says: tuple[Found, ...]
    examination = patient.examination
    try:
        says = tuple(examination.run())
    except Exception as error:  # noqa: BLE001 (told as a finding; its text may hold a secret)
        where = f"{type(error).__name__} {place(error.__traceback__)}"
        says = (failed(examination.check, examination.subject, "doctor.stumbled", where=where),)
    with changed:
        if patient.found is None:  # not given up yet
            patient.found = says
        changed.notify_all()


def _rest_s(patients: Sequence[_Patient]) -> float:
    now_s = time.monotonic()
    return max(0.0, min(each.left_s(now_s) for each in patients if each.under_way))
