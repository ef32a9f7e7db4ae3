"""Supervises devices: what is heard of each, and the troubles that follow from it or from silence.

Runs in the deciding thread, but for `kept`, which any thread may call. Never an alarm's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from alarmbro.judgement.supervising.devices import of_device, of_gateways, shared_tellers, silent_in_s
from alarmbro.judgement.supervising.known import Known, recalled
from alarmbro.model.activation import Activation, Heartbeat, Trouble
from alarmbro.model.configuration import Configuration
from alarmbro.model.moment import UNKNOWN_S, Clock, Moment
from alarmbro.model.site import Device


@dataclass(slots=True)
class Supervision:
    """What is known of each served device that can say something of itself: those on MQTT.

    `known` is one mapping for good, which others look into.
    """

    configuration: Configuration
    clock: Clock
    known: dict[str, Known] = field(default_factory=dict)
    _devices: dict[str, Device] = field(default_factory=dict)
    _shared: dict[str, frozenset[str]] = field(default_factory=dict)
    _look_s: float = float("-inf")

    def __post_init__(self) -> None:
        self._devices = {device.path: device for device in self.configuration.served_devices() if device.mqtt}
        now = self.clock.now()
        self.known = {path: Known(now) for path in self._devices}

    def adopt(self, configuration: Configuration) -> None:
        """Supervise another configuration's devices; what is known of those that stay is kept."""
        self.configuration = configuration
        self._devices = {device.path: device for device in configuration.served_devices() if device.mqtt}
        for path in self.known.keys() - self._devices.keys():
            del self.known[path]
        now = self.clock.now()
        for path in self._devices.keys() - self.known.keys():
            self.known[path] = Known(now)
        self._shared, self._look_s = shared_tellers(self.known), float("-inf")

    def recall(self, kept: Mapping[str, Any]) -> None:
        """Take up what an earlier run had heard. Before anything is heard in this one."""
        now = self.clock.now()
        self.known.update((path, recalled(kept.get(path), now)) for path in self._devices)

    def heard(self, said: Heartbeat) -> Iterator[Trouble]:
        """Take what was said of a device; give the troubles that begin or end with it."""
        path = f"{said.site}/{said.device}"
        known = self.known.get(path)
        if known is None:
            return
        known.learn(said)
        yield from self._of(path)
        if said.available is not None:
            self._shared = shared_tellers(self.known)
            yield from of_gateways(self.known, self._shared)
            for other in self._shared.get(said.teller, ()):
                yield from self._of(other)

    def pressed(self, activation: Activation) -> Iterator[Trouble]:
        """Take a press: whoever presses proves that the device lives."""
        known = self.known.get(f"{activation.site}/{activation.device}")
        if known is not None:
            known.pressed(activation.received, activation.battery)
            yield from self._of(f"{activation.site}/{activation.device}")

    def due(self, now: Moment) -> Iterator[Trouble]:
        """Give the troubles that silence has brought by now."""
        if self.next_in_s(now) > 0:
            return
        for path in self._devices:
            yield from self._of(path)
        waits = (silent_in_s(self._devices[path], known, now) for path, known in self.known.items())
        self._look_s = now.monotonic_s + min(waits, default=UNKNOWN_S)

    def next_in_s(self, now: Moment) -> float:
        """Give the seconds until a device may have become silent (infinite: none can)."""
        return max(0.0, self._look_s - now.monotonic_s)

    def kept(self) -> dict[str, Any]:
        """Give what a later run should know of every device. Any thread."""
        now = self.clock.now()
        return {path: known.kept(now) for path, known in list(self.known.items())}

    def _of(self, path: str) -> Iterator[Trouble]:
        return of_device(self._devices[path], self.known[path], self.clock.now(), frozenset(self._shared))
