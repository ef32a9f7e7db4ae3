"""Commands that are the daemon, or ask it: run, status, press, pin, send."""

from __future__ import annotations

import os
import sys
from functools import partial

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
from alarmbro.cli.standing.showing import printable, status_lines, words_of
from alarmbro.control.client import ask

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
    click.echo(words_of(answer)("reload.done", digest=answer["digest"][:12], sites=", ".join(answer["sites"])))


@click.command()
@everywhere
@click.option("--watch", is_flag=True, help="Again every second, until Ctrl-C.")
def status(watch: bool) -> None:
    """Show devices, open alarms, faults and test rounds."""
    if watch:
        from alarmbro.cli.standing.watching import watch as keep_watching  # noqa: PLC0415 - only where it is asked for

        keep_watching(run_dir(), as_json=as_json())
        return
    answer = ask(run_dir(), {"do": "status"})
    if as_json():
        show_json(answer)
        return
    for line in status_lines(printable(answer)):
        click.echo(line)


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
        words = words_of(answer)
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
        click.echo(words_of(answer)("pin.moved", device=answer["device"]))


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
        words = words_of(answer)
        for row in answer["results"]:
            target = f"{recipient}/{row['target']} ({row['scheme']})"
            click.echo(words("send.ok" if row["outcome"] == "ok" else "send.not", target=target, reason=row["reason"]))
    sys.exit(0 if answer["told"] else 1)
