"""The demonstration's own words, Danish and English."""

from __future__ import annotations

from alarmbro.model.configuration import Language

_DANISH = {
    "starting": "alarmbro demo starter …",
    "head": (
        "alarmbro demo: {sites} steder, {devices} knapper. Intet er tilsluttet, og ingen rigtige mennesker får besked."
    ),
    "folder": "Alt ligger i {folder}; daemonens log er {log}.",
    "broker_late": "OBS: daemonen har ikke nået brokeren på port {port} endnu; se {log}.",
    "recipients": "Modtagere (hver får sin egen spalte, når der kommer besked):",
    "plan": "Rummene med deres knapper, i en browser: {url}",
    "press": "Tryk på en knap: skriv dens nummer og tast Enter.",
    "elsewhere": "Eller i en anden terminal:",
    "answer": "Svar på den nyeste alarm: v = {name} er på vej, a = afslut den (faren er ovre).",
    "on_the_way": "{alarm}: {name} siger »på vej«.",
    "closed_by": "{alarm}: {name} afslutter alarmen.",
    "nothing_open": "Ingen alarm er åben.",
    "keys": "? viser listen igen, s viser status, q (eller Ctrl-C) slutter.",
    "pin": "ben {pin}",
    "mqtt": "trådløs",
    "pressed": "Du trykkede på {device} ({name}).",
    "again": "{alarm}: trykket igen (tryk nr. {presses}). Alarmen er åben, og modtagerne har lige fået besked.",
    "again_told": "{alarm}: trykket igen (tryk nr. {presses}). Modtagerne får besked igen.",
    "not_pressed": "Trykket kom ikke af sted: {error}",
    "unknown": "{text}: skriv et tal fra 1 til {last}, v, a, ?, s eller q.",
    "after": "{time} efter trykket",
    "no_time": "kl. {clock}",
    "reserve": "{name}, reserve",
    "other": "Besked",
    "alarms": "Åbne alarmer:",
    "no_alarms": "Ingen åbne alarmer.",
    "alarm": "  {alarm}: {site}/{device}, {state}, tryk: {presses}, underrettet: {told}",
    "raised": "ingen har kvitteret",
    "acknowledged": "kvitteret",
    "closed": "afsluttet",
    "fault": "  Fejl: {kind}/{subject} {detail}",
    "ending": "Demoen slutter …",
    "ended": "Slut. Intet kører længere.",
    "point": ",",
}
_ENGLISH = {
    "starting": "alarmbro demo is starting …",
    "head": "alarmbro demo: {sites} sites, {devices} buttons. Nothing is attached, and no real person is told.",
    "folder": "Everything is in {folder}; the daemon's log is {log}.",
    "broker_late": "NOTE: the daemon has not reached the broker on port {port} yet; see {log}.",
    "recipients": "Recipients (each has a column of its own when told):",
    "plan": "The rooms with their buttons, in a browser: {url}",
    "press": "Press a button: type its number and Enter.",
    "elsewhere": "Or in another terminal:",
    "answer": "Answer the newest alarm: v = {name} is on the way, a = all-clear (the danger is over).",
    "on_the_way": "{alarm}: {name} says “on my way”.",
    "closed_by": "{alarm}: {name} closes the alarm.",
    "nothing_open": "No alarm is open.",
    "keys": "? shows this list again, s shows the status, q (or Ctrl-C) ends.",
    "pin": "pin {pin}",
    "mqtt": "wireless",
    "pressed": "You pressed {device} ({name}).",
    "again": "{alarm}: pressed again (press {presses}). The alarm is open, and its recipients were told just now.",
    "again_told": "{alarm}: pressed again (press {presses}). Its recipients are told again.",
    "not_pressed": "The press did not get through: {error}",
    "unknown": "{text}: type a number from 1 to {last}, v, a, ?, s or q.",
    "after": "{time} after the press",
    "no_time": "at {clock}",
    "reserve": "{name}, fallback",
    "other": "Message",
    "alarms": "Open alarms:",
    "no_alarms": "No open alarms.",
    "alarm": "  {alarm}: {site}/{device}, {state}, presses: {presses}, told: {told}",
    "raised": "nobody has acknowledged",
    "acknowledged": "acknowledged",
    "closed": "closed",
    "fault": "  Fault: {kind}/{subject} {detail}",
    "ending": "The demonstration is ending …",
    "ended": "Done. Nothing is running any more.",
    "point": ".",
}


class Words:
    """The words of one language: `words("pin", pin=17)`."""

    def __init__(self, language: Language = Language.DANISH) -> None:
        self._texts = _ENGLISH if language is Language.ENGLISH else _DANISH

    def __call__(self, text: str, /, **values: object) -> str:
        """Give the words called `text`, with its fields filled in."""
        return self._texts[text].format(**values)

    def duration(self, seconds: float) -> str:
        """Write a time as people read it: `312 ms`, `30,1 s`, `2 min 30 s`."""
        if round(seconds, 3) < 1:
            return f"{round(seconds * 1000)} ms"
        if round(seconds, 1) < 60:  # noqa: PLR2004 - seconds in a minute
            return f"{seconds:.1f} s".replace(".", self("point"))
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes} min {rest} s"
