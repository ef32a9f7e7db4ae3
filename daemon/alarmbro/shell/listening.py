"""All who listen on this machine: made, started, replaced where they die, and ended. Nothing here decides.

Runs in the thread that starts and ends the daemon; `Post.anew` in a thread of the watch's own.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from alarmbro.control.server import Answer, ControlServer
from alarmbro.feedback.lights import Lights
from alarmbro.inputs.gpio import GpioListener
from alarmbro.inputs.gpio_late import LateListener
from alarmbro.inputs.mqtt import MqttListener
from alarmbro.inputs.pins import build_factory
from alarmbro.model.activation import Listener, Trouble
from alarmbro.model.configuration import Configuration, PinFactory
from alarmbro.model.errors import MachineError
from alarmbro.model.moment import Clock
from alarmbro.model.site import AcknowledgeKey, Device
from alarmbro.shell.asking.answers import Answers
from alarmbro.shell.asking.commands import Commands
from alarmbro.shell.intake import Intake
from alarmbro.shell.telling.announcer import Announcer
from alarmbro.shell.watch import Post

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Listening:
    """The listeners of the sites that are served, the lights, and the control socket."""

    configuration: Configuration
    run_dir: Path
    clock: Clock
    intake: Intake
    commands: Commands
    announcer: Announcer
    answers: Answers
    answer: Answer
    trouble: Callable[[Trouble], None]
    watchers: Sequence[Callable[[], Listener]] = ()
    posts: list[Post] = field(default_factory=list)
    brokers: dict[str, MqttListener] = field(default_factory=dict)
    lights: Lights | None = None
    _made: Any = None
    _making: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Make and start all; return when each button is armed. Raise MachineError.

        Buttons work without the control socket and without lights: where those cannot be, that is a fault and no end.
        """
        devices = self.configuration.served_devices()
        self._make_pins([device for device in devices if device.gpio])
        for site in self.configuration.serve if self.configuration.mqtt else ():
            self.posts.append(Post(self._broker(site), partial(self._started, partial(self._broker, site))))
        self._start_control()
        self._start_watchers()
        for post in self.posts:
            if post.vital:
                post.listener.start()
        if self.lights is not None:
            self.lights.start()

    def stop(self) -> None:
        """End all: inputs first, so that no press is half taken. May be called whatever has been started."""
        for post in reversed(self.posts):
            post.listener.stop()
        if self.lights is not None:
            self.lights.stop()

    def connected(self) -> dict[str, bool]:
        """Tell for each site whether its broker has let us in."""
        return {site: listener.connected for site, listener in self.brokers.items()}

    def pins(self) -> Any:
        """Give the pins of this machine; once they could be had, the same for all. Raise MachineError. Any thread."""
        with self._making:
            if self._made is None:
                self._made = build_factory(self.configuration.gpio, self.run_dir)
            return self._made

    def _broker(self, site: str) -> MqttListener:
        broker = self.configuration.mqtt
        if broker is None:  # unreachable: says so to the type checker
            raise MachineError("no broker is configured")
        of_site = [device for device in self.configuration.served_devices() if device.site == site and device.mqtt]
        listener = MqttListener(
            broker, site, of_site, f"alarmbro-{site}", self.intake, self.clock, new_key, self.commands.command
        )
        self.brokers[site] = self.announcer.outlets[site] = listener
        return listener

    def _started(self, make: Callable[[], Listener]) -> Listener:
        listener = make()
        listener.start()
        return listener

    def _start_control(self) -> None:
        try:
            control = self._started(self._control)
        except MachineError as error:
            log.error("no control socket", error=str(error))  # noqa: TRY400 - the text says what to do
            self.trouble(Trouble("listener", "control", detail=str(error)))
        else:
            self.posts.append(Post(control, partial(self._started, self._control), vital=False))

    def _start_watchers(self) -> None:
        """Start what watches; without it alarms go out as ever, and that it does not run is a fault."""
        for make in self.watchers:
            try:
                watcher = make()
                watcher.start()
            except Exception as error:  # whatever it is, buttons are armed without it; told as a fault
                log.exception("something that watches does not run")
                self.trouble(Trouble("listener", "watcher", detail=str(error)))
            else:
                self.posts.append(Post(watcher, partial(self._started, make), vital=False))

    def _control(self) -> ControlServer:
        return ControlServer(self.run_dir, self.answer)

    def _make_pins(self, buttons: list[Device]) -> None:
        """Make the listener for what is wired, and the lights. Lights alone are no reason not to start."""
        served = [self.configuration.sites[site] for site in self.configuration.serve]
        keys = {site.id: site.acknowledge for site in served if site.acknowledge is not None}
        leds = lights_of(self.configuration)
        if not (buttons or keys or leds):
            return
        others = any(device.mqtt for device in self.configuration.served_devices())
        if buttons or keys:
            wired = partial(self._wired, buttons, keys, others=others)
            self.posts.append(Post(wired(), partial(self._started, wired)))
        try:
            pins = self.pins()
        except MachineError as error:
            if (buttons or keys) and not others:
                raise
            if leds:
                self.trouble(Trouble("feedback", "pins", detail=str(error)))
            return
        if leds:
            self.lights = self.announcer.lights = Lights(leds, pins, self.clock, self.trouble)
        self._make_contacts(buttons, pins, keys)

    def _wired(self, buttons: list[Device], keys: Mapping[str, AcknowledgeKey], *, others: bool) -> Listener:
        """Make the listener for what is wired; where there are other devices, they are listened to without it, too."""

        def listener() -> GpioListener:
            return GpioListener(
                buttons, self.pins(), self.intake, self.clock, new_key, keys=keys, all_needed=not others
            )

        return LateListener(listener, self.trouble) if others else listener()

    def _make_contacts(self, buttons: list[Device], pins: Any, keys: Any) -> None:
        if self.configuration.gpio.factory is PinFactory.MOCK:
            from alarmbro.inputs.pin_mock import MockContacts  # noqa: PLC0415 - gpiozero, only where it is used

            self.answers.contacts = MockContacts(buttons, pins, keys=keys)


def lights_of(configuration: Configuration) -> dict[tuple[str, str], int]:
    """Give the pin of each light of the sites that are served: by site and device, the device empty for the site's."""
    sites = [configuration.sites[site] for site in configuration.serve]
    leds = {(site.id, ""): site.led for site in sites if site.led is not None}
    leds |= {(each.site, each.id): each.led for each in configuration.served_devices() if each.led is not None}
    return leds


def new_key() -> str:
    """Give a press a name of its own."""
    return uuid.uuid4().hex
