"""The page, a service of its own, and who may use it: web, web user add, list, remove."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from alarmbro.cli.options import as_json, config_file, everywhere, run_dir, show_json, state_dir
from alarmbro.model.errors import AlarmbroError, RefusedError

if TYPE_CHECKING:
    from alarmbro.model.configuration import Configuration

log = structlog.get_logger(__name__)

ROLES = ("see", "answer", "test", "administer")
users_option = click.option(
    "--users", "users_file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Who may log in; else web-users.json beside the configuration.",
)  # fmt: skip


@click.group(invoke_without_command=True)
@everywhere
@users_option
@click.option("--log-format", type=click.Choice(["json", "console"]), help="Default: by whether stderr is a terminal.")
@click.pass_context
def web(context: click.Context, users_file: Path | None, log_format: str | None) -> None:
    """Serve the web page, a service of its own: it asks the daemon, reads the journal, and changes no file.

    Each user has one role: see, answer ("I am on my way", all-clear), test (the yearly test, journal, reports),
    administer (export); each may do what those before it may.
    """
    if context.invoked_subcommand is not None:
        return
    from alarmbro.logs import start_logging, stderr_is_terminal  # noqa: PLC0415

    try:
        from alarmbro.web.serving import Folders, serve  # noqa: PLC0415
        from alarmbro.web.sources.plan import Plan  # noqa: PLC0415 - with it Starlette and uvicorn, which no other command needs
    except ImportError as error:
        raise AlarmbroError(f"the page needs more packages ({error.name}): pip install 'alarmbro[web]'") from error
    plan = Plan(config_file().absolute(), _load)
    logging = start_logging(sys.stderr, json_lines=log_format == "json" if log_format else not stderr_is_terminal())
    try:
        serve(plan, Folders(state_dir().absolute(), run_dir().absolute(), _users_path(users_file)))
    finally:
        logging.end()


@web.group()
def user() -> None:
    """Say who may log in to the page."""


@user.command()
@everywhere
@users_option
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, a line.")
@click.option("--no-password", is_flag=True, help="They come by the reverse proxy's log-in alone.")
def add(name: str, role: str, users_file: Path | None, *, password_stdin: bool, no_password: bool) -> None:
    """Add a user, or give one another password or role. NAME may be a recipient's: then the alarm names them so."""
    from alarmbro.web.guarding import users  # noqa: PLC0415

    path = _users_path(users_file)
    known = users.read(path)
    checked = users.checked_name(name)
    kept = "" if no_password else users.hashed(_password(from_stdin=password_stdin))
    users.write(path, known | {checked: users.User(checked, users.Role(role), kept)})
    click.echo(f"{checked}: {role}")


@user.command("list")
@everywhere
@users_option
def list_users(users_file: Path | None) -> None:
    """List who may log in, and as what."""
    from alarmbro.web.guarding import users  # noqa: PLC0415

    known = users.read(_users_path(users_file))
    if as_json():
        show_json({"users": [{"name": each.name, "role": each.role.value} for each in known.values()]})
        return
    for each in known.values():
        click.echo(f"{each.name}: {each.role.value}" + ("" if each.password else " (by the proxy)"))


@user.command()
@everywhere
@users_option
@click.argument("name")
def remove(name: str, users_file: Path | None) -> None:
    """Remove a user; their sessions end at once."""
    from alarmbro.web.guarding import users  # noqa: PLC0415

    path = _users_path(users_file)
    known = users.read(path)
    if name not in known:
        raise RefusedError(f"there is no user {name!r}; there are {', '.join(known) or 'none'}")
    users.write(path, {key: each for key, each in known.items() if key != name})
    click.echo(f"{name}: removed")


def _load(path: Path) -> Configuration:
    """Read the configuration without its secrets: whoever breaks into the page finds none."""
    from alarmbro.config import load  # noqa: PLC0415 - pydantic costs 70 ms that --help must not pay

    return load(path, environ=os.environ, secrets=False).configuration


def _users_path(given: Path | None) -> Path:
    from alarmbro.web.guarding.users import FILE_NAME  # noqa: PLC0415

    return given or config_file().absolute().parent / FILE_NAME


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
