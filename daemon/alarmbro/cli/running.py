"""Commands that are the daemon, or ask it: run, status, press, pin, send."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import click
import structlog

from alarmbro.cli.options import (
    as_json,
    config_file,
    duration,
    everywhere,
    load_configuration,
    run_dir,
    show_json,
    state_dir,
)
from alarmbro.cli.testing import print_rounds
from alarmbro.cli.words import Words, seconds
from alarmbro.control.client import ask
from alarmbro.judgement.words.wording import fault_words

log = structlog.get_logger(__name__)


@click.command()
@everywhere
@click.option("--log-format", type=click.Choice(["json", "console"]), help="Default: by whether stderr is a terminal.")
def run(log_format: str | None) -> None:
    """Run the daemon; systemd starts this."""
    from alarmbro.daemon import Daemon, Folders  # noqa: PLC0415
    from alarmbro.logs import start_logging, stderr_is_terminal  # noqa: PLC0415

    path = config_file().absolute()  # lgpio may change the working directory
    loaded = load_configuration(path)
    lines = log_format == "json" if log_format else not stderr_is_terminal()
    logging = start_logging(sys.stderr, json_lines=lines)
    for warning in loaded.warnings:
        log.warning("configuration", finding=str(warning))
    try:
        folders = Folders(state_dir().absolute(), run_dir().absolute())
        code = Daemon(loaded.configuration, folders, partial(load_configuration, path)).run()
    finally:
        written = logging.end()
    if not written:  # a writer that is stuck in its pipe holds its lock: the interpreter's own end would wait for it
        os._exit(code)
    sys.exit(code)


@click.command()
@everywhere
@click.option("--by", metavar="NAME", help="Who wants it; else the user's login name.")
def reload(by: str | None) -> None:
    """Take the changed configuration over without a restart; one with any error leaves that in force as it is."""
    answer = ask(run_dir(), {"do": "reload", "by": by or ""})
    if as_json():
        show_json(answer)
        return
    for warning in answer["warnings"]:
        click.echo(warning, err=True)
    click.echo(_words(answer)("reload.done", digest=answer["digest"][:12], sites=", ".join(answer["sites"])))


def _words(answer: dict[str, Any]) -> Words:
    return Words(answer.get("language", "da"))


@click.command()
@everywhere
@click.option("--watch", is_flag=True, help="Again every second, until Ctrl-C.")
def status(watch: bool) -> None:
    """Show devices, open alarms, faults and test rounds."""
    while True:
        answer = ask(run_dir(), {"do": "status"})
        if watch:
            click.clear()
        if as_json():
            show_json(answer)
        else:
            _print_status(answer)
        if not watch:
            return
        time.sleep(1)


def _print_status(answer: dict[str, Any]) -> None:
    words, here = _words(answer), partial(local, zone=answer["timezone"])
    click.echo(
        words(
            "status.head", version=answer["version"], started=here(answer["started"]), sites=", ".join(answer["sites"])
        )
    )
    print_rounds(answer, words)
    click.echo(words("status.alarms" if answer["alarms"] else "status.no_alarms"))
    for alarm in answer["alarms"]:
        _print_alarm(words, alarm | {"received": here(alarm["received"])})
    click.echo(words("status.faults" if answer["faults"] else "status.no_faults"))
    for fault in answer["faults"]:
        click.echo(words("status.fault", **(fault | {"since": here(fault["since"])})))
    for site, connected in answer["mqtt"].items():
        click.echo(words("status.mqtt", site=site, state=words("status.connected" if connected else "status.lost")))
    click.echo(words("status.devices"))
    for device in answer["devices"]:
        last = here(device["last_press"]) if device["last_press"] else words("status.never")
        health = [words(f"health.{device['health']}")]
        health += [f"{device['battery']} %"] if device["battery"] is not None else []
        day = device["tested"]
        health.append(words("status.tested", day=day[:10]) if day else words("status.untested"))
        health += [words("status.under_test")] if device["under_test"] else []
        path = f"{device['site']}/{device['device']}"
        click.echo(words("status.device", path=path, name=device["name"], last_press=last, health="  ".join(health)))
        for reason in device["reasons"]:
            click.echo(words("status.reason", reason=_reason(reason, words)))


def local(text: str, zone: str) -> str:
    """Give a time of the daemon's as people at the site write it."""
    return f"{datetime.fromisoformat(text).astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M:%S}"


def _reason(reason: str, words: Words) -> str:
    """Give why a device is not well in plain words: a code, or what the fault of that name is."""
    kind, slash, subject = reason.partition("/")
    if not slash:
        return words(f"health.{kind}")
    what, do = fault_words(kind, subject, words.language)
    return f"{what} {do}"


def _print_alarm(words: Words, alarm: dict[str, Any]) -> None:
    shown = alarm | {
        "device": f"{alarm['site']}/{alarm['device']}",
        "told": ", ".join(alarm["told"]) or "-",
        "state": words(f"status.{alarm['state']}"),
    }
    click.echo(words("status.alarm", **shown))
    if alarm["level"] != "assault":
        click.echo(words("status.level", level=alarm["level"]))
    for each in alarm["acknowledged"]:
        time_ = words("ack.unknown") if each["after_ms"] is None else seconds(each["after_ms"] / 1000)
        click.echo(words("status.coming", by=each["by"] or each["recipient"] or "?", time=time_))
    if alarm["nobody_told"]:
        click.echo(words("status.unheard"))


@click.command()
@everywhere
@click.argument("device", metavar="SITE/DEVICE")
@click.option("--by", metavar="NAME", help="Who presses; else the user's login name.")
def press(device: str, by: str | None) -> None:
    """Raise an alarm by hand. It is a real one: everybody is told."""
    answer = ask(run_dir(), {"do": "press", "device": device, "by": by or ""})
    if as_json():
        show_json(answer)
    else:
        words = _words(answer)
        how = "press.repeat" if answer["repeat"] else "press.joined" if answer["presses"] > 1 else "press.raised"
        click.echo(words(how, alarm=answer["alarm"], presses=answer["presses"]))


@click.command()
@everywhere
@click.argument("device", metavar="SITE/DEVICE")
@click.option("--for", "for_", default="200ms", metavar="TIME", show_default=True, help="How long it is held.")
@click.option("--bounce", default=0, metavar="N", help="How often the contact bounces at each end.")
def pin(device: str, for_: str, bounce: int) -> None:
    """Press a mock pin, and so go the way a real press goes. A real pin is refused."""
    answer = ask(run_dir(), {"do": "pin", "device": device, "for_s": duration(for_), "bounce": bounce})
    if as_json():
        show_json(answer)
    else:
        click.echo(_words(answer)("pin.moved", device=answer["device"]))


@click.command()
@everywhere
@click.argument("recipient")
@click.option("--text", default="", metavar="T", help="Words to add.")
def send(recipient: str, text: str) -> None:
    """Send one marked trial message to a recipient, by every way it has."""
    answer = ask(run_dir(), {"do": "send", "recipient": recipient, "text": text})
    if as_json():
        show_json(answer)
    else:
        words = _words(answer)
        for row in answer["results"]:
            target = f"{recipient}/{row['target']} ({row['scheme']})"
            click.echo(words("send.ok" if row["outcome"] == "ok" else "send.not", target=target, reason=row["reason"]))
    sys.exit(0 if answer["told"] else 1)
