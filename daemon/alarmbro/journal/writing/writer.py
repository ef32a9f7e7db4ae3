"""The journal's one writer.

Promises: `write` never blocks and never raises; drafts are committed in the order they came, several in one
transaction where they come faster than the disk takes them; `then` is called only once they are on disk; what cannot
be written is kept and written when the disk takes it again, and meanwhile a fault says so.
Must never: tell anybody, decide anything, or be waited for without a limit.
Threads: `write` from any; everything else about the file in the thread `journal`.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog

from alarmbro.journal.file.damage import is_damaged, set_aside
from alarmbro.journal.file.place import file_at, waits_for_disk
from alarmbro.journal.file.rows import Appender
from alarmbro.journal.file.storage import open_for_writing
from alarmbro.journal.reading.remembering import Remembered, remembered, remembered_of_copy
from alarmbro.journal.writing.folding import Folding
from alarmbro.journal.writing.jobs import Job, Then, tell, upto
from alarmbro.journal.writing.removing import Removing
from alarmbro.model.activation import Trouble
from alarmbro.model.errors import JournalError
from alarmbro.model.moment import Clock
from alarmbro.model.record import Draft, Record

log = structlog.get_logger(__name__)

BATCH = 256  # drafts in one transaction at the most: a bound on how long a commit takes
OTHERS = 64  # … of those that are not urgent, as the next press waits for them
REOPEN_AFTER = 3  # failures in a row after which the file is opened anew: a connection can stay broken for good
STUCK_S = 60.0  # a commit that takes longer waits for the disk, or for nothing that will ever come
RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)  # waits after the 1st, 2nd … failure in a row; the last one stays

# What a draft itself can be guilty of, unlike the disk: text that is no text, a number too large, a key of no kind.
UNWRITABLE = (ValueError, TypeError, OverflowError, sqlite3.InterfaceError, sqlite3.ProgrammingError, sqlite3.DataError)

Written = TypeVar("Written")


class Journal:
    """The append-only record in `path`. Make one, `open`, `start`, `write` …, `stop`."""

    def __init__(self, path: Path, clock: Clock, trouble: Callable[[Trouble], None]) -> None:
        self.path = path
        self._clock = clock
        self._trouble = trouble
        self.took: Callable[[float], None] = lambda _seconds: None  # hears how long each commit took; must not raise
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._appender: Appender | None = None
        self._head = (0, "")
        self._queue: queue.SimpleQueue[Job | datetime | None] = queue.SimpleQueue()
        self._urgent: deque[Job] = deque()
        self._others: deque[Job] = deque()
        self._waiting: list[Job] = []  # those of the commit that is tried
        self._failures = 0
        self._folding = Folding()
        self._removing = Removing()
        self._busy_since_s: float | None = None
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

    def write(self, drafts: Sequence[Draft], then: Then | None = None, *, urgent: bool = False) -> None:
        """Take drafts to be committed together; in order among those that are urgent, and among those that are not.

        Urgent is what somebody's alarm waits for: it goes before all that only has to be kept. `then` gets their
        records (None for a repeat) in our thread; it must neither block nor raise.
        """
        self._queue.put(Job(drafts, then, urgent))

    def remove(self, before: datetime) -> None:
        """Remove what names persons from records older than `before`, when nothing waits; on record. Never blocks."""
        self._queue.put(before)

    def stop(self, timeout_s: float = 2.0) -> bool:
        """Write what is waiting, close the file and end the thread; False where the disk did not let us in time."""
        self._stopping.set()
        self._queue.put(None)
        if self._thread.ident is None:
            return False  # it was never opened
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def answers(self) -> bool:
        """Tell whether the writer's thread lives and moves. One that waits for its disk does: alarms go out without it.

        A restart would mend nothing there: the kernel does not even end a process that waits so.
        """
        if self._thread.ident is None:
            return True  # it is still being opened
        since_s = self._busy_since_s
        moves = since_s is None or time.monotonic() - since_s < STUCK_S or waits_for_disk(self._thread.native_id)
        return self._thread.is_alive() and moves

    @property
    def head(self) -> tuple[int, str]:
        """Give place and hash of the last committed record: what is on its way to the disk may never come there."""
        return self._head

    # --- the writer's thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not (self._stopping.is_set() and not self._unwritten()):
            try:
                self._turn()
                self._busy_since_s = None
            except Exception as error:  # the thread must outlive any fault of ours: nothing else writes
                log.exception("the journal's writer met a fault of its own")
                self._failed(type(error).__name__)
            if self._stopping.is_set() and self._failures:
                log.error("ending with records unwritten", jobs=self._unwritten())
                break
        self._close()

    def _turn(self) -> None:
        if not (self._waiting or self._urgent or self._others):
            self._rest()
        self._busy_since_s = time.monotonic()
        self._drain()
        if not self._waiting:
            self._waiting = [*upto(BATCH, self._urgent), *upto(OTHERS, self._others)]
        if not self._waiting:
            return
        begun_s = time.monotonic()
        try:
            written = self._commit_or_stand_in()
        except (sqlite3.Error, JournalError, OSError) as error:
            self._failed(str(error))
            return
        took_s = time.monotonic() - begun_s
        if self._failures:
            self._failures = 0
            self._trouble(Trouble("journal", "write", well=True))
        jobs, self._waiting = self._waiting, []
        for job, records in zip(jobs, written, strict=True):
            tell(job, records)
        self.took(took_s)
        self._folding.add(self._connection, sum(map(len, written)))

    def _rest(self) -> None:
        """Wait for what comes; where nothing does for a while, put the file in order."""
        try:
            self._sort(self._queue.get(timeout=0 if self._removing.under_way else self._folding.rest_s))
        except queue.Empty:
            self._busy_since_s = time.monotonic()
            if self._removing.under_way:
                self._remove_some()
            else:
                self._folding.fold(self._connection)

    def _remove_some(self) -> None:
        """Let some names go. Whatever is in the way is no fault of the record: they go another day."""
        try:
            gone = self._transaction(lambda connection, to: self._removing.step(connection, to, self._clock.now()))
            if gone or not self._removing.under_way:  # at the end, too: a kill may have come between
                self._folding.empty(self._connection)
        except Exception:
            self._removing.stop()
            log.exception("names could not be removed from old records; tried again tomorrow")

    def _drain(self) -> None:
        """Sort what has come."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._sort(self._queue.get_nowait())

    def _sort(self, job: Job | datetime | None) -> None:
        if isinstance(job, datetime):
            self._removing.begin(job)
        elif job is not None:  # None wakes the thread that is to end
            (self._urgent if job.urgent else self._others).append(job)

    def _unwritten(self) -> int:
        """Count the jobs that are not on disk."""
        return len(self._waiting) + len(self._urgent) + len(self._others) + self._queue.qsize()

    def _commit_or_stand_in(self) -> list[list[Record | None]]:
        """Commit what waits. A record that no disk could take must not keep the others from it for ever."""
        try:
            return self._commit(Appender.append)
        except UNWRITABLE:
            log.exception("a record cannot be written as it is; another stands in for it")
            return self._commit(_append_or_stand_in)

    def _commit(self, append: Callable[[Appender, Draft], Record | None]) -> list[list[Record | None]]:
        def write(_: sqlite3.Connection, appender: Appender) -> list[list[Record | None]]:
            written = [[append(appender, draft) for draft in job.drafts] for job in self._waiting]
            appender.keep_head()
            return written

        return self._transaction(write)

    def _transaction(self, write: Callable[[sqlite3.Connection, Appender], Written]) -> Written:
        if self._connection is not None and file_at(self.path) != self._file:
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
            written = write(connection, appender)
            connection.execute("COMMIT")
        except BaseException:
            self._appender = None  # its head is ahead of the file: read it anew
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        self._appender = appender
        self._head = (appender.seq, appender.hash)
        return written

    def _failed(self, detail: str) -> None:
        self._failures += 1
        log.error("the journal cannot be written", error=detail, jobs=len(self._waiting), failures=self._failures)
        self._trouble(Trouble("journal", "write", detail=detail))
        if self._failures % REOPEN_AFTER == 0:
            self._close()
        self._busy_since_s = None
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
            if not is_damaged(self.path):
                raise
        aside = set_aside(self.path, self._clock.now().utc)
        self._trouble(Trouble("journal", "replaced", detail=f"the damaged journal was set aside as {aside.name}"))
        return replace(self._open_this(), lost=True)

    def _open_this(self) -> Remembered:
        connection = open_for_writing(self.path)
        try:
            memory = remembered(connection)
            self._appender = Appender(connection)
            self._head = (self._appender.seq, self._appender.hash)
            self._file = file_at(self.path)
            self._removing.forget()
        except (sqlite3.Error, ValueError) as error:
            connection.close()
            raise JournalError(f"cannot read the journal {self.path}: {error}") from error
        self._connection = connection
        return memory


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
