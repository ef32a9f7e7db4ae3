"""Every broken file is refused with each of its faults, where it stands and in words that tell what to do.

A file's first comments say what is expected: `# expect: LINE:COLUMN a part of the text` for an error, and
`# expect-warning:` for a warning. Nothing more and nothing else may be found.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alarmbro.config import load
from alarmbro.model.errors import ConfigurationError, Finding

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
EXPECTED = re.compile(r"^# (expect|expect-warning): ([0-9]+):([0-9]+) (.+)$", re.MULTILINE)
FOREIGN = re.compile("Input should|validation|mapping values|block end|scalar|pydantic|Traceback")
CANARY = "kanarie-4711"  # stands in these files wherever a token or a password would


def expectations(path: Path) -> list[tuple[bool, int, int, str]]:
    """Give what a file's comments announce: warning or not, line, column, part of the text."""
    found = EXPECTED.findall(path.read_text(encoding="utf-8"))
    return [(kind == "expect-warning", int(line), int(column), text) for kind, line, column, text in found]


def findings(path: Path) -> tuple[Finding, ...]:
    """Load a file that cannot be loaded; give what was said about it."""
    with pytest.raises(ConfigurationError) as caught:
        load(path, environ={"ALARMBRO_SECRET_KANARIE": CANARY})
    assert str(caught.value) == "\n".join(map(str, caught.value.findings))
    return caught.value.findings


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_each_fault_is_named_where_it_stands(path: Path) -> None:
    """Exactly the announced findings, at their line and column, errors first."""
    found = findings(path)
    expected = expectations(path)
    assert sorted((each.warning, each.line, each.column) for each in found) == sorted(each[:3] for each in expected)
    assert [each.warning for each in found] == sorted(each.warning for each in found)
    for warning, line, column, text in expected:
        at = [each.text for each in found if (each.warning, each.line, each.column) == (warning, line, column)]
        assert any(text in each for each in at), (text, at)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_no_finding_repeats_a_token_or_names_the_library(path: Path) -> None:
    """What stands where a token would is in no finding, and neither are pydantic's or YAML's own words."""
    for finding in findings(path):
        assert CANARY not in repr(finding)
        assert not FOREIGN.search(str(finding))
        assert ";" in finding.text, "a finding says what is wrong; then what would be right"


def test_there_are_many_broken_files_and_each_announces_its_faults() -> None:
    """A file without expectations would pass unseen."""
    assert len(BROKEN) >= 35
    assert all(expectations(path) for path in BROKEN)
