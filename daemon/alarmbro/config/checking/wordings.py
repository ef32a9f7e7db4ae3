"""Are the texts that replace built-in ones usable? What they may name is `judgement.texts`'. Any thread."""

from __future__ import annotations

import re

from alarmbro.config.findings.look import Look
from alarmbro.config.findings.names import nearest
from alarmbro.config.syntax.yaml_positions import Place, shown
from alarmbro.judgement.words.template import fields_of
from alarmbro.judgement.words.texts import FIELDS, override_problem


def check_messages(look: Look) -> None:
    """Tell what is wrong with each text of `messages`."""
    for language in look.names("messages"):
        for name in look.names("messages", language):
            if name not in FIELDS:
                text = f"there is no text {shown(name)}; {nearest(name, FIELDS)}"
                look.report.error(look.key("messages", language, name), text)
                continue
            for place, template in look.texts("messages", language, name):
                _check(look, place, name, template)


def _check(look: Look, place: Place, name: str, template: str) -> None:
    try:
        unknown = sorted(fields_of(template) - FIELDS[name])
    except ValueError:  # a stray brace may be a misspelt field; otherwise the text's own judge has the words
        unknown = _misspelt(template, name)
    if unknown:
        can = sorted(FIELDS[name])
        text = f"{{{unknown[0]}}} cannot stand in {name}; {nearest(unknown[0], can)}"
        look.report.error(place, text)
    elif words := override_problem(name, template):
        look.report.error(place, words if ";" in words else f"{words}; leave it out for the built-in text")


def _misspelt(template: str, name: str) -> list[str]:
    named = re.findall(r"\{([A-Za-z_. ]{1,30})\}", template)
    return [field for field in named if field not in FIELDS[name]]
