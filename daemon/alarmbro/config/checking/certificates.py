"""The broker's files: that they are there, that nobody else can read our key, that it is the certificate's, their end.

A certificate that has ended, or soon will, is a warning and never an error: with the broker gone buttons on pins still
work, and a daemon that does not start has none. Must never show what stands in a key. Any thread.
"""

from __future__ import annotations

import hashlib
import os
import ssl
import stat
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alarmbro.config.findings.look import Look
from alarmbro.config.owning import believed
from alarmbro.judgement.expiring.certificates import SOON, end_of

LARGEST = 1 << 20  # bytes; the authorities of a whole system have a fifth of it
OTHERS = 0o077
LOCKS = (b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED")
LOCKED = "is locked with a passphrase, which nobody types in; write the key without one"


class UnfitError(Exception):
    """A file cannot be used; the text goes on after its name."""


def check_certificates(look: Look, environ: Mapping[str, str]) -> None:
    """Tell what is wrong or doubtful with `ca_file`, `cert` and `key` of the broker."""
    broker = look.parts.mqtt
    if broker is None:
        return
    if broker.ca_file:
        _check_end(look, "ca_file", broker.ca_file, whole=True)
    if not (broker.cert and broker.key):
        _check_both(look)
        return
    if not broker.url.tls:
        text = "a certificate is shown on a line with TLS alone; write mqtts://, or take cert and key out"
        look.report.error(look.value("mqtt", "cert"), text)
    sound = [_check_file(look, "cert", broker.cert), _check_key(look, broker.key, environ)]
    if all(sound):
        _check_pair(look, broker.cert, broker.key)
        _check_end(look, "cert", broker.cert, whole=False)


def digest_of(files: Iterable[Path | None]) -> str:
    """Give one hash of what stands in the files; empty where there are none. What cannot be read is left out."""
    contents = [_content(file) for file in files if file is not None]
    return hashlib.sha256(b"\0".join(contents)).hexdigest() if contents else ""


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST)
    except OSError:  # whoever may not read it does not connect either
        return b""


def _check_both(look: Look) -> None:
    for name, other in (("cert", "key"), ("key", "cert")):
        if look.has("mqtt", name) and not look.has("mqtt", other):
            text = f"{name} stands here without {other}; write both, or neither"
            look.report.error(look.key("mqtt", name), text)


def _check_file(look: Look, name: str, written: str) -> bool:
    try:
        _read(look.folder / written)
    except UnfitError as error:
        look.report.error(look.value("mqtt", name), f"this file {error}")
        return False
    return True


def _check_key(look: Look, written: str, environ: Mapping[str, str]) -> bool:
    """Refuse a key that others can read: who has it is this machine."""
    path = look.folder / written
    try:
        content = _read(path, _of_others(path, environ))
        wrong = LOCKED if any(word in content for word in LOCKS) else ""
    except UnfitError as error:
        wrong = str(error)
    if wrong:
        look.report.error(look.value("mqtt", "key"), f"this file {wrong}")
    return not wrong


def _of_others(path: Path, environ: Mapping[str, str]) -> int:
    """Give the rights that nobody else may have. What systemd hands over as a credential has its own."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    return 0 if folder and path.parent == Path(folder) else OTHERS


def _read(path: Path, of_others: int | None = None) -> bytes:
    """Give what stands in a file; with `of_others`, only where nobody else has these rights to it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        why = getattr(error, "strerror", None) or "its name is no path"
        raise UnfitError(f"cannot be read ({why}); write its path, and let alarmbro's user own it") from error
    try:
        _refuse(os.fstat(descriptor), of_others)
        return os.read(descriptor, LARGEST)
    except OSError as error:
        raise UnfitError(f"cannot be read ({error.strerror}); check the disk") from error
    finally:
        os.close(descriptor)


def _refuse(status: os.stat_result, of_others: int | None) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnfitError("is no file; write the path of one in PEM")
    if not of_others:
        return
    if status.st_uid not in believed():
        raise UnfitError("belongs to another user; `chown` it to the one that runs alarmbro")
    if status.st_mode & of_others:
        raise UnfitError("can be read or written by others; run: chmod 600 FILE")


def _check_pair(look: Look, cert: str, key: str) -> None:
    """Have OpenSSL take both, as it will when a connection is made."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_cert_chain(look.folder / cert, look.folder / key, password=lambda: "")
    except (OSError, ValueError) as error:
        look.report.error(look.value("mqtt", "cert"), _why_not(error))


def _why_not(error: Exception) -> str:
    reason = getattr(error, "reason", None) or type(error).__name__
    if reason == "KEY_VALUES_MISMATCH":
        return "the key is not this certificate's; write the one that was made with it"
    return f"OpenSSL cannot use this certificate with its key ({reason}); write a PEM file for each"


def _check_end(look: Look, name: str, written: str, *, whole: bool) -> None:
    """Warn in time. Of several authorities the last to end counts; of a chain the first, which is ours."""
    end = end_of(_content(look.folder / written), authorities=whole)
    if end is None:
        return
    left = end - datetime.now(UTC)
    if left < SOON:
        when = f"{'ended' if left < timedelta(0) else 'ends'} on {end:%Y-%m-%d}"
        text = f"this certificate {when}, and then no press comes by MQTT; renew it, then `alarmbro reload`"
        look.report.warning(look.value("mqtt", name), text)
