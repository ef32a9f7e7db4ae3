"""Whatever the doctor finds has words, in both languages, and says what to do."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from alarmbro.doctor.findings import Found, State, doubtful, failed, well
from alarmbro.doctor.words import danish, english
from alarmbro.doctor.words.lines import line, row, total
from alarmbro.judgement.words.danish_faults import FAULTS
from alarmbro.model.configuration import Language

HOUSE = Path(danish.__file__).parents[1]
WORDS = {"danish.py", "english.py"}
CODE = re.compile(r'"([a-z_]+\.[a-z_]+)"')
NO_CODES = {"alarmbro.service"}  # looks like one


def used() -> set[str]:
    """Give every code that stands in the doctor's own modules."""
    files = [file for file in HOUSE.rglob("*.py") if file.name not in WORDS]
    return {code for file in files for code in CODE.findall(file.read_text(encoding="utf-8"))} - NO_CODES


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_words_and_no_words_are_left_over() -> None:
    """A finding without words would end the visit in the middle."""
    made = {code for code in danish.WORDS if code.startswith("power.")}  # by the name of the flag
    assert used() - {"daemon.fault"} | made == set(danish.WORDS)


def test_both_languages_say_the_same() -> None:
    """With the same values, and something to do in the same places."""
    assert danish.WORDS.keys() == english.WORDS.keys()
    assert danish.CHECKS.keys() == english.CHECKS.keys()
    for code, (text, do) in danish.WORDS.items():
        other_text, other_do = english.WORDS[code]
        assert fields(text) | fields(do) == fields(other_text) | fields(other_do), code
        assert bool(do) == bool(other_do), code


def test_what_to_do_is_said_where_there_is_something_to_do() -> None:
    """And not where all is well."""
    good = row(well("certificate", "x", "certificate.holds", days=80, ends="1.1.2027"), Language.DANISH)
    bad = row(doubtful("certificate", "x", "certificate.holds", days=3, ends="1.1.2027"), Language.DANISH)
    assert good["do"] == ""
    assert bad["do"].startswith("forny")
    assert good["text"] == "Certifikatet gælder 80 dage endnu (til 1.1.2027)."


@pytest.mark.parametrize(("language", "mark"), [(Language.DANISH, "FEJL"), (Language.ENGLISH, "FAILED")])
def test_a_line_says_how_it_stands_what_it_is_and_what_to_do(language: Language, mark: str) -> None:
    """In one line, whatever its length."""
    shown = row(failed("daemon", "", "daemon.away", folder="/run/alarmbro"), language)
    written = line(shown, language)
    assert written.startswith(mark)
    assert "/run/alarmbro" in written
    assert shown["do"] in written
    assert "\n" not in written


def test_a_fault_is_told_in_the_daemons_own_words() -> None:
    """Those that the technicians get as a message."""
    values = {"kind": "mqtt", "subject": "broker", "detail": "refused"}
    shown = row(Found("daemon", "mqtt/broker", State.FAILED, "daemon.fault", values), Language.DANISH)
    assert shown["text"] == f"{FAULTS['mqtt/broker'][0]} (refused)"
    assert shown["do"] == FAULTS["mqtt/broker"][1]


def test_the_last_line_counts() -> None:
    """So that a glance at the end is enough."""
    founds = [failed("disk", "", "disk.full"), well("disk", "", "disk.room"), well("disk", "", "disk.room")]
    assert total(founds, Language.ENGLISH) == "1 failed, 0 warnings, 2 ok."
