"""Commands that only read the configuration: check, explain, schema. They contact nobody."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alarmbro.cli.options import as_json, config_file, everywhere, load_configuration, show_json
from alarmbro.cli.words import Words, seconds
from alarmbro.control.protocol import WordsError

if TYPE_CHECKING:
    from alarmbro.judgement.timeline import Telling
    from alarmbro.model.configuration import Configuration, Device
    from alarmbro.model.errors import Finding


@click.command()
@everywhere
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check(file: Path | None) -> None:
    """Name every error of the configuration at once; contact nobody."""
    from alarmbro.model.errors import ConfigurationError  # noqa: PLC0415 - as above

    path = file or config_file()
    try:
        loaded = load_configuration(path)
    except ConfigurationError as error:
        _show_findings(error.findings)
        sys.exit(2)
    _show_findings(loaded.warnings)
    configuration = loaded.configuration
    if not as_json():
        devices = configuration.served_devices()
        click.echo(f"{path}: ok ({len(configuration.serve)} sites, {len(devices)} devices)")


def _show_findings(findings: tuple[Finding, ...]) -> None:
    if as_json():
        rows = [
            {"file": each.file, "line": each.line, "column": each.column, "text": each.text, "warning": each.warning}
            for each in findings
        ]
        show_json({"ok": all(each.warning for each in findings), "findings": rows})
        return
    for finding in findings:
        click.echo(str(finding), err=True)


@click.command()
@everywhere
@click.argument("device", metavar="SITE/DEVICE")
@click.option("--test", is_flag=True, help="As in a test round: marked as a test, some recipients withheld.")
@click.option("--expect", metavar="RECIPIENT,…", help="Exit 1 unless exactly these are told first.")
def explain(device: str, test: bool, expect: str | None) -> None:
    """Show who would be told of a press, when, and with what words; send nothing."""
    from alarmbro.clock import SystemClock  # noqa: PLC0415
    from alarmbro.judgement.timeline import foretell  # noqa: PLC0415

    configuration = load_configuration().configuration
    known = _device(configuration, device)
    expected = None if expect is None else _recipients(configuration, expect)
    tellings = foretell(configuration, known, SystemClock().now(), test=test)
    if as_json():
        show_json({"device": known.path, "test": test, "steps": [_row(each) for each in tellings]})
    else:
        _print_tellings(configuration, known, tellings)
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


def _row(telling: Telling) -> dict[str, Any]:
    return {
        "after_s": telling.after_s,
        "unless": "acknowledged" if telling.unless_acknowledged else None,
        "every_s": telling.every_s,
        "notify": [each.id for each in telling.recipients],
        "withheld": [each.id for each in telling.withheld],
        "fallback_after_s": {each.id: each.fallback_after_s for each in telling.recipients if each.fallback},
        "title": telling.message.title,
        "body": telling.message.body,
        "sms": telling.message.short,
    }


def _print_tellings(configuration: Configuration, device: Device, tellings: tuple[Telling, ...]) -> None:
    words = Words(configuration.language)
    click.echo(words("explain.head", device=device.path, name=device.name, site=configuration.sites[device.site].name))
    for telling in tellings:
        when = (
            words("explain.at_once") if not telling.after_s else words("explain.after", time=seconds(telling.after_s))
        )
        if telling.unless_acknowledged:
            when += words("explain.unless")
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


@click.command()
@everywhere
def schema() -> None:
    """Print the JSON Schema of the configuration, for editors."""
    import json  # noqa: PLC0415

    from alarmbro.config import json_schema  # noqa: PLC0415

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
