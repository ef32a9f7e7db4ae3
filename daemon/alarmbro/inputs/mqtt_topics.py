"""Which topics a site listens to, and whose a message is. Frozen after construction; any thread may ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from paho.mqtt.client import topic_matches_sub

from alarmbro.judgement.mapping import TopicKind
from alarmbro.model.site import Device


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a message: as `kind`, of `device`.

    `exclusive` where what is no press is still this device's sign of life; a topic that carries several devices, and
    no condition that tells them apart, proves nothing.
    """

    device: Device
    kind: TopicKind
    exclusive: bool = True


class Topics:
    """The names below `PREFIX/SITE/`, and those that the devices' mappings name."""

    def __init__(self, prefix: str, site: str, devices: Sequence[Device]) -> None:
        self._base = f"{prefix}/{site}/"
        self._devices = {device.id: device for device in devices}
        self._mapped = [(topic, device) for device in devices if device.mqtt for topic in device.mqtt.topics]
        self.status = self.below("status")
        self.command = self.below("command")
        own = [self.below("+/press"), self.below("+/heartbeat"), self.command]
        self.filters = tuple(dict.fromkeys([*own, *(topic for topic, _ in self._mapped)]))

    def below(self, tail: str) -> str:
        """Give the topic `PREFIX/SITE/TAIL`."""
        return self._base + tail

    def readings(self, topic: str) -> tuple[Reading, ...]:
        """Give every way to read a message of this topic; none where nobody here is meant."""
        own = self._own(topic)
        mapped = {device.id: pattern for pattern, device in self._mapped if topic_matches_sub(pattern, topic)}
        return own + tuple(
            Reading(self._devices[name], TopicKind.MAPPED, self._exclusive(self._devices[name], pattern, mapped))
            for name, pattern in mapped.items()
        )

    def device_named(self, topic: str) -> str:
        """Give the device that one of our own topics names, known or not; empty for other topics."""
        device, slash, _ = topic.removeprefix(self._base).partition("/")
        return device if slash and topic.startswith(self._base) else ""

    def _own(self, topic: str) -> tuple[Reading, ...]:
        device = self._devices.get(self.device_named(topic))
        tail = topic.removeprefix(self._base).partition("/")[2]
        if device is None or tail not in {TopicKind.PRESS.value, TopicKind.HEARTBEAT.value}:
            return ()
        return (Reading(device, TopicKind(tail)),)

    @staticmethod
    def _exclusive(device: Device, pattern: str, mapped: dict[str, str]) -> bool:
        told_apart = device.mqtt is not None and bool(device.mqtt.about)
        return told_apart or (len(mapped) == 1 and not {"+", "#"} & set(pattern))
