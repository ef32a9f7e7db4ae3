"""Tries one target in the way that fits its service.

Promises: `probe` never raises, sends nothing that a person would get, and blocks for ten seconds at most (a dead name
server may take longer: the caller has a limit). It shares nothing with sending, neither sessions nor locks.
Runs in a thread of the prober's own.

What it proves is written beside each way: a log-in proves the password, a connection only that the host is there.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from apprise import Apprise

from alarmbro.delivery.channel import asset
from alarmbro.delivery.overheard import APPRISE_LOGGER
from alarmbro.delivery.probing import broker, mail, web
from alarmbro.delivery.probing.line import Limit
from alarmbro.delivery.reasons import of_surprise
from alarmbro.delivery.session import PROXIES, is_alone
from alarmbro.judgement.addressing.placeholders import render
from alarmbro.judgement.supervising.targets import NOT_TRIED
from alarmbro.model.delivery import Outcome, Result
from alarmbro.model.route import Target

Plugin = Any  # an Apprise plugin object: Apprise ships no types that mypy could follow
Way = Callable[[Plugin, Limit], Result | None]  # raises what goes wrong, or gives a result of its own; None is well

WELL = Result(Outcome.OK, "ok")
UNTRIED = Result(Outcome.OK, NOT_TRIED)
SILENT = Result(Outcome.UNKNOWN, "timeout", "connected, but no answer in time")
SIA = "sia"  # alone in saying how often it is to be tried
LOG_INS: Mapping[str, Way] = {
    "mailto": mail.log_in,
    "mailtos": mail.log_in,
    "mqtt": broker.log_in,
    "mqtts": broker.log_in,
}
OVER_HTTP: Mapping[str, Way] = {
    "ntfy": web.ntfy,
    "ntfys": web.ntfy,
    "gotify": web.gotify,
    "gotifys": web.gotify,
    **{scheme: partial(web.check, scheme) for scheme in web.CHECKS},
}


class _Quiet(logging.Filter):
    """Keeps what Apprise logs in a thread that tries: it can hold pieces of the URL."""

    def __init__(self) -> None:
        super().__init__()
        self._here = threading.local()
        logging.getLogger(APPRISE_LOGGER).addFilter(self)

    @contextmanager
    def here(self) -> Iterator[None]:
        """Let nothing of this thread through until the block ends."""
        self._here.quiet = True
        try:
            yield
        finally:
            self._here.quiet = False

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop it or let it pass."""
        del record
        return not getattr(self._here, "quiet", False)


quiet = _Quiet()


def probe(target: Target, values: Mapping[str, str]) -> Result:
    """Try a target; `values` are samples for the placeholders of its URL.

    Anything but `ok` means that it would probably not take a message; `ok` with the reason `not_tried`, that nobody
    can tell without disturbing somebody.
    """
    with quiet.here():
        try:
            plugin = made(target, values)
        except Exception as error:  # noqa: BLE001 (its text may hold the URL)
            return Result(Outcome.FAILED, "unusable", type(error).__name__)
        if plugin is None:  # told already, where the channels were warmed up
            return Result(Outcome.FAILED, "unusable", f"the URL is not right for {target.scheme}://")
        return _tried(plugin, target.scheme)


def poll_s(target: Target, values: Mapping[str, str]) -> float | None:
    """Give how often a target wants to be tried by its own address (`poll=60s`), in seconds; None: it does not say."""
    if target.scheme != SIA:
        return None
    with quiet.here():
        try:
            plugin = made(target, values)
            return float(plugin.poll_s) if plugin and plugin.poll_s else None
        except Exception:  # noqa: BLE001 (an address that makes no channel is told where the channels are warmed up)
            return None


def made(target: Target, values: Mapping[str, str]) -> Plugin | None:
    """Make the plugin of a target; None where the URL is not right. May raise anything; within `quiet` only."""
    return Apprise.instantiate(render(target.url.reveal(), values), asset=asset())


def _tried(plugin: Plugin, scheme: str) -> Result:
    try:
        with Limit() as limit:
            try:
                return _by_its_way(plugin, scheme, limit)
            except Exception as error:  # noqa: BLE001 (whatever a library raises is told as the result)
                return SILENT if limit.over else of_surprise(error)
    except RuntimeError as error:  # the machine has no thread left, not even for the limit
        return of_surprise(error)


def _by_its_way(plugin: Plugin, scheme: str, limit: Limit) -> Result:
    own = getattr(plugin, "probe", None)
    if own is not None:
        result: Result = own()
        return result
    if scheme in LOG_INS:
        return LOG_INS[scheme](plugin, limit) or WELL
    if not is_alone(plugin) or any(os.environ.get(name) for name in PROXIES):
        return UNTRIED  # no service over HTTP; or behind a proxy, whose connection would prove nothing
    if scheme in OVER_HTTP:
        return OVER_HTTP[scheme](plugin, limit) or WELL
    return web.is_there(plugin, limit) or UNTRIED
