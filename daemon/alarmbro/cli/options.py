"""The options that many commands share, before the command or after it, and what they come to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from alarmbro.control.protocol import WordsError

if TYPE_CHECKING:
    from alarmbro.config import Loaded

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_CONFIG = Path("/etc/alarmbro/alarmbro.yaml")
DEFAULT_STATE = Path("/var/lib/alarmbro")
DEFAULT_RUN = Path("/run/alarmbro")


def _keep(context: click.Context, parameter: click.Parameter, value: object) -> object:
    """Note an option for the command, wherever it stood; the one nearest to the command wins."""
    if value not in (None, False):
        context.find_root().ensure_object(dict)[parameter.name] = value
    return value


def _option(*names: str, **how: Any) -> Callable[[Command], Command]:
    return click.option(*names, expose_value=False, callback=_keep, is_eager=True, **how)


config_option = _option(
    "--config",
    type=click.Path(readable=False, path_type=Path),
    help=f"The configuration (ALARMBRO_CONFIG; else {DEFAULT_CONFIG}).",
)
state_option = _option(
    "--state",
    type=click.Path(readable=False, path_type=Path),
    help=f"The state folder (ALARMBRO_STATE; else {DEFAULT_STATE}).",
)
run_dir_option = _option(
    "--run-dir",
    type=click.Path(readable=False, path_type=Path),
    help=f"The folder of the control socket (ALARMBRO_RUN; else {DEFAULT_RUN}).",
)
json_option = _option("--json", "as_json", is_flag=True, help="Print JSON.")


def everywhere(command: Command) -> Command:
    """Give a command, or the group of all, the four options."""
    for option in (json_option, run_dir_option, state_option, config_option):
        command = option(command)
    return command


def _chosen(name: str, environment: tuple[str, ...], default: Path) -> Path:
    kept = click.get_current_context().find_root().ensure_object(dict).get(name)
    if kept is not None:
        return Path(kept)
    named = next((os.environ[variable] for variable in environment if os.environ.get(variable)), None)
    return Path(named) if named else default


def config_file() -> Path:
    """Give the configuration's path: the option, ALARMBRO_CONFIG, or the usual one."""
    return _chosen("config", ("ALARMBRO_CONFIG",), DEFAULT_CONFIG)


def state_dir() -> Path:
    """Give the state folder: the option, ALARMBRO_STATE, systemd's, or the usual one."""
    return _chosen("state", ("ALARMBRO_STATE", "STATE_DIRECTORY"), DEFAULT_STATE)


def run_dir() -> Path:
    """Give the folder of the control socket: the option, ALARMBRO_RUN, systemd's, or the usual one."""
    return _chosen("run_dir", ("ALARMBRO_RUN", "RUNTIME_DIRECTORY"), DEFAULT_RUN)


def as_json() -> bool:
    """Tell whether JSON was asked for."""
    return bool(click.get_current_context().find_root().ensure_object(dict).get("as_json"))


def show_json(document: object) -> None:
    """Print one JSON document in one line."""
    click.echo(json.dumps(document, ensure_ascii=False, default=str))


def load_configuration(path: Path | None = None) -> Loaded:
    """Read the configuration. Raise ConfigurationError with all that is wrong."""
    from alarmbro.config import load  # noqa: PLC0415 - pydantic costs 70 ms that --help must not pay
    from alarmbro.delivery.plugins import register  # noqa: PLC0415 - Apprise costs 300 ms, the same

    register()  # sia://, relay:// and gatewayapi:// are known wherever an address is read

    return load(path or config_file(), environ=os.environ)


def duration(text: str) -> float:
    """Give the seconds that a person writes as `2h`; raise WordsError."""
    from alarmbro.config.values.durations import DurationError  # noqa: PLC0415 - its package loads pydantic
    from alarmbro.config.values.durations import seconds as seconds_of  # noqa: PLC0415 - the same

    try:
        return seconds_of(text)
    except DurationError as error:
        raise WordsError(str(error)) from error
