"""gatewayapi:// hands SMS to GatewayAPI, tells what became of it, and never shows its token."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from apprise import Apprise
from apprise.exception import AppriseException
from apprise.manager_plugins import NotificationManager
from receivers import HOST, HttpReceiver

from alarmbro.delivery.channel import ROOM_OF_SMS, Channels, is_brief
from alarmbro.delivery.gate import Gate
from alarmbro.delivery.plugins import register
from alarmbro.delivery.plugins.gatewayapi import NotifyGatewayAPI
from alarmbro.delivery.probing import probe
from alarmbro.model.delivery import Message, Outcome, Result, Urgency
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

register()
if "gatewayapi" not in NotificationManager():
    NotificationManager().add(NotifyGatewayAPI)

TOKEN = "Go-Create_an.API-token"
TAKEN = b'{"ids": [421332671], "usage": {"countries": {"DK": 1}, "currency": "DKK", "total_cost": 0.3}}'
ALARM = Message("Overfaldsalarm", "Den lange tekst", "Overfaldsalarm: Vrå Bibliotek", Urgency.ALARM)


def made(url: str) -> Any:
    """Make a plugin; raise what it says of a URL that is wrong."""
    return Apprise.instantiate(url, suppress_exceptions=False)


@pytest.fixture
def gateway() -> Iterator[HttpReceiver]:
    """Run a gateway on loopback that takes everything."""
    with HttpReceiver() as server:
        server.status(200, TAKEN)
        yield server


def at(server: HttpReceiver, numbers: str = "4512345678", more: str = "") -> str:
    """Give a URL that leads to this gateway."""
    return f"gatewayapi://{TOKEN}@Vraa%20Bib/{numbers}?host={HOST}&port={server.port}{more}"


def refusal(server: HttpReceiver, status: int, code: str = "", **more: Any) -> Result:
    """Give what a plugin makes of such a refusal."""
    server.status(status, json.dumps({"code": code, "incident_uuid": "d8127429", **more}).encode())
    plugin = made(at(server))
    assert not plugin.notify(body="x")
    result = plugin.result
    assert isinstance(result, Result)
    return result


def test_a_message_is_one_request_for_all_numbers(gateway: HttpReceiver) -> None:
    """As the API's documentation has it."""
    plugin = made(at(gateway, "4512345678/+45 87 65 43 21/004511111111"))
    assert plugin.notify(body="Overfaldsalarm: Vrå")
    (asked,) = gateway.received()
    assert (asked.method, asked.path) == ("POST", "/rest/mtsms")
    assert asked.headers["authorization"].startswith("Basic ")
    assert asked.json == {
        "sender": "Vraa Bib",
        "message": "Overfaldsalarm: Vrå",
        "encoding": "UTF8",
        "recipients": [{"msisdn": 4512345678}, {"msisdn": 4587654321}, {"msisdn": 4511111111}],
    }


def test_taken_is_not_delivered_and_says_so(gateway: HttpReceiver) -> None:
    """A phone that is off has not got it."""
    plugin = made(at(gateway))
    assert plugin.notify(body="x")
    assert plugin.result.outcome is Outcome.OK
    assert "not known" in plugin.result.detail


@pytest.mark.parametrize(
    ("asked", "text", "encoding"),
    [
        ("", "Overfald på æøå", "UTF8"),
        ("", "Overfald 🚨", "UCS2"),
        ("&encoding=gsm7", "Overfald 🚨", "UTF8"),
        ("&encoding=ucs2", "Overfald", "UCS2"),
    ],
)
def test_the_encoding_is_what_the_text_needs_or_the_url_says(
    gateway: HttpReceiver, asked: str, text: str, encoding: str
) -> None:
    """UCS-2 halves what an SMS holds."""
    assert made(at(gateway, more=asked)).notify(body=text)
    assert gateway.received()[0].json["encoding"] == encoding
    assert gateway.received()[0].json["message"] == text


def test_a_number_that_is_named_twice_is_told_once(gateway: HttpReceiver) -> None:
    """The API refuses the whole message otherwise."""
    assert made(at(gateway, "4512345678/+4512345678")).notify(body="x")
    assert gateway.received()[0].json["recipients"] == [{"msisdn": 4512345678}]


def test_a_refusal_is_told_by_its_code_and_status(gateway: HttpReceiver) -> None:
    """With what to do where that is known, and without what the gateway filled in."""
    denied = refusal(gateway, 403, "0x0213", message="Unauthorized IP-address: %1", variables=["192.0.2.7"])
    assert (denied.outcome, denied.reason) == (Outcome.FAILED, "http_403")
    assert "0x0213" in denied.detail
    assert "IP address" in denied.detail
    assert "192.0.2.7" not in denied.detail
    assert refusal(gateway, 401).reason == "http_401"
    assert "not valid" in refusal(gateway, 400, "0x0308").detail
    assert refusal(gateway, 403, "0x0216").reason == "no_credit"
    assert refusal(gateway, 500, "no code at all").detail == "HTTP 500 Internal Server Error"


@pytest.mark.parametrize("body", [b"<html>Velkommen</html>", b"{}", b"[]", b'{"ids": []}'])
def test_whoever_else_answers_200_has_taken_nothing(gateway: HttpReceiver, body: bytes) -> None:
    """The page of a guest network, a proxy."""
    gateway.status(200, body)
    plugin = made(at(gateway))
    assert not plugin.notify(body="x")
    assert plugin.result.reason == "rejected"


def test_one_number_that_is_refused_stops_no_other(gateway: HttpReceiver) -> None:
    """All get it, and the message has failed all the same: not everybody is told."""
    gateway.status(403, b'{"code": "0x0215", "variables": ["4512345678"]}')
    plugin = made(at(gateway, "4512345678/4587654321"))
    assert not plugin.notify(body="x")
    alone = [[each["msisdn"] for each in asked.json["recipients"]] for asked in gateway.received()]
    assert alone == [[4512345678, 4587654321], [4512345678], [4587654321]]
    assert "blocked" in plugin.result.detail


def test_a_wrong_token_is_not_tried_for_each_number(gateway: HttpReceiver) -> None:
    """It is as wrong for the next."""
    gateway.status(401)
    assert not made(at(gateway, "4512345678/4587654321")).notify(body="x")
    assert len(gateway.received()) == 1


def test_silence_may_have_been_taken(gateway: HttpReceiver) -> None:
    """So it is unknown, and tried again."""
    gateway.hang()
    plugin = made(at(gateway, more="&rto=0.2"))
    assert not plugin.notify(body="x")
    assert (plugin.result.outcome, plugin.result.reason) == (Outcome.UNKNOWN, "timeout")
    gateway.stop()
    plugin = made(at(gateway))
    assert not plugin.notify(body="x")
    assert (plugin.result.outcome, plugin.result.reason) == (Outcome.FAILED, "refused")


def test_a_channel_sends_the_short_form_behind_its_gate(gateway: HttpReceiver) -> None:
    """And tells what the plugin says of a refusal."""
    target = Target("leder", 1, "gatewayapi", Secret(at(gateway)))
    channels = Channels([target])
    assert channels.warm({}) == []
    gate = Gate()
    gate.call_off()
    assert channels.send(target, {}, ALARM, gate).reason == "called_off"
    assert gateway.received() == []
    assert channels.send(target, {}, ALARM).outcome is Outcome.OK
    assert gateway.received()[0].json["message"] == ALARM.short
    gateway.status(403, b'{"code": "0x0216"}')
    assert channels.send(target, {}, ALARM).reason == "no_credit"


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, b'{"credit": "12.50", "currency": "DKK", "id": 1}', "ok"),
        (200, b'{"credit": 12.5, "currency": "DKK", "id": 1}', "ok"),
        (200, b'{"credit": "?", "currency": "DKK", "id": 1}', "ok"),
        (200, b'{"credit": "0.00", "currency": "DKK", "id": 1}', "no_credit"),
        (200, b"<html>", "rejected"),
        (401, b"{}", "http_401"),
        (500, b"{}", "http_500"),
    ],
)
def test_a_probe_proves_the_token_and_the_credit(gateway: HttpReceiver, status: int, body: bytes, reason: str) -> None:
    """By asking for the account: nobody's phone rings."""
    gateway.status(status, body)
    assert probe(Target("leder", 1, "gatewayapi", Secret(at(gateway))), {}).reason == reason
    (asked,) = gateway.received()
    assert (asked.method, asked.path) == ("GET", "/rest/me")


def test_an_account_that_is_paid_afterwards_needs_no_credit(gateway: HttpReceiver) -> None:
    """Its credit may be below zero for ever."""
    gateway.status(200, b'{"credit": "-100.0"}')
    assert made(at(gateway, more="&postpaid=yes")).probe().outcome is Outcome.OK


def test_it_is_as_brief_as_an_sms() -> None:
    """No title, and no more than ten parts."""
    for more, room in (("", 1530), ("?encoding=ucs2", 670)):
        plugin = made(f"gatewayapi://{TOKEN}@Bib/4512345678{more}")
        assert is_brief(plugin, "gatewayapi")
        assert plugin.body_maxlen == room <= ROOM_OF_SMS


def test_the_token_goes_to_gatewayapi_by_tls_alone() -> None:
    """In the clear only to this machine itself."""
    base = f"gatewayapi://{TOKEN}@Bib/4512345678"
    assert made(base)._base() == "https://gatewayapi.com"
    assert made(f"{base}?region=eu")._base() == "https://gatewayapi.eu"
    assert made(f"{base}?host=gateway.example")._base() == "https://gateway.example"
    assert made(f"{base}?host=gateway.example&port=80")._base() == "https://gateway.example:80"
    assert made(f"{base}?host=127.0.0.1&port=8080")._base() == "http://127.0.0.1:8080"
    assert made(f"{base}?host=localhost")._base() == "http://localhost"
    assert made(f"{base}?host=%5B::1%5D&port=8080")._base() == "http://[::1]:8080"


def test_the_token_is_shown_nowhere(gateway: HttpReceiver, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in a URL to look at, nor in a log, whatever happens."""
    plugin = made(at(gateway))
    with caplog.at_level(logging.DEBUG):
        assert plugin.notify(body="x")
        gateway.status(401)
        assert not plugin.notify(body="x")
        gateway.stop()
        assert not plugin.notify(body="x")
        plugin.probe()
    shown = (repr(plugin), str(plugin), plugin.url(privacy=True), plugin.result.detail, caplog.text)
    assert not any(TOKEN in each for each in shown)


@pytest.mark.parametrize(
    "url",
    [
        f"gatewayapi://{TOKEN}@Vraa%20Bib/4512345678/4587654321",
        f"gatewayapi://{TOKEN}@4512345678/4587654321?region=eu&encoding=ucs2&postpaid=yes",
        f"gatewayapi://{TOKEN}@Bib/4512345678?host=127.0.0.1&port=8080&encoding=gsm7",
        "gatewayapi://a%2Fb%40c@A%26B/4512345678",
        f"gatewayapi://_/?token={TOKEN}&from=Bib&to=4512345678,+4587654321",
    ],
)
def test_a_url_makes_the_same_again(url: str) -> None:
    """With its token, its sender and all numbers."""
    first = made(url)
    again = made(first.url())
    for name in ("token", "sender", "numbers", "region", "encoding", "other_host", "other_port", "postpaid"):
        assert getattr(again, name) == getattr(first, name), name
    assert len(again) == len(first.numbers)
    assert again.url_identifier == first.url_identifier


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("gatewayapi://Bib/4512345678", "token"),
        (f"gatewayapi://{TOKEN}@/4512345678", "sender"),
        (f"gatewayapi://{TOKEN}@Hj%C3%B8rring/4512345678", "sender"),
        (f"gatewayapi://{TOKEN}@HirtshalsBibliotek/4512345678", "11"),
        (f"gatewayapi://{TOKEN}@1234567890123456/4512345678", "digits"),
        (f"gatewayapi://{TOKEN}@Bib/", "missing"),
        (f"gatewayapi://{TOKEN}@Bib/12345678", "country code"),
        (f"gatewayapi://{TOKEN}@Bib/4512345678/leder", "country code"),
        (f"gatewayapi://{TOKEN}@Bib/4512345678?to=leder", "country code"),
        (f"gatewayapi://{TOKEN}@Bib/4512345678?region=dk", "com, eu"),
        (f"gatewayapi://{TOKEN}@Bib/4512345678?regoin=eu", "region"),
        (f"gatewayapi://{TOKEN}@Bib/4512345678?encoding=utf-9", "gsm7"),
        (f"gatewayapi://{TOKEN}@Bib/4512345678?host=h.example&port=0", "port"),
    ],
)
def test_a_url_that_is_wrong_is_refused_without_its_token(url: str, hint: str) -> None:
    """A Danish number without its country code would be somebody's in another country."""
    with pytest.raises(AppriseException, match=hint) as error:
        made(url)
    assert TOKEN not in str(error.value)


def test_apprise_describes_it() -> None:
    """`apprise --dry-run` and web front ends read it."""
    details = {each["protocols"][0]: each for each in Apprise().details()["schemas"] if each["protocols"]}
    found = details["gatewayapi"]["details"]
    assert found["tokens"]["token"]["private"]
    assert set(found["args"]) >= {"region", "encoding", "host", "port", "to", "from"}
