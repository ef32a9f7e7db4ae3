"""What befalls a process: stopped, hung up on, without threads, without file handles, with nobody who reads its log."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from pathlib import Path

from ground import a_moment, ground, prepared
from running import RUN, until


def test_a_process_that_is_stopped_and_goes_on_loses_nothing(tmp_path: Path) -> None:
    """SIGSTOP for three seconds, as a machine that swaps or sleeps."""
    with ground(tmp_path, 30) as on:
        process = on.daemon.process
        assert process is not None
        on.press(10)
        process.send_signal(signal.SIGSTOP)
        on.press(10)
        a_moment(3.0)
        process.send_signal(signal.SIGCONT)
        on.settle()
        assert process.poll() is None
        on.done("SIGSTOP 3 s, SIGCONT")


def test_a_hang_up_is_no_end(tmp_path: Path) -> None:
    """SIGHUP is what a terminal or a curious hand sends: the daemon stays."""
    with ground(tmp_path, 20) as on:
        process = on.daemon.process
        assert process is not None
        on.press(5)
        process.send_signal(signal.SIGHUP)
        on.press(5)
        on.settle()
        assert process.poll() is None
        on.done("SIGHUP")


def test_nobody_who_reads_the_log_is_no_fault_of_an_alarm(tmp_path: Path) -> None:
    """The pipe's other end is closed: every line fails, and every alarm goes out."""
    with prepared(tmp_path, 20) as on:
        reading, writing = os.pipe()
        words = [*RUN, *on.daemon.arguments]
        on.daemon.process = subprocess.Popen(words, stdout=writing, stderr=writing, cwd="/", env=on.daemon.environ)
        os.close(writing)
        os.close(reading)
        assert on.publisher.online.wait(20)
        on.press(10)
        on.settle()
        on.done("stdout and stderr closed")


def test_no_memory_for_a_new_thread_is_no_end(tmp_path: Path) -> None:
    """Each lane has a thread from the start: presses are told by those."""
    with prepared(tmp_path, 20) as on:
        armed = tmp_path / "armed"
        on.start_as("without_threads.py", str(armed))
        armed.touch()
        on.press(15)
        until(on.all_told, say=on.missing)
        armed.unlink()
        on.settle()
        on.done("no new thread")


def test_no_file_handle_left_delays_until_there_is_one(tmp_path: Path) -> None:
    """No connection can be opened for a while; then all is told."""
    with ground(tmp_path, 20) as on:
        process = on.daemon.process
        assert process is not None
        on.press(2)
        on.settle()
        _, hard = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (3, hard))
        on.press(10)
        a_moment(2.0)
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (hard, hard))
        on.settle()
        assert process.poll() is None
        on.done("no file handle for 2 s")
