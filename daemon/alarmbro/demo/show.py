"""The demonstration: starts everything, shows every message, and ends without a trace outside its folder.

Promises: Ctrl-C, SIGTERM, SIGHUP or `q` end it within five seconds, with every process that it started; without a
keyboard it goes on until then. A daemon that dies is told with the end of its log.
Must never: reach beyond loopback, or ask the daemon in the main thread, which must hear a Ctrl-C whatever hangs.
Threads: the main one draws and ends; the receivers' and the keyboard's hand it events, as do one for the wait at start
and one for each press and question.
"""

from __future__ import annotations

import io
import queue
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path

from alarmbro.config import load
from alarmbro.control.client import ask
from alarmbro.demo.buttons import Buttons
from alarmbro.demo.plan.doing import Doing
from alarmbro.demo.plan.drawing import Drawing
from alarmbro.demo.plan.scene import Scene
from alarmbro.demo.plan.serving import Serving
from alarmbro.demo.plan.words import PlanWords
from alarmbro.demo.processes.broker import start_broker
from alarmbro.demo.processes.children import Child
from alarmbro.demo.processes.ending import Ending
from alarmbro.demo.processes.folder import Folder
from alarmbro.demo.receivers import Arrival, Receivers
from alarmbro.demo.responder import Responder
from alarmbro.demo.terminal import keyboard
from alarmbro.demo.terminal.board import Board, number_of
from alarmbro.demo.terminal.view import View, near, say, unread
from alarmbro.model.configuration import Configuration, Language
from alarmbro.model.errors import AlarmbroError, MachineError
from alarmbro.model.site import Device

READY_WITHIN_S = 60.0  # imports from a Pi's SD card take their time
CONNECTED_WITHIN_S = 10.0
POLL_S = 0.1
LOOK_S = 0.5  # between two looks at the children and the journal
SHIPPED = "demo.yaml"  # in the package; in a checkout it is in `config/`


@dataclass(frozen=True, slots=True)
class Said:
    """What came of something done in a thread of its own, to be shown in the main one."""

    show: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """The end was asked for: wakes the main loop."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed on the page."""

    device: Device


Event = Arrival | keyboard.Typed | Said | Asked | Pressed
Events = queue.SimpleQueue[Event]


def run_demo(language: Language = Language.DANISH) -> None:
    """Run the demonstration in the current folder until it is ended. Call it in the main thread.

    Raise AlarmbroError where it cannot start, or something of it died: the text says why.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without the signs that it needs shows others
    events: Events = queue.SimpleQueue()
    with (
        Ending(lambda: events.put(Asked())) as ending,
        Folder(Path.cwd()) as folder,
        Receivers(events.put) as receivers,
        ExitStack() as running,
    ):
        broker, port = start_broker(folder, ending.pause)
        running.callback(broker.end)
        configuration = write_configuration(folder, port, receivers.port, language)
        buttons = Buttons(configuration, folder.run, port)
        responder = Responder(configuration, folder.run)
        scene = Scene(folder.run, folder.state, number_of(configuration.sites), say)
        plan = running.enter_context(plan_of(configuration, scene, buttons, responder, events))
        view = View(configuration, folder, buttons, responder.person.name, plan.url)
        say(view.words("starting"))
        daemon = Child("daemon", daemon_command(folder), folder.log("daemon"))
        running.callback(daemon.end)
        Demonstration(view, buttons, responder, (daemon, broker), events, ending, scene.add).run()
        say(view.words("ending"))
    say(view.words("ended"))


def plan_of(
    configuration: Configuration, scene: Scene, buttons: Buttons, responder: Responder, events: Events
) -> Serving:
    """Give the page with the rooms; what is pressed there is said on the terminal, too."""
    doing = Doing(buttons, responder, PlanWords(configuration.language), lambda device: events.put(Pressed(device)))
    return Serving(scene, Drawing(configuration, responder.person.name, datetime.now(UTC).year), doing)


def write_configuration(folder: Folder, broker_port: int, receiver_port: int, language: Language) -> Configuration:
    """Write the demonstration's configuration with the ports that were found, and read it as the daemon will."""
    text = template().replace("@BROKER_PORT@", str(broker_port)).replace("@RECEIVER_PORT@", str(receiver_port))
    folder.write(folder.configuration, text.replace(f"language: {Language.DANISH}", f"language: {language}", 1))
    return load(folder.configuration, environ={}).configuration


def template() -> str:
    """Give the configuration that is shipped with this version."""
    shipped = resources.files("alarmbro.demo") / SHIPPED
    checkout = Path(__file__).parents[3] / "config" / SHIPPED
    try:
        return (shipped if shipped.is_file() else checkout).read_text(encoding="utf-8")
    except OSError as error:
        raise MachineError(f"the demonstration's configuration is missing ({error}); install alarmbro again") from error


def daemon_command(folder: Folder) -> list[str]:
    """Give the command that starts the daemon as systemd would."""
    return [
        sys.executable, "-m", "alarmbro", "run", "--log-format", "json",
        "--config", str(folder.configuration), "--state", str(folder.state), "--run-dir", str(folder.run),
    ]  # fmt: skip


class Demonstration:
    """What runs, and what has come in."""

    def __init__(
        self, view: View, buttons: Buttons, responder: Responder, children: tuple[Child, Child], events: Events,
        ending: Ending, shown: Callable[[Arrival], None],
    ) -> None:  # fmt: skip
        self._view = view
        self._buttons = buttons
        self._responder = responder
        self._children = children
        self._events = events
        self._ending = ending
        self._shown = shown
        self._board = Board(buttons.configuration.sites)
        self._look_s = 0.0
        self._begun = False

    def run(self) -> None:
        """Show until the end is asked for. Raise MachineError where the daemon or the broker died."""
        self._apart(self._get_ready)
        while not self._ending.asked:
            with suppress(queue.Empty):  # nothing came: it is time to look
                self._take(self._events.get(timeout=self._wait_s()))
            self._look()

    # --- start -----------------------------------------------------------------------------------------------------

    def _get_ready(self) -> None:
        """Wait until the daemon answers and each site has reached the broker: any press works from then on."""
        begun_s = time.monotonic()
        while (connected := self._connected()) is not True:
            waited_s = time.monotonic() - begun_s
            if waited_s > (READY_WITHIN_S if connected is None else CONNECTED_WITHIN_S):
                break
            threading.Event().wait(POLL_S)
        self._events.put(Said(partial(self._begin, connected)))

    def _connected(self) -> bool | None:
        """Tell whether every site has reached the broker; None while the daemon does not answer."""
        try:
            return all(ask(self._buttons.run_dir, {"do": "status"})["mqtt"].values())
        except AlarmbroError:  # told by `_begin` where it lasts
            return None

    def _begin(self, connected: bool | None) -> None:
        """Say how to press, and listen. In the main thread. Raise MachineError where the daemon does not answer."""
        daemon = self._children[0]
        if connected is None:
            raise MachineError(f"the daemon does not get ready; it said:\n{daemon.tail()}")
        if not connected:
            say(self._view.words("broker_late", port=self._buttons.broker_port, log=near(daemon.log)))
        self._begun = True
        self._view.header()
        keyboard.listen(self._events.put)

    # --- what comes in ---------------------------------------------------------------------------------------------

    def _take(self, event: Event) -> None:
        match event:
            case Arrival():
                self._board.add(event)
                self._shown(event)
            case Pressed():
                self._say_pressed(event.device)
            case keyboard.Typed():
                self._typed(event.text)
            case Said():
                event.show()

    def _typed(self, text: str) -> None:
        devices = self._buttons.devices
        if text == "q":
            self._ending.ask()
        elif text == "?":
            self._view.ways()
        elif text == "s":
            self._apart(self._status)
        elif text in ("v", "a"):
            self._apart(partial(self._answer, text))
        elif text.isdecimal() and 1 <= int(text) <= len(devices):
            device = devices[int(text) - 1]
            self._say_pressed(device)
            self._apart(partial(self._press, device))
        elif text:
            say(self._view.words("unknown", text=text[:20], last=len(devices)))

    def _say_pressed(self, device: Device) -> None:
        name = f"{self._buttons.configuration.sites[device.site].name}, {device.name}"
        say(self._view.words("pressed", device=device.path, name=name))

    def _apart(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="apart", daemon=True).start()

    def _press(self, device: Device) -> None:
        try:
            self._buttons.press(device)
        except AlarmbroError as error:
            text = self._view.words("not_pressed", error=error)
            self._events.put(Said(lambda: say(text)))

    def _answer(self, letter: str) -> None:
        """Say "on my way" (`v`, på vej) or give the all-clear (`a`, afslut)."""
        name = self._responder.person.name
        try:
            alarm = self._responder.acknowledge() if letter == "v" else self._responder.close()
            what = "on_the_way" if letter == "v" else "closed_by"
            text = self._view.words(what, alarm=alarm, name=name) if alarm else self._view.words("nothing_open")
        except AlarmbroError as error:
            text = str(error)
        self._events.put(Said(lambda: say(text)))

    def _status(self) -> None:
        try:
            answer = ask(self._buttons.run_dir, {"do": "status"})
            self._events.put(Said(lambda: self._view.status(answer)))
        except AlarmbroError as error:
            text = str(error)
            self._events.put(Said(lambda: say(text)))

    # --- what is due -----------------------------------------------------------------------------------------------

    def _wait_s(self) -> float:
        now_s = time.monotonic()
        return max(0.0, min(self._look_s - now_s, self._board.next_in_s(now_s)))

    def _look(self) -> None:
        now_s = time.monotonic()
        for group in self._board.take(now_s):
            self._view.messages(group)
        if now_s >= self._look_s:
            self._look_s = now_s + LOOK_S
            self._check_children()
            if unread():  # `alarmbro demo | head`
                self._ending.ask()
            if self._begun:
                self._view.again()

    def _check_children(self) -> None:
        """Raise MachineError where one has died, unless we are about to end it."""
        for child in self._children:
            if child.ended() and not self._ending.asked:
                raise MachineError(
                    f"the {child.name} of the demonstration has ended by itself; it said:\n{child.tail()}"
                )
