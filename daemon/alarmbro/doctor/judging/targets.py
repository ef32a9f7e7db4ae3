"""Whether the recipients' ways would take a message. Pure. Nothing was sent to find it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alarmbro.doctor.findings import Found, doubtful, failed, well
from alarmbro.doctor.judging.broker import certificate
from alarmbro.judgement.supervising.targets import NOT_TRIED
from alarmbro.model.delivery import Outcome, Result

CHECK = "target"
# Reasons that lie with the machine's way out rather than with one service.
NO_WAY = frozenset({"dns", "unreachable"})


@dataclass(frozen=True, slots=True)
class TargetTried:
    """One target: what the try gave, whether that proves the password, and its certificate.

    `ends`: the end of its certificate (None: no TLS, or not to be read). `verified`: no when the URL says `verify=no`.
    """

    label: str
    recipient: str
    result: Result
    proved: bool = False
    ends: datetime | None = None
    verified: bool = True


def judge(tried: TargetTried, now: datetime) -> Iterator[Found]:
    """Say how one target stands."""
    result, label = tried.result, tried.label
    values = {"target": label, "recipient": tried.recipient, "reason": result.reason, "detail": result.detail}
    if result.outcome is not Outcome.OK:
        yield failed(CHECK, label, _wrong(result), **values)
    elif result.reason == NOT_TRIED:
        yield doubtful(CHECK, label, "target.not_tried", **values)
    else:
        yield well(CHECK, label, "target.proved" if tried.proved else "target.reached", **values)
    if not tried.verified:
        yield doubtful(CHECK, label, "target.unverified", **values)
    yield from certificate(CHECK, label, tried.ends, now)


def judge_proxies(names: tuple[str, ...]) -> Iterator[Found]:
    """Say that targets are not tried by a proxy, and that the service goes past it."""
    if names:
        yield doubtful(CHECK, "proxy", "target.proxy", names=", ".join(names))


def _wrong(result: Result) -> str:
    if result.reason in NO_WAY:
        return "target.no_way"
    if result.reason == "tls":
        return "target.tls"
    if result.reason in {"denied", "http_401", "http_403", "smtp_535"}:
        return "target.denied"
    return "target.fails"
