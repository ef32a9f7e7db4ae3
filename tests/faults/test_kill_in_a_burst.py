"""`kill -9` at every step under a burst: when some have gone by, and after a while in which all others went on."""

from __future__ import annotations

from pathlib import Path

import pytest
from ground import prepared
from killed_at import STEPS
from running import until

SOME = ["before the commit"]
ONCE = ["before the first message may leave", "after it may"]  # of a press that comes alone: a burst has one of it
PRESSES = 12
MOMENTS = {"others ahead of it": "3", "others going on": "0 0.3"}
FEW = "1"  # one commit takes what has come: a burst has two for certain, and no more
BATCHED = {
    "before the commit",
    "after the commit",
    "before the record is handed over",
    "after the record is handed over",
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("label", STEPS)
def test_a_kill_in_a_burst_loses_nothing(tmp_path: Path, label: str, moment: str, full: bool) -> None:
    """Told, half told, confirmed and not yet read presses all reach everybody after a plain restart."""
    if not full and label not in SOME:
        pytest.skip("`make faults` kills at every step")
    if label in ONCE and moment == "others ahead of it":
        pytest.skip("no other is ahead at this step")
    with prepared(tmp_path, PRESSES) as on:
        armed = tmp_path / "armed"
        on.start_as("killed_at.py", label, str(armed))
        among = FEW if label in BATCHED and moment == "others ahead of it" else MOMENTS[moment]
        armed.write_text(among, encoding="ascii")
        on.press(PRESSES)
        process = on.daemon.process
        assert process is not None
        until(lambda: process.poll() is not None, say=on.daemon.log_text)
        assert process.returncode == -9
        on.daemon.start()
        on.settle()
        until(lambda: on.alarms() == {f"k{number}" for number in range(PRESSES)})
        assert on.daemon.cli("journal", "verify").returncode == 0
        on.done(f"kill -9 in a burst {label}, {moment}")
