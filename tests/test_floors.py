"""The house: imports only go down, floors 0 and 1 touch nothing, and no room grows too large."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
    "control": 2,
    "clock": 2,
    "systemd": 2,
    "logs": 2,
    "shell": 3,
    "daemon": 4,
    "cli": 4,
    "demo": 4,
    "__main__": 4,
}
PURE = {
    "__future__", "collections", "dataclasses", "datetime", "difflib", "enum", "functools", "hashlib", "itertools",
    "json", "math", "re", "string", "types", "typing", "unicodedata", "urllib", "zlib", "zoneinfo", "pathlib",
}  # fmt: skip
# Names of the impure part of pure modules: the present, chance, files, the log.
IMPURE = {"now", "today", "utcnow", "monotonic", "random", "open", "print", "input", "getLogger", "get_logger"}
FILE_LIMIT = 300
FUNCTION_LIMIT = 40

FILES = sorted(HOUSE.rglob("*.py"))


def room(file: Path) -> str:
    """Give the folder or file directly below the house."""
    return file.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names if node.module == "alarmbro")


def name_of(file: Path) -> str:
    return str(file.relative_to(HOUSE))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_imports_only_go_down(file: Path) -> None:
    """A module uses its own folder and the floors below, never one beside or above it."""
    mine = room(file)
    if mine == "__init__":
        return
    for module in imports(ast.parse(file.read_text(encoding="utf-8"))):
        parts = module.split(".")
        if parts[0] == "alarmbro" and len(parts) > 1 and parts[1] in FLOORS and parts[1] != mine:
            top = FLOORS[mine] == max(FLOORS.values())
            assert FLOORS[parts[1]] < FLOORS[mine] or top, f"{mine} imports {module}"


@pytest.mark.parametrize("file", [file for file in FILES if FLOORS.get(room(file), 9) <= 1], ids=name_of)
def test_words_and_judgement_touch_nothing(file: Path) -> None:
    """No clock, no chance, no file, no log: what they say follows from what they are given."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert {module.split(".")[0] for module in imports(tree)} <= PURE | {"alarmbro"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            owner = getattr(getattr(node.func, "value", None), "id", "")
            assert called not in IMPURE or owner not in {"", "datetime", "date", "time", "Path"}, (
                f"{called}() in line {node.lineno}"
            )


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_room_grows_too_large(file: Path) -> None:
    """A file has at most 300 lines, a function 40: past that a word is missing."""
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE_LIMIT
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            assert lines <= FUNCTION_LIMIT, f"{node.name} has {lines} lines"


def test_every_room_has_a_floor() -> None:
    """A new folder must say where it belongs."""
    assert {room(file) for file in FILES} - {"__init__"} <= FLOORS.keys()
