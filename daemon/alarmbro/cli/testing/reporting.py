"""The command that makes the paper of the yearly test: test report."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from alarmbro.cli.options import as_json, everywhere, load_configuration, show_json, state_dir
from alarmbro.control.protocol import WordsError
from alarmbro.model.errors import AlarmbroError

if TYPE_CHECKING:
    from alarmbro.model.configuration import Configuration
    from alarmbro.report.account import Report

FORMATS = ("html", "pdf", "csv", "json")


@click.command()
@everywhere
@click.option("--year", type=click.IntRange(2000, 9999), metavar="Y", help="Else this year.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="html", show_default=True,
              help="html to print, pdf to sign, csv for a Danish Excel (; and a BOM), json.")  # fmt: skip
@click.option("--site", "sites", multiple=True, metavar="S", help="Only this site; may be given several times.")
@click.option("--centre", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="The alarm centre's list of signals (CSV): what differs from ours is named.")  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Else standard output.")
def report(year: int | None, form: str, sites: tuple[str, ...], centre: Path | None, output: Path | None) -> None:
    """Make the year's report: a page for each site, to print and sign."""
    from alarmbro.report.words import ReportWords  # noqa: PLC0415

    configuration = load_configuration().configuration
    form = "json" if as_json() else form
    if form == "pdf" and output is None and sys.stdout.isatty():
        raise WordsError("a PDF is nothing for a screen; say where it goes with --output FILE")
    made = datetime.now(UTC)
    found = _gathered(
        configuration, year or made.astimezone(ZoneInfo(configuration.timezone)).year, sites, made, centre
    )
    if form == "json" and output is None:
        from alarmbro.report.table import document  # noqa: PLC0415

        show_json(document(found))
        return
    whole = _formed(form, found, ReportWords(configuration.language, configuration.timezone))
    if output is None:
        click.echo(whole, nl=False)
    else:
        try:
            output.write_bytes(whole)
        except OSError as error:
            raise AlarmbroError(f"cannot write {output}: {error.strerror}") from error
        click.echo(str(output))


def _gathered(
    configuration: Configuration, year: int, sites: tuple[str, ...], made: datetime, centre: Path | None
) -> Report:
    from alarmbro.journal import Reader  # noqa: PLC0415
    from alarmbro.journal.file.storage import FILE_NAME  # noqa: PLC0415
    from alarmbro.report.gathering import gather  # noqa: PLC0415

    unknown = [site for site in sites if site not in configuration.sites]
    if unknown:
        raise WordsError(f"there is no site {unknown[0]!r}; there are {', '.join(configuration.sites)}")
    with Reader(state_dir() / FILE_NAME) as reader:
        found = gather(reader.records(), configuration, year, sites or configuration.serve, made)
    return _compared(found, configuration, centre) if centre else found


def _compared(found: Report, configuration: Configuration, centre: Path) -> Report:
    from dataclasses import replace  # noqa: PLC0415

    from alarmbro.report.centre import UnreadableError, beside, signals_of  # noqa: PLC0415

    try:
        theirs = signals_of(centre.read_bytes(), configuration.timezone)
    except UnreadableError as error:
        raise WordsError(f"{centre}: {error}") from error
    return replace(found, centre=beside(found.signals, theirs, found.year, configuration.timezone))


def _formed(form: str, found: Report, words: Any) -> bytes:
    if form == "pdf":
        return _paper(found, words)
    if form == "csv":
        from alarmbro.report.table import sheet  # noqa: PLC0415

        return sheet(found).encode()
    if form == "json":
        import json  # noqa: PLC0415

        from alarmbro.report.table import document  # noqa: PLC0415

        return json.dumps(document(found), ensure_ascii=False, indent=1).encode() + b"\n"
    from alarmbro.report.page import page  # noqa: PLC0415

    return page(found, words).encode()


def _paper(found: Report, words: Any) -> bytes:
    try:
        from alarmbro.report.paper import paper  # noqa: PLC0415
    except ImportError as error:
        raise AlarmbroError(
            "PDF needs reportlab: pip install 'alarmbro[report]'; or make HTML and print that"
        ) from error
    return paper(found, words)
