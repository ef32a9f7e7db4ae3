"""The journal's one writer.

Promises: `write` never blocks and never raises; drafts are committed in the order they came, several in one
transaction where they come faster than the disk takes them; `then` is called only once they are on disk; what cannot
be written is kept and written when the disk takes it again, and meanwhile a fault says so.
Must never: tell anybody, decide anything, or be waited for without a limit.
Threads: `write` from any; everything else about the file in the thread `journal`.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from alarmbro.journal.remembering import Remembered, remembered, remembered_of_copy
from alarmbro.journal.rows import Appender
from alarmbro.journal.storage import open_for_writing
from alarmbro.model.activation import Trouble
from alarmbro.model.errors import JournalError
from alarmbro.model.moment import Clock
from alarmbro.model.record import Draft, Record

log = structlog.get_logger(__name__)

BATCH = 256  # drafts in one transaction at the most: a bound on how long a commit takes
REOPEN_AFTER = 3  # failures in a row after which the file is opened anew: a connection can stay broken for good
RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)  # waits after the 1st, 2nd … failure in a row; the last one stays

# What a draft itself can be guilty of, unlike the disk: text that is no text, a number too large, a key of no kind.
UNWRITABLE = (ValueError, TypeError, OverflowError, sqlite3.InterfaceError, sqlite3.ProgrammingError, sqlite3.DataError)

Then = Callable[[Sequence[Record | None]], None]


@dataclass(frozen=True, slots=True)
class _Job:
    drafts: Sequence[Draft]
    then: Then | None


class Journal:
    """The append-only record in `path`. Make one, `open`, `start`, `write` …, `stop`."""

    def __init__(self, path: Path, clock: Clock, trouble: Callable[[Trouble], None]) -> None:
        self.path = path
        self._clock = clock
        self._trouble = trouble
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._appender: Appender | None = None
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._waiting: list[_Job] = []
        self._failures = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def open(self) -> Remembered:
        """Open the file and give what is unfinished; called once, before `start`.

        A file that is damaged is set aside beside the new one. Never raises: where it cannot be written (a card that
        has gone read-only) the fault is told, what can be read is remembered, and writing is tried again with each
        record.
        """
        try:
            return self._open()
        except JournalError as error:
            self._trouble(Trouble("journal", "write", detail=str(error)))
            return remembered_of_copy(self.path)

    def start(self) -> None:
        """Start the writer's thread."""
        self._thread.start()

    def write(self, drafts: Sequence[Draft], then: Then | None = None) -> None:
        """Take drafts to be committed together, in order.

        `then` gets their records (None for a repeat) in our thread; it must neither block nor raise.
        """
        self._queue.put(_Job(drafts, then))

    def stop(self, timeout_s: float = 2.0) -> bool:
        """Write what is waiting, close the file and end the thread; False where the disk did not let us in time."""
        self._stopping.set()
        self._queue.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def alive(self) -> bool:
        """Tell whether the writer's thread lives."""
        return self._thread.is_alive()

    @property
    def head(self) -> tuple[int, str]:
        """Give place and hash of the last committed record."""
        appender = self._appender
        return (appender.seq, appender.hash) if appender else (0, "")

    # --- the writer's thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not (self._stopping.is_set() and self._queue.empty() and not self._waiting):
            try:
                self._turn()
            except Exception as error:  # the thread must outlive any fault of ours: nothing else writes
                log.exception("the journal's writer met a fault of its own")
                self._failed(type(error).__name__)
            if self._stopping.is_set() and self._failures:
                log.error("ending with records unwritten", jobs=len(self._waiting) + self._queue.qsize())
                break
        self._close()

    def _turn(self) -> None:
        if not self._waiting:
            job = self._queue.get()
            if job is None:
                return
            self._waiting.append(job)
        self._drain()
        try:
            written = self._commit_or_stand_in()
        except (sqlite3.Error, JournalError, OSError) as error:
            self._failed(str(error))
            return
        if self._failures:
            self._failures = 0
            self._trouble(Trouble("journal", "write", well=True))
        jobs, self._waiting = self._waiting, []
        for job, records in zip(jobs, written, strict=True):
            _tell(job, records)

    def _drain(self) -> None:
        count = sum(len(job.drafts) for job in self._waiting)
        while count < BATCH:
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return
            if job is None:
                return
            self._waiting.append(job)
            count += len(job.drafts)

    def _commit_or_stand_in(self) -> list[list[Record | None]]:
        """Commit what waits. A record that no disk could take must not keep the others from it for ever."""
        try:
            return self._commit(_append)
        except UNWRITABLE:
            log.exception("a record cannot be written as it is; another stands in for it")
            return self._commit(_append_or_stand_in)

    def _commit(self, append: Callable[[Appender, Draft], Record | None]) -> list[list[Record | None]]:
        if self._connection is not None and _file(self.path) != self._file:
            self._close()  # removed or replaced under us: what is written there is in no file any more
            self._trouble(Trouble("journal", "replaced", detail=f"{self.path} was removed while it was in use"))
        if self._connection is None:
            self._open()
        connection = self._connection
        if connection is None:  # unreachable after _open; says so to the type checker
            raise JournalError(f"the journal {self.path} is not open")
        connection.execute("BEGIN IMMEDIATE")
        try:
            appender = Appender(connection) if self._appender is None else self._appender
            written = [[append(appender, draft) for draft in job.drafts] for job in self._waiting]
            appender.keep_head()
            connection.execute("COMMIT")
        except BaseException:
            self._appender = None  # its head is ahead of the file: read it anew
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        self._appender = appender
        return written

    def _failed(self, detail: str) -> None:
        self._failures += 1
        log.error("the journal cannot be written", error=detail, jobs=len(self._waiting), failures=self._failures)
        self._trouble(Trouble("journal", "write", detail=detail))
        if self._failures % REOPEN_AFTER == 0:
            self._close()
        self._stopping.wait(RETRY_S[min(self._failures, len(RETRY_S)) - 1])

    def _close(self) -> None:
        connection, self._connection, self._appender = self._connection, None, None
        if connection is not None:
            connection.close()

    # --- opening ---------------------------------------------------------------------------------------------------

    def _open(self) -> Remembered:
        try:
            return self._open_this()
        except JournalError:
            if not self._damaged():
                raise
        aside = self._set_aside()
        self._trouble(Trouble("journal", "replaced", detail=f"the damaged journal was set aside as {aside.name}"))
        return replace(self._open_this(), lost=True)

    def _open_this(self) -> Remembered:
        connection = open_for_writing(self.path)
        try:
            memory = remembered(connection)
            self._appender = Appender(connection)
            self._file = _file(self.path)
        except (sqlite3.Error, ValueError) as error:
            connection.close()
            raise JournalError(f"cannot read the journal {self.path}: {error}") from error
        self._connection = connection
        return memory

    def _damaged(self) -> bool:
        """Tell a damaged file (to be set aside) from a disk that is full, locked or not ours (to be waited for)."""
        if not self.path.is_file():
            return False
        try:
            connection = sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)
        except sqlite3.Error:
            return False
        try:
            connection.execute("SELECT * FROM record ORDER BY seq DESC LIMIT 1").fetchall()
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
        except sqlite3.OperationalError as error:  # locked, no permission, disk I/O; "no such table": not a journal
            return "no such table" in str(error) and self.path.stat().st_size > 0 and self._has_tables(connection)
        except sqlite3.DatabaseError:
            return True
        finally:
            connection.close()

    def _has_tables(self, connection: sqlite3.Connection) -> bool:
        return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])

    def _set_aside(self) -> Path:
        stamp = self._clock.now().utc.strftime("%Y%m%dT%H%M%S.%fZ")
        aside = self.path.with_name(f"{self.path.name}.damaged-{stamp}")
        try:
            for ending in ("", "-wal", "-shm"):
                part = self.path.with_name(self.path.name + ending)
                if part.exists():
                    part.rename(aside.with_name(aside.name + ending))
        except OSError as error:
            raise JournalError(f"cannot set the damaged journal {self.path} aside: {error}") from error
        return aside


def _file(path: Path) -> tuple[int, int] | None:
    """Name the file that now has this path, as the kernel knows it; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _append(appender: Appender, draft: Draft) -> Record | None:
    return appender.append(draft)


def _append_or_stand_in(appender: Appender, draft: Draft) -> Record | None:
    """Append a draft, or one of its kind that says no more than that it could not be written."""
    try:
        return appender.append(draft)
    except UNWRITABLE as error:
        source = str(draft.data.get("source", ""))
        data = {"unwritable": type(error).__name__, "source": source}
        return appender.append(
            Draft(draft.type, draft.at, draft.site, draft.device, draft.alarm, data=data, ref=draft.ref)
        )


def _tell(job: _Job, records: Sequence[Record | None]) -> None:
    """Tell whoever waits for a commit; what it makes of it must not end the writer's thread."""
    try:
        if job.then is not None:
            job.then(records)
    except Exception:
        log.exception("a commit could not be told")
