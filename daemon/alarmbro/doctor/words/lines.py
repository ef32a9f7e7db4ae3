"""From what was found to what a technician reads: text, and what to do about it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import ModuleType

from alarmbro.doctor.findings import Found, State
from alarmbro.doctor.words import danish, english
from alarmbro.judgement.words.wording import fault_words
from alarmbro.model.configuration import Language

FAULT = "daemon.fault"  # the daemon's own words
WIDTH = 8  # of the longest state


def row(found: Found, language: Language) -> dict[str, str]:
    """Give a finding in words: check, subject, state, text, do. `do` is empty where there is nothing to do."""
    text, do = _fault(found, language) if found.says == FAULT else _said(found, language)
    return {
        "check": found.check,
        "subject": found.subject,
        "state": found.state.value,
        "text": text,
        "do": "" if found.state is State.OK else do,
    }


def line(shown: dict[str, str], language: Language) -> str:
    """Write a row as a line: how it stands, what it is about, what was found, what to do."""
    words = _words(language)
    text = words.DO.format(**shown) if shown["do"] else shown["text"]
    named = shown["subject"] and shown["subject"] not in text  # once is enough
    subject = f" {shown['subject']}" if named else ""
    state = words.STATES[shown["state"]].ljust(WIDTH)
    return str(words.LINE.format(state=state, check=words.CHECKS[shown["check"]], subject=subject, text=text))


def total(founds: Iterable[Found], language: Language) -> str:
    """Say how many of each state there are."""
    numbers = Counter(found.state.value for found in founds)
    return str(_words(language).TOTAL.format(**{state.value: numbers[state.value] for state in State}))


def _said(found: Found, language: Language) -> tuple[str, str]:
    text, do = _words(language).WORDS[found.says]
    return text.format(**found.values), do.format(**found.values)


def _fault(found: Found, language: Language) -> tuple[str, str]:
    what, do = fault_words(str(found.values["kind"]), str(found.values["subject"]), language)
    detail = found.values["detail"]
    return f"{what} ({detail})" if detail else what, do


def _words(language: Language) -> ModuleType:
    return english if language is Language.ENGLISH else danish
