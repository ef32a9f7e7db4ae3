"""How messages stand on a terminal."""

from __future__ import annotations

import pytest

from alarmbro.demo.terminal.layout import BOLD, GAP, Card, block

TITLE = "OVERFALDSALARM: Vrå Bibliotek, Lommy 1"
BODY = "OVERFALDSALARM vraa-1 kl. 09.15: Vrå Bibliotek, Lommy 1.\n\nSted: Vrå Bibliotek\nKnap: Lommy 1\n"


def cards(number: int) -> list[Card]:
    """Give messages to so many recipients."""
    return [Card(f"Modtager {name}", "312 ms efter trykket", TITLE, BODY) for name in range(1, number + 1)]


@pytest.mark.parametrize("width", [30, 60, 79, 80, 100, 137, 240])
@pytest.mark.parametrize("number", [1, 3, 4, 7, 10])
def test_no_line_is_wider_than_the_terminal_and_every_recipient_is_there(width: int, number: int) -> None:
    """Whatever the width and however many are told."""
    text = block("vraa-1", cards(number), width, bold=False)
    assert max(map(len, text.splitlines())) <= width
    assert text.count("Modtager") == number
    assert text.count("312 ms") == number


def test_the_recipients_of_a_step_stand_side_by_side() -> None:
    """Three columns on a usual terminal, each beginning with its name, then the time since the press."""
    lines = block("vraa-1", cards(3), 100, bold=False).splitlines()
    assert [cell.strip() for cell in lines[2].split(GAP)] == ["Modtager 1", "Modtager 2", "Modtager 3"]
    assert lines[3].count("312 ms efter trykket") == 3


def test_a_narrow_terminal_has_the_messages_below_each_other() -> None:
    """No columns below 80 characters."""
    assert GAP not in block("vraa-1", cards(3), 79, bold=False)


def test_a_long_name_does_not_push_its_message_down() -> None:
    """The messages of a row begin at one height."""
    told = [*cards(2), Card("En modtager med et navn, der fylder flere linjer i en spalte", "1 s", TITLE, BODY)]
    lines = block("vraa-1", told, 80, bold=False).splitlines()
    beginning = next(line for line in lines if "OVERFALDSALARM" in line)
    assert beginning.count("OVERFALDSALARM") == 3


def test_titles_are_bold_on_a_terminal_only() -> None:
    """What goes through a pipe has no control sequences."""
    assert block("vraa-1", cards(1), 100, bold=True).count(BOLD) == 1
    assert "\x1b" not in block("vraa-1", cards(3), 100, bold=False)


def test_empty_lines_of_a_message_stay() -> None:
    """The reader sees the paragraphs as they were sent."""
    lines = [line.strip() for line in block("vraa-1", cards(1), 60, bold=False).splitlines()]
    assert lines[lines.index("Sted: Vrå Bibliotek") - 1] == ""
