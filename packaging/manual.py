"""Prints the manual page alarmbro(1), made from the commands themselves, so that it says what they do."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import click

from alarmbro import __version__
from alarmbro.cli.main import alarmbro

SHARED = {"--config", "--state", "--run-dir", "--json", "--help"}  # told once, at the top
HEAD = """.SH DESCRIPTION
alarmbro carries a press on a panic button to the people who must come. The daemon is
.BR "alarmbro run" ,
started by systemd; the other commands ask it, or read its journal and its configuration.
It complements an approved alarm system and does not call the police:
.B 112
is always right."""
FOOT = """.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
It ran, and the answer is no: a broken chain, a failed check, a refused change.
.TP
.B 2
The words or the configuration are wrong.
.TP
.B 3
The daemon could not be reached.
.SH ENVIRONMENT
.TP
.B ALARMBRO_CONFIG, ALARMBRO_STATE, ALARMBRO_RUN
In place of the options of the same names.
.TP
.B ALARMBRO_SERVE
The sites that this machine answers for, with commas between; else what the configuration says, else all.
.TP
.BI ALARMBRO_SECRET_ NAME
The secret
.I NAME
(upper case, - as _) where it is not among systemd's credentials.
.SH FILES
.TP
.I /etc/alarmbro/alarmbro.yaml
The configuration.
.TP
.I /etc/alarmbro/secrets.yaml
Secrets that are not handed over as credentials; its owner is alarmbro, its mode 600.
.TP
.I /var/lib/alarmbro/journal.db
The journal.
.TP
.I /var/lib/alarmbro-backup/
Copies of the journal.
.TP
.I /run/alarmbro/control.sock
Where the daemon is asked; the group alarmbro may.
.SH SEE ALSO
.BR systemctl (1),
.BR journalctl (1)"""


def escaped(text: str) -> str:
    """Write text so that roff takes nothing in it for a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def options(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """Give a command's options as click's own help writes them."""
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            yield record


def described(pairs: list[tuple[str, str]]) -> Iterator[str]:
    """Write options, each with what it does."""
    for names, text in pairs:
        yield ".TP"
        yield f".B {escaped(names)}"
        yield escaped(text) or "\\&"


def paragraphs(command: click.Command) -> Iterator[str]:
    """Write what a command's help says."""
    for number, part in enumerate((command.help or "").replace("\b", "").strip().split("\n\n")):
        if number:
            yield ".PP"
        yield escaped(" ".join(part.split()))


def section(command: click.Command, context: click.Context) -> Iterator[str]:
    """Write a command, and those below it."""
    pieces = command.collect_usage_pieces(context)
    yield f".SS {escaped(' '.join([context.command_path, *pieces]))}"
    yield from paragraphs(command)
    yield from described(
        [each for each in options(command, context) if not SHARED & set(re.findall(r"--[\w-]+", each[0]))]
    )
    yield from below(command, context)


def below(command: click.Command, context: click.Context) -> Iterator[str]:
    """Write the commands below a command."""
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            each = command.get_command(context, name)
            if each is not None and not each.hidden:
                yield from section(each, click.Context(each, info_name=name, parent=context))


def page() -> Iterator[str]:
    """Write it all."""
    context = click.Context(alarmbro, info_name="alarmbro")
    yield f'.TH ALARMBRO 1 "" "alarmbro {__version__}" "Panic buttons"'
    yield ".SH NAME"
    yield f"alarmbro \\- {escaped((alarmbro.help or '').strip().rstrip('.').lower())}"
    yield ".SH SYNOPSIS"
    yield ".B alarmbro"
    yield escaped("[OPTION]... COMMAND [WORDS]...")
    yield HEAD
    yield ".SH OPTIONS"
    yield "They may stand before the command or behind it."
    yield from described(list(options(alarmbro, context)))
    yield ".SH COMMANDS"
    yield from below(alarmbro, context)
    yield FOOT


if __name__ == "__main__":
    sys.stdout.write("\n".join(page()) + "\n")
