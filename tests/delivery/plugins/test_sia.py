"""sia:// as an Apprise plugin: its URL, its codes, and what it says of each kind of message."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from apprise import Apprise
from apprise.exception import AppriseException
from dc09_receiver import Scripted, duh, scripted, sequence_of

from alarmbro.delivery.channel import Channels
from alarmbro.delivery.dc09.codes import CODES
from alarmbro.delivery.plugins import register
from alarmbro.judgement.addressing.coded import SAYS
from alarmbro.model.delivery import Message, MessageKind, Occasion, Outcome, Urgency
from alarmbro.model.level import Level
from alarmbro.model.route import Target
from alarmbro.model.secret import Secret

AT = datetime(2026, 11, 23, 9, 12, 4, tzinfo=UTC)
ALARM = Message("Overfaldsalarm: Hirtshals", "Tekst", "Kort", Urgency.ALARM)


def plugin(url: str) -> Any:
    """Make a plugin; raise what it says of a URL that is wrong."""
    register()
    return Apprise.instantiate(url, suppress_exceptions=False)


def said(heard: Scripted) -> list[str]:
    """Give what stood in the brackets of each frame."""
    return [frame.decode().partition("[")[2].rstrip("\r") for frame in heard.frames]


def told(url: str, *occasions: Occasion | None) -> list[str]:
    """Say something of each occasion; give the data of each frame."""
    with scripted() as heard:
        made = plugin(url.replace("PORT", str(heard.port)))
        for occasion in occasions:
            made.occasion = occasion
            assert made.notify(body="Tekst", title="Vrå Bibliotek")
        return said(heard)


def test_each_kind_of_message_is_said_by_its_code() -> None:
    """Alarms by the agreed one, their end by its restoral, never by a cancel."""
    url = "sia://0012@127.0.0.1:PORT/?zone=11"
    for kind in (MessageKind.ALARM, MessageKind.REPEATED, MessageKind.ESCALATED, MessageKind.PRESSED_AGAIN):
        assert told(url, Occasion(kind)) == ["#0012|Nri1/PA11]"]
    for kind in (MessageKind.CLOSED_REAL, MessageKind.CLOSED_FALSE_ALARM, MessageKind.CLOSED_TEST):
        assert told(url, Occasion(kind)) == ["#0012|Nri1/PR11]"]
    assert told(url, Occasion(MessageKind.TRIAL)) == ["#0012|Nri1/RX11]"]
    assert told(url, Occasion(MessageKind.TEST_ALARM)) == ["#0012|Nri1/PA11]"]
    assert told(url, Occasion(MessageKind.FAULT, fault="battery")) == ["#0012|Nri1/XT11]"]
    assert told(url, Occasion(MessageKind.FAULT_CLEARED, fault="silent")) == ["#0012|Nri1/PJ11]"]
    assert told(url, Occasion(MessageKind.FAULT, fault="disk")) == ["#0012|Nri1/YX11]"]


def test_contact_id_says_the_same_in_numbers() -> None:
    """Qualifier 1 for new, 3 for restored; the zone in three digits."""
    url = "sia://001234@127.0.0.1:PORT/?zone=1&format=adm-cid&code=122"
    assert told(url, Occasion(MessageKind.ALARM), Occasion(MessageKind.CLOSED_REAL)) == [
        "#001234|1122 01 001]", "#001234|3122 01 001]",
    ]  # fmt: skip


def test_levels_have_their_own_codes() -> None:
    """A colleague who is wanted is nobody's assault; without a code for it the centre is not told, and that shows."""
    url = "sia://1234@127.0.0.1:PORT/"
    assert told(url, Occasion(MessageKind.ALARM, level=Level.MEDICAL)) == ["#1234|Nri1/MA0]"]
    assert told(url + "?help_code=QA", Occasion(MessageKind.ALARM, level=Level.HELP)) == ["#1234|Nri1/QA0]"]
    with scripted() as heard:
        made = plugin(url.replace("PORT", str(heard.port)))
        made.occasion = Occasion(MessageKind.ALARM, level=Level.HELP)
        assert not made.notify(body="x")
        assert made.result.reason == "no_code"
        assert heard.frames == []


def test_a_centre_may_want_its_own_code_for_a_test() -> None:
    """Others want the real one, as that is what is tested."""
    url = "sia://1234@127.0.0.1:PORT/?test_code=RX"
    assert told(url, Occasion(MessageKind.TEST_ALARM)) == ["#1234|Nri1/RX0]"]


def test_a_late_alarm_says_when_it_was() -> None:
    """And where, if asked to; with Contact ID the time alone."""
    url = "sia://1234@127.0.0.1:PORT/?text=yes"
    late = Occasion(MessageKind.LATE, at=AT, late=True)
    assert told(url, late) == ["#1234|Nri1/PA0][H09:12:04,11-23-2026][IVraa Bibliotek]"]
    assert told(url + "&format=adm-cid", late) == ["#1234|1120 01 000][H09:12:04,11-23-2026]"]


def test_any_user_of_apprise_can_use_it() -> None:
    """Without an occasion the URL says what a message is."""
    assert told("sia://1234@127.0.0.1:PORT/", None) == ["#1234|Nri1/PA0]"]
    assert told("sia://1234@127.0.0.1:PORT/?event=restore", None) == ["#1234|Nri1/PR0]"]
    assert told("sia://1234@127.0.0.1:PORT/?event=periodic&format=adm-cid", None) == ["#1234|1602 01 000]"]
    register()
    (details,) = [each for each in Apprise().details()["schemas"] if "sia" in (each["protocols"] or ())]
    assert set(details["details"]["args"]) >= {"zone", "format", "code", "key", "hexkey", "poll"}


def test_a_url_is_given_back_and_hides_its_key() -> None:
    """In whatever way it was written."""
    made = plugin(
        "sia://0012@centre.example:12128/?key=AAAABBBBCCCCDDDD&zone=3&format=adm-cid&poll=60s&secondary=b.example:9"
    )
    again = plugin(made.url())
    assert again.url() == made.url()
    assert again.centre == made.centre
    assert made.poll_s == 60.0
    assert made.centre.account.key == b"AAAABBBBCCCCDDDD"
    for text in (made.url(privacy=True), repr(made), str(made)):
        assert "AAAABBBB" not in text
        assert made.centre.account.key.hex() not in text


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sia://xyz@centre.example:1", "the account"),
        ("sia://centre.example:1", "the account"),
        ("sia://1234@centre.example", "port"),
        ("sia://1234@centre.example:99999", "port"),
        ("sia://1234@centre.example:1/?key=short", "16, 24 or 32"),
        ("sia://1234@centre.example:1/?key=", "16, 24 or 32"),
        ("sia://1234@centre.example:1/?hexkey=", "16, 24 or 32"),
        ("sia://1234@centre.example:1/?hexkey=zz", "0-9"),
        ("sia://1234@centre.example:1/?hexkey=AB&key=x", "two ways"),
        ("sia://1234@centre.example:1/?kye=shortAAAABBBBCC", "not known"),
        ("sia://1234@centre.example:1/?shortAAAABBBBCC", "not known"),
        ("sia://1234@centre.example:1/?code=HX", "code= is one of"),
        ("sia://1234@centre.example:1/?code=RX", "code= is one of"),
        ("sia://1234@centre.example:1/?help_code=PX", "help_code= is one of"),
        ("sia://1234@centre.example:1/?zone=x", "zone="),
        ("sia://1234@centre.example:1/?zone=99999", "zone="),
        ("sia://1234@centre.example:1/?zone=1000&format=adm-cid", "zone= is a number from 0 to 999"),
        ("sia://1234@centre.example:1/?format=dc05", "format="),
        ("sia://1234@centre.example:1/?transport=tls", "transport="),
        ("sia://1234@centre.example:1/?poll=1s", "poll="),
        ("sia://1234@centre.example:1/?poll=often", "poll="),
        ("sia://1234@centre.example:1/?secondary=x", "secondary="),
        ("sia://1234@centre.example:1/?secondary=b.example:99999", "secondary="),
        ("sia://1234@centre.example:1/?line=xyz", "line="),
        ("sia://1234@centre.example:1/?event=fire", "event="),
    ],
)
def test_what_is_wrong_with_a_url_is_said_without_any_of_it(url: str, why: str) -> None:
    """The technician knows what to write."""
    with pytest.raises(AppriseException, match=why) as caught:
        plugin(url)
    assert "short" not in str(caught.value)
    assert ";" in str(caught.value), "what is wrong; then what would be right"


def test_the_channel_tells_it_what_a_message_is_about_and_hears_why_it_failed() -> None:
    """One alarm in a message, and the receiver's own word as the reason."""
    register()
    with scripted(duh) as heard:
        target = Target("centre", 1, "sia", Secret(f"sia://1234@127.0.0.1:{heard.port}/?zone={{device.zone}}"))
        channels = Channels([target])
        assert channels.warm({"device.zone": "1"}) == []
        assert channels.together(target) == 1
        occasion = Occasion(MessageKind.FAULT, fault="battery")
        result = channels.send(target, {"device.zone": "7"}, ALARM, occasion=occasion)
        assert (result.outcome, result.reason) == (Outcome.FAILED, "duh")
        assert said(heard) == ["#1234|Nri1/XT7]"]


def test_a_null_message_proves_the_line() -> None:
    """Nobody at the centre sees it."""
    with scripted() as heard:
        assert plugin(f"sia://1234@127.0.0.1:{heard.port}/").probe().outcome is Outcome.OK
        assert b'"NULL"' in heard.frames[0]
        assert said(heard) == ["]"]


def test_every_kind_that_is_owed_to_it_has_something_to_say() -> None:
    """And it has a code for nothing else."""
    for kind in MessageKind:
        with scripted() as heard:
            made = plugin(f"sia://1234@127.0.0.1:{heard.port}/")
            made.occasion = Occasion(kind)
            assert made.notify(body="x") == (kind in SAYS["sia"])
    assert all(code.number.isdigit() for code in CODES.values())


def test_a_device_of_a_holdup_button_has_its_trouble_as_one() -> None:
    """The centre's plan has it as one."""
    url = "sia://1234@127.0.0.1:PORT/?code=HA&zone=3"
    assert told(url, Occasion(MessageKind.FAULT, fault="silent")) == ["#1234|Nri1/HT3]"]
    assert told(url, Occasion(MessageKind.FAULT_CLEARED, fault="silent")) == ["#1234|Nri1/HJ3]"]


def test_a_key_is_the_characters_that_were_meant() -> None:
    """Written once as a URL wants it, and read once."""
    made = plugin("sia://1234@centre.example:1/?key=AA%2541%2BBCCCCDDDDE")
    assert made.centre.account.key == b"AA%41+BCCCCDDDDE"


def test_an_address_may_be_one_of_ip_version_6() -> None:
    """In brackets, as in any URL."""
    made = plugin("sia://1234@[::1]:12128/?secondary=[::2]:12129")
    assert [receiver.address for receiver in made.centre.receivers] == [("::1", 12128), ("::2", 12129)]
    assert plugin(made.url()).centre == made.centre


def test_the_line_is_proved_to_each_receiver() -> None:
    """A second one that is dead would else show when the first is, too."""
    with scripted() as first, scripted(lambda _frame: None) as second:
        made = plugin(f"sia://1234@127.0.0.1:{first.port}/?secondary=127.0.0.1:{second.port}")
        result = made.probe()
        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "reset")
        assert result.detail.startswith("receiver 2")
        second.script[:] = [duh]
        assert made.probe().outcome is Outcome.OK
        assert len(first.frames) == 2


def test_the_same_alarm_has_the_same_number_until_it_is_heard() -> None:
    """Whatever plugin object says it; another alarm has another number."""
    with scripted(lambda _frame: None) as heard:
        for matter in ("hirtshals-1", "hirtshals-1", "hirtshals-2"):
            made = plugin(f"sia://1234@127.0.0.1:{heard.port}/?zone=1")
            made.occasion = Occasion(MessageKind.ALARM, matter=matter)
            assert not made.notify(body="x")
        numbers = [sequence_of(frame) for frame in heard.frames]
        assert numbers[0] == numbers[3] != numbers[6]


def test_a_key_without_the_library_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without a key needs none."""
    for name in ("Cryptodome.Cipher.AES", "Crypto.Cipher.AES"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(AppriseException, match=r"pip install 'alarmbro\[sia\]'"):
        plugin("sia://1234@centre.example:1/?key=AAAABBBBCCCCDDDD")
    assert plugin("sia://1234@centre.example:1/").centre.account.key is None
