"""The command that gives the record to others: journal export."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click

from alarmbro.cli.options import everywhere, state_dir
from alarmbro.cli.record.saving import save

COLUMNS = ("seq", "at", "type", "site", "device", "alarm", "recipient", "data", "hash")
SINCE = "From the first record of a time on (2026-11-23T09:00:00Z, 2026-11-23), or of so long ago (2h, 7d)."
SITE = "That site's records alone; each can be verified, that none is missing cannot."
FORMATS = click.Choice(["jsonl", "csv"])
FORMS = (
    "jsonl can be verified (journal verify --export); csv is only to be read: what Excel takes for a formula is quoted."
)
FILE = click.Path(dir_okay=False, path_type=Path)


def export_command(time_of: Callable[[str], datetime], row_of: Callable[..., dict[str, object]]) -> click.Command:
    """Make the command; `time_of` reads what `--since` says, `row_of` gives a record as people read it."""

    @click.command("export")
    @everywhere
    @click.option("--format", "form", type=FORMATS, default="jsonl", show_default=True, help=FORMS)
    @click.option("--since", metavar="T", help=SINCE)
    @click.option("--site", metavar="S", help=SITE)
    @click.option("--output", type=FILE, metavar="FILE", help="A file for its owner alone; else standard output.")
    def export(form: str, since: str | None, site: str | None, output: Path | None) -> None:
        """Give the record to others: whole, with its chain. It names persons: keep it as you keep the journal."""
        from alarmbro.journal import Reader  # noqa: PLC0415
        from alarmbro.journal.file.storage import FILE_NAME  # noqa: PLC0415
        from alarmbro.model.moment import iso  # noqa: PLC0415

        begun = time_of(since) if since else None
        with Reader(state_dir() / FILE_NAME) as reader:
            if form == "csv":
                rows = (row_of(record) for record in reader.records(since=begun, site=site))
                text: Iterable[str] = _sheet(rows)
            else:
                from alarmbro.journal.reading.exporting import lines  # noqa: PLC0415

                text = lines(reader.rows(), site=site, since=iso(begun) if begun else None)
            save(text, output, never=state_dir())

    return export


def _sheet(rows: Iterable[dict[str, object]]) -> Iterator[str]:
    from alarmbro.report.table import BOM, cells  # noqa: PLC0415

    yield BOM + cells(COLUMNS)
    for row in rows:
        yield cells((row | {"data": json.dumps(row["data"], ensure_ascii=False)})[name] for name in COLUMNS)
