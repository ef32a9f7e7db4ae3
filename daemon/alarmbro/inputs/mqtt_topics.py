"""Which topics a site listens to, and whose a message is. Frozen after construction; any thread may ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paho.mqtt.client import topic_matches_sub

from alarmbro.judgement.mapping.meaning import TopicKind
from alarmbro.model.site import Availability, Device


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a message: as `kind`, of `device`.

    `exclusive` where what is no press is still this device's sign of life; a topic that carries several devices, and
    no condition that tells them apart, proves nothing.
    """

    device: Device
    kind: TopicKind
    exclusive: bool = True
    availability: Availability | None = None

    @property
    def stands(self) -> bool:
        """Tell whether what a broker has kept of this says how things are, and is no event of long ago."""
        states = self.device.mqtt is not None and bool(self.device.mqtt.begins)
        return self.kind is TopicKind.AVAILABILITY or (self.kind is TopicKind.MAPPED and states)


class Topics:
    """The names below `PREFIX/SITE/`, and those that the devices' mappings name.

    `filters` are subscribed to. Of those in `kept`, what the broker has kept is asked for too.
    """

    def __init__(self, prefix: str, site: str, devices: Sequence[Device]) -> None:
        self._base = f"{prefix}/{site}/"
        self._devices = {device.id: device for device in devices}
        self._exact: dict[str, list[Reading]] = {}
        self._patterns: list[tuple[str, Reading]] = []
        self.status = self.below("status")
        self.command = self.below("command")
        named = list(_named(devices))
        for topic, reading in named:
            self._note(topic, reading)
        own = [self.below("+/press"), self.below("+/heartbeat"), self.command]
        self.filters = tuple(dict.fromkeys([*own, *(topic for topic, _ in named)]))
        self.kept = frozenset(topic for topic, reading in named if reading.stands)

    def below(self, tail: str) -> str:
        """Give the topic `PREFIX/SITE/TAIL`."""
        return self._base + tail

    def readings(self, topic: str) -> tuple[Reading, ...]:
        """Give every way to read a message of this topic; none where nobody here is meant."""
        found = self._exact.get(topic, [])
        if self._patterns:
            found = [*found, *(reading for pattern, reading in self._patterns if topic_matches_sub(pattern, topic))]
        return self._own(topic) + tuple(_once(found))

    def device_named(self, topic: str) -> str:
        """Give the device that one of our own topics names, known or not; empty for other topics."""
        device, slash, _ = topic.removeprefix(self._base).partition("/")
        return device if slash and topic.startswith(self._base) else ""

    def _note(self, topic: str, reading: Reading) -> None:
        if {"+", "#"} & set(topic):
            self._patterns.append((topic, reading))
        else:
            self._exact.setdefault(topic, []).append(reading)

    def _own(self, topic: str) -> tuple[Reading, ...]:
        if not topic.startswith(self._base):
            return ()
        device = self._devices.get(self.device_named(topic))
        tail = topic.removeprefix(self._base).partition("/")[2]
        if device is None or tail not in {TopicKind.PRESS.value, TopicKind.HEARTBEAT.value}:
            return ()
        return (Reading(device, TopicKind(tail)),)


def _named(devices: Sequence[Device]) -> Iterator[tuple[str, Reading]]:
    """Give every topic that a mapping names, with how its messages are read."""
    for device in devices:
        if device.mqtt is None:
            continue
        for topic in device.mqtt.topics:
            yield topic, Reading(device, TopicKind.MAPPED, bool(device.mqtt.about) or not {"+", "#"} & set(topic))
        for each in device.mqtt.availability:
            if each.topic:  # else it is read with the rest of the device's own messages
                yield each.topic, Reading(device, TopicKind.AVAILABILITY, availability=each)


def _once(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Give each way once, though several patterns of a device match; nothing shared by devices is exclusive."""
    mapped = {each.device.id for each in readings if each.kind is TopicKind.MAPPED}
    seen: set[tuple[str, str]] = set()
    for each in readings:
        name = (each.device.id, each.availability.topic if each.availability else "")
        if name in seen:
            continue
        seen.add(name)
        told_apart = each.device.mqtt is not None and bool(each.device.mqtt.about)
        if each.kind is TopicKind.MAPPED and len(mapped) > 1 and not told_apart:
            yield Reading(each.device, each.kind, exclusive=False)
        else:
            yield each
