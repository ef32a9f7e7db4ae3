"""Where a target's far end is, which certificate it shows, and whether a try proves the password. Sends nothing.

The certificate is looked at on a connection of its own: the libraries that try a target do not show it.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alarmbro.delivery.probing import mail, trying, web
from alarmbro.delivery.probing.line import STEP_S, Limit, Place, opened, place_of, trusting
from alarmbro.model.route import Target

MAIL, BROKERS, NTFY, GATEWAYAPI = ("mailto", "mailtos"), ("mqtt", "mqtts"), ("ntfy", "ntfys"), "gatewayapi"


@dataclass(frozen=True, slots=True)
class Peer:
    """A far end. `proved`: a try that went well proves the log-in, and not only the way.

    `place` is None where it is not certain. `after_starttls`: a mail server that begins in the clear.
    """

    place: Place | None
    proved: bool
    after_starttls: bool = False

    def certificate(self) -> bytes | None:
        """Give the certificate (DER) that it shows; None where it has none. Raise OSError; ten seconds at the most."""
        if self.place is None or not self.place.secure:
            return None
        with Limit() as limit:
            if self.after_starttls:
                return _by_mail(self.place, limit)
            with opened(self.place, limit) as connection:
                return _shown(connection)


def peer_of(target: Target, values: Mapping[str, str]) -> Peer:
    """Give the far end of a target that `probe` could try."""
    with trying.quiet.here():
        plugin = trying.made(target, values)
    return Peer(None, proved=False) if plugin is None else _peer(plugin, target.scheme)


def _peer(plugin: Any, scheme: str) -> Peer:
    verify = plugin.verify_certificate
    if scheme in MAIL:
        secure = plugin.secure_mode in (mail.WITH_TLS, mail.AFTER_STARTTLS)
        place = Place(plugin.smtp_host, plugin.port, secure, verify)
        return Peer(place, bool(plugin.user and plugin.password), plugin.secure_mode == mail.AFTER_STARTTLS)
    if scheme in BROKERS:
        return Peer(Place(plugin.host, plugin.port, bool(plugin.secure), verify), bool(plugin.user))
    if scheme == GATEWAYAPI:
        return Peer(place_of(plugin._base(), verify=verify), proved=True)  # noqa: SLF001  # our own plugin
    if scheme in NTFY:
        url = web.NTFY_CLOUD if plugin.mode == "cloud" else web.base_of(plugin)
        return Peer(place_of(url, verify=verify), bool(plugin.token or plugin.user))
    return Peer(web.address_of(plugin), _proves(plugin, scheme))


def _proves(plugin: Any, scheme: str) -> bool:
    """Tell whether what a service is asked depends on the password. An alarm centre answers to its account alone."""
    return scheme == trying.SIA or (scheme in web.CHECKS and web.CHECKS[scheme](plugin) is not None)


def _by_mail(place: Place, limit: Limit) -> bytes | None:
    with smtplib.SMTP(timeout=STEP_S) as line:
        vars(line)["_host"] = place.host  # as in `mail`: certificates are checked against it
        limit.watch(lambda: line.sock)
        line.connect(place.host, place.port)
        line.starttls(context=trusting(verify=place.verify))
        return _shown(line.sock)


def _shown(connection: Any) -> bytes | None:
    return connection.getpeercert(binary_form=True) if isinstance(connection, ssl.SSLSocket) else None
