"""What is due in a round: verdicts on devices, a warning, its end. Pure; level-triggered, as escalation is.

A device has passed when everybody of its first step who is not withheld was reached in time and, where that was asked
for, somebody has confirmed it. From its verdict on nobody is told of its test any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from alarmbro.judgement.pressing.testing import leaders, withholdings
from alarmbro.judgement.telling.owing import NEVER_S
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.testing import Ending, Reason, Round, Standing, TestAlarm

if TYPE_CHECKING:
    from alarmbro.judgement.record.ledger import Ledger

REACHED_WITHIN_S = 60.0  # twice the time after which it is a fault that nobody could be told
TRIED_FOR_S = 120.0  # then a recipient has not been reached
WARNED_S = 600.0  # before the end


def due(round_: Round, ledger: Ledger, configuration: Configuration, now: Moment) -> list[Draft]:
    """Give what is due first; to be asked again once that is recorded, until nothing is."""
    if round_.ended is not None:
        return []
    pressed = ledger.testing.awaited(round_)
    withheld = [draft for alarm in pressed for draft in withholdings(alarm, configuration, now)]
    verdicts = [verdict for alarm in pressed if (verdict := _verdict(alarm, ledger, configuration, now))]
    real = [name for name in round_.of(Standing.WAITING) if ledger.alarm_of(round_.site, name) is not None]
    verdicts += [_unpressed(round_, name, Reason.REAL, now) for name in real]
    if withheld or verdicts:
        return withheld or verdicts
    if not round_.of(Standing.WAITING, Standing.PRESSED):
        return [_finished(round_, Ending.ALL_DONE, now)]
    if round_.left_in_s(now) <= 0:
        return end(round_, ledger, configuration, now, Ending.TIME)
    return list(_warning(round_, configuration, now))


def next_in_s(round_: Round, ledger: Ledger, now: Moment) -> float:
    """Give the seconds until `due` may have something that no other event brings."""
    if round_.ended is not None:
        return NEVER_S
    left_s = round_.left_in_s(now)
    waits = [left_s, *(TRIED_FOR_S - now.since(alarm.since) for alarm in ledger.testing.awaited(round_))]
    if not _warned(round_) and round_.left_s > WARNED_S:
        waits.append(left_s - WARNED_S)
    return max(0.0, min(waits))


def end(
    round_: Round, ledger: Ledger, configuration: Configuration, now: Moment, why: Ending, by: str = ""
) -> list[Draft]:
    """End a round: what has no verdict has failed, unless the round is aborted."""
    if why is Ending.ABORTED:
        return [_finished(round_, why, now, by=by)]
    judged = [_unpassed(alarm, configuration, now) for alarm in ledger.testing.awaited(round_)]
    unpressed = [_unpressed(round_, name, Reason.NOT_PRESSED, now) for name in round_.of(Standing.WAITING)]
    passed = {draft.device for draft in judged if draft.type is RecordType.TEST_PASSED}
    return [*judged, *unpressed, _finished(round_, why, now, by=by, passed=passed)]


def _verdict(alarm: TestAlarm, ledger: Ledger, configuration: Configuration, now: Moment) -> Draft | None:
    if ledger.alarm_of(alarm.site, alarm.device) is not None:
        return _failed(alarm, Reason.REAL, now)
    if any(each.site == alarm.site for each in ledger.alarms.values()):
        return _failed(alarm, Reason.INTERRUPTED, now)
    reason = _why_not(alarm, configuration)
    if reason is None:
        return _judged(RecordType.TEST_PASSED, alarm, {}, now)
    if reason is Reason.NOT_CONFIRMED:
        return None  # a person may take as long as the round lasts: its button is live meanwhile
    late = now.since(alarm.since) >= TRIED_FOR_S
    return _failed(alarm, reason, now) if late or reason is Reason.TOO_SLOW else None


def _unpassed(alarm: TestAlarm, configuration: Configuration, now: Moment) -> Draft:
    """Judge a device at the end of its round: it may have passed this very moment."""
    reason = _why_not(alarm, configuration)
    return _failed(alarm, reason, now) if reason else _judged(RecordType.TEST_PASSED, alarm, {}, now)


def _why_not(alarm: TestAlarm, configuration: Configuration) -> Reason | None:
    """Say why a device has not passed as things stand; None: it has."""
    if _unreached(alarm, configuration):
        return Reason.NOT_REACHED
    if any(ms is None or ms > REACHED_WITHIN_S * 1000 for ms in alarm.reached.values()):
        return Reason.TOO_SLOW
    return Reason.NOT_CONFIRMED if any(name not in alarm.confirmed for name in alarm.confirm) else None


def _unreached(alarm: TestAlarm, configuration: Configuration) -> list[str]:
    return [name for name in alarm.wanted if name not in alarm.reached and name in configuration.recipients]


def _failed(alarm: TestAlarm, reason: Reason, now: Moment) -> Draft:
    missing = alarm.confirm if reason is Reason.NOT_CONFIRMED else alarm.wanted
    have = alarm.confirmed if reason is Reason.NOT_CONFIRMED else alarm.reached
    left_out = [name for name in missing if name not in have]
    return _judged(RecordType.TEST_FAILED, alarm, {"reason": reason.value, "missing": left_out}, now)


def _judged(kind: RecordType, alarm: TestAlarm, data: dict[str, Any], now: Moment) -> Draft:
    data |= {
        "round": alarm.round,
        "reached": dict(alarm.reached),
        "confirmed": {name: ms for name, ms in alarm.confirmed.items() if name in alarm.confirm},
        "withheld": list(alarm.withheld),
    }
    return Draft(kind, now, alarm.site, alarm.device, alarm.id, data=data)


def _unpressed(round_: Round, device: str, reason: Reason, now: Moment) -> Draft:
    data: dict[str, Any] = {"round": round_.id, "reason": reason.value, "missing": [], "reached": {}, "withheld": []}
    return Draft(RecordType.TEST_FAILED, now, round_.site, device, data=data | {"confirmed": {}})


def _finished(round_: Round, why: Ending, now: Moment, by: str = "", passed: set[str] | None = None) -> Draft:
    missing = [name for name in round_.missing() if name not in (passed or set())]
    data = {
        "round": round_.id,
        "reason": why.value,
        "passed": len(round_.devices) - len(missing),
        "total": len(round_.devices),
        "missing": missing,
        "message": MessageKind.TEST_ENDED.value,
        "notice": len(round_.notices) + 1,
        "notify": list(dict.fromkeys(name for notice in round_.notices for name in notice.notify)),
    }
    personal = {"by": by} if by else {}
    return Draft(RecordType.TEST_FINISHED, now, round_.site, "", round_.id, data=data, personal=personal)


def _warned(round_: Round) -> bool:
    return any(notice.kind is MessageKind.TEST_WARNING for notice in round_.notices)


def _warning(round_: Round, configuration: Configuration, now: Moment) -> Iterator[Draft]:
    """Warn who leads it, once, where it is longer than the warning's time."""
    if _warned(round_) or round_.left_s <= WARNED_S or round_.left_in_s(now) > WARNED_S:
        return
    data = {
        "message": MessageKind.TEST_WARNING.value,
        "notice": len(round_.notices) + 1,
        "notify": list(leaders(round_, configuration)),
    }
    yield Draft(RecordType.NOTICED, now, round_.site, "", round_.id, data=data)
