"""What a first send would load or read in the middle of an alarm, done at start instead.

A cold import from an SD card takes seconds. Importing this module loads the modules; `touch`, called in the thread
that starts the daemon, does the rest.
"""

from __future__ import annotations

import email.charset
import email.generator
import email.header
import email.mime.application
import email.mime.multipart
import email.mime.text
import email.utils
import encodings.idna
import encodings.utf_8
import http.client
import quopri
import smtplib
import ssl
import zoneinfo
from types import ModuleType

import idna.core

from alarmbro.delivery.plugins import register

# For their import alone. requests imports `idna` for its first host with other than ASCII letters; the socket module
# looks up `encodings.idna` for its first host given as a name. The rest is loaded by some of Apprise's plugins today,
# and by none some day.
MODULES: tuple[ModuleType, ...] = (
    email.charset,
    email.generator,
    email.header,
    email.mime.application,
    email.mime.multipart,
    email.mime.text,
    email.utils,
    encodings.idna,
    encodings.utf_8,
    http.client,
    idna.core,
    quopri,
    smtplib,
    zoneinfo,
)


def touch() -> None:
    """Load Apprise's plugins (all 180, as the first URL would) and ours, use the host name codec, read certificates."""
    register()
    "example".encode("idna")
    ssl.create_default_context()
