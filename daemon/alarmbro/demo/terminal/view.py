"""What the demonstration says on the terminal: who, how to press, and each message as its reader sees it.

Runs in the main thread. Every line is out at once: others may read it through a pipe.
"""

from __future__ import annotations

import os
import select
import shutil
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from alarmbro.demo.buttons import Buttons
from alarmbro.demo.presses import Again, Presses
from alarmbro.demo.processes.folder import Folder
from alarmbro.demo.receivers import Arrival
from alarmbro.demo.terminal.board import Group
from alarmbro.demo.terminal.layout import Card, block
from alarmbro.demo.terminal.words import Words
from alarmbro.model.configuration import Configuration
from alarmbro.model.site import Device

WITHOUT_TERMINAL = (100, 24)


def say(text: str) -> None:
    """Print, at once."""
    print(text, flush=True)


def unread() -> bool:
    """Tell whether nobody can read any more what is said: the far end of a pipe has closed."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return bool(poll.poll(0))  # only what is wrong is told where nothing is asked for
    except (OSError, ValueError):  # no descriptor: what is said there shows itself
        return False


class View:
    """Draws for one configuration."""

    def __init__(
        self, configuration: Configuration, folder: Folder, buttons: Buttons, responder: str, plan: str
    ) -> None:
        self._configuration = configuration
        self._folder = folder
        self._buttons = buttons
        self._responder = responder
        self._plan = plan
        self._presses = Presses(folder.state, say)
        self.words = Words(configuration.language)
        self._zone = ZoneInfo(configuration.timezone)
        self._paths = _paths(configuration, self.words)

    def header(self) -> None:
        """Say what this is, who can be told, and how to press."""
        devices = self._buttons.devices
        say(self.words("head", sites=len(self._configuration.serve), devices=len(devices)))
        say(self.words("folder", folder=near(self._folder.path), log=near(self._folder.log("daemon"))))
        say(f"\n{self.words('recipients')}")
        say("".join(f"  {recipient.name}\n" for recipient in self._configuration.recipients.values()))
        self.ways()

    def ways(self) -> None:
        """Say how to press."""
        say(self.words("plan", url=self._plan))
        say(self.words("press"))
        for number, device in enumerate(self._buttons.devices, start=1):
            site = self._configuration.sites[device.site].name
            way = self.words("pin", pin=device.gpio.pin) if device.gpio else self.words("mqtt")
            say(f"  {number:>2}  {device.path:<25} {site}, {device.name} ({way})")
        say(self.words("answer", name=self._responder))
        say(f"{self.words('elsewhere')}")
        for line in self._elsewhere():
            say(f"  {line}")
        say(self.words("keys"))

    def messages(self, group: Group) -> None:
        """Show the messages of one step to those who got them."""
        order = list(self._paths)
        arrivals = sorted(group.arrivals, key=lambda arrival: _place(order, arrival.path))
        first = group.arrivals[0]
        head = f"{group.alarm or self.words('other')} · {self._clock(first)}"
        cards = [self._card(group.alarm, arrival) for arrival in arrivals]
        width = shutil.get_terminal_size(WITHOUT_TERMINAL).columns
        say(block(head, cards, width, bold=sys.stdout.isatty()))

    def again(self) -> None:
        """Say which presses have joined an open alarm: for most of them nobody is told once more."""
        for press in self._presses.again():
            self._again(press)

    def status(self, answer: dict[str, Any]) -> None:
        """Say what is open."""
        say(self.words("alarms" if answer["alarms"] else "no_alarms"))
        for alarm in answer["alarms"]:
            names = [self._name(recipient) for recipient in alarm["told"]]
            say(self.words("alarm", **alarm | {"state": self.words(alarm["state"]), "told": ", ".join(names) or "-"}))
        for fault in answer["faults"]:
            say(self.words("fault", **fault))

    def _again(self, press: Again) -> None:
        say(self.words("again_told" if press.told else "again", alarm=press.alarm, presses=press.presses))

    def _card(self, alarm: str, arrival: Arrival) -> Card:
        after_s = self._presses.since_press_s(alarm, arrival.at_s) if alarm else None
        after = self.words("no_time", clock=self._clock(arrival))
        if after_s is not None:
            after = self.words("after", time=self.words.duration(after_s))
        return Card(self._paths.get(arrival.path, arrival.path), after, arrival.title, arrival.body)

    def _clock(self, arrival: Arrival) -> str:
        return arrival.at.astimezone(self._zone).strftime("%H.%M.%S" if self.words("point") == "," else "%H:%M:%S")

    def _name(self, recipient: str) -> str:
        known = self._configuration.recipients.get(recipient)
        return known.name if known else recipient

    def _elsewhere(self) -> list[str]:
        """Give commands that work where this was started."""
        pin = next((device for device in self._buttons.devices if device.gpio and device.site == "hirtshals"), None)
        pin = pin or next((device for device in self._buttons.devices if device.gpio), None)
        own = next((device for device in self._buttons.devices if not device.gpio), None)
        lines = [f"{own_command()} pin {pin.path} --run-dir {near(self._folder.run)}"] if pin else []
        return lines + ([self._publish(own)] if own else [])

    def _publish(self, device: Device) -> str:
        port = self._buttons.broker_port
        return f"mosquitto_pub -p {port} -q 1 -t {self._buttons.topic(device)} -m ''"


def near(path: Path) -> str:
    """Give a path as it is typed from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def own_command() -> str:
    """Give the words that start this installation's `alarmbro` from here."""
    beside = Path(sys.executable).parent / "alarmbro"
    found = shutil.which("alarmbro")
    if found and (not beside.exists() or os.path.samefile(found, beside)):  # noqa: PTH121 - both are plain texts
        return "alarmbro"
    return near(beside) if beside.exists() else f"{near(Path(sys.executable))} -m alarmbro"


def _paths(configuration: Configuration, words: Words) -> dict[str, str]:
    """Give each target's path with the name that its column has, in the configuration's order."""
    named = {}
    for recipient in configuration.recipients.values():
        for target in recipient.targets + recipient.fallback:
            path = target.url.reveal().partition("?")[0].rpartition("/")[2]
            named[path] = words("reserve", name=recipient.name) if target in recipient.fallback else recipient.name
    return named


def _place(order: list[str], path: str) -> int:
    return order.index(path) if path in order else len(order)
