"""The files in `config/`, as plain data and as the daemon's own loader reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from alarmbro.config import Loaded, load
from alarmbro.model.configuration import Configuration

CONFIG = Path(__file__).parents[2] / "config"
PORTS = {"@BROKER_PORT@": "18830", "@RECEIVER_PORT@": "18080"}


class _Loader(yaml.SafeLoader):
    """Reads the files without their secrets."""


_Loader.add_constructor("!secret", lambda _loader, node: f"secret {node.value}")


def read(name: str) -> Any:
    """Give a file's content as plain data."""
    return yaml.load((CONFIG / name).read_text(encoding="utf-8"), _Loader)  # noqa: S506  # a SafeLoader


def loaded(path: Path) -> Loaded:
    """Give what the daemon's own loader makes of a file, with the example secrets in the environment."""
    examples = read("secrets.example.yaml")
    environ = {f"ALARMBRO_SECRET_{name.upper().replace('-', '_')}": text for name, text in examples.items()}
    return load(path, environ=environ)


def demonstration(folder: Path) -> Configuration:
    """Give the demonstration's configuration, with ports."""
    text = (CONFIG / "demo.yaml").read_text(encoding="utf-8")
    for word, port in PORTS.items():
        assert word in text
        text = text.replace(word, port)
    path = folder / "demo.yaml"
    path.write_text(text, encoding="utf-8")
    return loaded(path).configuration


def duties(name: str) -> list[dict[str, str]]:
    """Give the lines of the list that follows a real alarm."""
    found: list[dict[str, str]] = read(name)["aftercare"]["borgerservice"]
    return found
