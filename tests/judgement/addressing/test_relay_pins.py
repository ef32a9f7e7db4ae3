"""The pin of a relay:// URL is known without making a plugin of it."""

from __future__ import annotations

import pytest

from alarmbro.judgement.addressing.relay_pins import pin_of, wiring_of


@pytest.mark.parametrize(
    ("url", "pin"),
    [
        ("relay://17?latch=yes", 17),
        ("relay://17/?pulse=3s", 17),
        ("RELAY://4/", 4),
        ("relay://0", 0),
        ("relay://28", None),
        ("relay://170", None),
        ("relay://{device.zone}", None),
        ("json://17", None),
        ("relay://[", None),
        ("", None),
    ],
)
def test_the_pin_of_a_url_is_known_without_a_plugin(url: str, pin: int | None) -> None:
    """For the check that no pin is used twice."""
    assert pin_of(url) == pin


def test_two_addresses_of_one_relay_say_the_same_of_it() -> None:
    """Whatever else they ask for."""
    usual = {"normally": "de-energised", "active_low": "no"}
    assert wiring_of("relay://17?latch=yes") == wiring_of("relay://17") == usual
    assert wiring_of("relay://17/?NORMALLY=Energised&active_low=yes") == {"normally": "energised", "active_low": "yes"}
