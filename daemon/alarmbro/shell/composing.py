"""From an open matter to what its message can tell, and to the values for its URL. Pure; in the deciding thread.

The words themselves are made (`judgement.wording`) in the thread that sends.
"""

from __future__ import annotations

from dataclasses import replace

from alarmbro.judgement.facts import Facts
from alarmbro.judgement.routing import route_of
from alarmbro.judgement.wording import fault_words
from alarmbro.model.alarm import Alarm, Fault, Matter, Notice
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import MessageKind
from alarmbro.model.moment import Moment


def facts_of(matter: Matter, notice: Notice, recipient: str, configuration: Configuration, now: Moment) -> Facts:
    """Give all that is known for one notice to one recipient."""
    site = configuration.sites.get(matter.site)
    device = configuration.device(matter.site, matter.device)
    place = Facts(
        now=now.utc,
        site=site.name if site else matter.site,
        address=site.address if site else "",
        device=device.name if device else matter.device,
        received=matter.since.utc,
        recipient=configuration.recipients[recipient].name,
    )
    if isinstance(matter, Fault):
        what, do = fault_words(matter.kind, matter.subject, configuration.language)
        return replace(place, what=what, do=do, detail=matter.detail, alarm=matter.alarm)
    return _of_alarm(place, matter, notice, configuration, now)


def _of_alarm(place: Facts, matter: Matter, notice: Notice, configuration: Configuration, now: Moment) -> Facts:
    route = route_of(configuration, matter.site, matter.device)
    alarm = matter if isinstance(matter, Alarm) else None
    repeats = [
        other for other in matter.notices if other.kind is MessageKind.REPEATED and other.number <= notice.number
    ]
    return replace(
        place,
        alarm=matter.id,
        instruction=route.instruction if route else "",
        happened_at=notice.at.utc,
        presses=alarm.presses if alarm else 1,
        count=max(1, len(repeats)),
        waited_s=now.since(matter.since),
        late_s=(alarm.late_s if alarm else None) or 0.0,
        pressed_at=alarm.pressed_at if alarm else None,
    )


def values_of(matter: Matter, configuration: Configuration) -> dict[str, str]:
    """Give what the placeholders of a URL stand for."""
    site = configuration.sites.get(matter.site)
    device = configuration.device(matter.site, matter.device)
    fault = isinstance(matter, Fault)
    return {
        "site.id": matter.site,
        "site.name": site.name if site else matter.site,
        "device.id": matter.device,
        "device.name": device.name if device else matter.device,
        "device.zone": str(device.zone) if device and device.zone is not None else "",
        "alarm.id": "" if fault else matter.id,
        "alarm.kind": "fault" if fault else "alarm",
    }
