"""The words of the command line's answers, Danish and English: what coordinators and staff may read."""

from __future__ import annotations

from alarmbro.model.configuration import Language

_DANISH = {
    "explain.head": "Et tryk på {device} ({site}, {name}):",
    "explain.at_once": "Straks",
    "explain.after": "Efter {time}",
    "explain.fallback": "    - ellers efter {time}: {ways} (reserve)",
    "explain.unless": ", hvis ingen har kvitteret",
    "explain.every": ", og igen med {time} mellemrum",
    "explain.withheld": "  - {name} ({id}) får ikke besked under test",
    "explain.unless_told": ", hvis ingen har kunnet nås",
    "explain.held": "Holdes {device} inde i {time}, bliver alarmen rejst igen som denne:",
    "explain.pressed": "FRA TRYKKET, SÅ LÆNGE INGEN SVARER",
    "explain.answered": "FRA DET ØJEBLIK, NOGEN SVARER »PÅ VEJ«",
    "explain.closed": "NÅR ALARMEN BLIVER AFSLUTTET (alle, der har fået besked, får også dette)",
    "ack.first": "{by} er på vej til {alarm} ({time} efter trykket). Alle, der er alarmeret, får besked.",
    "ack.more": "{by} er også på vej til {alarm} ({time} efter trykket).",
    "ack.unknown": "ukendt tid",
    "close.done": "Alarm {alarm} er afsluttet ({outcome}) af {by}, {time} efter trykket. Alle alarmerede får besked.",
    "close.real": "virkelig",
    "close.false_alarm": "falsk alarm",
    "close.test": "test",
    "press.raised": "Alarm {alarm} er udløst.",
    "press.joined": "Trykket er føjet til den åbne alarm {alarm} (tryk nr. {presses}).",
    "press.repeat": "Dette tryk er allerede modtaget.",
    "pin.moved": "Et tryk på {device} er simuleret.",
    "send.ok": "{target}: leveret",
    "send.not": "{target}: IKKE leveret ({reason})",
    "status.head": "alarmbro {version}, startet {started}, steder: {sites}",
    "status.alarms": "Åbne alarmer:",
    "status.no_alarms": "Ingen åbne alarmer.",
    "status.alarm": "  {alarm}  {device}  {state}  modtaget {received}  tryk: {presses}  underrettet: {told}",
    "status.raised": "AKTIV, ingen har kvitteret",
    "status.acknowledged": "kvitteret",
    "status.level": "    niveau: {level}",
    "status.coming": "    på vej: {by}, {time} efter trykket",
    "status.unheard": "    INGEN HAR KUNNET NÅS: ring 112",
    "status.faults": "Fejl:",
    "status.no_faults": "Ingen fejl.",
    "status.fault": "  {fault}  siden {since}  {detail}",
    "status.devices": "Knapper:",
    "status.device": "  {path}  {name}  sidst trykket: {last_press}  {health}",
    "status.never": "ikke siden start",
    "status.mqtt": "MQTT {site}: {state}",
    "status.connected": "forbundet",
    "status.lost": "IKKE forbundet",
    "verify.whole": "Hændelsesloggen er ubrudt: {records} poster, seneste hash {head}",
    "verify.broken": "Hændelsesloggen er BRUDT: {problem}",
}
_ENGLISH = {
    "explain.head": "A press of {device} ({site}, {name}):",
    "explain.at_once": "At once",
    "explain.after": "After {time}",
    "explain.fallback": "    - failing that, after {time}: {ways} (fallback)",
    "explain.unless": ", unless somebody has acknowledged",
    "explain.every": ", and again every {time}",
    "explain.withheld": "  - {name} ({id}) is not told of tests",
    "explain.unless_told": ", if nobody could be reached",
    "explain.held": "Held for {time}, {device} raises the alarm again as this:",
    "explain.pressed": "FROM THE PRESS ON, WHILE NOBODY ANSWERS",
    "explain.answered": "FROM THE MOMENT SOMEBODY ANSWERS “ON MY WAY”",
    "explain.closed": "WHEN THE ALARM IS CLOSED (everybody who was told reads this, too)",
    "ack.first": "{by} is on the way to {alarm} ({time} after the press). Everybody who was called is told.",
    "ack.more": "{by} is on the way to {alarm}, too ({time} after the press).",
    "ack.unknown": "unknown time",
    "close.done": "Alarm {alarm} is closed ({outcome}) by {by}, {time} after the press. All who were called are told.",
    "close.real": "real",
    "close.false_alarm": "false alarm",
    "close.test": "test",
    "press.raised": "Alarm {alarm} is raised.",
    "press.joined": "The press was added to the open alarm {alarm} (press no. {presses}).",
    "press.repeat": "This press was received before.",
    "pin.moved": "The pin of {device} was pressed.",
    "send.ok": "{target}: delivered",
    "send.not": "{target}: NOT delivered ({reason})",
    "status.head": "alarmbro {version}, started {started}, sites: {sites}",
    "status.alarms": "Open alarms:",
    "status.no_alarms": "No open alarms.",
    "status.alarm": "  {alarm}  {device}  {state}  received {received}  presses: {presses}  told: {told}",
    "status.raised": "ACTIVE, nobody has acknowledged",
    "status.acknowledged": "acknowledged",
    "status.level": "    level: {level}",
    "status.coming": "    on the way: {by}, {time} after the press",
    "status.unheard": "    NOBODY COULD BE REACHED: call 112",
    "status.faults": "Faults:",
    "status.no_faults": "No faults.",
    "status.fault": "  {fault}  since {since}  {detail}",
    "status.devices": "Buttons:",
    "status.device": "  {path}  {name}  last pressed: {last_press}  {health}",
    "status.never": "not since the start",
    "status.mqtt": "MQTT {site}: {state}",
    "status.connected": "connected",
    "status.lost": "NOT connected",
    "verify.whole": "The journal is whole: {records} records, head {head}",
    "verify.broken": "The journal is NOT whole: {problem}",
}


class Words:
    """The words of one language: `words("press.raised", alarm="vraa-1")`."""

    def __init__(self, language: Language | str = Language.DANISH) -> None:
        self._texts = _ENGLISH if language == Language.ENGLISH else _DANISH

    def __call__(self, text: str, /, **values: object) -> str:
        """Give the words called `text`, with its fields filled in."""
        return self._texts[text].format(**values)


def seconds(number: float) -> str:
    """Write a time as people read it: `45 s`, `3 min`, `1 min 30 s`."""
    whole = round(number)
    if whole < 60:  # noqa: PLR2004 - seconds in a minute
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"
