"""When a certificate is about to end, and which of several counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alarmbro.judgement.expiring.certificates import SOON, end_of, trouble_of

END = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "well"),
    [(timedelta(days=31), True), (SOON, True), (SOON - timedelta(seconds=1), False), (-timedelta(days=1), False)],
    ids=["in time", "thirty days", "a second less", "ended"],
)
def test_thirty_days_before_its_end_it_is_a_fault_and_stays_one(before: timedelta, *, well: bool) -> None:
    """With the day; the same fault for the same place, so that a new one ends it."""
    trouble = trouble_of("mqtt.cert", END, END - before)
    assert (trouble.kind, trouble.subject, trouble.well) == ("certificate", "mqtt.cert", well)
    assert trouble.detail == ("" if well else "2027-03-01")


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----", b"\xff\x00"])
def test_of_what_is_no_certificate_nobody_knows_an_end(content: bytes) -> None:
    """OpenSSL says what is wrong with it, where it is used."""
    assert end_of(content, authorities=True) is None
    assert end_of(content, authorities=False) is None
