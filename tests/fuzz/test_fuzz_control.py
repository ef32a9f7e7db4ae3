"""Whatever comes over the control socket: an answer or an error that says what to do, and the next one is answered."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clocks import JumpingClock
from fuzzed import NUMBERS, TEXTS, configuration, spoilt, trees, tries, written
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.control.client import ask
from alarmbro.control.protocol import DEEPEST, SOCKET_NAME, WordsError, encode, request_of
from alarmbro.control.server import ControlServer
from alarmbro.model.activation import Source
from alarmbro.model.errors import AlarmbroError
from alarmbro.shell.asking.orders import VERBS, order_of
from alarmbro.shell.asking.requests import Requests

WORDS = st.sampled_from(
    ["do", "device", "alarm", "by", "outcome", "note", "id", "site", "devices", "for_s", "recipient", "who", "confirm"]
)
VALUES = st.sampled_from(
    ["vraa/lommy-1", "vraa", "lommy-1", "real", "test", "serviceteam", "vraa-1", "ack", "close", "press", *VERBS]
)
TREES = trees(WORDS, VALUES)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "do": VALUES, "device": VALUES | TREES, "alarm": VALUES | TREES, "site": VALUES | TREES, "by": TEXTS | TREES,
        "devices": st.lists(VALUES | TREES, max_size=3) | TREES, "for_s": NUMBERS | TREES, "outcome": VALUES | TREES,
        "recipient": VALUES | TREES, "who": TEXTS | TREES, "note": TEXTS | TREES, "id": NUMBERS | TREES,
        "confirm": st.booleans() | TREES,
    },
)  # fmt: skip
LINES = (
    st.binary(max_size=80)
    | TREES.map(written)
    | REQUESTS.map(written)
    | st.builds(spoilt, REQUESTS.map(written), st.integers(0, 300), st.binary(max_size=3))
    | st.integers(1, 5000).map(lambda depth: b'{"do":' + b"[" * depth + b"]" * depth + b"}")
)


def deepest(tree: Any) -> int:
    """Count the levels."""
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else None
    return 0 if parts is None else 1 + max(map(deepest, parts), default=0)


@tries(500)
@given(LINES)
def test_a_line_is_a_request_that_can_be_shown_or_an_error(line: bytes) -> None:
    """Never anything else; what is let in can be written down, sent and shown on a terminal."""
    try:
        request = request_of(line)
    except WordsError:
        return
    shown = json.dumps(request, ensure_ascii=False, allow_nan=False)
    assert shown.encode()
    assert not {"\x1b", "\r", "\u202e", "\x9b"} & set("".join(texts_in(request)))
    assert deepest(request) <= DEEPEST


def texts_in(tree: Any) -> Iterator[str]:
    """Give every text of a tree, keys too."""
    if isinstance(tree, str):
        yield tree
    for each in [*tree, *tree.values()] if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from texts_in(each)


@tries(500)
@given(REQUESTS)
def test_a_request_is_understood_or_refused_in_words(request: dict[str, Any]) -> None:
    """By each that reads requests, whatever it is about."""
    requests = Requests(configuration(), JumpingClock(), lambda: "key")
    readers = (
        lambda: requests.activation(requests.device(request), request, "anna", Source.COMMAND),
        lambda: requests.recipient(request),
        lambda: requests.answer(request, "anna", Source.COMMAND),
        lambda: order_of(request, configuration(), "anna"),
    )
    for read in readers:
        said = ""
        try:
            assert read() is not None
        except AlarmbroError as error:
            said = str(error) or "nothing"
        assert len(said) < 2000
        assert said != "nothing"


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("run")
    server = ControlServer(folder, lambda request, uid: {"echo": request, "uid": uid})
    server.start()
    yield folder
    server.stop()


@tries(150)
@given(content=st.lists(LINES, max_size=3).map(b"\n".join), ends=st.booleans())
def test_whatever_is_sent_the_next_one_is_answered(run_dir: Path, content: bytes, ends: bool) -> None:
    """By a real socket: one line of JSON comes back, and then the next is asked."""
    with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.settimeout(10)
        connection.connect(str(run_dir / SOCKET_NAME))
        connection.sendall(content + (b"\n" if ends else b""))
        connection.shutdown(socket.SHUT_WR)
        reply = json.loads(b"".join(iter(lambda: connection.recv(65536), b"")))
        assert reply["ok"] or (reply["kind"] == "words" and reply["error"])
    assert ask(run_dir, {"do": "status"})["echo"] == {"do": "status"}


@tries(200)
@given(TREES)
def test_every_answer_can_be_written(answer: Any) -> None:
    """Whatever stands in it."""
    assert encode({"ok": True, "answer": answer}).endswith(b"\n")
