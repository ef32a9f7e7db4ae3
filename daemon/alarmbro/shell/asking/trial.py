"""One marked trial message to every URL of a recipient, side by side: `alarmbro send`.

Runs in the asker's thread, and in one for each target; waits no longer than a try may take.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any

from alarmbro.judgement.telling.retry import ATTEMPT_DEADLINE_S
from alarmbro.judgement.words.facts import Facts
from alarmbro.model.delivery import MessageKind, Outcome, Result
from alarmbro.model.moment import Clock
from alarmbro.model.route import Recipient, Target
from alarmbro.shell.desk.ports import Make


def try_all(recipient: Recipient, text: str, make: Make, clock: Clock) -> list[dict[str, Any]]:
    """Send to every target; give a row for each. One that does not answer by the deadline is unknown."""
    targets = recipient.targets + recipient.fallback
    facts = Facts(now=clock.now().utc, recipient=recipient.name, note=text)
    values = {"alarm.id": "", "alarm.kind": "test"} | {
        f"{thing}.{part}": "" for thing in ("site", "device") for part in ("id", "name", "zone")
    }
    replies: list[queue.SimpleQueue[Result]] = [queue.SimpleQueue() for _ in targets]
    for target, reply in zip(targets, replies, strict=True):
        work = _put_result(reply, make, target, facts, values)
        threading.Thread(target=work, name=f"trial:{target.label}", daemon=True).start()
    end_s = clock.now().monotonic_s + ATTEMPT_DEADLINE_S
    results = [_result(reply, end_s - clock.now().monotonic_s) for reply in replies]
    return [_row(target, result) for target, result in zip(targets, results, strict=True)]


def _put_result(
    reply: queue.SimpleQueue[Result], make: Make, target: Target, facts: Facts, values: Mapping[str, str]
) -> Callable[[], None]:
    def work() -> None:
        try:
            reply.put(make(target, MessageKind.TRIAL, facts, values))
        except Exception as error:  # noqa: BLE001 - the asker hears of it at once, by its type: texts may hold secrets
            reply.put(Result(Outcome.FAILED, "error", type(error).__name__))

    return work


def _result(reply: queue.SimpleQueue[Result], seconds: float) -> Result:
    try:
        return reply.get(timeout=max(0.0, seconds))
    except queue.Empty:
        return Result(Outcome.UNKNOWN, "deadline")


def _row(target: Target, result: Result) -> dict[str, Any]:
    return {
        "target": target.number,
        "scheme": target.scheme,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "detail": result.detail,
    }
