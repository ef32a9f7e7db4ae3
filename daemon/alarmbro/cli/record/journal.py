"""Commands that read the record: journal list, show, verify. They never open it for writing beside a daemon."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alarmbro.cli.options import as_json, everywhere, run_dir, show_json, state_dir
from alarmbro.cli.record.backing_up import backup, restore
from alarmbro.cli.record.exporting import export_command
from alarmbro.cli.standing.showing import printable
from alarmbro.cli.words.answers import Words
from alarmbro.control.protocol import WordsError
from alarmbro.model.errors import AlarmbroError

if TYPE_CHECKING:
    from alarmbro.journal import Reader
    from alarmbro.journal.reading.reader import Verdict
    from alarmbro.model.record import Record


@click.group()
@everywhere
def journal() -> None:
    """Read the record, prove it whole, and keep copies of it."""


def _reader() -> Reader:
    from alarmbro.journal import Reader  # noqa: PLC0415
    from alarmbro.journal.file.storage import FILE_NAME  # noqa: PLC0415

    return Reader(state_dir() / FILE_NAME)


@journal.command("list")
@everywhere
@click.option("--since", metavar="T", help="A time (2026-11-23T09:00:00Z, 2026-11-23) or how long ago (2h, 7d).")
@click.option("--site", metavar="S")
@click.option("--alarm", metavar="A")
def list_records(since: str | None, site: str | None, alarm: str | None) -> None:
    """List records, one a line."""
    with _reader() as reader:
        for record in reader.records(since=_time(since) if since else None, site=site, alarm=alarm):
            if as_json():
                show_json(row_of(record))
            else:
                click.echo(_line(record))


@journal.command()
@everywhere
@click.argument("seq", type=int)
def show(seq: int) -> None:
    """Show one record by its number."""
    with _reader() as reader:
        record = next(reader.records(seq=seq), None)
    if record is None:
        raise AlarmbroError(f"there is no record {seq}")
    if as_json():
        show_json(row_of(record))
        return
    for name, value in row_of(record).items():
        click.echo(f"{name:>10}: {value}")


@journal.command()
@everywhere
@click.option("--head", metavar="HASH", help="A hash kept elsewhere that must be in the chain.")
@click.option("--export", "exported", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Verify this export (jsonl) instead of the journal.")  # fmt: skip
def verify(head: str | None, exported: Path | None) -> None:
    """Follow the whole chain; exit 1 and say where, if a record was changed, is missing or was cut off."""
    if head is not None and not re.fullmatch("[0-9a-f]{64}", head):
        raise WordsError(f"{head!r} is no hash; it has 64 digits of 0-9 and a-f")
    verdict = _verdict(head) if exported is None else _verdict_of(exported, head)
    if as_json():
        show_json({
            "whole": verdict.whole, "records": verdict.records, "head": verdict.head, "problem": verdict.problem,
            "seq": verdict.seq, "partial": verdict.partial,
        })  # fmt: skip
    elif verdict.whole:
        found = "verify.partial" if verdict.partial else "verify.whole"
        click.echo(Words()(found, records=verdict.records, head=verdict.head))
    else:
        click.echo(Words()("verify.broken", problem=verdict.problem), err=True)
    sys.exit(0 if verdict.whole else 1)


def _verdict(head: str | None) -> Verdict:
    with _reader() as reader:
        verdict = reader.verify(head)
        live = _live_head()
        return reader.verify(live) if verdict.whole and live is not None else verdict


def _verdict_of(exported: Path, head: str | None) -> Verdict:
    from alarmbro.journal.reading.exporting import verify as verify_export  # noqa: PLC0415

    with exported.open(encoding="utf-8", errors="replace") as lines:
        return verify_export(lines, head)


def _live_head() -> str | None:
    """Ask the daemon that writes this journal, where one runs, what it wrote last: a tail cut off under it then shows.

    Asked before the chain is read again, so that what it names must be there. A copy, or another daemon's journal, is
    judged by itself.
    """
    from alarmbro.control.client import ask  # noqa: PLC0415
    from alarmbro.journal.file.storage import FILE_NAME  # noqa: PLC0415

    try:
        known = ask(run_dir(), {"do": "status"})["journal"]
    except AlarmbroError:  # nobody answers: the file is judged by itself
        return None
    same = Path(known["path"]).resolve() == (state_dir() / FILE_NAME).resolve()
    return str(known["head"]) or None if same else None


def row_of(record: Record) -> dict[str, Any]:
    """Give a record as `journal list --json` prints it."""
    from alarmbro.model.moment import iso  # noqa: PLC0415

    draft = record.draft
    pressed = {"activation": draft.ref} if draft.type.value == "activation" else {}
    return {
        "seq": record.seq,
        "at": iso(draft.at.utc),
        "type": draft.type.value,
        "site": draft.site or None,
        "device": draft.device or None,
        "alarm": draft.alarm or None,
        "recipient": draft.recipient or None,
        "data": {**pressed, **draft.data, **draft.personal},
        "hash": record.hash,
    }


def _line(record: Record) -> str:
    row = printable(row_of(record))  # a name or a note may hold what steers a terminal
    place = "/".join(part for part in (row["site"], row["device"]) if part)
    data = " ".join(f"{name}={value}" for name, value in row["data"].items())
    parts = [row["alarm"] or place, row["recipient"] or "", data]
    return f"{row['seq']:>6} {row['at']} {row['type']:<13} " + " ".join(part for part in parts if part)


def _time(text: str) -> datetime:
    from alarmbro.config.values.durations import DurationError, seconds  # noqa: PLC0415 - its package loads pydantic

    try:
        return datetime.now(UTC) - timedelta(seconds=seconds(text))
    except DurationError:  # then it is a time of day
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except ValueError as error:
            raise WordsError(f"{text!r} is no time; write 2026-11-23T09:00:00Z, 2026-11-23, or 2h") from error


journal.add_command(export_command(_time, row_of))
journal.add_command(backup)
journal.add_command(restore)
