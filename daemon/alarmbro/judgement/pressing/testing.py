"""Is a press a test? Only the first of a device that waits in a round. In doubt it is real.

Pure. A press is real unless all of this holds: a round of its site runs and its time is not up, the device is in it and
has not been pressed yet, the press came from the device itself, now, at the device's own level, and no real alarm is
open at the site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alarmbro.judgement.pressing.waiting import after_ms, late_s
from alarmbro.judgement.telling.routing import first_step, level_of, route_of
from alarmbro.model.activation import Activation, Source
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind, Outcome
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import InTest, Recipient
from alarmbro.model.testing import Round, Standing, TestAlarm, Withheld

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alarmbro.judgement.record.ledger import Ledger


def test_of(ledger: Ledger, configuration: Configuration, activation: Activation, now: Moment) -> Round | None:
    """Give the round whose test a press is; None where it is real."""
    round_ = ledger.testing.running(activation.site)
    tried = round_.devices.get(activation.device) if round_ else None
    if round_ is None or tried is None or tried.standing is not Standing.WAITING:
        return None
    if any(alarm.site == activation.site for alarm in ledger.alarms.values()):
        return None
    if round_.left_in_s(activation.received) <= 0 or activation.received.before(round_.begun):
        return None
    return None if _is_odd(configuration, activation, now) else round_


def _is_odd(configuration: Configuration, activation: Activation, now: Moment) -> bool:
    """Tell whether a press is not what a coordinator at the button would give."""
    own = activation.level in (None, level_of(configuration, activation.site, activation.device))
    return (
        not own
        or activation.held_at_start
        or activation.source is Source.COMMAND
        or late_s(activation, now) is not None
    )


def press_of_test(
    ledger: Ledger, configuration: Configuration, round_: Round, activation: Activation, now: Moment
) -> Draft:
    """Give the record of a press that is a test: who is told, and who is not."""
    number = ledger.numbers.get(activation.site, ledger.before_first) + 1
    route = route_of(configuration, activation.site, activation.device)
    told, withheld = split(ledger, configuration, first_step(route), now)
    confirming = [name for name in told if configuration.recipients[name].acknowledges] if round_.confirm else []
    data: dict[str, Any] = {
        "number": number,
        "round": round_.id,
        "activation": activation.key,
        "source": activation.source.value,
        "message": MessageKind.TEST_ALARM.value,
        "notice": 1,
        "notify": told,
        "withheld": list(withheld),
        "confirm": confirming or (told if round_.confirm else []),
        "after_ms": after_ms(activation.received, now),
    }
    name = f"{activation.site}-{number}"
    return Draft(RecordType.TEST_PRESSED, now, activation.site, activation.device, name, data=data, ref=activation.key)


def leaders(round_: Round, configuration: Configuration) -> tuple[str, ...]:
    """Name who leads a round: the recipient who started it, else all coordinators."""
    known = round_.coordinator in configuration.recipients
    return (round_.coordinator,) if known else configuration.test.coordinators


def split(
    ledger: Ledger, configuration: Configuration, names: tuple[str, ...], now: Moment
) -> tuple[list[str], dict[str, Withheld]]:
    """Divide recipients into those who are told of a test and those who are not, with the reason."""
    withheld = {name: why for name in names if (why := why_withheld(ledger, configuration.recipients[name], now))}
    return [name for name in names if name not in withheld], withheld


def why_withheld(ledger: Ledger, recipient: Recipient, now: Moment) -> Withheld | None:
    """Say why a recipient is not told of a test; None where it is."""
    if recipient.in_test is InTest.WITHHOLD:
        return Withheld.IN_TEST
    on_test = ledger.testing.on_test.get(recipient.id)
    knows = on_test is not None and now.since(on_test.at) < on_test.for_s
    return Withheld.NOT_ON_TEST if recipient.alarm_centre and not knows else None


def withholdings(alarm: TestAlarm, configuration: Configuration, now: Moment) -> Iterator[Draft]:
    """Give an attempt for each address that is not tried on purpose: the record must say so."""
    done = {(delivery.recipient, delivery.target) for delivery in alarm.progress}
    for name in alarm.withheld:
        recipient = configuration.recipients.get(name)
        for target in recipient.targets if recipient else ():
            if (name, target.number) in done or recipient is None:
                continue
            why = Withheld.IN_TEST if recipient.in_test is InTest.WITHHOLD else Withheld.NOT_ON_TEST
            data = {
                "outcome": Outcome.WITHHELD.value, "reason": why.value, "after_ms": after_ms(alarm.since, now),
                "notice": 1, "message": MessageKind.TEST_ALARM.value, "target": target.number,
                "scheme": target.scheme, "attempt": 0,
            }  # fmt: skip
            yield Draft(RecordType.ATTEMPT, now, alarm.site, alarm.device, alarm.id, name, data=data)
