"""The count itself is tried: a daemon that is broken on purpose loses presses, and the tests here would say so."""

from __future__ import annotations

from pathlib import Path

from ground import prepared
from running import until

PRESSES = 12


def test_a_daemon_that_confirms_too_early_is_seen_to_lose(tmp_path: Path) -> None:
    """It is killed while the disk thinks; the broker was told that all is well, and nobody hears of those presses."""
    with prepared(tmp_path, PRESSES + 1) as on:
        armed = tmp_path / "armed"
        on.start_as("confirms_too_early.py", "before the commit", str(armed))
        armed.write_text("0 0.3", encoding="ascii")
        on.press(PRESSES)
        process = on.daemon.process
        assert process is not None
        until(lambda: process.poll() is not None, say=on.daemon.log_text)
        assert process.returncode == -9
        on.daemon.start()
        on.press(1)
        until(on.confirmed)
        until(lambda: PRESSES in on.told(), say=on.missing)  # whatever the broker still had came before this one
        until(on.quiet)
        assert len(on.told()) < on.pressed
        assert not on.all_told()
