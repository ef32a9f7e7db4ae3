"""Every command that the README shows in a console block is run, in its order, beside a daemon."""

from __future__ import annotations

from pathlib import Path

from documents import ROOT, commands, type_all


def test_every_command_of_the_readme_works(tmp_path: Path) -> None:
    """A reader types them as they stand; none fails."""
    found = commands((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(found) >= 10
    type_all(tmp_path, found)
