"""The demonstration's folder: fresh, its own, and with room for a socket's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from alarmbro.demo.processes.folder import Folder, fits
from alarmbro.model.errors import MachineError


def test_each_demonstration_begins_afresh_and_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    """Yesterday's journal is gone; a file that somebody put there is not."""
    with Folder(tmp_path) as folder:
        (folder.state / "journal.db").touch()
        (folder.path / "notes.txt").touch()
    with Folder(tmp_path) as folder:
        assert list(folder.state.iterdir()) == []
        assert folder.run.is_dir()
        assert (folder.path / "notes.txt").exists()


def test_two_demonstrations_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second is told of the first."""
    with Folder(tmp_path), pytest.raises(MachineError, match="already runs"), Folder(tmp_path):
        pass


def test_a_socket_has_room_for_its_name_however_deep_we_are(tmp_path: Path) -> None:
    """Its folder is a short passing one then, which is gone afterwards."""
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with Folder(deep) as folder:
        run = folder.run
        assert fits(run)
        assert run.is_dir()
        assert folder.state.is_relative_to(deep)
    assert not run.exists()


def test_where_nothing_can_be_written_a_passing_folder_is_used(tmp_path: Path) -> None:
    """A file stands where the folder would be, which stops root, too."""
    (tmp_path / ".demo").touch()
    with Folder(tmp_path) as folder:
        path = folder.path
        assert folder.state.is_dir()
        assert not path.is_relative_to(tmp_path / ".demo")
    assert not path.exists()
