"""Commands of those who come: ack ("I am on my way") and close (the all-clear)."""

from __future__ import annotations

from typing import Any

import click

from alarmbro.cli.options import as_json, everywhere, run_dir, show_json
from alarmbro.cli.words.answers import Words, seconds
from alarmbro.control.client import ask


@click.command()
@everywhere
@click.argument("alarm", metavar="ALARM")
@click.option("--by", metavar="NAME", help="Who is on the way; else the user's login name.")
def ack(alarm: str, by: str | None) -> None:
    """Say "I am on my way": everybody who was called is told, and the chain stops. The alarm stays open."""
    answer = ask(run_dir(), {"do": "ack", "alarm": alarm, "by": by or ""})
    if as_json():
        show_json(answer)
        return
    words = Words(answer.get("language", "da"))
    how = "ack.first" if answer["first"] else "ack.more"
    click.echo(words(how, alarm=answer["alarm"], by=answer["by"], time=_time(answer, words)))


@click.command()
@everywhere
@click.argument("alarm", metavar="ALARM")
@click.option(
    "--outcome", required=True, type=click.Choice(["real", "false_alarm", "test"]), help="What it turned out to be."
)
@click.option("--by", metavar="NAME", help="Who closes it; else the user's login name.")
@click.option("--note", metavar="TEXT", default="", help="What happened, in a few words.")
def close(alarm: str, outcome: str, by: str | None, note: str) -> None:
    """Give the all-clear: everybody who was called is told. After a real one the follow-up list goes out."""
    request = {"do": "close", "alarm": alarm, "outcome": outcome, "by": by or "", "note": note}
    answer = ask(run_dir(), request)
    if as_json():
        show_json(answer)
        return
    words = Words(answer.get("language", "da"))
    what = words(f"close.{answer['outcome']}")
    click.echo(words("close.done", alarm=answer["alarm"], outcome=what, by=answer["by"], time=_time(answer, words)))


def _time(answer: dict[str, Any], words: Words) -> str:
    after_ms = answer["after_ms"]
    return words("ack.unknown") if after_ms is None else seconds(after_ms / 1000)
