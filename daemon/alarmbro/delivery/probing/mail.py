"""Tries a mail server: connects, secures the line as the URL says, logs in. Proves the password; no mail is begun."""

from __future__ import annotations

import contextlib
import smtplib
from typing import Any

from alarmbro.delivery.probing.line import STEP_S, Limit, trusting

GREETING = 220
WITH_TLS, AFTER_STARTTLS = "ssl", "starttls"  # Apprise's words for how the line is secured


def log_in(plugin: Any, limit: Limit) -> None:
    """Log in by the settings of Apprise's mail plugin. Raise OSError (smtplib's errors are some)."""
    # Apprise trusts the system's certificates for mail; whoever gives it others, gives them to all.
    context = trusting(verify=plugin.verify_certificate)
    context.load_default_certs()
    if plugin.secure_mode == WITH_TLS:
        line: smtplib.SMTP = smtplib.SMTP_SSL(timeout=STEP_S, context=context)
    else:
        line = smtplib.SMTP(timeout=STEP_S)
    # Certificates are checked against it. The constructor sets it where it connects by itself, which is before there
    # is a line to watch; there is no public way.
    vars(line)["_host"] = plugin.smtp_host
    limit.watch(lambda: line.sock)
    try:
        _enter(line, plugin, context)
    finally:
        with contextlib.suppress(OSError):  # what it says to goodbye tells nothing of the next mail
            line.quit()
        line.close()


def _enter(line: smtplib.SMTP, plugin: Any, context: Any) -> None:
    code, text = line.connect(plugin.smtp_host, plugin.port)
    if code != GREETING:
        raise smtplib.SMTPConnectError(code, text)
    if plugin.secure_mode == AFTER_STARTTLS:
        line.starttls(context=context)
    line.ehlo_or_helo_if_needed()
    if plugin.user and plugin.password:
        line.login(plugin.user, plugin.password)
