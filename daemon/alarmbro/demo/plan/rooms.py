"""Where the buttons of the four sites are, as their contingency plan describes them. Pure.

`plan.css` has the place of each room on its floor, by the room's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alarmbro.model.site import Device, Site


@dataclass(frozen=True, slots=True)
class Room:
    """A room; `device` is the id of the button in it, empty where there is none. `words` name what the room is."""

    id: str
    device: str = ""
    words: str = ""


def _with_button(device: str, words: str = "") -> Room:
    return Room(device, device, words)


# In the order in which a keyboard goes through them.
FLOORS: dict[str, tuple[Room, ...]] = {
    "hjoerring": (
        _with_button("reception"), _with_button("skranke-1"), _with_button("skranke-2"), _with_button("skranke-3"),
        Room("venteomraade", words="waiting"), _with_button("moedelokale-1"), _with_button("moedelokale-2"),
        Room("backoffice", words="backoffice"),
    ),
    "hirtshals": (
        Room("udlaan", words="desk"), _with_button("lokale-1", "fixed"), _with_button("lokale-2", "fixed"),
    ),
    "vraa": (Room("bibliotek", "lommy-1", "pendant"),),
    "sindal": (Room("bibliotek", "lommy-1", "pendant"),),
}  # fmt: skip


def rooms_of(site: Site) -> Iterator[tuple[Room, Device | None]]:
    """Give the rooms of a site, each with its button; a button that no plan knows has a room of its own."""
    floor = FLOORS.get(site.id, ())
    for room in floor:
        if not room.device or room.device in site.devices:
            yield room, site.devices.get(room.device)
    for name in site.devices.keys() - {room.device for room in floor}:
        yield Room("", name), site.devices[name]
