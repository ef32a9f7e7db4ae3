"""Small configurations for tests, and what the loader says about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from alarmbro.config import Loaded, load
from alarmbro.model.errors import ConfigurationError, Finding

HERE = Path(__file__).parent / "config"
GOOD = sorted((HERE / "good").glob("*.yaml"))
SECRETS = {
    "ALARMBRO_SECRET_MQTT_PASSWORD": "kanarie-4711",
    "ALARMBRO_SECRET_SERVICETEAM_SMS": "json://kanarie-4711@127.0.0.1/sms",
}
SMALLEST = (HERE / "good" / "smallest.yaml").read_text(encoding="utf-8")


def written(folder: Path, text: str | bytes) -> Path:
    """Write a configuration and give its path."""
    path = folder / "alarmbro.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def loaded(folder: Path, text: str, environ: dict[str, str] | None = None, serve: str | None = None) -> Loaded:
    """Load a configuration that is right."""
    return load(written(folder, text), environ=environ or {}, serve=serve)


def refused(
    folder: Path, text: str | bytes, environ: dict[str, str] | None = None, serve: str | None = None
) -> tuple[Finding, ...]:
    """Load a configuration that is wrong; give what was said about it."""
    with pytest.raises(ConfigurationError) as caught:
        load(written(folder, text), environ=environ or {}, serve=serve)
    return caught.value.findings


def with_urls(*urls: str, more: str = "") -> str:
    """Give a configuration whose one recipient has these addresses."""
    quoted = ", ".join(url if url.startswith("!secret") else f"'{url}'" for url in urls)
    return SMALLEST.replace('["json://127.0.0.1/vagt"]', f"[{quoted}]{more}")
