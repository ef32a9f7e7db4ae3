"""What the file says of makes and models: whether there is such a preset, and what is known against it. Any thread."""

from __future__ import annotations

import re

from alarmbro.config.findings.look import Look
from alarmbro.config.findings.names import nearest
from alarmbro.config.presets import catalogue
from alarmbro.config.presets.catalogue import PresetFile
from alarmbro.config.schema.mqtt import PresetWords, WrittenOutWords
from alarmbro.config.syntax.yaml_positions import shown

Path = tuple[str, ...]


def known_make(look: Look, words: bool | PresetWords | WrittenOutWords, path: Path) -> bool:
    """Tell of a preset that there is not, or that lacks what only the device can say; else say that all is known."""
    if not isinstance(words, PresetWords):
        return True
    if words.preset not in catalogue.names():
        text = f"there is no preset {shown(words.preset)}; {nearest(words.preset, catalogue.names())}"
        look.report.error(look.value(*path, "preset"), text)
        return False
    known = catalogue.preset(words.preset)
    text = _lacking(words, known)
    if text:
        look.report.error(look.key(*path), text)
    wrong = wrong_id(words, known)
    if wrong:
        look.report.error(look.value(*path, "id"), wrong)
    _model(look, words, path)
    return not text and not wrong


def _lacking(words: PresetWords, known: PresetFile) -> str:
    if words.press is None and known.press is None:
        return f"{words.preset} has no word for a press; write press: {{path: ..., equals: ...}}, or use another device"
    if words.channel is None and known.channel is None and words.topic is None and "{channel}" in "".join(known.topic):
        return f"a device of {words.preset} may have several buttons; write channel: and its name there"
    return ""


def wrong_id(words: PresetWords, known: PresetFile) -> str:
    """Tell of an id that the make cannot have: no message would ever come."""
    if known.id_form is None or re.fullmatch(known.id_form.pattern, words.id):
        return ""
    return f"{shown(words.id)} is no id of {words.preset}; write {known.id_form.write}"


def _model(look: Look, words: PresetWords, path: Path) -> None:
    model = catalogue.model_of(words.preset, words.model)
    if model is None or model.verdict == "known":
        return
    text = f"{words.model}: {model.why}"
    place = look.value(*path, "model")
    if model.verdict == "refused":
        look.report.error(place, text)
    else:
        look.report.warning(place, text)


def makes_told(look: Look) -> None:
    """Say once of each make that is used what it does not promise."""
    told: set[str] = set()
    for site, _, device, words in look.devices():
        used = words.mqtt.preset if isinstance(words.mqtt, PresetWords) else ""
        if used in told or used not in catalogue.names():
            continue
        told.add(used)
        warn = catalogue.preset(used).warn
        if warn:
            look.report.warning(look.value("sites", site, "devices", device, "mqtt", "preset"), warn)
