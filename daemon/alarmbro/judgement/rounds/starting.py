"""Starting a round, taking it up after a restart, and putting an alarm centre on test. Pure.

Raises RefusedError, which says why, where it cannot be done; the caller tells whoever asked.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from alarmbro.judgement.course.answering import named
from alarmbro.judgement.pressing.testing import split
from alarmbro.judgement.rounds.judging import end
from alarmbro.judgement.telling.routing import route_of
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.errors import RefusedError
from alarmbro.model.moment import Moment, iso
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.testing import Ending, PutOnTest, Round, StartTest

if TYPE_CHECKING:
    from alarmbro.judgement.record.ledger import Ledger

LONGEST_S = 8 * 3600.0  # a working day: a forgotten round must not outlast it
SHORTEST_S = 10.0


def start(order: StartTest, ledger: Ledger, configuration: Configuration, now: Moment) -> Draft:
    """Give the record by which a round begins."""
    devices = _devices(order, ledger, configuration)
    number = ledger.numbers.get(order.site, ledger.before_first) + 1
    known = named(order.by, configuration)
    people = _everybody(order.site, devices, configuration)
    told, withheld = split(ledger, configuration, (*people, *_leading(order, configuration)), now)
    data = {
        "number": number,
        "devices": devices,
        "for_s": order.for_s,
        "until": iso(now.utc + timedelta(seconds=order.for_s)),
        "confirm": order.confirm,
        "coordinator": known.id if known else "",
        "message": MessageKind.TEST_STARTED.value,
        "notice": 1,
        "notify": list(dict.fromkeys(told)),
        "withheld": list(withheld),
    }
    name = f"{order.site}-{number}"
    return Draft(RecordType.TEST_STARTED, now, order.site, "", name, data=data, personal={"by": order.by})


def _devices(order: StartTest, ledger: Ledger, configuration: Configuration) -> list[str]:
    if not order.by:
        raise RefusedError("a test is led by a named coordinator; say who with --by NAME")
    if not SHORTEST_S <= order.for_s <= LONGEST_S:
        raise RefusedError("a test round lasts from 10 seconds to 8 hours; write --for 2h")
    running = ledger.testing.running(order.site)
    if running is not None:
        raise RefusedError(f"test round {running.id} runs at {order.site} already; end it with alarmbro test finish")
    alarms = [alarm.id for alarm in ledger.alarms.values() if alarm.site == order.site]
    if alarms:
        raise RefusedError(f"alarm {', '.join(alarms)} is open at {order.site}; close it before a test begins")
    of_site = configuration.sites[order.site].devices
    return [name for name in of_site if not order.devices or name in order.devices]


def _leading(order: StartTest, configuration: Configuration) -> tuple[str, ...]:
    known = named(order.by, configuration)
    return (known.id,) if known else configuration.test.coordinators


def _everybody(site: str, devices: list[str], configuration: Configuration) -> tuple[str, ...]:
    """Name all who are in the routes of these devices, those of a hold too."""
    routes = []
    for name in devices:
        device = configuration.sites[site].devices[name]
        levels = [None, device.hold.level] if device.hold else [None]
        routes += [route_of(configuration, site, name, level) for level in levels]
    return tuple(dict.fromkeys(name for route in routes if route for step in route.steps for name in step.notify))


def put_on_test(order: PutOnTest, configuration: Configuration, now: Moment) -> Draft:
    """Give the record that an alarm centre knows of the tests to come."""
    recipient = configuration.recipients[order.recipient]
    if not recipient.alarm_centre:
        raise RefusedError(f"{recipient.id} is no alarm centre (alarm_centre: true); it need not be put on test")
    if not 0 < order.for_s <= LONGEST_S:
        raise RefusedError("an alarm centre is put on test for 8 hours at the most")
    if not (order.by and order.who):
        raise RefusedError("say who at the centre knows of it (--who NAME), and who you are (--by NAME)")
    data = {"for_s": order.for_s, "until": iso(now.utc + timedelta(seconds=order.for_s))}
    personal = {"who": order.who, "by": order.by}
    return Draft(RecordType.ON_TEST, now, recipient=recipient.id, data=data, personal=personal)


def taken_up(round_: Round, ledger: Ledger, configuration: Configuration, now: Moment, *, trusted: bool) -> list[Draft]:
    """Go on with a round after a reboot: by the wall clock where it can be trusted, else the round ends."""
    if round_.ended is not None or now.boot == round_.begun.boot:
        return []
    left_s = (round_.until - now.utc).total_seconds()
    if not trusted or not 0 <= left_s <= round_.left_s:
        why = Ending.TIME if trusted and left_s < 0 else Ending.CLOCK
        return end(round_, ledger, configuration, now, why)
    return [Draft(RecordType.NOTICED, now, round_.site, "", round_.id, data={"left_s": left_s})]
