"""The log: structlog through the standard library, one line an event, never in the way.

Promises: a log call neither blocks nor raises, whatever has happened to the far end (a closed stdout, a full pipe, a
processor's bug): lines go through a bounded queue to a thread of their own, and are dropped and counted where that
thread does not keep up; the next line that fits is followed by how many were lost. A line bears the time at which it
was said, however late it is written.
Must never: show a secret. What other libraries say below INFO is not taken: at DEBUG they print URLs with tokens.
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import queue
import sys
from datetime import UTC, datetime
from typing import TextIO

import structlog

QUEUE_LINES = 5_000
END_S = 1.0
LOUD_LIBRARIES = ("apprise", "urllib3", "requests", "charset_normalizer", "paho", "asyncio", "amqtt", "transitions")


class _Dropping(logging.handlers.QueueHandler):
    """Puts records into a bounded queue; what does not fit is dropped, counted, and told when there is room again.

    `Handler.handle` holds the handler's lock around `enqueue`, so the count is exact.
    """

    def __init__(self, lines: queue.Queue[logging.LogRecord]) -> None:
        super().__init__(lines)
        self.dropped = 0
        self.lost = 0
        self._waiting = lines.qsize

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record  # formatted in the listener's thread: the record never leaves the process

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            self.dropped += 1
            self.lost += 1
        else:
            if self.dropped and self._waiting() < QUEUE_LINES // 2:
                self._tell_of_gap()

    def _tell_of_gap(self) -> None:
        lost, self.dropped = self.dropped, 0
        text = f"{lost} lines of the log were lost: it was not read"
        self.enqueue(logging.LogRecord(__name__, logging.WARNING, __file__, 0, text, None, None))


class _Quiet(logging.StreamHandler[TextIO]):
    """Writes lines; an error of the stream or the formatting costs that line alone."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        pass  # a log that cannot be written cannot be told by log; the line is lost and the alarm is not


class LogThread(logging.handlers.QueueListener):
    """Writes the lines. `end` gives it a second: a pipe that nobody empties must not hold up the process's end."""

    def end(self) -> bool:
        """Write what is waiting and end; False where the far end did not take it in time."""
        thread = self._thread
        with contextlib.suppress(queue.Full):  # nobody takes lines: the thread is then left behind
            self.enqueue_sentinel()
        if thread is not None:
            thread.join(END_S)
            if thread.is_alive():
                return False
        _let_go_of_dead_streams()
        return True


def _let_go_of_dead_streams() -> None:
    """Drop a stream that takes nothing any more: the interpreter would fail to flush it, and end with code 120."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except (AttributeError, OSError, ValueError):  # none, gone, closed
            setattr(sys, name, None)


def start_logging(stream: TextIO, *, json_lines: bool, level: int = logging.INFO) -> LogThread:
    """Send all logging to `stream`, as JSON lines or as text for a console. The caller ends what is returned."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
    ]
    structlog.configure(
        # In the caller as little as can be: what raises here would raise on the alarm path.
        processors=[_keep_exception, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    rendering = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    writer = _Quiet(stream)
    writer.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                _add_time,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *shared,
                *(rendering if json_lines else [_console(stream)]),
            ]
        )
    )
    lines: queue.Queue[logging.LogRecord] = queue.Queue(QUEUE_LINES)
    root = logging.getLogger()
    root.handlers = [_Dropping(lines)]
    root.setLevel(level)
    for name in LOUD_LIBRARIES:
        logging.getLogger(name).setLevel(max(level, logging.INFO))
    logging.raiseExceptions = False
    listener = LogThread(lines, writer)
    listener.start()
    return listener


def lost_lines() -> int:
    """Count the lines that were lost since logging was started, because the far end did not take them. Any thread."""
    return sum(handler.lost for handler in logging.getLogger().handlers if isinstance(handler, _Dropping))


def _keep_exception(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Take the exception where it is: the thread that writes has none of its own."""
    if event.get("exc_info") is True:
        event["exc_info"] = sys.exc_info()
    return event


def _add_time(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Give the time at which the line was said: it may be written much later, where the far end stalls."""
    said = datetime.fromtimestamp(event["_record"].created, UTC)
    event["timestamp"] = said.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return event


def _console(stream: TextIO) -> structlog.typing.Processor:
    # rich would cost 27 ms and 4 MB where it happens to be installed
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty() and not os.environ.get("NO_COLOR"),
        exception_formatter=structlog.dev.plain_traceback,
        pad_event_to=0,
    )


def stderr_is_terminal() -> bool:
    """Tell whether a person watches."""
    return sys.stderr is not None and sys.stderr.isatty()
