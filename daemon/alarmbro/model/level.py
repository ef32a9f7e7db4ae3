"""What a press asks for."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """What a press asks for; in the order of urgency, the least first."""

    HELP = "help"  # a colleague, please
    MEDICAL = "medical"
    ASSAULT = "assault"

    @property
    def urgency(self) -> int:
        """Rank the levels: a greater one overtakes a smaller."""
        return tuple(Level).index(self)
