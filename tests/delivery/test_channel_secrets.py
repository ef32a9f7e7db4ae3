"""No secret of a URL gets into a log, a result or a repr, whatever goes wrong and however much is logged."""

from __future__ import annotations

import logging
import smtplib
import sys
from collections.abc import Iterator

import pytest
from apprise.logger import logger as apprise_logger
from receivers import HttpReceiver, SmtpReceiver, free_port

from alarmbro.delivery.channel import Channels
from alarmbro.delivery.overheard import STATUS_LOGGER, Overheard, status_of
from alarmbro.delivery.reasons import of_refusal, of_surprise
from alarmbro.model.delivery import Message, Outcome, Urgency
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

CANARY = "kanariefugl"
ALARM = Message("Titel", "Tekst", "Kort", Urgency.ALARM)


class Everything(logging.Handler):
    """Keeps every record that reaches it, formatted, with its traceback; but not those of the far end's mail server."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != "mail.log":
            self.lines.append(f"{record.name} {self.format(record)} {record.args!r}")


@pytest.fixture
def everything() -> Iterator[Everything]:
    """Make the root logger let all through, as a technician who looks for something would set it."""
    handler, root = Everything(), logging.getLogger()
    before = root.level
    root.setLevel(logging.NOTSET)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


def secret_urls(http: int, smtp: int) -> list[str]:
    """Give a URL with the canary in each place where a secret can be."""
    return [
        f"json://127.0.0.1:{http}/{CANARY}/x",
        f"json://user:{CANARY}@127.0.0.1:{http}/",
        f"json://{CANARY}:word@127.0.0.1:{http}/",
        f"json://127.0.0.1:{http}/?+X-Key={CANARY}",
        f"json://127.0.0.1:{http}/?-token={CANARY}",
        f"ntfy://127.0.0.1:{http}/{CANARY}",
        f"ntfy://tk_{CANARY}@127.0.0.1:{http}/topic",
        f"gotify://127.0.0.1:{http}/{CANARY}",
        f"mailto://127.0.0.1:{smtp}?from=a@bro.example&to={CANARY}@kommune.example",
        f"mailto://127.0.0.1:{smtp}?from={CANARY}@bro.example&to=b@kommune.example",
        f"mailto://user:{CANARY}@127.0.0.1:{smtp}?from=a@bro.example&to=b@kommune.example",
        f"json://{CANARY}.invalid/",
        f"nosuch://{CANARY}/",
        f"twilio://{CANARY}",
        f"json://127.0.0.1:{http}/{{{CANARY}}}",
        f"json://127.0.0.1:{http}/?cto={CANARY}&format={CANARY}&overflow={CANARY}",
    ]


def fail(failure: Exception) -> None:
    raise failure


def say_all(urls: list[str]) -> str:
    """Send to each and give all that could be shown of it."""
    targets = [Target("serviceteam", n, url.partition("://")[0], Secret(url)) for n, url in enumerate(urls)]
    made = Channels(targets)
    shown = [repr(made), str(made), repr(made.warm({}))]
    shown += [repr((to, made.send(to, {}, ALARM))) for to in targets]
    return "\n".join(shown)


def test_no_canary_when_all_goes_well(everything: Everything) -> None:
    """Apprise logs tokens, topics and addresses at DEBUG and INFO, urllib3 the whole path."""
    with HttpReceiver() as http, SmtpReceiver() as smtp:
        shown = say_all(secret_urls(http.port, smtp.port))
        assert len(http.received()) == 9
    assert CANARY not in shown
    assert [line for line in everything.lines if CANARY in line] == []


@pytest.mark.parametrize("status", [302, 401, 500])
def test_no_canary_when_services_refuse(everything: Everything, status: int) -> None:
    """Apprise's warnings name topics and addresses, and quote what the server says."""
    with HttpReceiver() as http, SmtpReceiver() as smtp:
        http.status(status, f'{{"error": "{CANARY}", "code": 1}}'.encode(), {"Location": f"http://{CANARY}/"})
        smtp.refuse_recipient(550)
        shown = say_all(secret_urls(http.port, smtp.port))
    assert CANARY not in shown
    assert [line for line in everything.lines if CANARY in line] == []


def test_no_canary_when_nobody_listens(everything: Everything) -> None:
    """The text of a connection error holds host, port and path."""
    shown = say_all(secret_urls(free_port(), free_port()))
    assert CANARY not in shown
    assert "refused" in shown
    assert [line for line in everything.lines if CANARY in line] == []


def test_no_canary_when_connections_are_reset(everything: Everything) -> None:
    """The same for what breaks halfway."""
    with HttpReceiver() as http:
        http.reset()
        shown = say_all(secret_urls(http.port, free_port()))
    assert CANARY not in shown
    assert [line for line in everything.lines if CANARY in line] == []


def test_a_surprise_is_told_by_its_kind_and_place_alone() -> None:
    """The text of an exception may hold anything."""
    with pytest.raises(KeyError) as raised:
        raise KeyError(CANARY)
    result = of_surprise(raised.value)
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "error")
    assert result.detail.startswith("KeyError at test_channel_secrets.py:")
    assert CANARY not in repr(result)


def test_evidence_belongs_to_the_send_in_its_own_thread_and_block() -> None:
    """An exception that the caller itself is handling is no evidence, nor is anything before or after."""
    overheard = Overheard()
    record = apprise_logger.makeRecord("apprise", logging.WARNING, __file__, 1, "x %s", (CANARY,), None)
    try:
        fail(ConnectionRefusedError())
    except ConnectionRefusedError:
        with overheard.listening() as evidence:
            assert not overheard.filter(record)
        assert of_refusal(evidence).reason == "rejected"
        assert not overheard.filter(record)
    assert evidence.failure is None


def test_a_failure_that_is_only_logged_is_evidence() -> None:
    """Apprise swallows the exception; it is seen while the library logs it."""
    overheard = Overheard()
    record = apprise_logger.makeRecord("apprise", logging.DEBUG, __file__, 1, "x", (), None)
    with overheard.listening() as evidence:
        try:
            fail(smtplib.SMTPServerDisconnected(CANARY))
        except smtplib.SMTPServerDisconnected:
            overheard.filter(record)
    assert of_refusal(evidence).outcome is Outcome.UNKNOWN


def test_a_status_line_of_another_shape_is_no_evidence() -> None:
    """Should urllib3 change its line, the reason gets poorer and nothing breaks."""
    for arguments in [(), ("a",), tuple("abcdefgh"), {"a": 1}]:
        record = logging.LogRecord(STATUS_LOGGER, logging.DEBUG, __file__, 1, "x", (), None)
        record.__dict__["args"] = arguments
        assert status_of(record) is None
    assert sys.exc_info()[1] is None
