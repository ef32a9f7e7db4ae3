"""What a message can tell, before it has words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from alarmbro.model.delivery import MessageKind
from alarmbro.model.level import Level
from alarmbro.model.position import Position
from alarmbro.model.route import Duty

__all__ = ["Facts", "MessageKind"]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of what is to be told. What is empty is left out of the message.

    Times are aware. `received` is when the press (the fault) came in and `pressed_at` what the press itself says;
    `happened_at` is when that came about which the message tells (the second press, the acknowledgement, the close),
    where that is not `now`. `waited_s` is how long nobody has answered and `late_s` how late the press came, in
    seconds, infinite where nobody knows. `count` numbers the repeats from 1. `who` is on the way (several: with
    commas) or closed; `answered_s` is how long after the press that was. `level` is what the press asks for. `url` is
    the link to answer by, empty for a recipient that has none. `duties` are to be done after an episode. `several` are
    the calls that one message makes together. Of a test round, `until` is when it ends, `tested` how many devices it
    has, `missing` which of them have not passed, and `testing` which are under test while something else is told.
    `position` is where a pendant last said that it was.
    """

    now: datetime
    alarm: str = ""
    site: str = ""
    address: str = ""
    device: str = ""
    instruction: str = ""
    received: datetime | None = None
    pressed_at: datetime | None = None
    happened_at: datetime | None = None
    presses: int = 1
    count: int = 1
    waited_s: float = 0.0
    late_s: float = 0.0
    who: str = ""
    recipient: str = field(default="", compare=False)  # whoever is told the same has the same words
    what: str = ""
    do: str = ""
    detail: str = ""
    note: str = ""
    url: str = ""
    answered_s: float = 0.0
    level: Level = Level.ASSAULT
    duties: tuple[Duty, ...] = ()
    several: tuple[tuple[MessageKind, Facts], ...] = ()
    until: datetime | None = None
    tested: int = 0
    missing: tuple[str, ...] = ()
    testing: tuple[str, ...] = ()
    position: Position | None = None
