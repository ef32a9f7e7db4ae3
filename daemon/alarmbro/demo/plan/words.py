"""The plan's own words, Danish and English; what the coordinators' page says too has its words from there."""

from __future__ import annotations

from alarmbro.model.configuration import Language

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Prøv overfaldsalarmerne", "Try the panic alarms"),
    "intro": (
        "Tryk på en knap, og se, hvad hver modtager får. Intet er tilsluttet, og ingen rigtige mennesker får besked.",
        "Press a button, and see what each recipient gets. Nothing is attached, and no real person is told.",
    ),
    "rooms": ("Rummene", "The rooms"),
    "press": ("Tryk på knappen:", "Press the button:"),
    "waiting": ("Venteområde", "Waiting area"),
    "backoffice": ("Backoffice", "Back office"),
    "desk": ("Udlån", "Desk"),
    "fixed": ("Fast knap under skrivebordet", "Fixed button under the desk"),
    "pendant": ("Bæres i en snor: lommy", "Carried on a cord: lommy"),
    "in_alarm": ("ALARM", "ALARM"),
    "under_test": ("under test", "under test"),
    "open": ("Åbne alarmer", "Open alarms"),
    "calm": ("Ingen alarm er åben.", "No alarm is open."),
    "told": ("Har fået besked: {who}", "Have been told: {who}"),
    "nobody": ("ingen endnu", "nobody yet"),
    "on_my_way": ("{who} er på vej", "{who} is on the way"),
    "close_real": ("Afblæs: faren er ovre", "All-clear: the danger is over"),
    "close_false": ("Afblæs: falsk alarm", "All-clear: false alarm"),
    "messages": ("Hvem får besked", "Who is told"),
    "nothing": ("Endnu ingen besked til: {who}.", "No message yet to: {who}."),
    "after": ("{after} efter trykket", "{after} after the press"),
    "at": ("kl. {time}", "at {time}"),
    "older": ("Tidligere beskeder ({count})", "Earlier messages ({count})"),
    "fallback": ("{name}, reserve", "{name}, fallback"),
    "start": ("Test knapperne her", "Test the buttons here"),
    "on_test": ("Sig til alarmcentralerne, at testen kommer", "Tell the alarm centres that the test will come"),
    "on_test_who": ("Vagthavende i demoen", "The demonstration's officer on duty"),
    "report": ("Årets testrapport til underskrift", "The year's test report, to be signed"),
    "pressed": ("Du trykkede på {name}, {site}.", "You pressed {name}, {site}."),
    "answered": ("{alarm}: {who} er på vej.", "{alarm}: {who} is on the way."),
    "closed": ("{alarm} er afblæst.", "{alarm} is closed."),
    "started": ("Testen er i gang: tryk én gang på hver knap.", "The test is running: press each button once."),
    "centres": ("Alarmcentralerne ved, at testen kommer.", "The alarm centres know of the test."),
    "ended": ("Testen er slut: {passed} af {total} bestået.", "The test has ended: {passed} of {total} passed."),
    "failed": ("Det lykkedes ikke: {error}", "It did not work: {error}"),
    "silent": ("Daemonen svarer ikke.", "The daemon does not answer."),
}


class PlanWords:
    """The words of one language: `words("after", after="312 ms")`."""

    def __init__(self, language: Language) -> None:
        self._at = 1 if language is Language.ENGLISH else 0

    def __call__(self, text: str, /, **values: object) -> str:
        """Give the words called `text`, with its fields filled in."""
        return TEXTS[text][self._at].format(**values)
