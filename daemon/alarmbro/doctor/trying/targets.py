"""Tries each recipient's way as the daemon's prober does, and looks at the certificate there. Sends nothing."""

from __future__ import annotations

import os
from datetime import datetime

from alarmbro.delivery.probing import probe
from alarmbro.delivery.probing.peer import Peer, peer_of
from alarmbro.delivery.session import PROXIES
from alarmbro.doctor.judging.targets import TargetTried
from alarmbro.judgement.expiring.certificates import DerError, ends_at
from alarmbro.judgement.supervising.targets import NOT_TRIED
from alarmbro.model.delivery import Outcome
from alarmbro.model.route import Target
from alarmbro.shell.watching.watchers import SAMPLES

LIMIT_S = 20.0  # `probe` ends within ten; the certificate within as many


def try_target(target: Target) -> TargetTried:
    """Try one target; `LIMIT_S` is enough where the name server answers."""
    result = probe(target, SAMPLES)
    if result.outcome is not Outcome.OK or result.reason == NOT_TRIED:
        return TargetTried(target.label, target.recipient, result)
    peer = peer_of(target, SAMPLES)
    verified = peer.place is None or not peer.place.secure or peer.place.verify
    return TargetTried(target.label, target.recipient, result, peer.proved, _ends(peer), verified)


def proxies() -> tuple[str, ...]:
    """Name the proxies of this environment."""
    return tuple(name for name in PROXIES if os.environ.get(name))


def _ends(peer: Peer) -> datetime | None:
    """Give the end of the certificate there; None where it cannot be had: that it answers is proved already."""
    try:
        shown = peer.certificate()
        return ends_at(shown) if shown else None
    except (OSError, DerError):
        return None
