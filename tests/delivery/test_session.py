"""The session that a thread keeps: quicker, and nothing of one call is left for the next but its connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from receivers import HOST, HttpReceiver

from alarmbro.delivery.channel import Channels
from alarmbro.delivery.gate import Gate
from alarmbro.delivery.session import here, install, kept
from alarmbro.model.delivery import Message, Outcome, Result, Urgency
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

WORDS = Message("Titel", "Brødtekst", "Kort", Urgency.ALARM)


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with HttpReceiver() as receiver:
        yield receiver


def channel(url: str) -> tuple[Channels, Target]:
    target = Target("leder", 1, url.partition(":")[0], Secret(url))
    channels = Channels([target])
    assert channels.warm({}) == []
    return channels, target


def test_apprises_plugins_use_it(receiver: HttpReceiver) -> None:
    """Should `requests` come to look elsewhere for its session, each message costs more, and this says so."""
    channels, target = channel(f"json://{HOST}:{receiver.port}/")
    here.session = None
    assert channels.send(target, {}, WORDS).outcome is Outcome.OK
    assert here.session is not None


def test_a_cookie_is_not_shown_to_the_next(receiver: HttpReceiver) -> None:
    """Two recipients of one service must not be taken for one."""
    install()
    receiver.status(200, headers={"Set-Cookie": "login=1"})
    for _ in range(2):
        requests.post(f"http://{HOST}:{receiver.port}/", timeout=5)
    assert ["cookie" in each.headers for each in receiver.received()] == [False, False]


def test_a_failed_call_leaves_no_connection(receiver: HttpReceiver) -> None:
    """Whatever is wrong with it, the next try begins anew."""
    install()
    receiver.reset()
    with pytest.raises(requests.ConnectionError):
        requests.post(f"http://{HOST}:{receiver.port}/", timeout=5)
    receiver.ok()
    assert requests.post(f"http://{HOST}:{receiver.port}/", timeout=5).ok


def test_each_thread_has_its_own() -> None:
    """A session is not made for two at once."""
    found = [kept()]
    thread = threading.Thread(target=lambda: found.append(kept()))
    thread.start()
    thread.join()
    assert found[0] is not found[1]
    assert kept() is found[0]


def test_no_login_is_looked_for_on_the_disk(
    receiver: HttpReceiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hang, and whoever writes there would change what an address says."""
    (tmp_path / ".netrc").write_text(f"machine {HOST} login en password anden\n", encoding="ascii")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    channels, target = channel(f"json://{HOST}:{receiver.port}/")
    channels.send(target, {}, WORDS)
    assert "authorization" not in receiver.wait_for(1)[0].headers


@pytest.mark.parametrize("scheme", ["json", "mailto"])
def test_nothing_leaves_before_the_gate_is_open(scheme: str, receiver: HttpReceiver) -> None:
    """Whether the plugin goes through `requests` or has ways of its own."""
    rest = f"{HOST}:{receiver.port}/"
    url = f"json://{rest}" if scheme == "json" else f"mailto://{rest}?to=leder@alarm.example&from=a@alarm.example"
    channels, target = channel(url)
    gate, results = Gate(), list[Result]()
    thread = threading.Thread(target=lambda: results.append(channels.send(target, {}, WORDS, gate)))
    thread.start()
    thread.join(0.3)
    assert thread.is_alive()
    assert receiver.received() == []
    gate.open()
    receiver.stop() if scheme == "mailto" else receiver.wait_for(1)
    thread.join(10)
    assert results


def test_a_message_that_is_called_off_never_leaves(receiver: HttpReceiver) -> None:
    """And the channel is as good as before."""
    channels, target = channel(f"json://{HOST}:{receiver.port}/")
    gate = Gate()
    gate.call_off()
    gate.open()
    assert channels.send(target, {}, WORDS, gate) == Result(Outcome.FAILED, "called_off")
    assert receiver.received() == []
    assert channels.send(target, {}, WORDS).outcome is Outcome.OK
