"""The built-in texts, and what is said of one that replaces them."""

from __future__ import annotations

import pytest

from alarmbro.judgement.words.gsm7 import septets
from alarmbro.judgement.words.template import fields_of, fill, fill_lines, tidy
from alarmbro.judgement.words.texts import FAULTS, FIELDS, TEXTS, override_problem
from alarmbro.model.configuration import Language
from alarmbro.model.delivery import MessageKind

CASES = [(language, name) for language in Language for name in TEXTS[language]]
FAULT_NAMES = {
    "mqtt/broker", "mqtt/client-id", "mqtt/handler", "gpio/edges", "gpio/door", "gpio/chip", "gpio/*", "stuck/*",
    "cable/*", "flapping/*", "journal/write",
    "journal/stall", "journal/replaced", "journal/senseless", "journal/copy", "certificate/*", "target/*",
    "target_stuck/*", "listener/turn", "listener/*", "nobody_told/*",
    "unroutable/*", "reviewed/*", "feedback/*", "clock/*", "chatter/*", "test_due/*", "journal/opening", "silent/*",
    "battery/*", "offline/*", "gateway/*", "link/*", "tamper/*", "probe/*", "disk/*", "temperature/*", "memory/*",
    "power/*", "site/*", "watch_me/*", "metrics/*", "watching/*", "active/*", "swallowed/*", "configuration/*",
    "listener/watching", "listener/beacon", "*",
}  # fmt: skip


def test_every_language_has_the_same_texts_with_the_same_fields() -> None:
    """A text that one language lacks would stop a message in it."""
    danish = {name: fields_of(text) for name, text in TEXTS[Language.DANISH].items()}
    assert {name: fields_of(text) for name, text in TEXTS[Language.ENGLISH].items()} == danish
    assert set(FIELDS) == set(danish)


@pytest.mark.parametrize(("language", "name"), CASES)
def test_every_built_in_text_would_be_accepted_from_a_file(language: Language, name: str) -> None:
    """The rules for texts of the configuration hold for our own."""
    assert override_problem(name, TEXTS[language][name]) is None


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_has_all_its_forms(kind: MessageKind) -> None:
    """Each kind can be said by SMS and in channels with room."""
    for texts in TEXTS.values():
        assert {f"{kind}.short", f"{kind}.title", f"{kind}.body"} <= set(texts)


@pytest.mark.parametrize(("language", "name"), [case for case in CASES if case[1].endswith((".short", ".link"))])
def test_short_texts_are_gsm7_as_written(language: Language, name: str) -> None:
    """No dash or quotation mark has crept in that would halve an SMS."""
    assert septets(fill(TEXTS[language][name], {})) is not None


@pytest.mark.parametrize(("language", "name"), [case for case in CASES if case[1].endswith(".body")])
def test_only_tests_and_false_alarms_say_to_stay_away(language: Language, name: str) -> None:
    """In any other message those words could keep help from coming."""
    stays = any(words in TEXTS[language][name].lower() for words in ("ryk ikke", "not respond"))
    assert stays == name.startswith(("closed_false", "closed_test", "test_alarm", "trial"))


@pytest.mark.parametrize("language", Language)
def test_every_fault_has_words_and_advice(language: Language) -> None:
    """Each kind of fault says what it is and what to do, and names only what it is given."""
    assert set(FAULTS[language]) == FAULT_NAMES
    for what, do in FAULTS[language].values():
        assert what.endswith(".")
        assert do.endswith(".")
        assert fields_of(what) | fields_of(do) <= {"kind", "subject"}


@pytest.mark.parametrize(
    ("name", "template", "said"),
    [
        ("alarm.shrot", "{alarm}", "there is no text 'alarm.shrot'"),
        ("alarm.short", "{alarm} {nosuch}", "{nosuch} cannot stand in alarm.short"),
        ("alarm.short", "{alarm.__class__}", "is no field"),
        ("alarm.short", "{alarm!r}", "is no field"),
        ("alarm.short", "{alarm", "is no field"),
        ("alarm.short", "Alarm i {site}", "must name {alarm}"),
        ("alarm.short", "{alarm} " + "x" * 120, "at most 100"),
        ("alarm.link", "Svar", "must name {url}"),
        ("trial.title", "  ", "is empty"),
        ("who.unknown", "{who}", "it may name no fields"),
    ],
)
def test_a_text_that_cannot_be_used_is_explained(name: str, template: str, said: str) -> None:
    """Whoever wrote it reads what is wrong."""
    assert said in (override_problem(name, template) or "")


def test_filling_reaches_nothing_but_fields() -> None:
    """Doubled braces are braces, unknown fields are empty, and values are not filled again."""
    assert fill("{{{a}}} {b}{", {"a": "{b}", "b": ""}) == "{{b}} {"


def test_lines_without_anything_to_say_go() -> None:
    """A line whose fields are all empty is left out; one without fields stays."""
    assert fill_lines("A\nSted: {a}\nKnap: {b}\n\n\n\nB", {"a": "", "b": "x"}) == "A\nKnap: x\n\nB"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FEJL kl. 09.12: , . Ring", "FEJL kl. 09.12: Ring"),
        ("Hirtshals, . Ring  nu ", "Hirtshals. Ring nu"),
        ("Lokale..., 1", "Lokale..., 1"),
        ("Lokale.... Ring", "Lokale... Ring"),
        ("kl. 09.12: ,", "kl. 09.12"),
        ("i 1 min.: OVERFALDSALARM", "i 1 min.: OVERFALDSALARM"),
        ("https://a.example/x,.y", "https://a.example/x,.y"),
    ],
)
def test_empty_fields_leave_no_punctuation(text: str, expected: str) -> None:
    """A reader sees no gaps."""
    assert tidy(text) == expected
