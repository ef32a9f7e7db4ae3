"""Another configuration, without a restart: read and checked whole, then taken over, or else the one in force stays.

Promises: no press and no alarm under way is lost or waits for it; a file with any error changes nothing, is told as a
fault (a machine that starts by it would not start at all) and to whoever asked; what is taken over is in the journal
with its hash and with who asked.
Runs in the asker's thread, one at a time; `decide` in the deciding thread. The order is: pins (what cannot be claimed
changes nothing), ways out, then the one that decides, then all the others.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from alarmbro.config import Loaded
from alarmbro.control.protocol import WordsError
from alarmbro.model.activation import Trouble
from alarmbro.model.configuration import Configuration
from alarmbro.model.errors import AlarmbroError, ConfigurationError, MachineError, RefusedError
from alarmbro.shell.desk.inbox import Errand, Inbox
from alarmbro.systemd import Systemd

log = structlog.get_logger(__name__)

FAULT = ("configuration", "file")
PATIENCE_S = 5.0  # for the deciding thread


@dataclass(slots=True)
class Reloading:
    """Takes another configuration over. `load` reads the file; the others are told of it in the order of the fields."""

    inbox: Inbox
    systemd: Systemd
    load: Callable[[], Loaded]
    rewire: Callable[[Configuration], None]
    prepare: Callable[[Configuration], None]
    decide: Callable[[Configuration, str], None]
    follow: Callable[[Configuration], None]
    _one: threading.Lock = field(default_factory=threading.Lock)

    def reload(self, by: str) -> dict[str, Any]:
        """Read the file and take it over; give its hash, its sites and what is doubtful about it.

        Raise WordsError with all that is wrong with it, MachineError where this machine cannot do what it asks, both
        with the configuration in force unchanged; RefusedError while another is being taken over.
        """
        if not self._one.acquire(blocking=False):
            raise RefusedError("another configuration is being taken over at this moment; try again")
        try:
            self.systemd.notify(RELOADING="1", MONOTONIC_USEC=str(time.monotonic_ns() // 1000))
            return self._taken_over(by)
        finally:
            self._one.release()
            self.systemd.notify(READY="1")

    def signalled(self) -> None:
        """Do it for a signal, in a thread of its own; what comes of it is in the log. The deciding thread calls."""
        try:
            threading.Thread(target=self._quietly, name="reload", daemon=True).start()
        except RuntimeError:  # "can't start new thread"
            log.exception("no thread to read the configuration with")

    def _quietly(self) -> None:
        try:
            self.reload("SIGHUP")
        except AlarmbroError as error:
            log.error("the configuration in force stays", reason=str(error))  # noqa: TRY400 - the text says what to do
        except Exception:
            log.exception("the configuration could not be taken over")

    def _taken_over(self, by: str) -> dict[str, Any]:
        try:
            loaded = self.load()
            self.rewire(loaded.configuration)
        except ConfigurationError as error:
            self._refuse(str(error.findings[0]))
            raise WordsError(f"the configuration is wrong, and the one in force stays:\n{error}") from error
        except MachineError as error:
            self._refuse(str(error))
            raise MachineError(f"the configuration in force stays: {error}") from error
        configuration = loaded.configuration
        try:
            self.prepare(configuration)
            self._ask(lambda: self.decide(configuration, by))
            self.follow(configuration)
        except Exception as error:
            self._refuse(f"it was taken over in part only ({type(error).__name__}); restart alarmbro")
            raise
        self.inbox.put(Trouble(*FAULT, well=True))
        log.warning("another configuration is in force", digest=configuration.digest[:12], by=by)
        warnings = [str(finding) for finding in loaded.warnings]
        return {"digest": configuration.digest, "sites": list(configuration.serve), "warnings": warnings}

    def _refuse(self, detail: str) -> None:
        self.inbox.put(Trouble(*FAULT, detail=detail))

    def _ask(self, work: Callable[[], None]) -> None:
        """Have the deciding thread do it, and wait for that."""
        done: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()
        self.inbox.put(Errand(work, done.put))
        try:
            error = done.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AlarmbroError("the daemon did not take the configuration over in time; see its log") from None
        if error is not None:
            raise error
