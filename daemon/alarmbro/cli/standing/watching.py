"""`status --watch`: how things stand, again every second, until Ctrl-C.

Promises: a daemon that is restarted, hangs or is away is waited for, and since when it does not answer is shown over
what it said last. On a terminal it is a screen (by rich, `screen`); elsewhere plain lines, whenever something has
changed; with `--json` a document a line, every second.
Runs in the caller's thread; asks the daemon once a second.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from alarmbro.cli.options import show_json
from alarmbro.cli.standing.showing import printable, status_lines, words_of
from alarmbro.cli.words.answers import Words
from alarmbro.control.client import ask
from alarmbro.model.errors import AlarmbroError
from alarmbro.model.moment import iso

EVERY_S = 1.0
PATIENCE_S = 2.0  # a daemon that lives answers within milliseconds
ENDED = 128 + signal.SIGTERM  # as a shell tells of it


@dataclass(frozen=True, slots=True)
class Seen:
    """What the daemon said last, and when (nothing yet: None); `why` it does not answer now, empty while it does."""

    answer: dict[str, Any] | None = None
    answered: datetime | None = None
    why: str = ""

    @property
    def words(self) -> Words:
        """Give the words of its language."""
        return words_of(self.answer or {})

    def here(self, moment: datetime) -> datetime:
        """Give a time as it is at the site."""
        return moment.astimezone(ZoneInfo(self.answer["timezone"]) if self.answer else None)

    def silence(self) -> str:
        """Say that the daemon does not answer, and since when."""
        if self.answered is None:
            return self.words("watch.never")
        return self.words("watch.silent", since=f"{self.here(self.answered):%H:%M:%S}")


def watch(run_dir: Path, *, as_json: bool) -> None:
    """Show how things stand until the user ends it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))  # so that the terminal is put right again
    show = _in_documents if as_json else _on_screen() or _in_lines
    try:
        show(looks(run_dir))
    except KeyboardInterrupt:
        return


def looks(run_dir: Path) -> Iterator[Seen]:
    """Ask every second, for ever."""
    seen = Seen()
    while True:
        begun_s = time.monotonic()
        seen = _asked(run_dir, seen)
        yield seen
        time.sleep(max(0.0, EVERY_S - (time.monotonic() - begun_s)))


def _asked(run_dir: Path, before: Seen) -> Seen:
    try:
        answer = ask(run_dir, {"do": "status"}, PATIENCE_S)
    except AlarmbroError as error:
        return replace(before, why=str(error))
    return Seen(printable(answer), datetime.now(UTC))


def _on_screen() -> Callable[[Iterator[Seen]], None] | None:
    """Give what shows a screen; None where there is none."""
    if not sys.stdout.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return None
    try:
        from alarmbro.cli.standing.screen import on_screen  # noqa: PLC0415 - rich costs 25 ms, and is perhaps not there
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("rich"):
            raise
        click.echo(Words()("watch.no_rich"), err=True)
        return None
    return on_screen


def _in_lines(seen: Iterator[Seen]) -> None:
    shown = ""
    for each in seen:
        text = _text(each)
        if text != shown:
            click.echo(f"--- {each.here(datetime.now(UTC)):%d.%m.%Y %H:%M:%S}\n{text}")
        shown = text


def _text(seen: Seen) -> str:
    if seen.why or seen.answer is None:
        return f"{seen.silence()}: {seen.why}"
    return "\n".join(status_lines(seen.answer))


def _in_documents(seen: Iterator[Seen]) -> None:
    for each in seen:
        answered = iso(each.answered) if each.answered else None
        show_json({"silent_since": answered, "error": each.why} if each.why else each.answer)
