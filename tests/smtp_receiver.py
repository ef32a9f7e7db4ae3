"""A mail server on loopback that records, and refuses where told to. Imported from `receivers`."""

from __future__ import annotations

import email
import email.policy
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from arrivals import HOST, Arrivals, free_port


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived, decoded; `raw` is what went over the wire."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    content_type: str
    text: str
    raw: bytes
    at: float


class _Mailbox:
    """The handler of the mail server: records, and refuses where told to."""

    def __init__(self, receiver: SmtpReceiver) -> None:
        self._receiver = receiver

    # aiosmtpd names the methods and hands over all five arguments.
    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self._receiver.recipient_reply is not None:
            return self._receiver.recipient_reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (as above)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = message.get_body(("plain", "html")) or message
        self._receiver.arrivals.add(
            Mail(
                envelope.mail_from or "",
                tuple(envelope.rcpt_tos),
                str(message["Subject"]),
                part.get_content_type(),
                part.get_content(),
                envelope.content,
                time.monotonic(),
            )
        )
        return self._receiver.data_reply


class SmtpReceiver:
    """A mail server on loopback without TLS and login. Takes every mail until told otherwise."""

    def __init__(self) -> None:
        self.arrivals: Arrivals[Mail] = Arrivals()
        self.recipient_reply: str | None = None
        self.data_reply = "250 OK"
        self.port = free_port()
        self._controller: Controller | None = None
        self.start()

    def start(self) -> None:
        """Listen; after `stop` on the same port as before."""
        if self._controller is None:
            self._controller = Controller(_Mailbox(self), hostname=HOST, port=self.port)
            self._controller.start()

    def stop(self) -> None:
        """Close the port."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def ok(self) -> None:
        """Take every mail again."""
        self.recipient_reply, self.data_reply = None, "250 OK"

    def refuse_recipient(self, code: int) -> None:
        """Answer RCPT with this code."""
        self.recipient_reply = f"{code} refused"

    def refuse_content(self, code: int) -> None:
        """Answer the end of DATA with this code; the mail is recorded all the same."""
        self.data_reply = f"{code} refused"

    def received(self) -> list[Mail]:
        """Give all mails so far."""
        return self.arrivals.all()

    def wait_for(self, number: int, timeout: float = 5.0) -> list[Mail]:
        """Give all mails once there are `number`; TimeoutError otherwise."""
        return self.arrivals.wait_for(number, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()
