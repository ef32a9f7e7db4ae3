"""Commands of the yearly test: test start, status, finish, abort, on-test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from alarmbro.cli.options import as_json, duration, everywhere, run_dir, show_json
from alarmbro.cli.testing.reporting import report
from alarmbro.cli.words.answers import Words, seconds
from alarmbro.control.client import ask


@click.group()
@everywhere
def test() -> None:
    """Test the alarms: every button pressed once, everybody reached, and a report to sign."""


@test.command()
@everywhere
@click.argument("site")
@click.option("--by", metavar="NAME", help="Who leads the test; else the user's login name.")
@click.option("--for", "for_", default="2h", metavar="TIME", show_default=True, help="It ends by itself; at most 8h.")
@click.option("--device", "devices", multiple=True, metavar="D", help="Only this device; may be given several times.")
@click.option("--confirm", is_flag=True, help="A device passes only when a person has confirmed the message.")
def start(site: str, by: str | None, for_: str, devices: tuple[str, ...], confirm: bool) -> None:
    """Begin a test round. Everybody in the routes is told; then press each button once.

    In doubt a press is real: press twice, or hold for 3 seconds, and help comes. Each button is live again after its
    one press.
    """
    request = {"do": "test_start", "site": site, "by": by or "", "for_s": duration(for_), "confirm": confirm}
    answer = ask(run_dir(), request | {"devices": list(devices)})
    if as_json():
        show_json(answer)
        return
    words = _words(answer)
    click.echo(words("test.started", round=answer["round"], site=answer["site"], until=_time(answer["until"], answer)))
    for device in answer["devices"]:
        click.echo(words("test.press", device=f"{answer['site']}/{device['device']}"))
    click.echo(words("test.doubt"))


@test.command()
@everywhere
def status() -> None:
    """Show the rounds that run, and how each device stands."""
    answer = ask(run_dir(), {"do": "status"})
    if as_json():
        show_json({"test_rounds": answer["test_rounds"]})
        return
    words = _words(answer)
    for line in round_lines(answer, words):
        click.echo(line)
    if not answer["test_rounds"]:
        click.echo(words("test.none"))


@test.command()
@everywhere
@click.argument("site", required=False)
@click.option("--by", metavar="NAME", help="Who ends it; else the user's login name.")
def finish(site: str | None, by: str | None) -> None:
    """End the round: what was not pressed has failed. Exit 1 unless all have passed."""
    _end("test_finish", site, by)


@test.command()
@everywhere
@click.argument("site", required=False)
@click.option("--by", metavar="NAME", help="Who ends it; else the user's login name.")
def abort(site: str | None, by: str | None) -> None:
    """Break the round off, without a verdict on what was not pressed."""
    _end("test_abort", site, by)


@test.command("on-test")
@everywhere
@click.argument("recipient")
@click.option("--who", required=True, metavar="NAME", help="Who at the centre was told.")
@click.option("--for", "for_", default="2h", metavar="TIME", show_default=True, help="For how long from now.")
@click.option("--by", metavar="NAME", help="Who told them; else the user's login name.")
def on_test(recipient: str, who: str, for_: str, by: str | None) -> None:
    """Record that an alarm centre knows of the test. Without it no test reaches the centre."""
    request = {"do": "test_on_test", "recipient": recipient, "who": who, "for_s": duration(for_), "by": by or ""}
    answer = ask(run_dir(), request)
    if as_json():
        show_json(answer)
    else:
        click.echo(_words(answer)("test.on_test", recipient=recipient, until=_time(answer["until"], answer)))


test.add_command(report)


def round_lines(answer: dict[str, Any], words: Words) -> Iterator[str]:
    """Say loudly what is under test, and how each device of it stands."""
    for each in answer["test_rounds"]:
        until = _time(each["until"], answer)
        yield words("test.running", round=each["round"], site=each["site"], until=until)
        if each["paused"]:
            yield words("test.paused")
        for device in each["devices"]:
            reason = words(f"test.{device['reason']}") if device["reason"] else ""
            reached = ", ".join(f"{name} {_after(ms, words)}" for name, ms in device["reached"].items())
            state = words(f"test.{device['state']}")
            line = words("test.device", device=device["device"], state=state, reason=reason, reached=reached)
            yield line.rstrip()


def _end(verb: str, site: str | None, by: str | None) -> None:
    answer = ask(run_dir(), {"do": verb, "site": site or "", "by": by or ""})
    total = len(answer["devices"])
    if as_json():
        show_json(answer)
    else:
        words = _words(answer)
        missing = ", ".join(answer["missing"]) or words("test.nothing")
        click.echo(words("test.ended", round=answer["round"], passed=answer["passed"], total=total, missing=missing))
    sys.exit(0 if verb == "test_abort" or answer["passed"] == total else 1)


def _words(answer: dict[str, Any]) -> Words:
    return Words(answer.get("language", "da"))


def _after(ms: int | None, words: Words) -> str:
    return words("ack.unknown") if ms is None else f"{ms / 1000:.1f} s" if ms < 60_000 else seconds(ms / 1000)  # noqa: PLR2004 - a minute


def _time(text: str, answer: dict[str, Any]) -> str:
    """Give a time of the daemon's as a clock on the wall there shows it: many a Pi itself is left on UTC."""
    return f"{datetime.fromisoformat(text).astimezone(ZoneInfo(answer['timezone'])):%H:%M}"
