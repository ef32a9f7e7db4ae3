"""Commands that keep the record: journal backup, beside a daemon; journal restore, where none runs."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from alarmbro.cli.options import as_json, everywhere, run_dir, show_json, state_dir
from alarmbro.cli.words.answers import Words
from alarmbro.control.client import ask
from alarmbro.control.protocol import WordsError
from alarmbro.model.errors import AlarmbroError

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@everywhere
@click.option("--output", type=FILE, metavar="FILE", help="The copy, for its owner alone.")
@click.option("--folder", type=FOLDER, metavar="DIR", help="A copy in this folder, named by the time.")
@click.option("--keep", type=click.IntRange(min=1), metavar="DAYS",
              help="Then remove the folder's copies, but those of the last so many days that have any.")  # fmt: skip
def backup(output: Path | None, folder: Path | None, keep: int | None) -> None:
    """Copy the journal beside the daemon, verified. It names persons: keep it as you keep the journal.

    Exit 1 where the journal is not whole: the copy is then called .broken, and no older one is removed.
    """
    from alarmbro.journal import backup as copying  # noqa: PLC0415 - SQLite, for who needs it
    from alarmbro.journal.file.storage import FILE_NAME  # noqa: PLC0415

    journal = state_dir() / FILE_NAME
    place = output or folder
    if place is None or (output is not None and folder is not None):
        raise WordsError("say where to: --output FILE, or --folder DIR")
    if keep is not None and folder is None:
        raise WordsError("--keep goes with --folder DIR")
    if place.resolve() == state_dir().resolve() or place.resolve().parent == state_dir().resolve():
        raise WordsError(f"{place} is in the folder of the journal itself; name another")
    try:
        copy = copying.take(journal, output) if output else copying.take_into(journal, place, datetime.now(UTC))
        gone = copying.prune(place, keep) if keep and copy.verdict.whole else []
    except AlarmbroError as error:
        _tell(folder, str(error))
        raise
    verdict = copy.verdict
    _tell(folder, "" if verdict.whole else verdict.problem)
    if as_json():
        show_json({
            "file": copy.path, "whole": verdict.whole, "records": verdict.records, "head": verdict.head,
            "problem": verdict.problem, "removed": gone,
        })  # fmt: skip
    elif verdict.whole:
        click.echo(Words()("backup.done", file=copy.path, records=verdict.records, head=verdict.head))
    else:
        click.echo(Words()("backup.broken", file=copy.path, problem=verdict.problem), err=True)
    sys.exit(0 if verdict.whole else 1)


def _tell(folder: Path | None, problem: str) -> None:
    """Have the daemon tell those who mend where the copies that are kept are not made, and that they are again."""
    if folder is None:
        return  # a person's own copy: that person sees how it went
    with suppress(AlarmbroError):  # no daemon runs, or it is not ours to ask: the exit code says it, too
        ask(run_dir(), {"do": "copied", "well": not problem, "detail": problem})


@click.command()
@everywhere
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put a copy of the journal in its place; refused while a daemon runs, or where the copy is not whole.

    The journal that is there is set aside, not removed. What happened since the copy is only in that one.
    """
    from alarmbro.journal.backup import restore as put_back  # noqa: PLC0415 - SQLite, for who needs it

    done = put_back(file, state_dir(), datetime.now(UTC))
    if as_json():
        show_json({"records": done.verdict.records, "head": done.verdict.head, "aside": done.aside})
        return
    click.echo(Words()("restore.done", file=file, records=done.verdict.records, head=done.verdict.head))
    if done.aside:
        click.echo(Words()("restore.aside", file=done.aside))
