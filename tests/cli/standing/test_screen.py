"""The screen of `status --watch`: what is on it, at which size, in which colours."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from alarmbro.cli.standing.screen import picture
from alarmbro.cli.standing.showing import printable
from alarmbro.cli.standing.watching import Seen

NOW = datetime(2026, 11, 23, 9, 14, tzinfo=UTC)


def alarm(name: str, **more: Any) -> dict[str, Any]:
    site, _, _ = name.rpartition("-")
    return {
        "alarm": name, "site": site, "device": "lokale-1", "level": "assault", "state": "raised",
        "received": "2026-11-23T09:12:04.000Z", "presses": 1, "told": ["leder"], "acknowledged": [],
        "nobody_told": False,
    } | more  # fmt: skip


def device(name: str, health: str = "green", *reasons: str, **more: Any) -> dict[str, Any]:
    return {
        "site": "hus", "device": name, "name": f"Knap {name}", "last_press": None, "health": health,
        "reasons": list(reasons), "battery": None, "tested": "2026-03-01T00:00:00.000Z", "under_test": False,
    } | more  # fmt: skip


def answer(**more: Any) -> dict[str, Any]:
    return {
        "version": "1", "started": "2026-11-23T08:00:00.000Z", "sites": ["hus"], "timezone": "Europe/Copenhagen",
        "language": "da", "alarms": [], "faults": [], "test_rounds": [], "mqtt": {}, "devices": [device("lokale-1")],
    } | more  # fmt: skip


def fault(kind: str, subject: str) -> dict[str, Any]:
    return {"fault": f"{kind}/{subject}", "kind": kind, "subject": subject, "detail": "", "since": NOW, "told": []}


def drawn(seen: Seen, width: int = 100, height: int = 60, **how: Any) -> str:
    """Draw on a terminal of that size; give what is on it, line by line."""
    console = Console(
        file=StringIO(), width=width, height=height, force_terminal=True, color_system="standard", highlight=False,
        markup=False, **how,
    )  # fmt: skip
    console.print(picture(seen, NOW))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_an_alarm_stands_on_top_large_and_red() -> None:
    """Above all else, filled with red until somebody is on the way; who comes is said."""
    coming = [{"by": "Vagten", "recipient": None, "at": "", "after_ms": 34_000}]
    alarms = [alarm("hus-1", state="acknowledged", acknowledged=coming), alarm("hus-2", nobody_told=True, level="help")]
    text = drawn(Seen(answer(alarms=alarms, faults=[fault("mqtt", "broker")]), NOW))
    lines = plain(text).splitlines()
    first, second = (next(n for n, line in enumerate(lines) if name in line) for name in ("ALARM hus-2", "ALARM hus-1"))
    assert first < second < next(n for n, line in enumerate(lines) if "Fejl:" in line)
    assert "Knap lokale-1" in lines[first]
    whole = plain(text)
    assert "10:12:04 (1 min 56 s siden)" in whole
    assert "INGEN HAR KUNNET NÅS: ring 112" in whole
    assert "på vej: Vagten, 34 s efter trykket" in whole
    assert "\x1b[1;37;41m" in text.splitlines()[first]
    assert "41m" not in text.splitlines()[second]


def test_nothing_hangs_on_colour_alone() -> None:
    """Where there are none, an alarm is reversed, and each button's colour is a word anyway."""
    text = drawn(Seen(answer(alarms=[alarm("hus-1")]), NOW), no_color=True)
    assert "\x1b[1;7m" in text
    assert not re.search(r"\x1b\[[0-9;]*[34][0-7]m", text)
    assert "● GRØN" in plain(text)


def test_a_fault_is_told_in_plain_words_with_what_to_do() -> None:
    """As people get it by SMS; below its buttons it stands in short."""
    devices = [device("lokale-1"), device("lommy", "red", "mqtt/broker"), device("knap", "yellow", "never_tested")]
    text = plain(drawn(Seen(answer(faults=[fault("mqtt", "broker")], devices=devices, mqtt={"hus": False}), NOW)))
    assert "Ingen forbindelse til MQTT-brokeren." in text
    assert text.count("Trådløse knapper virker ikke: brug telefon/112.") == 1
    assert "MQTT hus: IKKE forbundet" in text
    places = [text.index(name) for name in ("hus/lommy", "hus/knap", "hus/lokale-1")]
    assert places == sorted(places)  # the worst first
    assert "Den er aldrig prøvet: alarmbro test start." in text


def test_a_test_round_is_shown_with_each_device() -> None:
    """Who leads the test sees what is missing."""
    tried: dict[str, Any] = {
        "device": "lokale-1",
        "state": "waiting",
        "reason": None,
        "alarm": None,
        "reached": {},
        "confirmed": {},
    }
    round_ = {"round": "hus-7", "site": "hus", "until": "2026-11-23T11:00:00.000Z", "paused": True, "devices": [tried]}
    text = plain(drawn(Seen(answer(test_rounds=[round_]), NOW)))
    assert "UNDER TEST: hus (hus-7) til kl. 12:00" in text
    assert "EN ALARM ER ALVOR" in text
    assert "lokale-1: venter på tryk" in text


@pytest.mark.parametrize("width", [20, 40, 79, 80, 200])
def test_a_narrow_window_loses_no_word(width: int) -> None:
    """No line is longer than the window, and every word of an alarm and a button is there."""
    devices = [device("lokale-1", "red", "never_tested", battery=7)]
    text = plain(drawn(Seen(answer(alarms=[alarm("hus-1")], devices=devices), NOW), width=width, height=200))
    assert max(map(len, text.splitlines())) <= width
    words = " ".join(re.sub(r"[┃┏┓┗┛━]", " ", text).split())
    for each in ("hus-1", "AKTIV, ingen har kvitteret", "RØD", "7 %", "Den er aldrig prøvet"):
        assert each in words


@pytest.mark.parametrize("height", [5, 10, 23, 40])
def test_a_low_window_shows_the_worst_and_says_that_there_is_more(height: int) -> None:
    """The alarm is seen whatever else there is."""
    devices = [device(f"knap-{number}", "red" if number == 49 else "green") for number in range(50)]
    text = plain(drawn(Seen(answer(alarms=[alarm("hus-1")], devices=devices), NOW), height=height))
    lines = text.splitlines()
    assert len(lines) == height
    assert "ALARM hus-1" in text
    assert re.search(r"… og \d+ linjer til", lines[-1])


def test_many_alarms_are_shown_one_below_the_other() -> None:
    """A storm: each with its number, those that nobody has answered first."""
    alarms = [alarm(f"hus-{number}", state="raised" if number % 2 else "acknowledged") for number in range(1, 9)]
    text = plain(drawn(Seen(answer(alarms=alarms), NOW), height=100))
    found = re.findall(r"ALARM hus-(\d)", text)
    assert found == ["1", "3", "5", "7", "2", "4", "6", "8"]
    assert "┏" not in text


def test_silence_is_shown_over_what_was_known() -> None:
    """Since when, in the time of the place, and that it may be old."""
    text = plain(drawn(Seen(answer(alarms=[alarm("hus-1")]), NOW, "no alarmbro daemon answers at /run")))
    assert text.index("INTET SVAR SIDEN 10:14:00") < text.index("ALARM hus-1")
    assert "no alarmbro daemon answers at /run" in text
    assert "INTET SVAR ENDNU" in plain(drawn(Seen(None, None, "no alarmbro daemon answers")))


def test_no_name_can_steer_the_terminal() -> None:
    """A name may have come in over MQTT, and is no markup either."""
    coming = [{"by": "\x1b]0;owned\x07\x1b[2J[red]Eva[/red]", "recipient": None, "at": "", "after_ms": None}]
    seen = Seen(printable(answer(alarms=[alarm("hus-1", acknowledged=coming)])), NOW)
    text = drawn(seen)
    assert "\x1b]" not in text
    assert "\x1b[2J" not in text
    assert "[red]Eva[/red]" in plain(text)
