"""What the checks of one part against another have before them. Any thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alarmbro.config.findings.report import Report
from alarmbro.config.schema.devices import DeviceWords, SiteWords
from alarmbro.config.schema.file import Parts
from alarmbro.config.syntax.yaml_positions import Node, Place, Scalar, Sequence, find, keys


@dataclass(frozen=True, slots=True)
class Look:
    """The tree with its places, the parts that are sound, the folder of the file, and where findings go."""

    root: Node
    parts: Parts
    folder: Path
    report: Report

    def value(self, *path: str | int) -> Place:
        """Give the place of a value."""
        return find(self.root, path)[1].place

    def key(self, *path: str | int) -> Place:
        """Give the place of a key, or of an item of a list."""
        return find(self.root, path)[0]

    def has(self, *path: str | int) -> bool:
        """Tell whether something stands at a path."""
        return find(self.root, path)[2] == len(path)

    def names(self, *path: str) -> list[str]:
        """Give the keys of the mapping at a path, sound or not."""
        return keys(self.root, *path)

    def texts(self, *path: str | int) -> list[tuple[Place, str]]:
        """Give the texts of the list (or the one text) at a path, each with its place."""
        _, node, found = find(self.root, path)
        if found < len(path):
            return []
        items = node.items if isinstance(node, Sequence) else [node]
        return [(item.place, item.value) for item in items if isinstance(item, Scalar) and isinstance(item.value, str)]

    def length(self, *path: str | int) -> int:
        """Give the number of items of the list at a path."""
        _, node, found = find(self.root, path)
        return len(node.items) if isinstance(node, Sequence) and found == len(path) else 0

    def devices(self) -> Iterator[tuple[str, SiteWords, str, DeviceWords]]:
        """Give every sound device with its site."""
        for site, place in self.parts.sites.items():
            for device, words in place.devices.items():
                yield site, place, device, words
