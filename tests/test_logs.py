"""The log is never in the way, and shows no more than it should."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

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


def test_a_reader_that_has_gone_raises_nothing() -> None:
    """The other end of the pipe is closed (EPIPE): the process goes its way and ends well."""
    reading, writing = os.pipe()
    os.close(reading)
    script = SCRIPT.format(json=True, level=20, body="for number in range(1000):\n    log.info('line', number=number)")
    try:
        done = subprocess.run([sys.executable, "-c", script], stderr=writing, check=False, timeout=30)
    finally:
        os.close(writing)
    assert done.returncode == 0


def test_a_process_started_without_stderr_logs_nothing_and_lives() -> None:
    """`2>&-` leaves Python without `sys.stderr`."""
    script = SCRIPT.format(json=True, level=20, body="log.warning('line')\nprint('through')")
    command = ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, script]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (0, "through\n")


def test_lost_lines_are_told_and_late_ones_bear_their_own_time() -> None:
    """A far end that stalls is seen in the log when it reads again, and no line's time is that of the writing."""
    body = """
import datetime, os, sys
for number in range(60_000):
    log.info('line', number=number)
print(datetime.datetime.now(datetime.UTC).isoformat(), flush=True)
sys.stdin.readline()
log.info('last')
thread.stop()
os._exit(0)
"""
    command = [sys.executable, "-c", SCRIPT.format(json=True, level=20, body=body)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        through = process.stdout.readline().strip()
        lines = [json.loads(process.stderr.readline()) for _ in range(10)]
        lines += [json.loads(process.stderr.readline()) for _ in range(4_500)]
        process.stdin.write("\n")
        process.stdin.close()
        lines += [json.loads(line) for line in process.stderr]
    said = [line for line in lines if line["event"] == "line"]
    assert all(line["timestamp"] < through for line in said)
    assert [line["timestamp"] for line in said] == sorted(line["timestamp"] for line in said)
    lost = [line for line in lines if "lines of the log were lost" in line["event"]]
    assert [line["level"] for line in lost] == ["warning"]
    assert int(lost[0]["event"].split()[0]) == 60_000 - len(said)


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


def test_a_full_disk_costs_the_lines_and_nothing_else() -> None:
    """A log that goes to a file on a disk without room (ENOSPC): the process goes its way and ends well."""
    script = SCRIPT.format(json=True, level=20, body="for number in range(1000):\n    log.info('line', number=number)")
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, not a file of ours
        command = [sys.executable, "-c", f"{script}\nprint('through')"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (0, "through\n")


def test_lost_lines_are_counted_for_whoever_watches() -> None:
    """The log itself cannot tell while nobody reads it."""
    reading, writing = os.pipe()
    body = "for number in range(60_000):\n    log.info('line', number=number)\nfrom alarmbro.logs import lost_lines"
    script = SCRIPT.format(json=True, level=20, body=f"{body}\nprint(lost_lines(), flush=True)\nimport os; os._exit(0)")
    try:
        done = subprocess.run(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=writing, text=True, check=False, timeout=30
        )
    finally:
        os.close(writing)
        os.close(reading)
    assert 50_000 < int(done.stdout) <= 60_000


@pytest.mark.parametrize(("no_color", "colours"), [("", True), ("1", False)])
def test_on_a_terminal_it_is_text_for_people(no_color: str, *, colours: bool) -> None:
    """In colour, unless the user wants none; anywhere else `alarmbro run` asks for JSON."""
    near, far = pty.openpty()
    script = (
        "import sys\nfrom alarmbro.logs import start_logging, stderr_is_terminal\nimport structlog\n"
        "thread = start_logging(sys.stderr, json_lines=not stderr_is_terminal())\n"
        "structlog.get_logger().warning('alarm', device='hus/knap')\nthread.end()"
    )
    environ = {**os.environ, "NO_COLOR": no_color, "TERM": "xterm"}
    subprocess.run([sys.executable, "-c", script], stderr=far, check=True, timeout=30, env=environ)
    os.close(far)
    text = os.read(near, 65536).decode()
    os.close(near)
    assert "alarm" in text
    assert "hus/knap" in text
    assert not text.startswith("{")
    assert ("\x1b[" in text) is colours


def test_rich_is_not_taken_along_and_no_variable_is_shown() -> None:
    """Structlog would show every variable of a traceback wherever rich is installed, and cost the daemon 4 MB."""
    script = (
        "import sys\nimport alarmbro.daemon\nimport alarmbro.cli.main\nimport structlog\n"
        "assert not any(name.split('.')[0] == 'rich' for name in sys.modules)\n"
        "import rich\n"
        "def fails():\n    token = 'kanarie' + 'fugl'\n    1 / 0\n"
        "try:\n    fails()\nexcept ZeroDivisionError:\n    structlog.get_logger().exception('bug')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert "ZeroDivisionError" in done.stdout + done.stderr
    assert "kanariefugl" not in done.stdout + done.stderr
