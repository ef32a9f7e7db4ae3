"""The house: imports only go down, floors 0 and 1 touch nothing, and no room grows too large."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "daemon" / "alarmbro"
FLOORS = {
    "model": 0,
    "judgement": 1,
    "config": 2,
    "journal": 2,
    "inputs": 2,
    "delivery": 2,
    "feedback": 2,
    "control": 2,
    "report": 2,
    "machine": 2,
    "metrics": 2,
    "clock": 2,
    "systemd": 2,
    "logs": 2,
    "shell": 3,
    "web": 3,
    "daemon": 4,
    "cli": 4,
    "demo": 4,
    "doctor": 4,
    "__main__": 4,
}
# What floors 0 and 1 may import beside alarmbro: all of a package, or of `urllib` the part that only takes texts apart.
PURE = {
    "__future__", "base64", "collections", "dataclasses", "datetime", "enum", "functools", "hashlib", "itertools",
    "json", "math", "re", "string", "typing", "unicodedata", "urllib.parse", "zlib", "zoneinfo",
}  # fmt: skip
PURE_WORDS = PURE | {"pathlib"}  # a configuration names its folder; whoever touches it is an edge
# The impure part of what is always there or of pure modules, whether it is called or handed on.
IMPURE_NAMES = {"open", "print", "input", "exec", "eval", "__import__"}
IMPURE_PARTS = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "Path": {"cwd", "home"},
    # of any path at all
    "": {"read_text", "read_bytes", "write_text", "write_bytes", "open", "exists", "is_file", "is_dir", "stat",
         "unlink", "mkdir", "iterdir", "glob", "resolve"},
}  # fmt: skip
FILE_LIMIT = 300
FUNCTION_LIMIT = 40

FILES = sorted(HOUSE.rglob("*.py"))
ENTWINED = {HOUSE / "inputs"}  # pins can be a mock's, which knows what `gpio` makes of them, whose contacts open pins
FOLDERS = sorted({file.parent for file in FILES} - {HOUSE} - ENTWINED)


def room(file: Path) -> str:
    """Give the folder or file directly below the house."""
    return file.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(tree: ast.AST, *, named: bool = False) -> Iterator[str]:
    """Give every module that is imported, in functions too. `from . import x` hides where it goes: it is not used.

    With `named`, what is taken of a module may be a module itself, and is given, too.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: write the import out, from alarmbro on"
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names if named or node.module == "alarmbro")


def going_up(mine: str, tree: ast.AST) -> list[str]:
    """Give the imports that go up or sideways. The top floor builds everything, but is not built upon by `daemon`."""
    wrong = []
    for module in imports(tree):
        first, _, rest = module.partition(".")
        theirs = rest.split(".")[0]
        if first != "alarmbro" or theirs not in FLOORS or theirs == mine:
            continue
        builds = FLOORS[mine] == max(FLOORS.values()) and mine != "daemon"
        if not (FLOORS[theirs] < FLOORS[mine] or builds):
            wrong.append(module)
    return wrong


def among(folder: Path) -> dict[str, set[str]]:
    """Give which rooms and files of a folder each of them imports."""
    start = ".".join(("alarmbro", *folder.relative_to(HOUSE).parts, ""))
    uses: dict[str, set[str]] = {}
    for file in folder.rglob("*.py"):
        mine = file.relative_to(folder).parts[0].removesuffix(".py")
        named = {module.removeprefix(start).split(".")[0] for module in imports(parsed(file), named=True)
                 if module.startswith(start)}  # fmt: skip
        uses.setdefault(mine, set()).update(named - {mine})
    return uses


def reached(uses: Mapping[str, set[str]], first: str) -> set[str]:
    """Give all that one uses, and what these use, and so on."""
    found, ahead = set[str](), [first]
    while ahead:
        new = uses.get(ahead.pop(), set()) - found
        found |= new
        ahead += new
    return found


def impure(tree: ast.AST, pure: set[str]) -> list[str]:
    """Give whatever touches the clock, chance, a file or the log, with its line."""
    wrong = [
        f"import {module}" for module in imports(tree) if not {module, module.split(".")[0]} & (pure | {"alarmbro"})
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in IMPURE_NAMES:
            wrong.append(f"{node.id} in line {node.lineno}")
        elif isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if node.attr in IMPURE_PARTS[""] | IMPURE_PARTS.get(owner, set()):
                wrong.append(f"{node.attr} in line {node.lineno}")
    return wrong


def too_long(tree: ast.AST) -> list[str]:
    """Give the functions that are past the limit, docstring not counted."""
    wrong = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            if lines > FUNCTION_LIMIT:
                wrong.append(f"{node.name} has {lines} lines")
    return wrong


def parsed(file: Path) -> ast.AST:
    return ast.parse(file.read_text(encoding="utf-8"))


def name_of(file: Path) -> str:
    return str(file.relative_to(HOUSE))


@pytest.mark.parametrize("file", [file for file in FILES if room(file) != "__init__"], ids=name_of)
def test_imports_only_go_down(file: Path) -> None:
    """A module uses its own folder and the floors below, never one beside or above it."""
    assert going_up(room(file), parsed(file)) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_rooms_of_one_folder_import_each_other_one_way_only(folder: Path) -> None:
    """Two rooms that need each other are one, or a third is missing below them."""
    uses = among(folder)
    rooms = {each for each in uses if (folder / each).is_dir()}
    assert [each for each in sorted(rooms) if each in reached(uses, each)] == []


@pytest.mark.parametrize("file", [file for file in FILES if FLOORS.get(room(file), 9) <= 1], ids=name_of)
def test_words_and_judgement_touch_nothing(file: Path) -> None:
    """No clock, no chance, no file, no log: what they say follows from what they are given."""
    assert impure(parsed(file), PURE_WORDS if FLOORS[room(file)] == 0 else PURE) == []


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_room_grows_too_large(file: Path) -> None:
    """A file has at most 300 lines, a function 40: past that a word is missing."""
    assert len(file.read_text(encoding="utf-8").splitlines()) <= FILE_LIMIT
    assert too_long(parsed(file)) == []


def test_every_room_has_a_floor() -> None:
    """A new folder must say where it belongs, and the plan of the house in the docstring names it."""
    rooms = {room(file) for file in FILES} - {"__init__"}
    assert rooms == FLOORS.keys()
    plan = ast.get_docstring(ast.parse((HOUSE / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert rooms - {"__main__"} <= set(re.findall(r"`(\w+)`", plan))


@pytest.mark.parametrize(
    ("mine", "line"),
    [
        ("model", "from alarmbro.judgement.record.chain import follow"),
        ("judgement", "import alarmbro.journal"),
        ("inputs", "from alarmbro.shell.listening.intake import Intake"),
        ("inputs", "from alarmbro import journal"),
        ("config", "def late():\n    from alarmbro.delivery.channel import Channel"),
        ("clock", "from alarmbro.systemd import Systemd"),
        ("daemon", "from alarmbro.cli.main import main"),
    ],
)
def test_an_import_that_goes_up_or_sideways_is_seen(mine: str, line: str) -> None:
    """The check of the house can fail."""
    assert going_up(mine, ast.parse(line))


def test_rooms_that_need_each_other_are_seen() -> None:
    """Over a third one, too."""
    uses = {"telling": {"desk"}, "desk": {"asking"}, "asking": {"telling"}, "turn": {"telling"}}
    assert [each for each in sorted(uses) if each in reached(uses, each)] == ["asking", "desk", "telling"]


@pytest.mark.parametrize(
    "line",
    [
        "import time", "import random", "import logging", "import structlog", "from urllib.request import urlopen",
        "from urllib import request", "import pathlib", "import os.path", "datetime.now(UTC)",
        "datetime.datetime.now()", "date.today()", "field(default_factory=datetime.now)", "open(name)", "print(name)",
        "Path(name).read_text()", "file.exists()",
    ],
)  # fmt: skip
def test_whatever_touches_the_world_is_seen(line: str) -> None:
    """The check of the lower floors can fail."""
    assert impure(ast.parse(line), PURE)


@pytest.mark.parametrize(
    "line", ["from collections.abc import Iterator", "from urllib.parse import quote", "alarm.now", "device.name"]
)
def test_what_touches_nothing_is_let_by(line: str) -> None:
    """`now` as somebody's argument is how judgement hears of the time."""
    assert impure(ast.parse(line), PURE) == []


def test_a_function_that_is_too_long_is_seen() -> None:
    """Its docstring does not count; its body does."""
    body = "    x = 1\n" * FUNCTION_LIMIT
    docstring = '    """Say\n' + "\n" * FUNCTION_LIMIT + '    """\n'
    assert too_long(ast.parse(f"def f():\n{docstring}{body}")) == []
    assert too_long(ast.parse(f"def f():\n{body}    x = 2\n")) == [f"f has {FUNCTION_LIMIT + 1} lines"]
