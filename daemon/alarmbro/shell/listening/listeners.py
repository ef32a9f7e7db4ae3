"""All who listen on this machine: made, started, replaced where they die, changed and ended. Nothing here decides.

Runs in the thread that starts and ends the daemon; `Post.anew` in a thread of the watch's own; `rewire` and `adopt` in
the thread of whoever asks for another configuration, one at a time.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from alarmbro.control.server import Answer, ControlServer
from alarmbro.feedback.lights import Lights
from alarmbro.inputs.gpio.late import LateListener
from alarmbro.inputs.gpio.listener import GpioListener
from alarmbro.inputs.mqtt import MqttListener
from alarmbro.inputs.pins import build_factory
from alarmbro.model.activation import Listener, Trouble
from alarmbro.model.configuration import Configuration, PinFactory
from alarmbro.model.errors import MachineError
from alarmbro.model.moment import Clock
from alarmbro.model.site import AcknowledgeKey, Device
from alarmbro.shell.asking.answers import Answers
from alarmbro.shell.asking.commands import Commands
from alarmbro.shell.listening.intake import Intake
from alarmbro.shell.listening.watch import Post
from alarmbro.shell.showing.announcer import Announcer

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
    watchers: Callable[[], Sequence[Callable[[], Listener]]] = tuple
    posts: list[Post] = field(default_factory=list)
    brokers: dict[str, MqttListener] = field(default_factory=dict)
    lights: Lights | None = None
    _wired: GpioListener | LateListener | None = None
    _watching: set[str] = field(default_factory=set)
    _made: Any = None
    _making: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Make and start all; return when each button is armed. Raise MachineError.

        Buttons work without the control socket and without lights: where those cannot be, that is a fault and no end.
        """
        self._make_pins()
        for site in self.configuration.serve if self.configuration.mqtt else ():
            self.posts.append(self._post_of(site))
        self._start_control()
        self._start_watchers()
        for post in self.posts:
            if post.vital:
                post.listener.start()
        if self.lights is not None:
            self.lights.start()

    def rewire(self, configuration: Configuration) -> None:
        """Listen to another configuration's wired buttons and keys; those that stay as they were miss nothing.

        Raise MachineError where that cannot be done without a restart: then all is as it was before.
        """
        if configuration.gpio != self.configuration.gpio:
            raise MachineError("another pin factory or chip needs a restart: systemctl restart alarmbro")
        buttons, keys = wired_in(configuration)
        if self._wired is not None:
            self._wired.change(buttons, keys)
        elif buttons or keys:
            listener = GpioListener(buttons, self.pins(), self.intake, self.clock, new_key, keys=keys)
            listener.start()
            self._wired = listener
            self.posts.append(Post(listener, self._wired_anew))

    def adopt(self, configuration: Configuration) -> None:
        """Listen to another configuration in all else, after `rewire` and when it is the one that decides."""
        before, self.configuration = self.configuration, configuration
        self._change_brokers(before)
        self._change_lights(before)
        self._move_contacts()
        self._stop_posts([post for post in self.posts if post.listener.name in self._watching])
        self._start_watchers()

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

    def _post_of(self, site: str) -> Post:
        return Post(self._broker(site), lambda: self._started(lambda: self._broker(site)))

    def _broker(self, site: str) -> MqttListener:
        broker = self.configuration.mqtt
        if broker is None:  # unreachable: says so to the type checker
            raise MachineError("no broker is configured")
        listener = MqttListener(
            broker, site, self._wireless(site), f"alarmbro-{site}", self.intake, self.clock, new_key,
            self.commands.command,
        )  # fmt: skip
        self.brokers = {**self.brokers, site: listener}
        self.announcer.outlets = {**self.announcer.outlets, site: listener}
        return listener

    def _wireless(self, site: str) -> list[Device]:
        return [device for device in self.configuration.sites[site].devices.values() if device.mqtt]

    def _change_brokers(self, before: Configuration) -> None:
        """Change what is listened to where the connection stays; else a press waits at the broker meanwhile."""
        served = self.configuration.serve if self.configuration.mqtt else ()
        same = before.mqtt == self.configuration.mqtt
        for site in [site for site in self.brokers if not same or site not in served]:
            listener = self.brokers[site]
            self.brokers = {name: each for name, each in self.brokers.items() if name != site}
            self.announcer.outlets = {name: each for name, each in self.announcer.outlets.items() if name != site}
            self._stop_posts([post for post in self.posts if post.listener is listener])
        for site in served:
            if site in self.brokers:
                self.brokers[site].change(self._wireless(site))
            else:
                post = self._post_of(site)
                post.listener.start()
                self.posts.append(post)

    def _change_lights(self, before: Configuration) -> None:
        if lights_of(before) == lights_of(self.configuration):
            return
        if self.lights is not None:
            self.lights.stop()
        self.lights = self.announcer.lights = None
        self._make_lights()
        if self.lights is not None:
            self.lights.start()

    def _stop_posts(self, gone: Sequence[Post]) -> None:
        """End listeners that are wanted no more; the watch forgets them first, or it would make them anew."""
        self.posts[:] = [post for post in self.posts if post not in gone]
        for post in gone:
            post.listener.stop()

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
        self._watching = set()
        for make in self.watchers():
            try:
                watcher = make()
                watcher.start()
            except Exception as error:  # whatever it is, buttons are armed without it; told as a fault
                log.exception("something that watches does not run")
                self.trouble(Trouble("listener", "watcher", detail=str(error)))
            else:
                self._watching.add(watcher.name)
                self.posts.append(Post(watcher, partial(self._started, make), vital=False))

    def _control(self) -> ControlServer:
        return ControlServer(self.run_dir, self.answer)

    def _make_pins(self) -> None:
        """Make the listener for what is wired, and the lights. Lights alone are no reason not to start."""
        buttons, keys = wired_in(self.configuration)
        if buttons or keys:
            self._wired = self._wired_listener()
            self.posts.append(Post(self._wired, self._wired_anew))
        self._make_lights()
        self._move_contacts()

    def _make_lights(self) -> None:
        leds = lights_of(self.configuration)
        if not leds:
            return
        try:
            self.lights = self.announcer.lights = Lights(leds, self.pins(), self.clock, self.trouble)
        except MachineError as error:
            self.trouble(Trouble("feedback", "pins", detail=str(error)))

    def _wired_listener(self) -> GpioListener | LateListener:
        """Make the listener for what is wired; where there are other devices, they are listened to without it, too."""
        others = any(device.mqtt for device in self.configuration.served_devices())

        def listener() -> GpioListener:
            buttons, keys = wired_in(self.configuration)
            return GpioListener(
                buttons, self.pins(), self.intake, self.clock, new_key, keys=keys, all_needed=not others
            )

        return LateListener(listener, self.trouble) if others else listener()

    def _wired_anew(self) -> Listener:
        self._wired = self._wired_listener()
        self._wired.start()
        return self._wired

    def _move_contacts(self) -> None:
        """Let `pin` move the mock contacts."""
        if self.configuration.gpio.factory is PinFactory.MOCK:
            from alarmbro.inputs.pin_mock import MockContacts  # noqa: PLC0415 - gpiozero, only where it is used

            buttons, keys = wired_in(self.configuration)
            self.answers.contacts = MockContacts(buttons, self.pins(), keys=keys)


def wired_in(configuration: Configuration) -> tuple[list[Device], dict[str, AcknowledgeKey]]:
    """Give the wired buttons of the sites that are served, and their acknowledge keys by site."""
    served = [configuration.sites[site] for site in configuration.serve]
    keys = {site.id: site.acknowledge for site in served if site.acknowledge is not None}
    return [device for device in configuration.served_devices() if device.gpio], keys


def lights_of(configuration: Configuration) -> dict[tuple[str, str], int]:
    """Give the pin of each light of the sites that are served: by site and device, the device empty for the site's."""
    sites = [configuration.sites[site] for site in configuration.serve]
    leds = {(site.id, ""): site.led for site in sites if site.led is not None}
    leds |= {(each.site, each.id): each.led for each in configuration.served_devices() if each.led is not None}
    return leds


def new_key() -> str:
    """Give a press a name of its own."""
    return uuid.uuid4().hex
