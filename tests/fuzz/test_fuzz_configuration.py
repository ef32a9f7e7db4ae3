"""Whatever stands in the files: a configuration, or findings with place and words; no secret in either."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuzzed import GOOD, SECRETS, TEXTS, spoilt, trees, tries
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.config import load
from alarmbro.config.schema.editor import json_schema
from alarmbro.config.syntax.yaml_positions import parse, plain
from alarmbro.model.errors import ConfigurationError, Finding

CANARY = "kanarie"
TEXT = (GOOD / "everything.yaml").read_bytes()
SMALLEST = (GOOD / "smallest.yaml").read_bytes()


def tree_of(content: bytes) -> Any:
    """Give a good file as dicts and lists; a secret as what stands for it in the environment."""
    root, problems = parse(content.decode())
    assert root is not None
    assert not problems
    return plain(root, lambda name, _place: SECRETS[f"ALARMBRO_SECRET_{name.upper().replace('-', '_')}"])


def keys_in(schema: Any) -> Iterator[str]:
    """Give every key that a configuration can have."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for each in schema.values():
            yield from keys_in(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from keys_in(each)


GOOD_TREE = tree_of(TEXT)
KEYS = st.sampled_from(sorted(set(keys_in(json_schema()))))
VALUES = st.sampled_from(
    ["bibliotek", "serviceteam", "hirtshals", "3m", "-1s", "1e9h", 17, "json://127.0.0.1/x", "da", "!x"]
)
TREES = trees(KEYS, VALUES)


def findings(content: bytes, secrets: bytes | None = None) -> tuple[Finding, ...]:
    """Load a file; give what was said about it. Nothing but ConfigurationError comes out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alarmbro.yaml"
        path.write_bytes(content)
        environ = SECRETS
        if secrets is not None:
            environ = {}
            (path.parent / "secrets.yaml").write_bytes(secrets)
            (path.parent / "secrets.yaml").chmod(0o600)
        try:
            return load(path, environ=environ).warnings
        except ConfigurationError as error:
            return error.findings or (Finding("", 0, 0, ""),)


def check(found: tuple[Finding, ...], content: bytes) -> None:
    """Each has a place in the file, says what is wrong and what would be right, and can be shown."""
    lines = content.count(b"\n") + content.count(b"\r") + content.count(b"\xc2\x85") + 2
    lines += content.count(b"\xe2\x80\xa8") + content.count(b"\xe2\x80\xa9")
    for each in found:
        assert 1 <= each.line <= lines or each.file.endswith("secrets.yaml"), each
        assert each.column >= 1
        assert each.warning or ";" in each.text, each
        assert str(each).encode()
        assert all(sign.isprintable() for sign in each.text), each
        assert CANARY not in str(each)


@tries(120)
@given(st.binary(max_size=200) | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_taken_or_refused(content: bytes) -> None:
    """In any encoding, or none."""
    check(findings(content), content)


@tries(40)
@given(st.lists(st.tuples(st.integers(0, 20_000), st.binary(min_size=1, max_size=3)), min_size=1, max_size=4))
def test_a_file_that_a_disk_has_spoilt_is_taken_or_refused(changes: list[tuple[int, bytes]]) -> None:
    """A good one with a few of its bytes changed."""
    content = TEXT
    for at, piece in changes:
        content = spoilt(content, at, piece)
    check(findings(content), content)


@tries(150)
@given(st.dictionaries(KEYS, TREES, max_size=4))
def test_right_keys_with_anything_behind_them_are_taken_or_refused(tree: dict[str, Any]) -> None:
    """YAML as JSON writes it, on top of a file that is right."""
    content = json.dumps({**tree_of(SMALLEST), **tree}).encode()
    check(findings(content), content)


def paths(tree: Any, so_far: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to everything in a tree."""
    yield so_far
    for key in tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ():
        yield from paths(tree[key], (*so_far, key))


def put(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Give a tree with another value at a place."""
    if not path:
        return value
    key, *rest = path
    below = put(tree[key], tuple(rest), value)
    if isinstance(tree, dict):
        return {**tree, key: below}
    return [*tree[:key], below, *tree[key + 1 :]]


@tries(60)
@given(st.sampled_from([path for path in paths(GOOD_TREE) if path]), TREES)
def test_a_good_file_with_one_value_changed_is_taken_or_refused(path: tuple[Any, ...], value: Any) -> None:
    """Anything, anywhere."""
    content = json.dumps(put(GOOD_TREE, path, value)).encode()
    check(findings(content), content)


WITH_SECRETS = SMALLEST.replace(b'"json://127.0.0.1/vagt"', b"!secret pris, !secret vagt-sms, !secret vagt-mail")
SECRET_FILES = st.binary(max_size=100) | trees(st.sampled_from(["vagt-sms", "vagt-mail", "pris"]), VALUES).map(
    lambda tree: json.dumps(tree).encode()
)


@tries(100)
@given(SECRET_FILES)
def test_any_file_of_secrets_is_taken_or_refused(secrets: bytes) -> None:
    """And nothing of it is shown."""
    for content in (secrets, b"pris: kanarie-4711\n" + secrets):
        check(findings(WITH_SECRETS, content), WITH_SECRETS)
