"""What a closed alarm still wants: its end told to all, and after a real one the list of what is to be done.

Pure; level-triggered, as escalation is. Across a reboot the list is due at once.
"""

from __future__ import annotations

from alarmbro.judgement.course.escalation import Due
from alarmbro.judgement.telling.owing import given_up, untold
from alarmbro.model.alarm import Alarm, Closing
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import Moment
from alarmbro.model.record import Draft, RecordType
from alarmbro.model.route import Route


def aftercare(alarm: Alarm, route: Route | None, now: Moment) -> Due | None:
    """Give when the list goes out; None where there is none, or where it has been sent on its way."""
    care, closed = (route.aftercare if route else None), alarm.closed
    if care is None or closed is None or closed.outcome is not Closing.REAL:
        return None
    if any(notice.kind is MessageKind.AFTERCARE for notice in alarm.notices):
        return None
    return Due(max(0.0, care.after_s - now.since(closed.at)), MessageKind.AFTERCARE, alarm.step, care.notify)


def settled(alarm: Alarm, configuration: Configuration, now: Moment) -> Draft | None:
    """Give the record that ends it all, once everybody has been told or cannot be. Ask `aftercare` first."""
    missing = untold(alarm, configuration)
    if missing and not given_up(alarm, configuration):
        return None
    data = {"untold": missing} if missing else {}
    return Draft(RecordType.SETTLED, now, alarm.site, alarm.device, alarm.id, data=data)
