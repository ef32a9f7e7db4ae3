"""Does what the file says of the page fit together? Contacts nobody; reads no certificate. Any thread."""

from __future__ import annotations

from alarmbro.config.findings.look import Look


def check_web(look: Look) -> None:
    """Tell what is wrong or doubtful with the page, and with devices that are pressed through it."""
    for one, other in (("certificate", "key"), ("key", "certificate")):
        if look.has("web", one) and not look.has("web", other):
            look.report.error(look.key("web", one), f"a certificate and its key go together; write {other}: FILE, too")
    if look.has("web", "user_header") and not look.has("web", "proxies"):
        text = "without proxies anybody could say who they are; write proxies: [ADDRESS] of the one that sets it"
        look.report.error(look.key("web", "user_header"), text)
    _tokens(look)


def _tokens(look: Look) -> None:
    """Two devices with one token would let each press the other."""
    seen: dict[str, str] = {}
    for site, _, device, words in look.devices():
        token = words.http.token.reveal() if words.http else ""
        before = seen.setdefault(token, f"{site}/{device}") if token else f"{site}/{device}"
        if before != f"{site}/{device}":
            text = f"{before} has the same token; give each device its own, or one could press the other"
            look.report.error(look.key("sites", site, "devices", device, "http"), text)
