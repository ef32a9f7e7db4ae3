"""Would a target take a message? Tried without disturbing anybody: connect, log in, or the service's own check."""

from alarmbro.delivery.probing.trying import poll_s, probe

__all__ = ["poll_s", "probe"]
