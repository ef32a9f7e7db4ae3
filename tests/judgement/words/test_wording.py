"""The words that a recipient reads, whatever the names and the configured texts are."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.words.facts import Facts
from alarmbro.judgement.words.gsm7 import septets
from alarmbro.judgement.words.wording import compose, fault_words, longest_short, shortened
from alarmbro.model.configuration import Configuration, Language, Web
from alarmbro.model.delivery import MessageKind, Urgency
from alarmbro.model.level import Level
from alarmbro.model.route import Duty, Route, Step
from alarmbro.model.site import Device, Site

SHIPPED = Path(__file__).parents[3] / "config" / "hjoerring.yaml"
NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
URL = "https://alarm.example/k7Qp2x"
DANISH = Configuration(recipients={}, routes={}, sites={}, serve=())
ENGLISH = dataclasses.replace(DANISH, language=Language.ENGLISH)
ALARM = Facts(
    now=NOW,
    received=NOW,
    alarm="hirtshals-18",
    site="Hirtshals Bibliotek",
    device="Lokale 1, under skrivebordet",
    instruction="Backoffice går ikke ud i borgerområdet.",
    who="Leder Borgerservice",
    recipient="Serviceteam",
    waited_s=60.0,
    late_s=720.0,
    url=URL,
)
OF_NONE = {
    MessageKind.TRIAL, MessageKind.FAULT, MessageKind.FAULT_CLEARED, MessageKind.SEVERAL, MessageKind.TEST_DUE,
}  # fmt: skip
OF_ALARMS = [kind for kind in MessageKind if kind not in OF_NONE]  # each of one alarm; SEVERAL has its own tests


class _Loader(yaml.SafeLoader):
    """Reads the shipped file without its secrets."""


_Loader.add_constructor("!secret", lambda _loader, node: f"secret {node.value}")


def shipped(public_url: str | None = None) -> Configuration:
    """Give sites and routes of the shipped file."""
    raw: dict[str, Any] = yaml.load(SHIPPED.read_text(encoding="utf-8"), _Loader)  # noqa: S506  # a SafeLoader
    sites = {
        site: Site(
            site,
            said["name"],
            said["route"],
            {id_: Device(site, id_, device["name"], said["route"]) for id_, device in said["devices"].items()},
        )
        for site, said in raw["sites"].items()
    }
    routes = {
        route: Route(route, (Step(()),), instruction=said.get("instruction", ""))
        for route, said in raw["routes"].items()
    }
    return Configuration({}, routes, sites, tuple(sites), web=Web(public_url=public_url))


def short(kind: MessageKind, facts: Facts, configuration: Configuration = DANISH) -> str:
    """Give the SMS of one message."""
    return compose(kind, facts, configuration).short


def overridden(texts: Mapping[str, str]) -> Configuration:
    """Give a configuration with Danish texts of its own."""
    return dataclasses.replace(DANISH, messages={Language.DANISH: texts})


def test_an_alarm_says_number_time_place_instruction_and_link_in_that_order() -> None:
    """Somebody who sees only the first line of a locked telephone knows what and where."""
    assert short(MessageKind.ALARM, dataclasses.replace(ALARM, device="Lokale 1")) == (
        "OVERFALDSALARM hirtshals-18 kl. 09.12: Hirtshals Bibliotek, Lokale 1. "
        "Backoffice går ikke ud i borgerområdet. Svar: https://alarm.example/k7Qp2x"
    )


@pytest.mark.parametrize("public_url", [None, "https://alarm.example"])
def test_no_alarm_of_the_shipped_configuration_has_to_be_shortened(public_url: str | None) -> None:
    """With the longest names, a number of four digits and a link, the whole alarm is one SMS."""
    configuration = shipped(public_url)
    assert shortened(configuration) == []
    assert len(longest_short(configuration)) == len(configuration.served_devices())


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", MessageKind)
def test_every_message_of_the_shipped_configuration_is_one_sms(kind: MessageKind, language: Language) -> None:
    """Every kind, for every device of the shipped file, is at most 160 septets of GSM-7."""
    configuration = dataclasses.replace(shipped(), language=language)
    for device in configuration.served_devices():
        site = configuration.sites[device.site]
        what, do = fault_words("gpio", device.path, language)
        facts = dataclasses.replace(
            ALARM, alarm=f"{site.id}-1234", site=site.name, device=device.name, what=what, do=do,
            instruction=configuration.routes[device.route].instruction,
        )  # fmt: skip
        assert 0 < (septets(short(kind, facts, configuration)) or 0) <= 160


def test_check_is_told_which_alarms_would_be_shortened() -> None:
    """The measure is of the whole text with the real names."""
    configuration = shipped()
    device = Device("vraa", "lommy-1", "x" * 150, "bibliotek")
    site = dataclasses.replace(configuration.sites["vraa"], devices={"lommy-1": device})
    changed = dataclasses.replace(configuration, sites={**configuration.sites, "vraa": site})
    assert [(found.path, count > 160) for found, count in shortened(changed)] == [("vraa/lommy-1", True)]


def test_the_instruction_goes_first_then_the_device_and_the_link_last() -> None:
    """What is cut is what a responder can best do without."""
    no_room = dataclasses.replace(ALARM, instruction="Gå ikke ind. " * 9)
    assert short(MessageKind.ALARM, no_room).endswith(f"Lokale 1, under skrivebordet. Svar: {URL}")
    long_device = dataclasses.replace(no_room, device="Mødelokale på første sal " * 5)
    text = short(MessageKind.ALARM, long_device)
    assert "Hirtshals Bibliotek, Mødelokale på første sal" in text
    assert text.endswith(f"... Svar: {URL}")
    long_link = dataclasses.replace(long_device, url="https://alarm.example/" + "k" * 100)
    text = short(MessageKind.ALARM, long_link)
    assert "Svar" not in text
    assert "Hirtshals Bibliotek" in text


def test_an_instruction_is_never_left_as_a_stump() -> None:
    """A first word or two of an instruction can say the opposite of it: then nothing is said."""
    facts = dataclasses.replace(ALARM, instruction="Gå " + "meget " * 30 + "ikke ind", url="")
    assert "Gå" not in short(MessageKind.ALARM, facts)


NAMES = st.text(max_size=300) | st.text("abc def æøå {}€,.:;", max_size=300) | st.sampled_from(["🚨" * 90, "会" * 200])


@given(
    NAMES, NAMES, NAMES, NAMES, st.sampled_from(["", URL, URL * 4, "https://blåbær.例え/"]), st.sampled_from(OF_ALARMS)
)
def test_no_name_can_break_an_sms(
    site: str, device: str, instruction: str, who: str, url: str, kind: MessageKind
) -> None:
    """Long, foreign or hostile names: one line of at most 160 septets with the alarm's number, always."""
    facts = dataclasses.replace(ALARM, site=site, device=device, instruction=instruction, who=who, url=url, note=who)
    message = compose(kind, facts, DANISH)
    count = septets(message.short)
    assert count is not None
    assert count <= 160
    assert "hirtshals-18" in message.short
    assert "09.12" in message.short
    assert message.short.split()[0] == compose(kind, ALARM, DANISH).short.split()[0] or kind is MessageKind.ESCALATED
    assert not set(message.short + message.title) & set("\n\r\f\x0b\x00\x85\u2028\u2029")
    assert "hirtshals-18" in message.body.split("\n")[0]


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(MessageKind),
    st.sampled_from(["Europe/Copenhagen", "Pacific/Kiritimati", "No/Such", "", "../x"]),
)
def test_no_time_can_stop_a_message(pressed_at: datetime, seconds: float, kind: MessageKind, zone: str) -> None:
    """A pendant may claim any time, and a reboot makes waiting times infinite."""
    facts = dataclasses.replace(ALARM, pressed_at=pressed_at, happened_at=pressed_at, waited_s=seconds, late_s=seconds)
    message = compose(kind, facts, dataclasses.replace(DANISH, timezone=zone))
    assert (septets(message.short) or 161) <= 160
    assert message.body


@given(NAMES, st.sampled_from(["alarm.short", "alarm.body", "alarm.title", "alarm.link", "time.both", "nosuch"]))
def test_no_configured_text_can_stop_an_alarm(template: str, name: str) -> None:
    """Whatever stands in `messages:`, the alarm has its number and fits."""
    message = compose(MessageKind.ALARM, ALARM, overridden({name: template}))
    assert "hirtshals-18" in message.short
    assert "hirtshals-18" in message.body
    assert (septets(message.short) or 161) <= 160
    assert message.title.strip() or name == "alarm.title"


def test_a_configured_text_replaces_the_built_in_one() -> None:
    """A municipality may have words of its own."""
    own = overridden({"alarm.short": "Alarm {alarm} – {site} {{{device}}} {link}", "alarm.link": "-> {url}"})  # noqa: RUF001
    facts = dataclasses.replace(ALARM, device="Lokale 1")
    assert short(MessageKind.ALARM, facts, own) == f"Alarm hirtshals-18 - Hirtshals Bibliotek {{Lokale 1}} -> {URL}"


def test_a_configured_text_with_an_unknown_field_gives_way() -> None:
    """A mistake in a text costs the text, not the alarm."""
    assert short(MessageKind.ALARM, ALARM, overridden({"alarm.short": "{alarm} {nosuch}"})) == short(
        MessageKind.ALARM, ALARM
    )


def test_the_body_says_what_is_known_and_nothing_else() -> None:
    """Address and presses stand there where they are known; no line is left with only its label."""
    body = compose(MessageKind.ALARM, dataclasses.replace(ALARM, address="Torvet 1", presses=3), DANISH).body
    for words in ("Adresse: Torvet 1", "Antal tryk: 3", "Trykket: 23.11.2026 kl. 09.12", URL, "112"):
        assert words in body
    body = compose(MessageKind.ALARM, dataclasses.replace(ALARM, url=""), DANISH).body
    assert "Adresse" not in body
    assert "Antal tryk" not in body
    assert "svar her" not in body


def test_a_late_alarm_says_when_it_was_pressed_and_how_late() -> None:
    """A press of yesterday is told with its date."""
    facts = dataclasses.replace(ALARM, pressed_at=NOW - timedelta(minutes=12), device="Lokale 1", url="")
    assert "trykket kl. 09.00, modtaget 12 min. senere" in short(MessageKind.LATE, facts)
    facts = dataclasses.replace(facts, pressed_at=NOW - timedelta(hours=20), late_s=72000.0)
    assert "trykket kl. 13.12 d. 22.11.2026, modtaget 20 timer senere" in short(MessageKind.LATE, facts)


def test_times_are_local_in_summer_and_winter() -> None:
    """Nobody reads UTC in Hjørring."""
    summer = datetime(2026, 7, 1, 8, 12, tzinfo=UTC)
    assert "kl. 10.12:" in short(MessageKind.ALARM, dataclasses.replace(ALARM, now=summer, received=summer))
    assert "at 09:12:" in short(MessageKind.ALARM, ALARM, ENGLISH)


def test_nobody_has_answered_is_only_said_where_it_is_true() -> None:
    """A step that comes though somebody is on the way is told as an alarm."""
    assert short(MessageKind.ESCALATED, dataclasses.replace(ALARM, who="")).startswith("INGEN HAR SVARET i 1 min.:")
    assert short(MessageKind.ESCALATED, ALARM).startswith("OVERFALDSALARM ")
    assert "Leder Borgerservice er på vej." in short(MessageKind.REPEATED, dataclasses.replace(ALARM, device="L1"))
    assert "Ingen har meldt, at de er på vej." in short(
        MessageKind.REPEATED, dataclasses.replace(ALARM, device="L1", who="")
    )


def test_who_is_on_the_way_and_how_soon_is_the_first_thing_read() -> None:
    """The one who pressed has no time for more."""
    facts = dataclasses.replace(ALARM, who="Serviceteam", answered_s=12.2, device="Lokale 1")
    assert short(MessageKind.ACKNOWLEDGED, facts).startswith(
        "PÅ VEJ kl. 09.12: Serviceteam er på vej, 12 s. OVERFALDSALARM hirtshals-18"
    )
    for seconds, words in ((0.0, "vej. O"), (math.inf, "vej. O"), (0.4, ", 1 s."), (130, ", 2 min."), (7300, ", 2 t.")):
        assert words in short(MessageKind.ACKNOWLEDGED, dataclasses.replace(facts, answered_s=seconds))


def test_an_alarm_that_nobody_closed_says_who_took_it_and_when() -> None:
    """The one who took it is asked; then everybody is."""
    facts = dataclasses.replace(ALARM, who="Serviceteam", waited_s=600, device="Lokale 1", url="")
    reminded = compose(MessageKind.REMINDED, facts, DANISH)
    assert reminded.short.startswith("PÅMINDELSE kl. 09.12: OVERFALDSALARM hirtshals-18 er stadig åben, Hirtshals")
    assert "Serviceteam kvitterede for 10 min. siden" in reminded.short
    assert "rejst igen for alle" in reminded.body
    lapsed = compose(MessageKind.LAPSED, facts, DANISH)
    assert lapsed.title.startswith("IKKE AFSLUTTET: OVERFALDSALARM")
    assert (lapsed.urgency, reminded.urgency) == (Urgency.ALARM, Urgency.INFO)


@pytest.mark.parametrize(
    ("level", "noun", "plea"),
    [
        (Level.HELP, "HJÆLPEKALD", "En kollega beder om hjælp."),
        (Level.MEDICAL, "SYGDOMSALARM", "Nogen er akut syg eller kommet til skade."),
    ],
)
def test_what_is_no_assault_is_never_called_one(level: Level, noun: str, plea: str) -> None:
    """Whoever comes must know what to bring."""
    facts = dataclasses.replace(ALARM, level=level, device="Lokale 1", instruction="")
    alarm = compose(MessageKind.ALARM, facts, DANISH)
    assert alarm.short.startswith(f"{noun} hirtshals-18 kl. 09.12: Hirtshals Bibliotek, Lokale 1. {plea}")
    assert alarm.title.startswith(f"{noun}:")
    assert plea in alarm.body
    for kind in OF_ALARMS:
        message = compose(kind, facts, DANISH)
        assert "OVERFALD" not in message.title + message.body + message.short


def test_a_municipality_may_call_a_level_what_it_does() -> None:
    """`messages:` replaces a level's words in every message that has them."""
    own = overridden({"level.help": "KOLLEGA"})
    assert short(MessageKind.ALARM, dataclasses.replace(ALARM, level=Level.HELP), own).startswith(
        "KOLLEGA hirtshals-18"
    )


def test_the_list_of_what_is_to_be_done_is_whole_however_long() -> None:
    """Numbered, with who does it; by SMS too, in several parts of GSM-7."""
    duties = (
        Duty("Lad ikke den ramte være alene", "kollega", "planen"),
        *(Duty(f"Pligt {number} \u2013 vigtig.") for number in range(20)),
    )
    message = compose(MessageKind.AFTERCARE, dataclasses.replace(ALARM, duties=duties), DANISH)
    assert "\n\n1. Lad ikke den ramte være alene (kollega).\n2. Pligt 0 \u2013 vigtig.\n" in message.body
    assert "planen" not in message.body
    assert message.short.endswith("21. Pligt 19 - vigtig.")
    assert (septets(message.short) or 0) > 160
    assert message.parts
    assert not compose(MessageKind.ALARM, ALARM, DANISH).parts


def test_a_trial_and_a_test_cannot_be_taken_for_an_alarm() -> None:
    """The first word says so, and the urgency."""
    trial = compose(MessageKind.TRIAL, ALARM, DANISH)
    assert trial.short.startswith("PRØVE ")
    assert trial.urgency is Urgency.TEST
    assert compose(MessageKind.TEST_ALARM, ALARM, DANISH).short.startswith("TESTALARM ")
    assert compose(MessageKind.NO_ONE_TOLD, ALARM, DANISH).urgency is Urgency.ALARM
    assert compose(MessageKind.FAULT, ALARM, DANISH).urgency is Urgency.FAULT


def test_a_fault_says_what_and_what_to_do() -> None:
    """A fault of the machine has no place, and then none is missed."""
    what, do = fault_words("mqtt", "broker", Language.DANISH)
    message = compose(MessageKind.FAULT, Facts(now=NOW, what=what, do=do, detail="timed out"), DANISH)
    assert message.short.startswith("FEJL kl. 09.12: Ingen forbindelse til MQTT-brokeren. Trådløse knapper")
    assert "Til teknikeren: timed out" in message.body


@pytest.mark.parametrize(
    ("kind", "subject", "expected"),
    [
        ("gpio", "hirtshals/lokale-1", "Knappen hirtshals/lokale-1 kan ikke aflæses."),
        ("gpio", "edges", "Maskinen registrerer ikke længere tryk med det samme."),
        ("target", "leder/1 (json)", "Modtageren leder/1 (json) kan ikke nås."),
        ("nosuch", "thing\n{kind}", "Fejl i nosuch: thing {kind}."),
    ],
)
def test_every_fault_has_plain_words(kind: str, subject: str, expected: str) -> None:
    """The subject's own words where there are such, else the kind's, else a sentence for any fault."""
    assert fault_words(kind, subject, Language.DANISH)[0] == expected


@pytest.mark.parametrize("letters", [90, 125, 400])
def test_an_endless_site_id_still_makes_one_sms(letters: int) -> None:
    """Names go to nothing before the number does; past all measure the start of the text is what remains."""
    text = short(MessageKind.ALARM, dataclasses.replace(ALARM, alarm="x" * letters + "-18"))
    assert (septets(text) or 161) <= 160
    assert text.startswith("OVERFALDSALARM xxx")
    assert letters > 160 or "-18 kl. 09.12" in text
