"""Which messages a target of codes or contacts can say at all. Pure.

An alarm centre's receiver takes event codes, and a relay is on or off: neither can say "the service team is on its
way". What a target cannot say is not owed to it; saying it with some other code would send people out, or keep them
away. A target of words says everything.
"""

from __future__ import annotations

from collections.abc import Mapping

from alarmbro.model.delivery import CALLS, MessageKind
from alarmbro.model.route import Recipient, Target

ENDS = frozenset({MessageKind.CLOSED_REAL, MessageKind.CLOSED_FALSE_ALARM, MessageKind.CLOSED_TEST})
TRIED = frozenset({MessageKind.TEST_ALARM, MessageKind.TRIAL})
FAULTS = frozenset({MessageKind.FAULT, MessageKind.FAULT_CLEARED})

# By the scheme of the address.
SAYS: Mapping[str, frozenset[MessageKind]] = {
    "sia": CALLS | ENDS | TRIED | FAULTS,
    "relay": CALLS | ENDS | TRIED,
}


def can_say(target: Target, kind: MessageKind) -> bool:
    """Tell whether a target has a way to say a message of this kind."""
    says = SAYS.get(target.scheme)
    return says is None or kind in says


def can_be_told(recipient: Recipient, kind: MessageKind) -> bool:
    """Tell whether a recipient has an address of its own that can say it; the fallback is for what fails there."""
    return any(can_say(target, kind) for target in recipient.targets)
