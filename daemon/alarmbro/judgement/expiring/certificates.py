"""Until when a certificate holds. Pure.

Python tells that only of a certificate that it has verified, and of no file; so its bytes are read here (X.509: RFC
5280, section 4.1; DER: ITU-T X.690). Whether it is to be believed is OpenSSL's to judge.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

from alarmbro.model.activation import Trouble

KIND = "certificate"
EXPLICIT_VERSION, UTC_TIME, GENERALIZED_TIME = 0xA0, 0x17, 0x18
LONG_FORM = 0x80
PIVOT = 50  # of two digits of a year: from 50 on they are of the last century (RFC 5280, 4.1.2.5.1)


class DerError(ValueError):
    """These bytes are no certificate that can be read. The caller says that nobody knows when it ends."""


SOON = timedelta(days=30)  # time to have another made; authorities themselves begin to warn then
PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.{1,100000}?)-----END CERTIFICATE-----", re.DOTALL)


def end_of(pem: bytes, *, authorities: bool) -> datetime | None:
    """Give when what stands in a PEM file ends: of authorities the last counts, of a chain the first, which is ours.

    None where nothing in it can be read.
    """
    ends = [end for end in map(_end_in, PEM.findall(pem)) if end is not None]
    if not ends:
        return None
    return max(ends) if authorities else ends[0]


def _end_in(text: bytes) -> datetime | None:
    try:
        return ends_at(base64.b64decode(text))
    except ValueError:  # no base64, or no certificate: OpenSSL says so where it is used
        return None


def trouble_of(name: str, end: datetime, now: datetime) -> Trouble:
    """Say whether a certificate ends soon, or has; `name` is where the configuration has it."""
    soon = end - now < SOON
    return Trouble(KIND, name, well=not soon, detail=f"{end:%Y-%m-%d}" if soon else "")


def ends_at(der: bytes) -> datetime:
    """Give the end of a certificate's validity (notAfter). Raise DerError."""
    try:
        signed = _parts(_parts(der)[0][1])[0][1]
        fields = _parts(signed)
        validity = fields[4 if fields[0][0] == EXPLICIT_VERSION else 3][1]
        kind, text = _parts(validity)[1]
        return _time(kind, text.decode("ascii"))
    except (ValueError, IndexError) as error:
        raise DerError("this is no certificate") from error


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    """Take apart what stands side by side: the kind of each, and what is inside."""
    found, at = [], 0
    while at < len(der):
        kind, size, at = der[at], der[at + 1], at + 2
        if size & LONG_FORM:
            digits = size & ~LONG_FORM
            size, at = int.from_bytes(der[at : at + digits], "big"), at + digits
        if at + size > len(der):
            raise DerError("it is cut off")
        found.append((kind, der[at : at + size]))
        at += size
    return found


def _time(kind: int, text: str) -> datetime:
    if kind == UTC_TIME:
        text = ("19" if int(text[:2]) >= PIVOT else "20") + text
    elif kind != GENERALIZED_TIME:
        raise DerError("this is no time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
