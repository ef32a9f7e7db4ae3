"""One try at a delivery, as the deciding thread hands it to a lane."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from alarmbro.delivery.gate import Gate
from alarmbro.judgement.telling.owing import Owed
from alarmbro.judgement.words.facts import Facts


@dataclass(slots=True, eq=False)
class Job:
    """What is to be said, to whom: `values` are for the placeholders of its URL. Smaller `rank` goes first.

    With a `gate` it may be made before it may leave. Jobs of one target with the same `together` may be said in one
    message; None: it is said alone. `given_up` is set when its try has passed its deadline,
    `void` when what it was to tell turned out not to be so.
    """

    owed: Owed
    facts: Facts
    values: Mapping[str, str]
    rank: int
    gate: Gate | None = None
    together: Hashable = None
    given_up: bool = False
    void: bool = False
