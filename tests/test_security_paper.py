"""SECURITY.md claims nothing that is not shown: each test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAPER = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py): (\w+)`", PAPER)))


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_each_test_that_is_named_is_there(file: str, name: str) -> None:
    """By this name, in this file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_paper_leans_on_tests_and_says_where_to_write() -> None:
    """A claim without either is a promise."""
    assert len(NAMED) >= 30
    assert re.search(r"\*\*security@[\w.-]+\.example\*\*", PAPER)


def test_its_limits_are_those_of_the_program() -> None:
    """Numbers that have moved are moved there, too."""
    source = {
        "config/loading.py": "LARGEST = 1 << 20",
        "config/syntax/yaml_positions.py": "DEEPEST = 20",
        "control/protocol.py": "DEEPEST = 4",
        "control/server.py": "PER_USER = 12",
        "delivery/bounded.py": "MOST = 1 << 20",
        "delivery/dc09/exchange.py": "LARGEST = 4096",
        "inputs/mqtt_receiving.py": "MOST = 1 << 20",
        "inputs/mqtt_rejects.py": "MOST = 60",
        "judgement/mapping/interpreting.py": "LARGEST = 64 * 1024",
    }
    for file, line in source.items():
        assert line in (ROOT / "daemon" / "alarmbro" / file).read_text(encoding="utf-8"), file
