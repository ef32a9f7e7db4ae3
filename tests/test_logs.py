"""The log is never in the way, and shows no more than it should."""

from __future__ import annotations

import json
import os
import subprocess
import sys

SCRIPT = """
import logging, sys, structlog
from alarmbro.logs import start_logging
thread = start_logging(sys.stderr, json_lines={json}, level={level})
log = structlog.get_logger("test")
{body}
thread.end()
"""


def logged(body: str, *, json_lines: bool = True, level: int = 20) -> subprocess.CompletedProcess[str]:
    """Run a few lines of logging in a process of their own."""
    script = SCRIPT.format(json=json_lines, level=level, body=body)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=30)


def test_lines_are_json_with_danish_letters() -> None:
    """One JSON document a line, with level and time."""
    done = logged("log.warning('alarm', device='hjoerring/mødelokale-1', after_ms=3)")
    line = json.loads(done.stderr)
    assert (line["event"], line["device"], line["after_ms"], line["level"]) == (
        "alarm",
        "hjoerring/mødelokale-1",
        3,
        "warning",
    )
    assert line["timestamp"].endswith("Z")


def test_an_exception_is_shown_although_another_thread_writes_it() -> None:
    """The trace is taken where it happened; the values of variables are not shown."""
    body = "secret = 'kanariefugl'\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('bug')"
    for json_lines in (True, False):
        done = logged(body, json_lines=json_lines)
        assert "ZeroDivisionError" in done.stderr
        assert "kanariefugl" not in done.stderr


def test_what_cannot_be_written_costs_that_line_alone() -> None:
    """An object whose text raises, a value that is no JSON: the next line comes."""
    body = """
class Bad:
    def __repr__(self): raise ValueError
log.info('first', thing=Bad())
log.info('second', thing=object())
log.info('third')
"""
    done = logged(body)
    assert done.returncode == 0
    assert '"third"' in done.stderr


def test_libraries_below_info_are_not_heard() -> None:
    """At DEBUG they print addresses with tokens in them, even where we ask for our own DEBUG."""
    body = "\n".join(
        f"logging.getLogger({name!r}).debug('https://sms.example/kanariefugl')"
        for name in ("apprise", "urllib3", "paho")
    )
    done = logged(body + "\nlog.debug('ours')", level=10)
    assert "kanariefugl" not in done.stderr
    assert "ours" in done.stderr


def test_a_closed_stream_raises_nothing() -> None:
    """The far end is gone before the first line: the process goes its way and ends well."""
    done = logged("import os\nos.close(2)\nfor number in range(1000):\n    log.info('line', number=number)")
    assert done.returncode == 0


def test_a_full_pipe_blocks_nobody_and_the_end_comes() -> None:
    """Ten times more lines than fit: the caller is through at once, and ending takes a second."""
    reading, writing = os.pipe()
    body = "for number in range(60_000):\n    log.info('line', number=number)\nprint('through', flush=True)"
    script = SCRIPT.format(json=True, level=20, body=body).replace(
        "thread.end()", "import os; os._exit(3 + thread.end())"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=writing) as process:
        os.close(writing)
        assert process.stdout is not None
        assert process.stdout.readline() == b"through\n"
        assert process.wait(20) == 3  # the writer is stuck, and the end did not wait for it
    os.close(reading)
