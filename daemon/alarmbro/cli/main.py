"""The command `alarmbro`: its parts, and how an error ends it."""

from __future__ import annotations

import logging
import sys
from typing import Any

import click
import structlog

from alarmbro import __version__
from alarmbro.cli import answering, doctor, running, trying, web
from alarmbro.cli.configuring import explaining, planning, presets
from alarmbro.cli.options import everywhere
from alarmbro.cli.record import journal
from alarmbro.cli.testing import rounds
from alarmbro.control.protocol import WordsError
from alarmbro.model.errors import AlarmbroError, ConfigurationError, UnreachableError

NO, WRONG, UNREACHABLE = 1, 2, 3


class _Alarmbro(click.Group):
    """Turns our errors into one line on stderr and the exit code that the package's docstring gives them."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except AlarmbroError as error:
            prefix = "" if isinstance(error, ConfigurationError) else "alarmbro: "
            click.echo(f"{prefix}{error}", err=True)
            context.exit(_code(error))


def _code(error: AlarmbroError) -> int:
    if isinstance(error, ConfigurationError | WordsError):
        return WRONG
    return UNREACHABLE if isinstance(error, UnreachableError) else NO


@click.group(cls=_Alarmbro, context_settings={"help_option_names": ["-h", "--help"]})
@everywhere
@click.version_option(__version__, prog_name="alarmbro")
def alarmbro() -> None:
    """Carry a press on a panic button to the people who must come."""


for command in (
    trying.demo, running.run, planning.check, explaining.explain, doctor.doctor, running.status, running.press,
    running.pin, running.reload, answering.ack, answering.close, running.send, rounds.test, journal.journal,
    planning.schema, presets.presets, presets.try_preset, web.web,
):  # fmt: skip
    alarmbro.add_command(command)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    structlog.configure(  # stdout is for answers alone; `run` sets its own log up
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        alarmbro(prog_name="alarmbro")
    except BrokenPipeError:  # `alarmbro journal list | head`
        sys.stderr.close()
        sys.exit(0)
