"""`kill -9` at every step, but not for its first press: while others are ahead of it and behind it on their way."""

from __future__ import annotations

from pathlib import Path

import pytest
from ground import prepared
from killed_at import STEPS
from running import until

SOME = ["after the commit", "after a message is sent"]
PRESSES = 12
GO_BY = {"before the first message may leave": 0, "after it may": 0}  # made ready alone: a burst has one of it


@pytest.mark.parametrize("label", STEPS)
def test_a_kill_in_a_burst_loses_nothing(tmp_path: Path, label: str, full: bool) -> None:
    """Some go by the step, then it kills: told, half told and not yet read ones all reach everybody."""
    if not full and label not in SOME:
        pytest.skip("`make faults` kills at every step")
    with prepared(tmp_path, PRESSES) as on:
        armed = tmp_path / "armed"
        on.start_as("killed_at.py", label, str(armed))
        armed.write_text(str(GO_BY.get(label, 3)), encoding="ascii")
        on.press(PRESSES)
        process = on.daemon.process
        assert process is not None
        until(lambda: process.poll() is not None, say=on.daemon.log_text)
        assert process.returncode == -9
        on.daemon.start()
        on.settle()
        until(lambda: on.alarms() == {f"k{number}" for number in range(PRESSES)})
        assert on.daemon.cli("journal", "verify").returncode == 0
        on.done(f"kill -9 in a burst {label}")
