"""Placeholders in addresses: what may stand in braces, and how values go in."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarmbro.judgement.addressing.placeholders import PLACEHOLDERS, has_stray_brace, names_in, render

SAMPLES = dict.fromkeys(PLACEHOLDERS, "x")


def test_every_name_in_braces_is_found_right_or_wrong() -> None:
    """In order, and as often as it stands."""
    assert names_in("json://{site.id}/{zone}?a={site.id}&b={}") == ["site.id", "zone", "site.id", ""]
    assert names_in("json://host/") == []


@pytest.mark.parametrize(
    ("url", "stray"), [("a{site.id}b", False), ("a{site.id", True), ("a}b", True), ("{{site.id}}", True), ("a", False)]
)
def test_a_brace_without_its_half_is_seen(url: str, stray: bool) -> None:
    """A forgotten brace would go out as a part of the address."""
    assert has_stray_brace(url) is stray


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_value_cannot_leave_its_place_in_the_address(value: str) -> None:
    """Whatever a name holds, it is quoted, and no placeholder within it is filled."""
    rendered = render("json://h/{device.name}?a=1", SAMPLES | {"device.name": value})
    middle = rendered.removeprefix("json://h/").removesuffix("?a=1")
    assert not set(middle) & set("/?&#@:{} ")
    assert unquote(middle) == value


def test_a_placeholder_without_a_value_is_an_error() -> None:
    """Better none at all than an address with a hole."""
    with pytest.raises(KeyError):
        render("json://h/{device.zone}", {})
