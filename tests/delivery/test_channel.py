"""Channels against real servers on loopback: what arrives, what is told of it, and who waits for whom."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from receivers import HttpReceiver, SmtpReceiver, free_port

from alarmbro.delivery.channel import KEPT_URLS, SPARES, Channels, Spares
from alarmbro.model.delivery import Message, Outcome, Result, Urgency
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

ALARM = Message(
    title="ALARM 17: Vrå Bibliotek",
    body="Overfald i *Lokale 1* <under> skrivebordet :smile: \\n Æblegrød på Ærø",
    short="ALARM 17 Vrå Bibliotek: Lokale 1. Kom nu!",
    urgency=Urgency.ALARM,
)
VALUES = {"device.zone": "1", "device.name": "Lokale 1 & 2/æ", "alarm.kind": "alarm"}


def target(url: str, number: int = 1) -> Target:
    return Target("serviceteam", number, url.partition("://")[0], Secret(url))


def channels(*targets: Target) -> Channels:
    made = Channels(targets)
    assert made.warm(VALUES) == []
    return made


def say(url: str, message: Message = ALARM) -> Result:
    return channels(target(url)).send(target(url), VALUES, message)


def aside(made: Channels, to: Target) -> Future[tuple[Result, float]]:
    """Send in a thread of its own, as the daemon does; the future gives the result and the seconds it took."""
    future: Future[tuple[Result, float]] = Future()

    def run() -> None:
        began = time.monotonic()
        future.set_result((made.send(to, VALUES, ALARM), time.monotonic() - began))

    threading.Thread(target=run, daemon=True).start()
    return future


@pytest.fixture
def http() -> Iterator[HttpReceiver]:
    with HttpReceiver() as receiver:
        yield receiver


@pytest.fixture
def smtp() -> Iterator[SmtpReceiver]:
    with SmtpReceiver() as receiver:
        yield receiver


def mailto(receiver: SmtpReceiver, more: str = "") -> str:
    return f"mailto://127.0.0.1:{receiver.port}?from=alarm@bro.example&to=vagt@kommune.example{more}"


def test_a_message_arrives_word_for_word_over_http(http: HttpReceiver) -> None:
    """Danish letters, markup and escapes go through unchanged, and the urgency is told."""
    assert say(f"json://127.0.0.1:{http.port}/") == Result(Outcome.OK, "ok")
    (request,) = http.wait_for(1)
    assert (request.json["title"], request.json["message"], request.json["type"]) == (
        ALARM.title,
        ALARM.body,
        "failure",
    )


def test_a_message_arrives_word_for_word_by_mail(smtp: SmtpReceiver) -> None:
    """A mail is plain text, and Danish letters are whole in subject and body."""
    assert say(mailto(smtp)) == Result(Outcome.OK, "ok")
    (mail,) = smtp.wait_for(1)
    assert mail.subject == ALARM.title
    assert mail.text.rstrip() == ALARM.body
    assert (mail.content_type, mail.recipients) == ("text/plain", ("vagt@kommune.example",))


def test_no_phone_is_sent_elsewhere_for_an_icon(http: HttpReceiver) -> None:
    """The message to ntfy names no picture on a foreign server."""
    assert say(f"ntfy://127.0.0.1:{http.port}/vagt").outcome is Outcome.OK
    (request,) = http.wait_for(1)
    assert request.json == {"topic": "vagt", "title": ALARM.title, "message": ALARM.body}
    assert "x-icon" not in request.headers


@pytest.mark.parametrize(("urgency", "told"), [("fault", "warning"), ("info", "info"), ("test", "info")])
def test_the_urgency_is_told_to_services_with_levels(http: HttpReceiver, urgency: str, told: str) -> None:
    """Only an alarm is a failure to Apprise."""
    say(f"json://127.0.0.1:{http.port}/", Message("t", "b", "s", Urgency(urgency)))
    assert http.wait_for(1)[0].json["type"] == told


@pytest.mark.parametrize("code", [400, 401, 403, 404, 429, 500, 503])
@pytest.mark.parametrize("scheme", ["json", "ntfy"])
def test_an_answer_of_refusal_is_told_with_its_status(http: HttpReceiver, scheme: str, code: int) -> None:
    """The technician sees the status that the server gave, whatever the plugin makes of it."""
    http.status(code, b'{"code": 40101, "error": "canary"}')
    result = say(f"{scheme}://127.0.0.1:{http.port}/vagt")
    assert (result.outcome, result.reason) == (Outcome.FAILED, f"http_{code}")
    assert result.detail.startswith(f"HTTP {code} ")


def test_a_redirect_is_no_delivery(http: HttpReceiver) -> None:
    """A redirected POST would become a GET without the message, and its 200 would pass for delivered."""
    http.status(301, headers={"Location": f"http://127.0.0.1:{http.port}/elsewhere"})
    assert say(f"json://127.0.0.1:{http.port}/").reason == "http_301"
    assert [request.path for request in http.received()] == ["/"]


def test_a_service_that_answers_200_and_says_no_is_rejected(http: HttpReceiver) -> None:
    """Success of the transport is not success of the message."""
    http.status(204)
    result = say(f"ntfy://127.0.0.1:{http.port}/vagt")
    assert result == Result(Outcome.FAILED, "rejected", "HTTP 204, but the service said no")


@pytest.mark.parametrize("scheme", ["json", "ntfy", "mailto"])
def test_a_closed_port_is_refused(scheme: str) -> None:
    """Nothing was sent: failed, not unknown."""
    result = say(f"{scheme}://127.0.0.1:{free_port()}/vagt?from=a@bro.example&to=b@bro.example")
    assert (result.outcome, result.reason) == (Outcome.FAILED, "refused")


@pytest.mark.parametrize("scheme", ["json", "ntfy", "mailto"])
def test_a_name_that_does_not_resolve_is_dns(scheme: str) -> None:
    """`.invalid` resolves nowhere (RFC 6761)."""
    result = say(f"{scheme}://nowhere.invalid:1/vagt?from=a@bro.example&to=b@bro.example")
    assert (result.outcome, result.reason) == (Outcome.FAILED, "dns")


def test_a_server_without_tls_is_tls(http: HttpReceiver) -> None:
    """A handshake that fails is told as such."""
    result = say(f"jsons://localhost:{http.port}/")
    assert (result.outcome, result.reason) == (Outcome.FAILED, "tls")


def test_a_server_that_never_answers_is_unknown_after_its_read_timeout(http: HttpReceiver) -> None:
    """It has the message and may act on it, so nobody knows; it is sent again."""
    http.hang()
    result = say(f"json://127.0.0.1:{http.port}/?cto=1&rto=0.2")
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "timeout")
    assert len(http.received()) == 1


def test_a_connection_that_is_reset_is_unknown(http: HttpReceiver) -> None:
    """The far end had read the whole request."""
    http.reset()
    result = say(f"json://127.0.0.1:{http.port}/")
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "reset")


def test_a_slow_server_within_its_timeout_is_ok(http: HttpReceiver) -> None:
    """Slow is not dead."""
    http.slow(0.3)
    assert say(f"json://127.0.0.1:{http.port}/?rto=5").outcome is Outcome.OK


def test_a_server_that_went_and_came_back_is_reached_again(http: HttpReceiver) -> None:
    """A failure leaves nothing behind that stops the next attempt."""
    to = target(f"json://127.0.0.1:{http.port}/")
    made = channels(to)
    outcomes = [made.send(to, VALUES, ALARM).outcome]
    http.stop()
    outcomes.append(made.send(to, VALUES, ALARM).outcome)
    http.start()
    outcomes.append(made.send(to, VALUES, ALARM).outcome)
    assert outcomes == [Outcome.OK, Outcome.FAILED, Outcome.OK]


def test_a_mail_server_that_refuses_the_recipient_is_told_with_its_code(smtp: SmtpReceiver) -> None:
    """550 for the technician: the address is wrong."""
    smtp.refuse_recipient(550)
    assert say(mailto(smtp)) == Result(Outcome.FAILED, "smtp_550", "the mail server answered 550")


def test_a_mail_server_that_refuses_the_mail_is_told_with_its_code(smtp: SmtpReceiver) -> None:
    """451 at the end of DATA."""
    smtp.refuse_content(451)
    assert say(mailto(smtp)).reason == "smtp_451"


def test_a_mail_server_that_says_nothing_is_unknown(http: HttpReceiver) -> None:
    """An HTTP server waits for a request line and so never greets."""
    result = say(f"mailto://127.0.0.1:{http.port}?from=a@bro.example&to=b@bro.example&cto=0.2")
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "timeout")


def test_two_alarms_in_a_row_are_not_throttled(http: HttpReceiver, smtp: SmtpReceiver) -> None:
    """Apprise would wait 5.5 seconds before the second message to the same phone."""
    targets = [target(f"ntfy://127.0.0.1:{http.port}/vagt"), target(mailto(smtp), 2)]
    made = channels(*targets)
    began = time.monotonic()
    assert [made.send(to, VALUES, ALARM).outcome for _ in range(3) for to in targets] == [Outcome.OK] * 6
    assert (len(http.wait_for(3)), len(smtp.wait_for(3))) == (3, 3)
    assert time.monotonic() - began < 1


def test_twenty_hanging_targets_do_not_delay_the_good_one(http: HttpReceiver) -> None:
    """Each send has its own thread and shares no pool; the dead ones end by themselves."""
    with HttpReceiver() as dead:
        dead.hang()
        bad = [target(f"json://127.0.0.1:{dead.port}/{n}?rto=1.5", n) for n in range(20)]
        good = target(f"json://127.0.0.1:{http.port}/", 99)
        made = channels(*bad, good)
        hanging = [aside(made, to) for to in bad]
        dead.wait_for(20)
        result, took_s = aside(made, good).result(timeout=5)
        assert (result.outcome, any(future.done() for future in hanging)) == (Outcome.OK, False)
        assert took_s < 1
        assert {future.result(timeout=10)[0].reason for future in hanging} == {"timeout"}


def test_a_dripping_server_holds_only_its_own_call(http: HttpReceiver) -> None:
    """A read timeout counts from byte to byte, so this call outlives it; other sends to the same target do not wait."""
    to = target(f"json://127.0.0.1:{http.port}/?rto=0.5")
    made = channels(to)
    http.drip(every_s=0.1)
    dripping = aside(made, to)
    http.wait_for(1)
    http.ok(keep=True)
    result, took_s = aside(made, to).result(timeout=5)
    assert (result.outcome, took_s < 1, dripping.done()) == (Outcome.OK, True, False)


def test_placeholders_arrive_quoted(http: HttpReceiver) -> None:
    """A name with `&`, `/` and Danish letters stays one value and the URL one URL."""
    assert say(f"json://127.0.0.1:{http.port}/zone/{{device.zone}}?-name={{device.name}}").outcome is Outcome.OK
    (request,) = http.wait_for(1)
    assert (request.path, request.query) == ("/zone/1", {"name": [VALUES["device.name"]]})


def test_each_rendered_url_reaches_its_own_place(http: HttpReceiver) -> None:
    """Kept plugin objects are never mixed up between devices."""
    to = target(f"json://127.0.0.1:{http.port}/{{device.zone}}")
    made = channels(to)
    for zone in ("1", "2", "1", "3", "2"):
        assert made.send(to, {**VALUES, "device.zone": zone}, ALARM).outcome is Outcome.OK
    assert [request.path for request in http.wait_for(5)] == ["/1", "/2", "/1", "/3", "/2"]


def test_a_missing_placeholder_value_is_a_result_and_no_exception() -> None:
    """`send` never raises."""
    to = target("json://127.0.0.1/{device.zone}")
    result = Channels([to]).send(to, {}, ALARM)
    assert (result.outcome, result.reason) == (Outcome.FAILED, "unusable")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nosuch://host", "Apprise knows no service nosuch://"),
        ("twilio://canary", "the URL is not complete or not right for twilio://"),
        ("twilio://canary:canary@15551230000", "the URL is not complete or not right for twilio://"),
        ("json://", "the URL is not complete or not right for json://"),
        ("fcm://canary/canary", "fcm:// needs a library that is not installed"),
    ],
)
def test_warming_names_targets_that_make_no_channel(url: str, reason: str) -> None:
    """A typing error shows at start and not at the first alarm, and sending to it is a result."""
    good, bad = target("json://127.0.0.1/"), target(url, 2)
    made = Channels([good, bad])
    assert made.warm(VALUES) == [(bad, reason)]
    assert made.send(bad, VALUES, ALARM) == Result(Outcome.FAILED, "unusable", reason)


def test_an_empty_text_is_a_result_and_no_exception(http: HttpReceiver) -> None:
    """Apprise refuses a message without text."""
    result = say(f"json://127.0.0.1:{http.port}/", Message("", "", "", Urgency.ALARM))
    assert (result.outcome, result.reason) == (Outcome.FAILED, "rejected")


def test_spares_are_bounded() -> None:
    """However many sends hang and come back, and however many devices there are, memory stays small."""
    spares = Spares()
    surplus = [spares.put("same", n) for n in range(SPARES + 2)]
    assert surplus == [[]] * SPARES + [[0], [1]]
    for n in range(KEPT_URLS - 1):
        assert spares.put(f"url {n}", n) == []
    assert spares.put("one more", -1) == [2, 3, 4, 5]
    assert spares.take("same") is None
    assert (spares.take("one more"), spares.take("one more")) == (-1, None)
