"""A receiver that we did not write takes and understands what is sent: pysiaalarm, over TCP and UDP."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from dc09_receiver import HOST, LIMIT_S
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pysiaalarm import CommunicationsProtocol, SIAAccount, SIAClient, SIAEvent

from alarmbro.delivery.dc09.centre import Centre
from alarmbro.delivery.dc09.exchange import Receiver
from alarmbro.delivery.dc09.frame import Account, Saying, Token, text_of
from alarmbro.delivery.dc09.sequence import Sequence
from alarmbro.model.delivery import Outcome, Result

KEYS = {  # by account; leading zeros count
    "001234": None,
    "0016": "AAAABBBBCCCCDDDD",
    "0024": "AAAABBBBCCCCDDDDEEEEFFFF",
    "0032": "AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH",
}
NUMBERS = Sequence()


@dataclass
class Foreign:
    """The receiver, and what it heard."""

    port: int
    udp: bool
    events: queue.SimpleQueue[SIAEvent] = field(default_factory=queue.SimpleQueue)

    def told(self, account: Account, saying: Saying) -> Result:
        return Centre(account, (Receiver(HOST, self.port, self.udp),)).tell(saying, NUMBERS)

    def heard(self) -> SIAEvent:
        return self.events.get(timeout=LIMIT_S)  # it answers first and tells then


@pytest.fixture(scope="module", params=CommunicationsProtocol, ids=lambda protocol: protocol.value)
def foreign(request: pytest.FixtureRequest) -> Iterator[Foreign]:
    made = Foreign(0, request.param is CommunicationsProtocol.UDP)
    accounts = [SIAAccount(number, key) for number, key in KEYS.items()]
    client = SIAClient(HOST, 0, accounts, made.events.put, request.param)
    made.port = client.sia_server.server_address[1]
    client.start()
    yield made
    client.stop()


def account_of(number: str) -> Account:
    key = KEYS[number]
    return Account(number, key=key.encode() if key else None)


@pytest.mark.parametrize("number", KEYS)
@pytest.mark.parametrize(
    ("token", "data", "extended", "code"),
    [
        (Token.SIA_DCS, "Nri1/PA1", (), "PA"),
        (Token.SIA_DCS, "Nri1/PA1", ("H09:12:04,11-23-2026", "IVraa"), "PA"),
        (Token.SIA_DCS, "Nri1/PR1", (), "PR"),
        (Token.ADM_CID, "1120 01 001", (), "PA"),
        (Token.ADM_CID, "1122 01 011", ("H09:12:04,11-23-2026",), "HA"),
    ],
)
def test_another_receiver_takes_and_understands_it(
    foreign: Foreign, number: str, token: Token, data: str, extended: tuple[str, ...], code: str
) -> None:
    """Plain and with each length of key, with the account's leading zeros."""
    saying = Saying(token, f"#{number}|{data}", extended)
    assert foreign.told(account_of(number), saying).outcome is Outcome.OK
    event = foreign.heard()
    assert (event.code, event.account, event.encrypted) == (code, number, KEYS[number] is not None)


@pytest.mark.parametrize("number", KEYS)
def test_another_receiver_hears_that_we_live(foreign: Foreign, number: str) -> None:
    """By the null message."""
    assert foreign.told(account_of(number), Saying(Token.NULL)).outcome is Outcome.OK
    assert foreign.heard().code == "RP"  # that is how it tells its user of one


@pytest.mark.parametrize(
    "account", [Account("9999"), Account("0016", key=b"XXXXXXXXXXXXXXXX"), Account("9999", key=b"AAAABBBBCCCCDDDD")]
)
def test_another_receiver_refuses_a_wrong_account_and_a_wrong_key(foreign: Foreign, account: Account) -> None:
    """And that is what is told."""
    result = foreign.told(account, Saying(Token.SIA_DCS, f"#{account.number}|Nri1/PA1"))
    assert (result.outcome, result.reason) == (Outcome.FAILED, "nak")
    assert foreign.events.empty()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=150), number=st.sampled_from(sorted(KEYS)), token=st.sampled_from(["PA", "1120 01 001"]))
def test_no_name_of_a_place_keeps_an_alarm_from_being_taken(
    foreign: Foreign, words: str, number: str, token: str
) -> None:
    """Whatever somebody wrote as the site's name."""
    place = (f"I{text_of(words)}",) if text_of(words) else ()
    saying = (
        Saying(Token.SIA_DCS, f"#{number}|Nri1/PA1", place)
        if token == "PA"
        else Saying(Token.ADM_CID, f"#{number}|{token}", place)
    )
    assert foreign.told(account_of(number), saying).outcome is Outcome.OK
    assert foreign.heard().code == "PA"
