"""Which open faults are about something that the configuration no longer has. Pure.

Whoever would have said that it is well again is gone with it: a pendant that was taken out never speaks.
"""

from __future__ import annotations

from collections.abc import Iterable

from alarmbro.judgement.expiring.certificates import KIND as CERTIFICATE
from alarmbro.judgement.supervising.neighbours import KIND as SILENT_SITE
from alarmbro.judgement.supervising.signs import KIND as WATCHER
from alarmbro.judgement.supervising.targets import KIND as TRIED
from alarmbro.model.alarm import Fault
from alarmbro.model.configuration import Configuration

OF_TARGETS = frozenset({TRIED, "target", "target_stuck"})


def obsolete(faults: Iterable[Fault], configuration: Configuration) -> list[Fault]:
    """Give the faults that are open and about nothing any more."""
    recipients = configuration.recipients.values()
    labels = frozenset(target.label for each in recipients for target in (*each.targets, *each.fallback))
    return [fault for fault in faults if not fault.cleared and not _stands(fault, configuration, labels)]


def _stands(fault: Fault, configuration: Configuration, labels: frozenset[str]) -> bool:
    match fault.kind:
        case kind if kind in OF_TARGETS:
            return fault.subject in labels
        case kind if kind == SILENT_SITE:
            return fault.subject in configuration.sites and fault.subject not in configuration.serve
        case kind if kind == WATCHER:
            return configuration.watch_me is not None
        case "unroutable":
            return fault.site not in configuration.sites
        case "reviewed":
            return fault.subject in configuration.recipients
        case _:
            return _has(fault, configuration)


def _has(fault: Fault, configuration: Configuration) -> bool:
    """Tell whether the place of a fault is still there; an alarm is, wherever it came from."""
    if fault.kind == "metrics":
        return configuration.metrics is not None and configuration.metrics.address == fault.subject
    if fault.kind == CERTIFICATE:
        return fault.subject in configuration.certificates
    if fault.alarm or not fault.site:
        return True
    if fault.site not in configuration.serve:
        return False
    return not fault.device or configuration.device(fault.site, fault.device) is not None
