"""What a visitor of the page does: press, answer, test. Each goes the way that it goes outside of the demonstration.

In the thread of the one who asked. Whatever cannot be done is said, in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from alarmbro.control.client import ask
from alarmbro.demo.buttons import Buttons
from alarmbro.demo.plan.words import PlanWords
from alarmbro.demo.responder import Responder
from alarmbro.model.errors import AlarmbroError
from alarmbro.model.site import Device

TEST_S = 7200.0
OUTCOMES = {"close_real": "real", "close_false": "false_alarm"}
ENDS = {"finish": "test_finish", "abort": "test_abort"}


class NoSuchThingError(Exception):
    """A form that is none of the page's."""


@dataclass(frozen=True, slots=True)
class Done:
    """What to say of it, and the id of the part of the page that it is about."""

    said: str
    part: str


@dataclass(frozen=True, slots=True)
class Doing:
    """Does it, and gives what to say of it. `pressing` is told of each press before it is made."""

    buttons: Buttons
    responder: Responder
    words: PlanWords
    pressing: Callable[[Device], None]

    def __call__(self, what: str, form: Mapping[str, str]) -> Done:
        """Do what a form asks for. Raise NoSuchThingError where there is no such thing."""
        ways = {"press": self._press, "answer": self._answer, "test": self._test}
        if what not in ways:
            raise NoSuchThingError(what)
        site = form.get("site", "") or form.get("device", "").partition("/")[0]
        part = f"s-{site}" if site in self.buttons.configuration.sites else "open"
        try:
            return Done(ways[what](form), part)
        except AlarmbroError as error:
            return Done(self.words("failed", error=error), part)

    def _press(self, form: Mapping[str, str]) -> str:
        device = next((each for each in self.buttons.devices if each.path == form.get("device")), None)
        if device is None:
            raise NoSuchThingError("device")
        self.pressing(device)
        self.buttons.press(device)
        return self.words("pressed", name=device.name, site=self.buttons.configuration.sites[device.site].name)

    def _answer(self, form: Mapping[str, str]) -> str:
        alarm, how, who = form.get("alarm", ""), form.get("how", ""), self.responder.person.name
        if how == "on_my_way":
            self._ask(do="ack", alarm=alarm, by=who)
            return self.words("answered", alarm=alarm, who=who)
        if how not in OUTCOMES:
            raise NoSuchThingError("how")
        self._ask(do="close", alarm=alarm, by=who, outcome=OUTCOMES[how])
        return self.words("closed", alarm=alarm)

    def _test(self, form: Mapping[str, str]) -> str:
        configuration, how, site = self.buttons.configuration, form.get("how", ""), form.get("site", "")
        leader = next((configuration.recipients[each].name for each in configuration.test.coordinators), "")
        if how == "start" and site in configuration.sites:
            self._ask(do="test_start", site=site, by=leader, for_s=TEST_S, devices=[], confirm=False)
            return self.words("started")
        if how == "on_test":
            for centre in (each.id for each in configuration.recipients.values() if each.alarm_centre):
                who = self.words("on_test_who")
                self._ask(do="test_on_test", recipient=centre, who=who, for_s=TEST_S, by=leader)
            return self.words("centres")
        if how not in ENDS or site not in configuration.sites:
            raise NoSuchThingError("how")
        answer = self._ask(do=ENDS[how], site=site, by=leader)
        return self.words("ended", passed=answer["passed"], total=len(answer["devices"]))

    def _ask(self, **request: Any) -> dict[str, Any]:
        return ask(self.buttons.run_dir, request)
