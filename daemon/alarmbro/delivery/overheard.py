"""What Apprise and urllib3 say while a send runs: kept as evidence for its reason, and never let through to a log.

Apprise answers True or False and logs why, in words that hold URLs, tokens, addresses and phone numbers. So a filter
sits on their loggers. It drops every record, of whatever level, and notes two facts for the send that runs in the same
thread: the exception being handled when the record was made, and the HTTP status that urllib3 reports. Texts are
neither read nor kept.

The filter runs in the thread that sends, inside the library's own log call: it must never raise or block.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeGuard

APPRISE_LOGGER = "apprise"
STATUS_LOGGER = "urllib3.connectionpool"
# urllib3 1.x and 2.x: '%s://%s:%s "%s %s %s" %s %s' with scheme, host, port, method, path, version, status, length
STATUS_ARGUMENTS = 8
STATUS_PLACE = 6
# They log whole URLs and tokens below this, and nothing that an alarm needs.
TALKATIVE = ("urllib3", "requests", "requests_oauthlib", "oauthlib", "charset_normalizer")


@dataclass(slots=True)
class Evidence:
    """What was seen of one send: the last failure of its transport or the last HTTP status, whichever came later."""

    failure: OSError | None = None
    status: int | None = None


class Overheard(logging.Filter):
    """The filter. One per process is enough; more do no harm."""

    def __init__(self) -> None:
        super().__init__()
        self._here = threading.local()

    def install(self) -> None:
        """Take over the loggers. They are open down to DEBUG so that this filter sees all; nothing gets past it."""
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.ERROR)
        for name in (APPRISE_LOGGER, STATUS_LOGGER):
            logger = logging.getLogger(name)
            logger.setLevel(logging.DEBUG)
            logger.addFilter(self)
            # Most of what they say is said by this; a record made of each line is a tenth of what a message costs.
            logger.debug = partial(self._debug, name)  # type: ignore[method-assign]

    @contextmanager
    def listening(self) -> Iterator[Evidence]:
        """Collect what this thread's sends leave behind until the block ends."""
        evidence = Evidence()
        self._here.evidence = evidence
        self._here.before = sys.exc_info()[1]  # the caller's own, if it sends from an `except`: not ours
        try:
            yield evidence
        finally:
            self._here.evidence = self._here.before = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Note what the record is evidence of, and drop it."""
        evidence: Evidence | None = getattr(self._here, "evidence", None)
        if evidence is not None:
            self._note(evidence, record)
        return False

    def _debug(self, name: str, _text: object, *arguments: object, **_keywords: object) -> None:
        evidence: Evidence | None = getattr(self._here, "evidence", None)
        if evidence is not None:
            self._weigh(evidence, status_in(name, arguments))

    def _note(self, evidence: Evidence, record: logging.LogRecord) -> None:
        self._weigh(evidence, status_of(record))

    def _weigh(self, evidence: Evidence, status: int | None) -> None:
        if status is not None:
            evidence.failure, evidence.status = None, status
        failure = sys.exc_info()[1]
        if is_of_transport(failure) and failure is not self._here.before:
            evidence.failure = failure


def status_of(record: logging.LogRecord) -> int | None:
    """Give the HTTP status where this is urllib3's line about an answer."""
    return status_in(record.name, record.args)


def status_in(name: str, arguments: object) -> int | None:
    """Give the HTTP status where these are the arguments of urllib3's line about an answer."""
    if name != STATUS_LOGGER or not isinstance(arguments, tuple) or len(arguments) != STATUS_ARGUMENTS:
        return None
    status = arguments[STATUS_PLACE]
    return status if isinstance(status, int) else None


def is_of_transport(failure: BaseException | None) -> TypeGuard[OSError]:
    """Tell network failures from others: all of socket, ssl, smtplib and requests are OSErrors.

    An answer that is no JSON is one too in requests, but says nothing about the transport.
    """
    return isinstance(failure, OSError) and not isinstance(failure, json.JSONDecodeError)
