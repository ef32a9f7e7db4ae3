"""A Debian in a folder: commands in it, and the service started there as its unit says, without a running systemd."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).parent
TOP = HERE.parents[2]
PATIENCE_S = 60.0
# A namespace of its own, so that nothing stays mounted, whatever ends the test.
INSIDE = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'


class Debian:
    """`release` made from nothing below `folder`."""

    def __init__(self, folder: Path, release: str) -> None:
        self.folder, self.release = folder, release
        self.root = folder / release
        subprocess.run([str(HERE / "root.sh"), str(folder), release], check=True, timeout=1800)
        self._service: subprocess.Popen[bytes] | None = None
        self._notify: socket.socket | None = None

    def run(
        self, *command: str, user: str = "root", check: bool = True, environ: Mapping[str, str] | None = None
    ) -> str:
        """Run a command there, as a user with its groups; give all that it printed. AssertionError where it failed."""
        done = subprocess.run(
            self._inside(command, user), env=_environ(environ or {}), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False, timeout=1200,
        )  # fmt: skip
        print(f"\n[{self.release}] {user}# {shlex.join(command)}\n{done.stdout}[exit {done.returncode}]")  # noqa: T201 - the scenario's own report, shown by -s
        assert not check or done.returncode == 0, (command, done.stdout)
        return done.stdout

    def code(self, *command: str, user: str = "root") -> int:
        """Run a command there and give its exit code."""
        words = self._inside(command, user)
        return subprocess.run(words, env=_environ({}), capture_output=True, check=False, timeout=300).returncode

    def start(self) -> None:
        """Start the daemon with the command, the user and the environment of its unit, and wait until it is ready."""
        unit = self.unit("alarmbro.service")
        run_dir = self.root / "run/alarmbro"
        self.run("install", "-d", "-o", "alarmbro", "-g", "alarmbro", "-m", "0750", "/run/alarmbro")
        self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        (self.root / "run/notify").unlink(missing_ok=True)
        self._notify.bind(str(self.root / "run/notify"))
        (self.root / "run/notify").chmod(0o777)
        environ = {
            "NOTIFY_SOCKET": "/run/notify", "STATE_DIRECTORY": "/var/lib/alarmbro", "RUNTIME_DIRECTORY": "/run/alarmbro"
        }  # fmt: skip
        for line in unit["Environment"]:
            environ |= dict(word.partition("=")[::2] for word in shlex.split(line.replace("%t", "/run")))
        command = ("sh", "-c", f"umask 0027; cd /run/alarmbro; exec {unit['ExecStart'][0]}")
        with (self.root / "var/log/alarmbro.log").open("ab") as log:
            self._service = subprocess.Popen(
                self._inside(command, "alarmbro"),
                env=_environ(environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        assert run_dir.exists()
        self._wait_until_ready()

    def stop(self) -> None:
        """End the daemon as systemd does."""
        if self._service is not None:
            self._service.terminate()
            self._service.wait(20)
            self._service = None
        if self._notify is not None:
            self._notify.close()
            self._notify = None

    @contextlib.contextmanager
    def beside(self, name: str) -> Iterator[None]:
        """Run another service with the command, the user and the environment of its unit, until the block ends."""
        unit = self.unit(name)
        environ: dict[str, str] = {}
        for line in unit["Environment"]:
            words = shlex.split(line.replace("%t", "/run").replace("%S", "/var/lib"))
            environ |= dict(word.partition("=")[::2] for word in words)
        command = ("sh", "-c", f"umask {unit['UMask'][0]}; cd /; exec {unit['ExecStart'][0]}")
        with (self.root / "var/log/beside.log").open("ab") as log:
            service = subprocess.Popen(
                self._inside(command, unit["User"][0]), env=_environ(environ), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log,
            )  # fmt: skip
        try:
            yield
        finally:
            service.terminate()
            service.wait(20)

    def unit(self, name: str) -> dict[str, list[str]]:
        """Give what an installed unit says."""
        places = ("usr/local/lib/systemd/system", "usr/lib/systemd/system")
        (file,) = (self.root / place / name for place in places if (self.root / place / name).exists())
        says: dict[str, list[str]] = {}
        for key, value in re.findall(r"^(\w+)=(.*)$", file.read_text(encoding="utf-8"), re.MULTILINE):
            says.setdefault(key, []).append(value)
        return says

    def put_source(self, version: str | None = None) -> None:
        """Lay the project's files down in /src; with another version where one is given."""
        source = self.root / "src"
        shutil.rmtree(source, ignore_errors=True)
        source.mkdir()
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=TOP, capture_output=True, check=True,
        ).stdout  # fmt: skip
        there = b"\0".join(each for each in listed.split(b"\0") if each and (TOP / os.fsdecode(each)).is_file())
        pack = subprocess.run(
            ["tar", "-C", str(TOP), "--null", "-T", "-", "-cf", "-"], input=there, capture_output=True, check=True
        )
        subprocess.run(["tar", "-C", str(source), "--no-same-owner", "-xf", "-"], input=pack.stdout, check=True)
        if version is not None:
            _change(source / "pyproject.toml", r'(?m)^version = ".*"$', f'version = "{version}"')
            _change(source / "daemon/alarmbro/__init__.py", r'__version__ = ".*"', f'__version__ = "{version}"')

    def _inside(self, command: tuple[str, ...], user: str) -> list[str]:
        become = [] if user == "root" else ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--"]
        return ["unshare", "--mount", "sh", "-c", INSIDE, str(self.root), *become, *command]

    def _wait_until_ready(self) -> None:
        assert self._notify is not None
        until_s = time.monotonic() + PATIENCE_S
        self._notify.settimeout(1.0)
        while time.monotonic() < until_s:
            assert self._service is not None
            assert self._service.poll() is None, (self.root / "var/log/alarmbro.log").read_text()[-3000:]
            with contextlib.suppress(TimeoutError):
                if b"READY=1" in self._notify.recv(4096):
                    threading.Thread(target=_drain, args=(self._notify,), daemon=True).start()
                    return
        raise AssertionError("the daemon was not ready in time")


def _drain(notify: socket.socket) -> None:
    """Take what the daemon goes on saying, as systemd does."""
    with contextlib.suppress(OSError):
        notify.settimeout(None)
        while True:
            notify.recv(4096)


def _environ(more: Mapping[str, str]) -> dict[str, str]:
    """Give what a command there may know of us: nothing."""
    return {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LC_ALL": "C.UTF-8",
        **more,
    }


def _change(file: Path, what: str, into: str) -> None:
    text, count = re.subn(what, into, file.read_text(encoding="utf-8"))
    assert count == 1
    file.write_text(text, encoding="utf-8")
