"""The command that shows what a press would lead to: explain. It sends nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from alarmbro.cli.options import as_json, everywhere, load_configuration, show_json
from alarmbro.cli.words.answers import Words, seconds
from alarmbro.control.protocol import WordsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alarmbro.judgement.course.timeline import Telling
    from alarmbro.model.configuration import Configuration
    from alarmbro.model.site import Device


@click.command()
@everywhere
@click.argument("device", metavar="SITE/DEVICE")
@click.option("--test", is_flag=True, help="As in a test round: marked as a test, some recipients withheld.")
@click.option("--expect", metavar="RECIPIENT,…", help="Exit 1 unless exactly these are told first.")
def explain(device: str, test: bool, expect: str | None) -> None:
    """Show who would be told of a press, when, and with what words, from the press to the end; send nothing."""
    from alarmbro.clock import SystemClock  # noqa: PLC0415
    from alarmbro.judgement.course.timeline import foretell  # noqa: PLC0415

    configuration = load_configuration().configuration
    known = _device(configuration, device)
    expected = None if expect is None else _recipients(configuration, expect)
    now = SystemClock().now()
    tellings = foretell(configuration, known, now, test=test)
    held = foretell(configuration, known, now, test=test, level=known.hold.level) if known.hold else ()
    if as_json():
        show_json(_document(known, tellings, held, test=test))
    else:
        _print(configuration, known, tellings, held)
    if expected is not None:
        _compare(expected, tellings[0])


def _device(configuration: Configuration, path: str) -> Device:
    from difflib import get_close_matches  # noqa: PLC0415

    site, _, name = path.partition("/")
    found = configuration.device(site, name)
    if found is None:
        known = [each.path for place in configuration.sites.values() for each in place.devices.values()]
        near = get_close_matches(path, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        raise WordsError(f"there is no device {path!r}; {hint}")
    return found


def _document(device: Device, tellings: Sequence[Telling], held: Sequence[Telling], *, test: bool) -> dict[str, Any]:
    """Give it as JSON: `steps` are the route's own, `timeline` is all, `held` is what holding the button adds."""
    steps = [each for each in tellings if each.part == "pressed" and not each.unless_told]
    document: dict[str, Any] = {
        "device": device.path,
        "level": device.level.value,
        "test": test,
        "steps": [_row(each) for each in steps],
        "timeline": [_row(each) for each in tellings],
    }
    if device.hold:
        rows = [_row(each) for each in held]
        document["held"] = {"for_s": device.hold.for_s, "level": device.hold.level.value, "timeline": rows}
    return document


def _row(telling: Telling) -> dict[str, Any]:
    return {
        "since": telling.part.value,
        "message": telling.kind.value,
        "after_s": telling.after_s,
        "unless": "told" if telling.unless_told else "acknowledged" if telling.unless_acknowledged else None,
        "every_s": telling.every_s,
        "notify": [each.id for each in telling.recipients],
        "withheld": [each.id for each in telling.withheld],
        "fallback_after_s": {each.id: each.fallback_after_s for each in telling.recipients if each.fallback},
        "title": telling.message.title,
        "body": telling.message.body,
        "sms": telling.message.short,
    }


def _print(configuration: Configuration, device: Device, tellings: Sequence[Telling], held: Sequence[Telling]) -> None:
    words = Words(configuration.language)
    site = configuration.sites[device.site].name
    click.echo(words("explain.head", device=device.path, name=device.name, site=site))
    _print_parts(words, tellings)
    if device.hold and held:
        click.echo("\n" + words("explain.held", device=device.path, time=seconds(device.hold.for_s)))
        _print_parts(words, held)


def _print_parts(words: Words, tellings: Sequence[Telling]) -> None:
    part = ""
    for telling in tellings:
        if telling.part.value != part:
            part = telling.part.value
            click.echo(f"\n{words(f'explain.{part}')}")
        _print_telling(words, telling)


def _print_telling(words: Words, telling: Telling) -> None:
    when = words("explain.at_once") if not telling.after_s else words("explain.after", time=seconds(telling.after_s))
    if telling.unless_acknowledged:
        when += words("explain.unless")
    if telling.unless_told:
        when += words("explain.unless_told")
    if telling.every_s:
        when += words("explain.every", time=seconds(telling.every_s))
    click.echo(f"\n{when}:")
    for recipient in telling.recipients:
        ways = ", ".join(target.scheme for target in recipient.targets)
        click.echo(f"  → {recipient.name} ({recipient.id}: {ways})")
        if recipient.fallback:
            ways = ", ".join(target.scheme for target in recipient.fallback)
            click.echo(words("explain.fallback", time=seconds(recipient.fallback_after_s), ways=ways))
    for recipient in telling.withheld:
        click.echo(words("explain.withheld", name=recipient.name, id=recipient.id))
    if telling.message.parts:
        click.echo("\n".join(f"  {line}".rstrip() for line in telling.message.body.splitlines()))
    else:
        click.echo(f"  SMS: {telling.message.short}")


def _recipients(configuration: Configuration, text: str) -> set[str]:
    named = {name.strip() for name in text.split(",") if name.strip()}
    unknown = named - configuration.recipients.keys()
    if unknown or not named:
        known = ", ".join(configuration.recipients)
        raise WordsError(f"there is no recipient {', '.join(sorted(unknown)) or 'named'}; there are {known}")
    return named


def _compare(expected: set[str], first: Telling) -> None:
    told = {recipient.id for recipient in first.recipients}
    if told != expected:
        words = f"expected {', '.join(sorted(expected))}; would be told {', '.join(sorted(told)) or 'nobody'}"
        click.echo(f"alarmbro: {words}", err=True)
        sys.exit(1)
