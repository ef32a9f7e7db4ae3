"""Commands that only read the configuration: check, schema. They contact nobody."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alarmbro.cli.options import as_json, config_file, everywhere, load_configuration, show_json

if TYPE_CHECKING:
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
def schema() -> None:
    """Print the JSON Schema of the configuration, for editors."""
    import json  # noqa: PLC0415

    from alarmbro.config import json_schema  # noqa: PLC0415

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
