"""Files with wrong rights are told: those that others can read, and those that the service cannot."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from alarmbro.config.secrets import BESIDE
from alarmbro.control.protocol import SOCKET_NAME
from alarmbro.doctor.findings import State
from alarmbro.doctor.judging.rights import Part, Place, judge
from alarmbro.doctor.trying.rights import places
from alarmbro.doctor.trying.users import User, group_name, may, me, owner_name
from alarmbro.journal.file.storage import FILE_NAME

STRANGER = User("alarmbro", 4711, 4711, frozenset({4711}))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make everything of alarmbro's, with the rights that it should have."""
    for name, mode in (("etc", 0o755), ("state", 0o750), ("run", 0o750)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
    for name, mode in (
        ("etc/alarmbro.yaml", 0o644), (f"etc/{BESIDE}", 0o600), (f"state/{FILE_NAME}", 0o640),
        (f"run/{SOCKET_NAME}", 0o660),
    ):  # fmt: skip
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    return tmp_path


def found(home: Path, service: User | None = None) -> dict[str, list[tuple[str, State]]]:
    """Give what is said of each place that is not right."""
    said = {}
    for place in places(home / "etc" / "alarmbro.yaml", home / "state", home / "run", service):
        wrong = [(each.says, each.state) for each in judge(place) if each.says != "rights.right"]
        if wrong:
            said[str(Path(place.path).relative_to(home))] = wrong
    return said


def test_right_rights_are_well(home: Path) -> None:
    """All six places are looked at; what is not there yet is not spoken of."""
    assert found(home) == {}
    assert len(list(places(home / "etc" / "alarmbro.yaml", home / "state", home / "run", None))) == 6
    assert list(places(home / "x" / "alarmbro.yaml", home / "y", home / "z", None)) == []


@pytest.mark.parametrize(
    ("name", "mode", "code", "state"),
    [
        (f"etc/{BESIDE}", 0o640, "rights.secrets_open", State.FAILED),
        (f"etc/{BESIDE}", 0o604, "rights.secrets_open", State.FAILED),
        ("etc/alarmbro.yaml", 0o646, "rights.writable", State.FAILED),
        ("state", 0o755, "rights.readable", State.WARNING),
        ("state", 0o777, "rights.writable", State.FAILED),
        (f"state/{FILE_NAME}", 0o644, "rights.readable", State.WARNING),
        ("run", 0o757, "rights.writable", State.FAILED),
        (f"run/{SOCKET_NAME}", 0o666, "rights.writable", State.FAILED),
    ],
)
def test_what_others_can_read_or_change_is_told(name: str, mode: int, code: str, state: State, home: Path) -> None:
    """Whoever can write the socket can end an alarm."""
    (home / name).chmod(mode)
    assert found(home) == {name: [(code, state)]}


def test_what_the_service_cannot_use_is_told(home: Path) -> None:
    """As after `sudo cp`: everything belongs to root, and the service is somebody else."""
    said = found(home, STRANGER)
    assert set(said) == {f"etc/{BESIDE}", "state", f"state/{FILE_NAME}", "run", f"run/{SOCKET_NAME}"}
    assert {wrong for each in said.values() for wrong in each} == {("rights.unusable", State.FAILED)}
    owner = home.stat()
    service = User("alarmbro", owner.st_uid, owner.st_gid, frozenset({owner.st_gid}))
    assert found(home, service) == {}


def test_who_asks_without_being_the_service_is_told_no_more_than_that(tmp_path: Path) -> None:
    """To give the files to whoever asks would be the wrong advice."""
    (found,) = judge(Place(Part.STATE, "/var/lib/alarmbro", 0o750, "alarmbro", "pi", usable=False, known=False))
    assert (found.says, found.state) == ("rights.barred", State.WARNING)


def test_root_goes_on_with_the_services_rights(tmp_path: Path) -> None:
    """All of them and no more: its groups, too."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another")
    script = (
        "import os; from alarmbro.doctor.trying.users import User, become;"
        "become(User('x', 65534, 65533, frozenset({65533, 65532})));"
        "print(os.getresuid(), os.getresgid(), sorted(os.getgroups()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == f"{(65534,) * 3} {(65533,) * 3} [65532, 65533]"


def test_a_mode_is_read_as_the_kernel_reads_it(tmp_path: Path) -> None:
    """The owner's bits for the owner alone, even where the group may more; root may everything."""
    file = tmp_path / "x"
    file.touch()
    file.chmod(0o070)
    status = file.stat()
    owner = User("a", status.st_uid or 4711, status.st_gid, frozenset({status.st_gid}))
    if status.st_uid:
        assert not may(status, owner, 0o4)
    member = User("b", 4712, 4712, frozenset({4712, status.st_gid}))
    assert may(status, member, 0o7)
    assert not may(status, STRANGER, 0o4)
    assert may(status, User("root", 0, 0, frozenset({0})), 0o7)
    assert stat.S_IMODE(status.st_mode) == 0o070


def test_users_and_groups_without_names_are_numbers() -> None:
    """As in a container."""
    assert (owner_name(4_000_001), group_name(4_000_001)) == ("4000001", "4000001")
    assert me() == owner_name(os.geteuid())
