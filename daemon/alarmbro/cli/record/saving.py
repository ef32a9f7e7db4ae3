"""Writes what a command gives: to standard output, or to a file that is there whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from alarmbro.control.protocol import WordsError
from alarmbro.model.errors import AlarmbroError


def save(text: Iterable[str], output: Path | None, *, never: Path) -> None:
    """Write it all, in UTF-8; half a character becomes a question mark. A file is for its owner alone.

    Nothing below the folder `never` is written over. Raise AlarmbroError where it cannot be written.
    """
    try:
        if output is None:
            _write(text, sys.stdout.buffer.fileno())
        else:
            _replace(text, output, never)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise AlarmbroError(f"cannot write {output or 'standard output'}: {error.strerror}") from error
    if output is not None:
        click.echo(str(output))


def _replace(text: Iterable[str], output: Path, never: Path) -> None:
    place = output.resolve()
    if place.is_relative_to(never.resolve()):
        raise WordsError(f"{output} is in the folder of the journal itself; name another file")
    if place.exists() and not place.is_file():
        raise WordsError(f"{output} is no file; without --output it is written to standard output")
    number, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")  # for its owner alone (0600)
    try:
        try:
            _write(text, number)
            os.fsync(number)
        finally:
            os.close(number)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)  # it names persons
        raise
    _sync(place.parent)


def _write(text: Iterable[str], number: int) -> None:
    with open(number, "wb", closefd=False) as file:
        file.writelines(part.encode("utf-8", "replace") for part in text)


def _sync(folder: Path) -> None:
    """Have the new name on disk, too."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
