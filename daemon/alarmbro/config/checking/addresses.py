"""Are the addresses ones that Apprise can use? Contacts nobody.

A finding names an address by its scheme only: the rest holds tokens, numbers and passwords. Apprise is imported when
the first address is checked, as it takes long. Any thread.
"""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from alarmbro.config.findings.look import Look
from alarmbro.config.findings.names import nearest
from alarmbro.config.syntax.yaml_positions import Place, shown
from alarmbro.config.values.readers import invisible
from alarmbro.judgement.addressing.placeholders import PLACEHOLDERS, has_stray_brace, names_in, render

SCHEME = re.compile(r"([A-Za-z0-9][A-Za-z0-9.+-]{0,30})://")
SERVICES = "see https://appriseit.com/services/"
OURS_TO_SAY = frozenset({"sia", "relay", "gatewayapi"})  # alarmbro's own plugins say what is wrong, and hold no secret
OURS = frozenset({"retry", "wait"})
SAMPLES = {name: "1" if name in {"device.zone", "alarm.id"} else "sample" for name in PLACEHOLDERS}


def scheme_of(url: str) -> str:
    """Give the scheme of an address, in small letters; empty where there is none."""
    match = SCHEME.match(url)
    return match[1].lower() if match else ""


def check_addresses(look: Look) -> None:
    """Tell what is wrong with each address of each sound recipient."""
    known: frozenset[str] | None = None
    samples = SAMPLES | {"device.zone": str(_largest_zone(look))}  # a centre's format may have no room for it
    for place, url in _addresses(look):
        known = _services() if known is None else known
        _check(look, place, url, known, samples)


def _largest_zone(look: Look) -> int:
    return max([words.zone for _, _, _, words in look.devices() if words.zone is not None], default=1)


def _addresses(look: Look) -> Iterator[tuple[Place, str]]:
    for name, recipient in look.parts.recipients.items():
        for key, urls in (("urls", recipient.urls), ("fallback", recipient.fallback)):
            for number, url in enumerate(urls):
                if url.reveal():  # otherwise it is a secret whose absence is told already
                    yield look.value("recipients", name, key, number), url.reveal()


def _check(look: Look, place: Place, url: str, known: frozenset[str], samples: Mapping[str, str]) -> None:
    braces = _wrong_braces(url)
    for words in braces:
        look.report.error(place, words)
    if not braces:
        if refusal := _refusal(url, known, samples):
            look.report.error(place, refusal)
        elif OURS & _query(url).keys():
            text = (
                f"the {scheme_of(url)}:// address has retry= or wait=; leave them out, alarmbro tries again by itself"
            )
            look.report.warning(place, text)


def _wrong_braces(url: str) -> list[str]:
    found = []
    for name in names_in(url):
        if name not in PLACEHOLDERS:
            hint = nearest(name, sorted(PLACEHOLDERS))
            named = f"{{{name}}}" if re.fullmatch(r"[a-z_.]{1,30}", name) else "what stands in braces"
            found.append(f"{named} is no placeholder of an address; {hint}")
    if has_stray_brace(url):
        found.append("a brace in the address has no other half; write %7B or %7D where the brace itself is meant")
    return found


def _query(url: str) -> dict[str, str]:
    try:
        return {key.lower(): value for key, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    except ValueError:  # no URL for Python; whether it is one for Apprise is asked there
        return {}


def _refusal(url: str, known: frozenset[str], samples: Mapping[str, str]) -> str | None:
    """Say why an address cannot be used; None if it can."""
    scheme = scheme_of(url)
    if not scheme:
        return f"this is no address; it begins with a service and ://, as in ntfys://...; {SERVICES}"
    if invisible(url):
        return f"the {scheme}:// address holds a line break or an invisible sign; write it in one line"
    if scheme not in known:
        return _unknown(scheme, known)
    with _silence():
        plugin, why = _made(render(url, samples))
    if plugin is None:
        return _incomplete(scheme, why)
    if plugin.optional:
        return f"the {scheme}:// address has optional=yes, which reports a failure as success; take it out"
    return None


def _incomplete(scheme: str, why: str) -> str:
    if scheme in OURS_TO_SAY and why:
        return f"the {scheme}:// address is wrong: {why}"
    return f"the address is not understood: scheme {scheme}:// is known, but a part is missing or wrong; {SERVICES}"


def _unknown(scheme: str, known: frozenset[str]) -> str:
    hint = nearest(scheme, sorted(known))
    wanted = f"{hint} or {SERVICES}" if hint.startswith("did") else SERVICES
    return f"the address is not understood: scheme {shown(scheme)} is not known; {wanted}"


def _services() -> frozenset[str]:
    """Give every scheme that Apprise can use here, with those of our own that whoever loads us has made known to it.

    Loads all its plugins at the first call: some 300 ms.
    """
    with warnings.catch_warnings():  # Apprise 2.2 imports a deprecated module; as an error that costs every plugin
        warnings.simplefilter("ignore")
        from apprise.manager_plugins import NotificationManager  # noqa: PLC0415 (slow, and not needed to import this)

        manager = NotificationManager()
        return frozenset(scheme for scheme in manager.schemas() if manager[scheme].enabled)


def _made(url: str) -> tuple[Any, str]:
    """Give the plugin object, or None and what it said of the URL: a foreign one may name a secret in that."""
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415 (as above)
    from apprise.exception import AppriseException  # noqa: PLC0415 (as above)

    asset = AppriseAsset(secure_logging=True, pgp_autogen=False, pem_autogen=False)
    try:
        return Apprise.instantiate(url, asset=asset, suppress_exceptions=False), ""
    except AppriseException as error:
        return None, str(error)
    except Exception:  # noqa: BLE001 (180 foreign plugins; None is told as an address that is not understood)
        return None, ""


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Apprise's log lines of this thread, which can hold pieces of the address, from everybody."""
    here = threading.get_ident()
    logger = logging.getLogger("apprise")

    def elsewhere(record: logging.LogRecord) -> bool:
        return record.thread != here

    logger.addFilter(elsewhere)
    try:
        yield
    finally:
        logger.removeFilter(elsewhere)
