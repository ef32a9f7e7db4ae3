"""The words of the file for who watches us: Home Assistant, and a watcher outside. Any thread."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Discriminator, Field, Tag

from alarmbro.config.schema.words import Words
from alarmbro.config.values import readers
from alarmbro.config.values.readers import Reads, WrongError, within
from alarmbro.judgement.addressing.placeholders import has_stray_brace, names_in
from alarmbro.model.secret import Secret

SITE = "site.id"  # what the address of a watcher may name in braces


def watcher_url(written: Any) -> Secret:
    """Read the address that signs of life go to. The text of an error never repeats it: it lets anybody send them."""
    url = readers.secret(written)
    text = url.reveal()
    form = "write !secret NAME, and there the address that the watcher shows, as in https://hc-ping.com/..."
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets, a port that is none, or letters that turn into / or @
        usable = False
    if not usable or re.search(r"\s", text) or readers.invisible(text):
        raise WrongError(f"this is no address of a watcher; {form}")
    if has_stray_brace(text) or set(names_in(text)) - {SITE} or "{" in text.partition("//")[2].partition("/")[0]:
        raise WrongError(
            "this address may name {site.id} after its host, and nothing else in braces; take the rest out"
        )
    return url


class HomeAssistantWords(Words):
    """How Home Assistant finds the sites and buttons."""

    discovery: Annotated[str, Reads(readers.prefix)] = Field(
        default="homeassistant", description="Home Assistant's discovery prefix; left out, homeassistant"
    )


def which_home_assistant(written: Any) -> str:
    """Tell the forms of `home_assistant` apart. The tags are no keys of a file."""
    return "<keys>" if isinstance(written, Mapping | HomeAssistantWords) else "<alone>"


HomeAssistant = Annotated[
    Annotated[bool, Tag("<alone>")] | Annotated[HomeAssistantWords, Tag("<keys>")],
    Discriminator(which_home_assistant),
]


class WatchMeWords(Words):
    """A watcher outside that alarms when this machine's signs of life stop."""

    url: Annotated[Secret, Reads(watcher_url, {"type": "string", "minLength": 1})] = Field(
        description="The address that a sign of life goes to: !secret NAME. It may name {site.id}, each site's own"
    )
    every: Annotated[float, within("10s", "1h")] = Field(
        default="60s", validate_default=True, description="How often; the watcher must wait longer than that"
    )
    kind: Literal["healthchecks", "uptime-kuma", "plain"] | None = Field(
        default=None,
        description="Who watches: healthchecks, uptime-kuma, or plain (GET); left out, told by the address",
    )


class MetricsWords(Words):
    """Where Prometheus reads numbers."""

    listen: Annotated[str, Reads(readers.listen)] = Field(
        default="127.0.0.1:9480", description="HOST:PORT; another HOST than this machine needs outside: true"
    )
    outside: bool = Field(
        default=False,
        description="true: other machines may read them, too; nobody is asked for a password, so use a firewall",
    )
