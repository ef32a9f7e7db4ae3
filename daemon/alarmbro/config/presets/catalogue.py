"""Makes of devices whose topics and payloads are known, each a file beside this one; and models that are known to fail.

Data only, and part of the release. Any thread.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from alarmbro.config.schema.mqtt import Conditions, Doubles, PathList, ReadingWords, Topics
from alarmbro.config.schema.words import Words
from alarmbro.config.syntax.yaml_positions import Node, Place, parse, plain
from alarmbro.config.values.readers import within

FOLDER = Path(__file__).parent
MODELS = "models"  # the one file there that is no preset


class DefaultSuperviseWords(Words):
    """What is a fault for every device of the make that does not say otherwise."""

    heartbeat: Annotated[float, within("1s", "90d")]


class IdWords(Words):
    """What an id there looks like: a pattern, and the same in words."""

    pattern: str
    write: str


class PresetFile(ReadingWords):
    """One make. `{id}` is the device's id there, `{channel}` its button or input.

    `where` says which messages are the device's own, where a topic carries several devices. Without `press` the make
    has no word for a press, and a device must say itself what one is; so it must its channel where that is left out and
    the topic needs one. `notes` are for who sets it up; `warn` is what
    `check` says of every file that uses it.
    """

    about: str = Field(min_length=1)
    topic: Topics = Field(min_length=1)
    where: Conditions | None = None
    press: Conditions | None = Field(default=None, min_length=1)
    id: PathList | None = None
    id_form: IdWords | None = None
    channel: str | None = None
    supervise: DefaultSuperviseWords | None = None
    notes: list[str] = Field(min_length=1)
    warn: str | None = None


class ModelWords(Words):
    """What is known of models: `refused` never to be used, `avoid` only with care, `known` to work."""

    models: list[str] = Field(min_length=1)
    preset: str
    verdict: Literal["refused", "avoid", "known"]
    why: str
    doubles: Doubles | None = None
    doubtful_below: int | None = Field(default=None, ge=1, le=100)


def names() -> tuple[str, ...]:
    """Give the names of all presets."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != MODELS))


@cache
def preset(name: str) -> PresetFile:
    """Give a preset by its name, one of `names()`. Raise ValueError for a faulty file: a fault of the release."""
    return PresetFile.model_validate(_read(name))


def takes_channel(name: str) -> bool:
    """Tell whether devices of a make have several buttons or inputs."""
    return "{channel}" in (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def models() -> tuple[ModelWords, ...]:
    """Give what is known of models."""
    return tuple(ModelWords.model_validate(each) for each in _read(MODELS))


def model_of(preset_name: str, model: str | None) -> ModelWords | None:
    """Give what is known of a model, however its name is spaced; None where nothing is."""
    wanted = _bare(model or "")
    return next(
        (each for each in models() if each.preset == preset_name and wanted in {_bare(name) for name in each.models}),
        None,
    )


def _bare(model: str) -> str:
    return re.sub(r"[^a-z0-9]", "", model.lower())


def _read(name: str) -> Any:
    root, problems = parse((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    if root is None or problems:
        raise ValueError(f"the preset {name} is faulty: {problems}")
    return plain(root, _no_secret)


def _no_secret(_name: str, place: Place) -> Node:
    raise ValueError(f"a preset holds a secret in line {place.line}")
