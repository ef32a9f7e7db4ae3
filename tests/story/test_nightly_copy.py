"""The journal's nightly copy: who mends hears when it is not made, and when it is again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conftest import Scene
from running import until


def copy(scene: Scene, *words: str | Path) -> int:
    """Run what the timer runs; give its exit code."""
    command = [sys.executable, "-m", "alarmbro", *scene.daemon.arguments, "journal", "backup", *map(str, words)]
    return subprocess.run(command, check=False, capture_output=True, env=scene.daemon.environ).returncode


def faults(scene: Scene) -> list[str]:
    return [each["fault"] for each in scene.daemon.ask("status")["faults"]]


def test_a_copy_that_cannot_be_made_is_told_until_one_is(scene: Scene, tmp_path: Path) -> None:
    """Nobody looks at a unit's state; a record without a copy is lost with its card."""
    scene.broker.start()
    scene.daemon.start()
    in_the_way = tmp_path / "copies"
    in_the_way.write_text("no folder", encoding="ascii")
    assert copy(scene, "--folder", in_the_way / "deeper") == 1
    until(lambda: "journal/copy" in faults(scene))
    in_the_way.unlink()
    assert copy(scene, "--output", tmp_path / "a persons own.db") == 0
    assert "journal/copy" in faults(scene)
    assert copy(scene, "--folder", in_the_way / "deeper", "--keep", "14") == 0
    until(lambda: "journal/copy" not in faults(scene))


def test_a_copy_beside_no_daemon_is_made_all_the_same(scene: Scene, tmp_path: Path) -> None:
    """Nobody is there to be told."""
    scene.daemon.start()
    scene.daemon.stop()
    assert copy(scene, "--folder", tmp_path / "copies") == 0
