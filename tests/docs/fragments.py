"""Pieces of a configuration, as documents show them, completed to one that can be loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

BASE = """
language: da
recipients:
  vagt: {name: Vagten, urls: ["json://127.0.0.1:9/vagt"]}
  teknik: {name: IT-drift, urls: ["json://127.0.0.1:9/teknik"]}
routes:
  vagt: {steps: [{notify: [vagt]}]}
faults: {notify: [teknik]}
sites:
  hus: {name: Huset, route: vagt, devices: {knap: {name: Knappen, gpio: 4}}}
"""


class Secret(str):
    """The name behind `!secret`."""

    __slots__ = ()


class _Reading(yaml.SafeLoader):
    """Keeps `!secret NAME` as what it is."""


class _Writing(yaml.SafeDumper):
    """Writes it again."""


def _secret(loader: _Reading, node: yaml.Node) -> Secret:
    assert isinstance(node, yaml.ScalarNode)
    return Secret(loader.construct_scalar(node))


_Reading.add_constructor("!secret", _secret)
_Writing.add_representer(Secret, lambda dumper, name: dumper.represent_scalar("!secret", str(name)))


def completed(fragment: str) -> tuple[str, dict[str, str]]:
    """Give a whole configuration with the fragment in it, and the environment that has its secrets."""
    piece = yaml.load(fragment, _Reading)  # noqa: S506 - a safe loader, with one tag more
    whole = _merged(yaml.safe_load(BASE), piece)
    for name, site in whole["sites"].items():
        site.setdefault("name", name)
        site.setdefault("route", "vagt")
        site.setdefault("devices", {})
    names = sorted(set(_secrets(piece)))
    environ = {f"ALARMBRO_SECRET_{name.upper().replace('-', '_')}": f"https://127.0.0.1:9/{name}" for name in names}
    return yaml.dump(whole, Dumper=_Writing, allow_unicode=True), environ


def _merged(base: dict[str, Any], piece: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in piece.items():
        deeper = isinstance(value, Mapping) and isinstance(base.get(key), dict)
        base[key] = _merged(base[key], value) if deeper else value
    return base


def _secrets(piece: Any) -> list[str]:
    if isinstance(piece, Secret):
        return [piece]
    parts = piece.values() if isinstance(piece, Mapping) else piece if isinstance(piece, list) else ()
    return [name for part in parts for name in _secrets(part)]
