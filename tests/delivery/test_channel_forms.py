"""Which of Apprise's services get the short form, and that texts are escaped where markup would be read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from apprise import Apprise, OverflowMode

from alarmbro.delivery import preloaded
from alarmbro.delivery.channel import asset, is_brief, words
from alarmbro.model.delivery import Message, Urgency

ALARM = Message("Titel", "Brødtekst", "Kort", Urgency.ALARM)
TOKEN = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
BRIEF = [
    f"twilio://AC{TOKEN}:{TOKEN}@15551230000/4520000001",
    f"msgbird://{TOKEN[:25]}/4520000000/4520000001",
    f"sinch://{TOKEN}:{TOKEN}@15551230000/4520000001",
    f"46elks://user:{TOKEN}@Alarm/+4520000001",
    f"smseagle://{TOKEN}@modem.example/4520000001",
    f"clicksend://user:{TOKEN}@+4520000001",
    f"vonage://{TOKEN[:8]}:{TOKEN[:16]}@15551230000/4520000001",
    f"plivo://{TOKEN[:25]}@{TOKEN}/15551230000/4520000001",
    f"voipms://{TOKEN}:vagt@kommune.example/15551230000/15551230001",
    f"bulksms://user:{TOKEN}@4520000001",
    f"seven://{TOKEN}/4520000001",
    f"exotel://sid:{TOKEN}:{TOKEN}@api.exotel.com/4520000000/4520000001",
]
FULL = [
    "ntfy://ntfy.example/vagt",
    "mailto://mail.example?from=alarm@bro.example&to=vagt@kommune.example",
    "json://host.example/",
    "form://host.example/",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#vagt",
    f"gotify://gotify.example/{TOKEN}",
    f"pover://{TOKEN[:30]}@{TOKEN[:30]}",
    f"tgram://123456789:{TOKEN}abc/12345678",
    "signal://signal.example/4520000000/4520000001",
    f"discord://{TOKEN}/{TOKEN}",
]


@pytest.mark.parametrize(
    ("url", "brief"), [(url, True) for url in BRIEF] + [(url, False) for url in FULL], ids=lambda part: str(part)[:12]
)
def test_sms_services_get_the_short_form_and_others_the_full_one(url: str, brief: bool) -> None:
    """Derived from what Apprise says of each service; a service that changes sides in a new Apprise shows here."""
    preloaded.touch()
    plugin = Apprise.instantiate(url, asset=asset(), suppress_exceptions=False)
    scheme = url.partition("://")[0]
    assert is_brief(plugin, scheme) is brief
    said = words(plugin, scheme, ALARM)
    assert (said["title"], said["body"]) == (("", "Kort") if brief else ("Titel", "Brødtekst"))


@dataclass
class Roomy:
    """What `words` looks at in a plugin."""

    title_maxlen: int = 250
    body_maxlen: int = 1000
    overflow_mode: OverflowMode = OverflowMode.UPSTREAM


def test_a_text_that_is_too_long_is_cut_and_not_refused() -> None:
    """Apprise's default hands it over whole, and many services refuse the lot."""
    assert words(Roomy(), "json", ALARM)["overflow"] == OverflowMode.TRUNCATE


def test_a_url_that_asks_for_parts_gets_parts() -> None:
    """`overflow=split` is the installer's choice."""
    assert words(Roomy(overflow_mode=OverflowMode.SPLIT), "json", ALARM)["overflow"] is None


def test_a_list_that_is_longer_than_an_sms_is_sent_in_parts_and_loses_nothing() -> None:
    """Whoever has only a telephone gets all of it."""
    assert words(Roomy(), "json", replace(ALARM, parts=True))["overflow"] == OverflowMode.SPLIT
