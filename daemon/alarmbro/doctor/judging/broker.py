"""Whether the broker lets us in, and lets us hear and speak for our sites. Pure.

What a broker grants in its answer to a subscription is a promise only with some: mosquitto with an `acl_file` grants
everything and then delivers nothing. So it counts whether it takes a message below the site's topics, on that of no
device, and whether that message or the site's status comes to us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alarmbro.doctor.findings import Found, State, doubtful, failed, well
from alarmbro.doctor.judging.alive import Alive, Sign
from alarmbro.doctor.judging.certificates import SOON_DAYS, days_left
from alarmbro.model.delivery import Result

CHECK = "broker"
REFUSED = 0x80  # SUBACK: this and all above is a no, in both versions of MQTT
NOT_ALLOWED = frozenset({0x87, 0x86, 0x85})  # not authorised; bad user name or password; the name is not allowed


@dataclass(slots=True)
class SiteTried:
    """What the broker said for one site.

    `granted`: its answer to each subscription. `written`: it took a message (None: MQTT 3.1.1 does not tell).
    `echoed`: that message came back. `online`: what stands at the site's status topic (None: nothing).
    """

    granted: dict[str, int] = field(default_factory=dict)
    written: bool | None = None
    echoed: bool = False
    online: bool | None = None

    @property
    def read(self) -> bool:
        """Tell whether anything below the site's topics came to us."""
        return self.echoed or self.online is not None


@dataclass(frozen=True, slots=True)
class BrokerTried:
    """How far we came. `line`: what went wrong before the log-in; `denied`: what the broker said to the log-in.

    `anothers`: the broker gave us a session that was there before us, though nobody else has our name.
    `ends`: the certificate's end (None: no TLS, or not to be read). `user`: empty where we name none.
    """

    address: str
    user: str = ""
    line: Result | None = None
    denied: int | None = None
    said: str = ""
    ends: datetime | None = None
    anothers: bool = False
    sites: Mapping[str, SiteTried] = field(default_factory=dict)


def judge(tried: BrokerTried, alive: Alive, now: datetime) -> Iterator[Found]:
    """Say how far we came, and for each site what the broker allows."""
    if tried.line is not None:
        values = {"address": tried.address, "reason": tried.line.reason, "detail": tried.line.detail}
        yield failed(CHECK, tried.address, "broker.line", **values)
        return
    yield from certificate(CHECK, tried.address, tried.ends, now)
    if tried.denied is not None:
        says = "broker.denied" if tried.denied in NOT_ALLOWED else "broker.refused"
        yield failed(CHECK, "login", says, user=tried.user or "-", said=tried.said)
        return
    if tried.anothers:
        yield failed(CHECK, "login", "broker.one_name", user=tried.user or "-")
        return
    yield well(CHECK, tried.address, "broker.in", address=tried.address, user=tried.user or "-")
    for site, each in tried.sites.items():
        yield _rights(site, each)
        yield from _name(site, each, alive)


def certificate(check: str, subject: str, ends: datetime | None, now: datetime) -> Iterator[Found]:
    """Say how long a certificate still holds; nothing where there is none."""
    if ends is None:
        return
    days = days_left(ends, now)
    state = State.FAILED if days < 0 else State.WARNING if days < SOON_DAYS else State.OK
    says = "certificate.over" if days < 0 else "certificate.holds"
    yield Found(check, subject, state, says, {"days": days, "ends": f"{ends:%d.%m.%Y}"})


def _rights(site: str, tried: SiteTried) -> Found:
    refused = [topic for topic, code in tried.granted.items() if code >= REFUSED]
    values = {"site": site, "topics": ", ".join(refused), "number": len(tried.granted)}
    if refused or not tried.granted:
        return failed(CHECK, site, "broker.unsubscribed" if refused else "broker.no_answer", **values)
    if tried.read:
        return well(CHECK, site, "broker.heard", **values)
    if tried.written:
        return well(CHECK, site, "broker.taken", **values)
    if tried.written is False:
        return failed(CHECK, site, "broker.closed", **values)
    return doubtful(CHECK, site, "broker.unheard", **values)


def _name(site: str, tried: SiteTried, alive: Alive) -> Iterator[Found]:
    """Say whether another machine uses our name, by what it publishes: to try the name would throw its user out."""
    name = f"alarmbro-{site}"
    if alive.sign is Sign.AWAY:
        says = "broker.name_taken" if tried.online else "broker.name_free"
        yield (doubtful if tried.online else well)(CHECK, name, says, name=name, site=site)
    elif alive.status.get("mqtt", {}).get(site):
        yield well(CHECK, name, "broker.name_ours", name=name, site=site)
