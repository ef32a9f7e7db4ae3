"""What follows an alarm in the files of `config/` is what the contingency plan asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from shipped import CONFIG, demonstration, duties, loaded, read

from alarmbro.model.level import Level

LEADERS = "Når episoden er overstået - ledelsens opgave"
# What the plan asks for after an episode, and the heading that asks for it.
ASKED = [
    ("Lad ikke den ramte være alene", "Når episoden er overstået"),
    ("tager ikke hjem, før situationen er talt igennem", LEADERS),
    ("Ved vold - søg læge", "Når episoden er overstået"),
    ("krisepsykolog: 1. samtale er obligatorisk", LEADERS),
    ("Falck Healthcare 70 10 20 12", "Psykologisk rådgivning og krisehjælp, voldsomme hændelser"),
    ("Nordisk Krisekorps 60 11 11 44", "Psykologisk rådgivning og krisehjælp, voldsomme hændelser"),
    ("EAN-nr. 5798003592121", "Økonomi"),
    ("pårørende. Listen: SB-SYS 87.00.00-P07-1-17", LEADERS),
    ("borgere, der var vidner", LEADERS),
    ("andre afdelinger telefonisk", "Orientering om hændelsen til andre afdelinger"),
    ("Politianmeldelse", "Registrering og opfølgning"),
    ("skrivelse til borgeren", LEADERS),
    ("skadesanmeldelse", LEADERS),
    ("EASY: anmeld til Arbejdstilsynet og Arbejdsskadeforsikringen", "Registrering og opfølgning"),
    ("Rapport over hændelsesforløbet", "Registrering og opfølgning"),
    ("SB-SYS 87.00.00-G00-1-10", "Dokumentation og registrering af vold, trusler og elektronisk chikane"),
    ("notat i borgerens journal", "Registrering og opfølgning"),
    ("Saml de ansatte", "Orientering til afdelingen"),
    ("tillids- og arbejdsmiljørepræsentanten", "Orientering til afdelingen"),
    ("den ramtes tilbagevenden", "Registrering og opfølgning"),
]


@pytest.mark.parametrize(("asked", "heading"), ASKED)
def test_what_the_plan_asks_for_after_an_episode_is_in_the_list(asked: str, heading: str) -> None:
    """In one line, under the heading that it comes from."""
    (duty,) = [each for each in duties("hjoerring.yaml") if asked in each["what"]]
    assert heading in duty["source"].split("; ")


def test_the_list_asks_for_nothing_else_and_is_read_on_a_telephone() -> None:
    """Every line is one of the plan's, says who and where from, and is short; people come first."""
    lines = duties("hjoerring.yaml")
    headings = {heading for _, heading in ASKED}
    for line in lines:
        assert any(asked in line["what"] for asked, _ in ASKED)
        assert set(line["source"].split("; ")) <= headings
        assert line["who"] in {"leder", "kollega", "medarbejder", "den ramte og lederen"}
        assert len(line["what"]) <= 90
    assert [each["what"] for each in lines[:2]] == [
        "Lad ikke den ramte være alene",
        "Den ramte tager ikke hjem, før situationen er talt igennem",
    ]


def test_every_number_of_the_list_is_the_plans() -> None:
    """Telephone, EAN and case numbers are those that are kept with their sources; there are no others."""
    plan = read("plan.yaml")
    numbers = {one["telephone"] for one in plan["crisis_help"]["providers"]}
    numbers |= {plan["crisis_help"]["ean"], plan["cases"]["documentation"]["number"]}
    listed = " / ".join(duty["what"] for duty in duties("hjoerring.yaml"))
    found = set(re.findall(r"[0-9][0-9A-Z .-]{6,}[0-9]", listed))
    assert found == numbers | {plan["cases"]["next_of_kin"]["numbers"][0]}


def test_the_duties_live_in_one_place_only() -> None:
    """The file for people points to the list, and the demonstration shows lines of it as they stand there."""
    assert "follow_up" not in read("plan.yaml")
    assert "`aftercare`" in (CONFIG / "plan.yaml").read_text(encoding="utf-8")
    whole = duties("hjoerring.yaml")
    assert all(line in whole for line in duties("demo.yaml"))


def test_every_route_sends_the_list_to_the_manager() -> None:
    """Half an hour after a real alarm was closed; and a forgotten alarm is brought to mind after ten minutes."""
    lines = [each["what"] for each in duties("hjoerring.yaml")]
    for route in loaded(CONFIG / "hjoerring.yaml").configuration.routes.values():
        assert route.aftercare is not None
        assert (route.aftercare.after_s, route.aftercare.notify) == (1800.0, ("leder",))
        assert [each.what for each in route.aftercare.duties] == lines
        assert route.reminder_s == 600.0


def test_the_demonstration_shows_the_end_of_an_alarm_soon(tmp_path: Path) -> None:
    """A key that closes and a light at Hirtshals, a reminder within a minute, and the list after seconds."""
    configuration = demonstration(tmp_path)
    site = configuration.sites["hirtshals"]
    assert site.acknowledge is not None
    assert (site.acknowledge.gpio.pin, site.acknowledge.close_hold_s, site.acknowledge.outcome) == (22, 3.0, "real")
    assert site.led is not None
    for route in configuration.routes.values():
        assert route.aftercare is not None
        assert (route.reminder_s, route.aftercare.after_s) == (60.0, 5.0)


def test_what_is_commented_out_works_once_it_is_not(tmp_path: Path) -> None:
    """Key, light, levels, and a button with two of them: as they stand in the comments."""
    text = (CONFIG / "hjoerring.yaml").read_text(encoding="utf-8")
    text = text.replace("      skranke-3: {name: Skranke 3, zone: 4, gpio: 19}\n", "")
    keys = "kollega|reviewed|acknowledge|feedback|levels|skranke-3|  [a-z]+"
    path = tmp_path / "alarmbro.yaml"
    path.write_text(re.sub(rf"^( *)# (?=({keys}):( [^ ]|$))", r"\1", text, flags=re.MULTILINE), encoding="utf-8")
    configuration = loaded(path).configuration
    site = configuration.sites["hjoerring"]
    assert site.acknowledge is not None
    assert (site.acknowledge.close_hold_s, site.led) == (5.0, 24)
    button = site.devices["skranke-3"]
    assert button.hold is not None
    assert (button.level, button.route, button.led) == (Level.HELP, "kollega", 25)
    assert (button.hold.level, button.hold.route) == (Level.ASSAULT, "raadhus")
    assert configuration.recipients["serviceteam"].reviewed is not None
