"""The command that gives the record to others: journal export."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click

from alarmbro.cli.options import everywhere, state_dir
from alarmbro.model.errors import AlarmbroError

COLUMNS = ("seq", "at", "type", "site", "device", "alarm", "recipient", "data", "hash")
SINCE = "A time (2026-11-23T09:00:00Z, 2026-11-23) or how long ago (2h, 7d)."
FORMATS = click.Choice(["jsonl", "csv"])
FORMS = "jsonl can be verified (journal verify --export); csv is to be read, in a Danish Excel."
FILE = click.Path(dir_okay=False, path_type=Path)


def export_command(time_of: Callable[[str], datetime], row_of: Callable[..., dict[str, object]]) -> click.Command:
    """Make the command; `time_of` reads what `--since` says, `row_of` gives a record as people read it."""

    @click.command("export")
    @everywhere
    @click.option(
        "--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True, help=FORMS
    )
    @click.option("--since", metavar="T", help=SINCE)
    @click.option("--site", metavar="S")
    @click.option("--output", type=FILE, metavar="FILE", help="Else standard output.")
    def export(form: str, since: str | None, site: str | None, output: Path | None) -> None:
        """Give the record to others: whole, with its chain. It names persons: keep it as you keep the journal."""
        from alarmbro.journal import Reader  # noqa: PLC0415
        from alarmbro.journal.storage import FILE_NAME  # noqa: PLC0415
        from alarmbro.model.moment import iso  # noqa: PLC0415

        begun = time_of(since) if since else None
        with Reader(state_dir() / FILE_NAME) as reader:
            if form == "csv":
                rows = (row_of(record) for record in reader.records(since=begun, site=site))
                text: Iterable[str] = _sheet(rows)
            else:
                from alarmbro.journal.exporting import lines  # noqa: PLC0415

                text = lines(reader.rows(), site=site, since=iso(begun) if begun else None)
            _give(text, output)

    return export


def _sheet(rows: Iterable[dict[str, object]]) -> Iterator[str]:
    from alarmbro.report.table import BOM, cells  # noqa: PLC0415

    yield BOM + cells(COLUMNS)
    for row in rows:
        yield cells((row | {"data": json.dumps(row["data"], ensure_ascii=False)})[name] for name in COLUMNS)


def _give(text: Iterable[str], output: Path | None) -> None:
    """Write it all: to a file that is there whole or not at all, for its owner alone."""
    if output is None:
        for part in text:
            sys.stdout.write(part)
        return
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=output.parent, delete=False) as file:
            for part in text:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(output)
    except OSError as error:
        raise AlarmbroError(f"cannot write {output}: {error.strerror}") from error
    click.echo(str(output))
