"""Serves the page: one thread for all who look, and the machine's spare time alone.

The process lowers its own priority, so that a flooded page leaves the processor to the daemon. A signal ends it within
some seconds, whoever looks.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import structlog
import uvicorn

from alarmbro.model.configuration import Web
from alarmbro.model.errors import MachineError
from alarmbro.web.app import make
from alarmbro.web.sources.plan import Plan

log = structlog.get_logger(__name__)

NICENESS = 10
CONNECTIONS = 256  # at once; others are told to come again
QUIET_S = 5  # of a connection that asks for nothing
END_S = 2


@dataclass(frozen=True, slots=True)
class Folders:
    """The journal's folder, that of the control socket, and the file of users."""

    state: Path
    run: Path
    users: Path


def serve(plan: Plan, folders: Folders) -> None:
    """Serve until a signal. Raise MachineError where the certificate or the address cannot be used."""
    web = plan.configuration.web
    host, _, port = web.listen.rpartition(":")
    app = make(plan, folders.state, folders.run, folders.users)
    _step_back()
    try:
        config = uvicorn.Config(
            app, host=host.strip("[]"), port=int(port), lifespan="on", log_config=None, access_log=False,
            server_header=False, proxy_headers=False, limit_concurrency=CONNECTIONS, timeout_keep_alive=QUIET_S,
            timeout_graceful_shutdown=END_S, h11_max_incomplete_event_size=16384,
            ssl_certfile=_file(web.certificate), ssl_keyfile=_file(web.key), ws="none", http="h11", loop="asyncio",
        )  # fmt: skip
        config.load()
    except OSError as error:  # ssl.SSLError is one
        raise MachineError(f"the page's certificate or key cannot be used: {error.strerror or error}") from error
    log.info("serving the page", listen=web.listen, tls=web.certificate is not None, public_url=web.public_url)
    _warn(web)
    server = uvicorn.Server(config)
    try:
        server.run()
    except SystemExit as error:  # uvicorn's way to say that it could not listen, after it has logged why
        raise MachineError(f"the page cannot listen on {web.listen}; see the log") from error
    if not server.started:
        raise MachineError(f"the page cannot listen on {web.listen}; see the log")


def _step_back() -> None:
    try:
        os.nice(NICENESS)
    except OSError as error:  # whoever starts us may have forbidden it; then the service's own weights count
        log.warning("the page keeps its priority", error=error.strerror)


def _file(path: Path | None) -> str | None:
    return str(path) if path else None


def _warn(web: Web) -> None:
    """Say where passwords would travel in the clear."""
    host = web.listen.rpartition(":")[0]
    if web.certificate is None and not web.proxies and host not in {"127.0.0.1", "localhost", "[::1]"}:
        log.warning(
            "the page is not encrypted: anybody in the network can read passwords; give web: certificate and key"
        )
