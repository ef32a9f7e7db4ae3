"""The commands for makes of devices: presets, which lists them, and try-preset. They need no configuration."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from alarmbro.cli.options import as_json, everywhere, show_json
from alarmbro.cli.words.answers import Words
from alarmbro.control.protocol import WordsError

if TYPE_CHECKING:
    from alarmbro.config.schema.mqtt import PresetWords
    from alarmbro.inputs.mqtt_topics import Reading
    from alarmbro.judgement.mapping.meaning import Beat, Press
    from alarmbro.model.site import Device, MqttInput

ANY_ID = "+"  # stands for whichever device it is
UNEXPECTED = {"alive", "nothing", "unread", "maybe_press"}  # here people wonder what a press would have been
LARGEST = 1 << 20  # bytes of standard input; a message of more than 64 KiB is not read anyway


@click.command()
@everywhere
@click.argument("name", required=False)
def presets(name: str | None) -> None:
    """List the makes of devices that alarmbro knows, what each takes, and what to set there; or one of them."""
    from alarmbro.config.presets.catalogue import names  # noqa: PLC0415 - pydantic costs 70 ms that --help must not pay

    rows = [_row(each) for each in ([_known(name)] if name else names())]
    if as_json():
        show_json({"presets": rows})
        return
    for row in rows:
        _print_row(row)


def _known(name: str) -> str:
    from alarmbro.config.findings.names import nearest  # noqa: PLC0415 - as above
    from alarmbro.config.presets.catalogue import names  # noqa: PLC0415 - as above

    if name not in names():
        raise WordsError(f"there is no preset {name!r}; {nearest(name, names())}")
    return name


def _row(name: str) -> dict[str, Any]:
    from alarmbro.config.presets.catalogue import models, preset, takes_channel  # noqa: PLC0415 - as above

    known = preset(name)
    takes: dict[str, str | None] = {"id": None}  # and what stands where it is left out; None: it must be written
    if takes_channel(name):
        takes["channel"] = known.channel
    if known.press is None:
        takes["press"] = None
    return {
        "name": name,
        "about": known.about,
        "takes": takes,
        "topics": known.topic,
        "notes": [*([known.warn] if known.warn else []), *known.notes],
        "models": [
            {"models": each.models, "verdict": each.verdict, "why": each.why}
            for each in models()
            if each.preset == name
        ],
    }


def _print_row(row: dict[str, Any]) -> None:
    takes = ", ".join(word if usual is None else f"{word} ({usual})" for word, usual in row["takes"].items())
    click.echo(f"{row['name']}: {row['about']}\n  mqtt: {{preset: {row['name']}, ...}} takes {takes}")
    click.echo(f"  listens to {', '.join(row['topics'])}")
    for note in row["notes"]:
        click.echo(f"  - {note}")
    for model in row["models"]:
        click.echo(f"  {model['verdict']}: {', '.join(model['models'])}: {model['why']}")
    click.echo()


@dataclass(frozen=True, slots=True)
class Trial:
    """What a message comes to: a code, and what was read with it."""

    means: str
    parts: dict[str, Any]


@click.command("try-preset")
@everywhere
@click.argument("name")
@click.option("--id", "id_", metavar="ID", help="The device's id there; left out, whichever device it is about.")
@click.option("--channel", metavar="CHANNEL", help="Which button or input of it.")
@click.option("--model", metavar="MODEL", help="The model, as its system shows it.")
@click.option("--topic", metavar="TOPIC", help="The topic that it came on; left out, the preset's first.")
@click.option("--retained", is_flag=True, help="As the broker had kept it.")
@click.option("--language", type=click.Choice(["da", "en"]), default="da", help="Danish (left out) or English.")
def try_preset(
    name: str, id_: str | None, topic: str | None, retained: bool, language: str, **more: str | None
) -> None:
    """Say what alarmbro would make of a payload on standard input; exit 0 where it is a press, else 1."""
    words = _words(_known(name), id_ or ANY_ID, more)
    payload = sys.stdin.buffer.read(LARGEST)
    device = _device(words)
    trial = _try(device, topic, payload, live=not retained)
    if trial.means in UNEXPECTED:
        trial.parts["expected"] = _expected(device, payload)
    if as_json():
        show_json({"preset": name, "press": trial.means == "press", "means": trial.means, **trial.parts})
    else:
        _print_trial(Words(language), trial)
    sys.exit(0 if trial.means == "press" else 1)


def _words(name: str, id_: str, more: dict[str, str | None]) -> PresetWords:
    """Give the words that a configuration would have; raise WordsError where they are wrong."""
    from pydantic import ValidationError  # noqa: PLC0415 - as above

    from alarmbro.config.presets.catalogue import preset  # noqa: PLC0415 - as above
    from alarmbro.config.presets.makes import wrong_id  # noqa: PLC0415 - as above
    from alarmbro.config.schema.mqtt import PresetWords  # noqa: PLC0415 - as above

    said = {word: text for word, text in more.items() if text is not None}
    try:
        made = PresetWords.model_validate({"preset": name, "id": "any" if id_ == ANY_ID else id_, **said})
    except ValidationError as error:
        wrong = error.errors()[0]
        raise WordsError(f"--{wrong['loc'][0]}: {wrong.get('ctx', {}).get('text', wrong['msg'])}") from error
    if id_ == ANY_ID:
        return made.model_copy(update={"id": ANY_ID, "channel": made.channel or preset(name).channel or ANY_ID})
    text = wrong_id(made, preset(name))
    if text:
        raise WordsError(text)
    return made


def _device(words: PresetWords) -> Device:
    """Give a device of the make. Whichever device it is, a message is about it."""
    from alarmbro.config.presets.inputs import of_preset  # noqa: PLC0415 - as above
    from alarmbro.model.site import Device  # noqa: PLC0415 - as above

    made = of_preset(words)
    return Device("any", "any", "", "", mqtt=replace(made, about=()) if words.id == ANY_ID else made)


def _try(device: Device, topic: str | None, payload: bytes, *, live: bool) -> Trial:
    from alarmbro.clock import SystemClock  # noqa: PLC0415 - as above
    from alarmbro.judgement.mapping.interpreting import interpret  # noqa: PLC0415 - as above
    from alarmbro.judgement.mapping.meaning import Malformed, Nothing  # noqa: PLC0415 - as above
    from alarmbro.judgement.mapping.readings import Readings  # noqa: PLC0415 - as above

    reading = _reading(device, topic)
    if reading is None:
        made = _input(device)
        return Trial(
            "not_listened", {"topics": [*made.topics, *(each.topic for each in made.availability if each.topic)]}
        )
    meaning = interpret(device, reading.kind, payload, reading.availability)
    if isinstance(meaning, Malformed):
        return Trial("unread", {"reason": meaning.reason})
    if isinstance(meaning, Nothing):
        return Trial("nothing", {})
    verdict = Readings().judge(device, meaning, SystemClock().now(), live=live)
    rejected = "retained" if not live and not reading.stands else verdict.rejected
    means = "press" if verdict.press and live else rejected or ("active" if verdict.standing else _of_beat(meaning))
    return Trial(means, _parts(meaning))


def _reading(device: Device, topic: str | None) -> Reading | None:
    """Give how a message of a topic is read; without a topic, as one of the device's own."""
    from alarmbro.inputs.mqtt_topics import Reading, Topics  # noqa: PLC0415 - as above
    from alarmbro.judgement.mapping.meaning import TopicKind  # noqa: PLC0415 - as above

    if topic is None:
        return Reading(device, TopicKind.MAPPED)
    return next(iter(Topics("alarmbro", device.site, [device]).readings(topic)), None)


def _input(device: Device) -> MqttInput:
    if device.mqtt is None:
        raise LookupError(device.path)
    return device.mqtt


def _of_beat(meaning: Press | Beat) -> str:
    available = getattr(meaning, "available", None)
    return "alive" if available is None else "there" if available else "gone"


def _parts(meaning: Press | Beat) -> dict[str, Any]:
    """Give all that was read; what was not is left out."""
    health, place = meaning.health, getattr(meaning, "position", None)
    found = {
        "battery": health.battery, "battery_low": health.battery_low, "link": health.link, "tamper": health.tamper,
        "id": getattr(meaning, "press_id", None), "at": getattr(meaning, "pressed_at", None),
        "position": f"{place.latitude}, {place.longitude}" if place else None,
        "teller": getattr(meaning, "teller", None) or None, "state": getattr(meaning, "state", None) or None,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def _expected(device: Device, payload: bytes) -> list[dict[str, Any]]:
    """Give what would make it a press, and what stands there; None: nothing does."""
    from alarmbro.judgement.mapping.interpreting import payload_of  # noqa: PLC0415 - as above
    from alarmbro.judgement.mapping.paths import ABSENT, at  # noqa: PLC0415 - as above

    made = _input(device)
    said = payload_of(made, payload)
    found = []
    for condition in dict.fromkeys(each for way in (*made.press, *made.begins) for each in way):
        value = at(said.said, condition.path, {}) if condition.path else said.text
        there = None if value is ABSENT else value
        found.append({"path": condition.path, "equals": list(condition.equals), "found": there})
    return found


def _print_trial(words: Words, trial: Trial) -> None:
    parts = {"reason": "", "teller": "", **trial.parts, "topics": ", ".join(trial.parts.get("topics", ()))}
    click.echo(words(f"try.{trial.means}", **parts))
    for name in ("state", "id", "at", "position", "battery", "battery_low", "link", "tamper"):
        if name in trial.parts:
            click.echo(f"  {words(f'try.part.{name}', value=trial.parts[name])}")
    if trial.parts.get("expected"):
        click.echo(words("try.expected"))
        for each in trial.parts["expected"]:
            wanted = " / ".join(map(str, each["equals"])) or "…"
            place = each["path"] or words("try.payload")
            found = words("try.none") if each["found"] is None else repr(each["found"])[:60]
            click.echo(f"  {place}: {wanted}  ({words('try.found', value=found)})")
