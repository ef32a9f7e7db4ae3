"""The command that tries everything there is on this machine: doctor."""

from __future__ import annotations

import sys

import click

from alarmbro.cli.options import DEFAULT_CONFIG, as_json, config_file, everywhere, run_dir, show_json, state_dir
from alarmbro.cli.standing.showing import printable

NO, WRONG = 1, 2


@click.command()
@everywhere
def doctor() -> None:
    """Try everything that alarms need on this machine: pins, broker, recipients, clock, disk, rights.

    Nothing is pressed, sent or changed. Exit 0 where nothing failed, 1 where something did, 2 where the configuration
    is wrong.
    """
    from alarmbro.delivery.plugins import register  # noqa: PLC0415 - Apprise costs 300 ms that --help must not pay
    from alarmbro.doctor.findings import State  # noqa: PLC0415 - the same
    from alarmbro.doctor.trying.premises import enter  # noqa: PLC0415
    from alarmbro.doctor.visit import Visit  # noqa: PLC0415
    from alarmbro.doctor.words.lines import line, row, total  # noqa: PLC0415

    config = config_file().absolute()
    premises = enter(config, state_dir().absolute(), run_dir().absolute(), usual=config == DEFAULT_CONFIG)
    register()  # sia://, relay:// and gatewayapi:// are known wherever an address is read
    visit, founds, rows = Visit(premises), [], []
    for found in visit.findings():
        shown = printable(row(found, visit.language))
        founds.append(found)
        rows.append(shown)
        if not as_json():
            click.echo(line(shown, visit.language))
    if as_json():
        show_json(rows)
    else:
        click.echo(total(founds, visit.language))
    failed = any(found.state is State.FAILED for found in founds)
    sys.exit(WRONG if visit.read.wrong else NO if failed else 0)
