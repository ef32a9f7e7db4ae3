"""The pages for people in a hurry: one sheet each, and nothing on them that is not so; and a row for each fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import ROOT, municipality, secrets
from paper import pages_of

from alarmbro.config import load
from alarmbro.inputs.gpio.meaning import TEST_HOLD_S
from alarmbro.judgement.rounds.judging import REACHED_WITHIN_S
from alarmbro.judgement.words.danish import TEXTS
from alarmbro.judgement.words.danish_faults import FAULTS as DANISH
from alarmbro.judgement.words.english_faults import FAULTS as ENGLISH
from alarmbro.model.configuration import Configuration
from alarmbro.model.route import Route

DOCS = ROOT / "docs"
TECHNICIAN = (DOCS / "technician.md").read_text(encoding="utf-8")
COORDINATOR = (DOCS / "koordinator.md").read_text(encoding="utf-8")
MANAGER = (DOCS / "leder.md").read_text(encoding="utf-8")
NAMES = {  # as the manager's page calls them
    "serviceteam": "serviceteam",
    "politi": "politiet (via godkendt kontrolcentral)",
    "redningsringen": "Redningsringen",
    "leder": "nærmeste leder",
    "anden-leder": "anden leder i Borgerservice",
    "anden-kontorchef": "anden kontorchef i forvaltningen",
    "direktoer": "direktøren",
    "anden-leder-kommunen": "anden leder i kommunen",
}


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    """Load the shipped municipality, which the pages are about."""
    file = tmp_path / "alarmbro.yaml"
    file.write_text(municipality(1883), encoding="utf-8")
    return load(file, environ=secrets("json://127.0.0.1:9/one")).configuration


def rows(text: str, heading: str) -> list[list[str]]:
    """Give the cells of the table whose first heading is this one."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(f"| {heading} |"):
            next(lines)
            return [row.strip("| ").split(" | ") for row in iter(lambda: next(lines, ""), "")]
    raise AssertionError(f"no table of {heading}")


@pytest.mark.parametrize("name", ["koordinator", "leder", "coordinator", "manager"])
def test_a_page_to_print_is_one_sheet_of_a4(name: str) -> None:
    """It hangs on a wall, or goes along from button to button."""
    assert pages_of((DOCS / f"{name}.md").read_text(encoding="utf-8")) == 1


@pytest.mark.parametrize(("danish", "english"), [("koordinator", "coordinator"), ("leder", "manager")])
def test_a_page_and_its_twin_say_the_same_numbers_and_commands(danish: str, english: str) -> None:
    """Whoever changes one changes the other: times, telephone numbers, commands and names are alike in both."""
    one, other = ((DOCS / f"{name}.md").read_text(encoding="utf-8") for name in (danish, english))
    assert re.findall(r"\d+", one) == re.findall(r"\d+", other)
    assert re.findall(r"`[^`\n]+`", one) == re.findall(r"`[^`\n]+`", other)
    assert re.findall(r"^\s*\$ (\S+ \S+ \S+)", one, re.MULTILINE) == re.findall(
        r"^\s*\$ (\S+ \S+ \S+)", other, re.MULTILINE
    )


def test_two_pages_are_counted_as_two() -> None:
    """The measure measures."""
    assert pages_of(MANAGER + MANAGER) == 2


def test_every_kind_of_fault_has_its_row() -> None:
    """Whoever is told of a fault finds it there: none is missing, none is made up."""
    shown = [name.strip("`") for row in rows(TECHNICIAN, "fault") for name in row[0].split(", ")]
    kinds = {"*" if name.startswith("…") else name.replace("…", "*") for name in shown}
    assert len(shown) == len(kinds)
    assert set(DANISH) == set(ENGLISH)
    assert kinds == set(ENGLISH)


def test_every_row_says_what_it_means_and_what_to_do() -> None:
    """An empty cell helps nobody."""
    for row in rows(TECHNICIAN, "fault"):
        assert len(row) == 3
        assert all(cell.strip() for cell in row)


def test_the_manager_reads_who_is_told_first_at_each_site(configuration: Configuration) -> None:
    """Exactly those of the configuration's first step, neither more nor fewer, for every site."""
    told = rows(MANAGER, "Sted og knap")
    for site in configuration.sites.values():
        (people,) = [row[1] for row in told if site.name in row[0]]
        first = configuration.routes[site.route].steps[0].notify
        assert {name for name, words in NAMES.items() if words in people} == set(first)


def test_the_manager_reads_when_the_others_are_told(configuration: Configuration) -> None:
    """The chain's minutes and its last step are those of every site's route."""
    for site in configuration.sites.values():
        route = configuration.routes[site.route]
        for minutes, step in enumerate(route.steps[1:-1], start=1):
            assert step.after_s == 60.0 * minutes
            assert re.search(rf"efter {minutes}( minut får)? {NAMES[step.notify[0]]}", MANAGER)
        _last(route)
        assert route.reminder_s == 600.0
        assert MANAGER.count("10 minutter") == 2
        assert route.aftercare is not None
        assert route.aftercare.after_s == 1800.0
        assert "30 minutter efter at en virkelig alarm er afsluttet, får nærmeste leder" in MANAGER


def _last(route: Route) -> None:
    last = route.steps[-1]
    assert last.after_s == 300.0
    assert "Efter 5 minutter kaldes serviceteam og alle ledere (i Hirtshals også Redningsringen)" in MANAGER
    centre = {"redningsringen"} if route.id == "hirtshals" else set()
    assert set(last.notify) == set(NAMES) - {"politi", "redningsringen"} | centre
    assert route.repeat is not None
    assert route.repeat.every_s == 120.0
    assert "igen hvert 2. minut" in MANAGER


def test_the_manager_reads_the_plans_own_instruction_and_numbers(configuration: Configuration) -> None:
    """What the message and the list say, the page says in the same words and figures."""
    assert configuration.routes["raadhus"].instruction in MANAGER
    care = configuration.routes["raadhus"].aftercare
    assert care is not None
    duties = " ".join(duty.what for duty in care.duties)
    for number in re.findall(r"\d\d \d\d \d\d \d\d|\d{13}", MANAGER):
        assert number in duties


def test_the_first_words_that_the_pages_name_are_those_of_the_messages() -> None:
    """Who looks for a word on a telephone finds that word."""
    starts = [text.split(":")[0] for name, text in TEXTS.items() if name.endswith(".short")] + [TEXTS["level.assault"]]
    for page in (MANAGER, COORDINATOR):
        for word in re.findall(r"\b[A-ZÆØÅ]{4,}(?: [A-ZÆØÅ]{3,})*", page):
            known = any(start.startswith(word) for start in starts)
            assert known or word in {"BESTÅET", "IKKE BESTÅET", "FEJL"}, word


def test_danger_in_a_test_is_told_as_it_is() -> None:
    """Three seconds and one minute are the program's own."""
    assert TEST_HOLD_S == 3.0
    assert "Tryk to gange, eller hold knappen inde i 3 sekunder" in COORDINATOR
    assert REACHED_WITHIN_S == 60.0
    assert "inden for et minut" in COORDINATOR
