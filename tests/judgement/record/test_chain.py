"""The chain covers every part of a record."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from alarmbro.judgement.record.chain import GENESIS, Entry, commitment, encode, link

ENTRY = Entry(1, "2026-11-23T09:12:04.512Z", "boot", 17, "told", "vraa", "lommy-1", "vraa-1", "leder", "{}", "k", "{}")


def test_every_field_and_the_record_before_are_covered() -> None:
    """A change of any one field, or of what came before, changes the hash."""
    known = {link(GENESIS, ENTRY), link("1" * 64, ENTRY)}
    for field in fields(Entry):
        value = getattr(ENTRY, field.name)
        other: Any = value + 1 if isinstance(value, int) else value + "x"
        known.add(link(GENESIS, replace(ENTRY, **{field.name: other})))
    assert len(known) == 2 + len(fields(Entry))


def test_text_cannot_move_between_fields() -> None:
    """Two records whose fields only join to the same text have different hashes."""
    one, other = replace(ENTRY, site="vraa", device="x"), replace(ENTRY, site="vra", device="ax")
    assert link(GENESIS, one) != link(GENESIS, other)


def test_a_commitment_hides_a_name_behind_its_salt() -> None:
    """The same name under another salt has another commitment."""
    assert commitment("a", "Vagten") != commitment("b", "Vagten")


def test_whatever_data_holds_can_be_written() -> None:
    """A lone surrogate or a foreign object must not stop the journal."""
    assert encode({"text": "\ud800", "thing": object}).isascii()
