"""From what happened in a send to an outcome and a reason that a technician can act on.

Codes and fixed phrases only: the text of an exception can hold a URL, a token or an address and is never used.
No I/O; any thread.
"""

from __future__ import annotations

import errno
import http.client
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import PurePath
from types import TracebackType

import requests.exceptions

from alarmbro.delivery.overheard import Evidence
from alarmbro.model.delivery import Outcome, Result

DEPTH = 12  # requests wraps urllib3 wraps the socket: four levels are common
NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
# OpenSSL's X509_V_ERR codes (openssl-verification-options(1)); its own texts name hosts.
CERTIFICATE = {
    9: "the certificate is not valid yet: is the clock right?",
    10: "the certificate has expired, or the clock is wrong",
    18: "the certificate is self-signed",
    19: "the certificate chain ends in one that is not trusted",
    20: "the issuer of the certificate is not trusted",
    62: "the certificate is for another host",
    64: "the certificate is for another address",
}

Causes = tuple[BaseException, ...]


def of_refusal(evidence: Evidence) -> Result:
    """Give the result of a send that Apprise answered with False."""
    if evidence.failure is not None:
        return of_failure(evidence.failure)
    if evidence.status is None:
        return Result(Outcome.FAILED, "rejected", "the service said no and gave no reason")
    if evidence.status < http.client.MULTIPLE_CHOICES:
        return Result(Outcome.FAILED, "rejected", f"HTTP {evidence.status}, but the service said no")
    phrase = http.client.responses.get(evidence.status, "")
    return Result(Outcome.FAILED, f"http_{evidence.status}", f"HTTP {evidence.status} {phrase}".strip())


def of_surprise(failure: Exception) -> Result:
    """Give the result where a plugin raised: nobody knows how far it came."""
    if isinstance(failure, OSError):
        return of_failure(failure)
    return Result(Outcome.UNKNOWN, "error", f"{type(failure).__name__} {place(failure.__traceback__)}".rstrip())


def of_failure(failure: OSError) -> Result:
    """Give the result of an exception of the transport.

    `unknown` where the far end may have got the message: silence, or a connection lost after connecting.
    """
    causes = tuple(chain(failure))
    results = (judge(causes) for judge in JUDGES)
    return next(filter(None, results), Result(Outcome.UNKNOWN, "error", type(failure).__name__))


def chain(failure: BaseException) -> Iterator[BaseException]:
    """Go from an exception down to what caused it."""
    here: BaseException | None = failure
    for _ in range(DEPTH):
        if here is None:
            return
        yield here
        here = here.__cause__ or here.__context__


def place(trace: TracebackType | None) -> str:
    """Name the file and line where an exception arose; empty without a traceback."""
    at = ""
    while trace is not None:
        at = f"at {PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return at


def first(causes: Causes, *kinds: type[BaseException]) -> BaseException | None:
    """Give the first cause of one of these kinds."""
    return next((cause for cause in causes if isinstance(cause, kinds)), None)


def by_mail_server(causes: Causes) -> Result | None:
    """Judge a mail server's reply code; of several refused recipients the highest."""
    refused = first(causes, smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException)
    if isinstance(refused, smtplib.SMTPRecipientsRefused):
        code = max((code for code, _text in refused.recipients.values()), default=550)
    elif isinstance(refused, smtplib.SMTPResponseException):
        code = refused.smtp_code
    else:
        return None
    return Result(Outcome.FAILED, f"smtp_{code}", f"the mail server answered {code}")


def by_address(causes: Causes) -> Result | None:
    """Judge a name that does not resolve, or a URL that requests cannot use."""
    if first(causes, socket.gaierror):
        return Result(Outcome.FAILED, "dns", "the name of the host does not resolve")
    if first(causes, requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader):
        return Result(Outcome.FAILED, "unusable", "the URL cannot be used")
    return None


def by_tls(causes: Causes) -> Result | None:
    """Judge a failed handshake or certificate."""
    fault = first(causes, ssl.SSLError)
    if isinstance(fault, ssl.SSLCertVerificationError):
        why = CERTIFICATE.get(fault.verify_code, f"the certificate does not hold: OpenSSL code {fault.verify_code}")
        return Result(Outcome.FAILED, "tls", why)
    if isinstance(fault, ssl.SSLError):
        return Result(Outcome.FAILED, "tls", f"the TLS handshake failed: {fault.reason}")
    if first(causes, requests.exceptions.SSLError):
        return Result(Outcome.FAILED, "tls", "the TLS handshake failed")
    return None


def by_connecting(causes: Causes) -> Result | None:
    """Judge a connection that never came about: nothing was sent."""
    if first(causes, requests.exceptions.ProxyError):
        return Result(Outcome.FAILED, "proxy", "the proxy of the environment cannot be used")
    if first(causes, ConnectionRefusedError):
        return Result(Outcome.FAILED, "refused", "nothing listens on that port")
    if any(isinstance(cause, OSError) and cause.errno in NO_WAY for cause in causes):
        return Result(Outcome.FAILED, "unreachable", "there is no way to that network or host")
    if first(causes, requests.exceptions.ConnectTimeout) or any(map(while_connecting, causes)):
        return Result(Outcome.FAILED, "timeout", "no answer to connecting")
    return None


def while_connecting(cause: BaseException) -> bool:
    """Tell a timeout of connecting from one of waiting for an answer: both are a bare TimeoutError in smtplib."""
    trace = cause.__traceback__ if isinstance(cause, TimeoutError) else None
    while trace is not None:
        if trace.tb_frame.f_code is socket.create_connection.__code__:
            return True
        trace = trace.tb_next
    return False


def by_silence(causes: Causes) -> Result | None:
    """Judge silence: no answer in time after connecting."""
    if first(causes, TimeoutError, requests.exceptions.Timeout):
        return Result(Outcome.UNKNOWN, "timeout", "connected, but no answer in time")
    return None


def by_loss(causes: Causes) -> Result | None:
    """Judge a connection that ended before the whole answer was there."""
    lost = (ConnectionError, http.client.HTTPException, smtplib.SMTPServerDisconnected)
    if first(causes, *lost, requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
        return Result(Outcome.UNKNOWN, "reset", "the connection ended before the answer")
    return None


# In this order: the first that knows says. Connecting before silence, as both can be a TimeoutError.
JUDGES: tuple[Callable[[Causes], Result | None], ...] = (
    by_mail_server,
    by_address,
    by_tls,
    by_connecting,
    by_silence,
    by_loss,
)
