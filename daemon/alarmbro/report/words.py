"""The report's words, Danish and English. Data, and how times and lengths of time are written."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from alarmbro.model.configuration import Language
from alarmbro.report.account import DeviceTest, Reached

_DANISH = {
    "title": "Årlig test af overfaldsalarmer {year}",
    "overview": "Oversigt over alle steder",
    "site": "Sted", "address": "Adresse", "date": "Testet", "by": "Testet af", "none": "Ingen test i {year}",
    "unknown": "(navn slettet)", "result": "Resultat", "device": "Knap", "pressed": "Trykket", "zone": "zone {zone}",
    "devices": "Knapper, og hvor længe efter trykket hver modtager fik besked",
    "passed": "Bestået", "failed": "IKKE BESTÅET", "never": "IKKE TESTET",
    "of": "{passed} af {total} bestået",
    "counts": "{passed} bestået, {failed} ikke bestået, {never} ikke testet",
    "reached": "{time}", "not_reached": "IKKE NÅET", "withheld": "tilbageholdt",
    "recipients": "Modtagere", "confirmed": "set af {by}, {time}", "unknown_time": "ukendt tid",
    "todo": "Skal bringes i orden", "todo.none": "Intet: alle knapper er testet og bestået.",
    "not_pressed": "blev ikke trykket. Prøv den i en ny test: {command}",
    "reason.not_reached": "nåede ikke {missing}. Ret adressen eller forbindelsen, og test igen: {command}",
    "too_slow": "var mere end et minut om at nå frem. Find årsagen, og test igen: {command}",
    "not_confirmed": "blev ikke bekræftet af {missing}. Spørg, om beskeden blev set, og test igen: {command}",
    "real": "blev til en rigtig alarm under testen. Test den igen: {command}",
    "interrupted": "blev afbrudt af en rigtig alarm. Test den igen: {command}",
    "todo.never": "er ikke testet i {year}. Test den: {command}",
    "alarms": "Årets alarmer", "month": "Måned", "months": "jan feb mar apr maj jun jul aug sep okt nov dec",
    "real_alarms": "Virkelige", "false_alarms": "Falske", "open_alarms": "Åbne", "total": "I alt",
    "times": "Svartider", "measure": "Mål", "count": "Alarmer", "median": "Median", "slowest": "Langsomst",
    "count.of": "{count} af {total}",
    "first_told": "Fra tryk til den første har fået besked", "first_answer": "Fra tryk til nogen er på vej",
    "points": "Åbne punkter", "points.none": "Ingen åbne alarmer eller fejl.", "alarm": "Åben alarm",
    "since": "siden {time}",
    "unproven.in_test": "{name} får ikke testalarmer (in_test: withhold): vejen dertil er ikke prøvet ved testen",
    "unproven": "{name} var ikke sat i test: vejen dertil er ikke prøvet ved testen. Ring dertil før næste test, og "
                "kør: alarmbro test on-test {recipient} --who NAVN",
    "centre": "Sammenligning med alarmcentralens liste",
    "centre.same": "Alle {count} signaler stemmer (samme zone, højst 2 minutter fra hinanden).",
    "centre.some": "{count} signaler stemmer (samme zone, højst 2 minutter fra hinanden). Resten:",
    "only_ours": "Kun hos os: {what}, zone {zone}, {time}. Centralen har det ikke.",
    "only_theirs": "Kun hos centralen: {what} zone {zone}, {time}. Vi har ikke sendt det.",
    "apart": "Zone {zone}: hos os {ours}, hos centralen {theirs}: mere end 30 s. Et af urene går forkert.",
    "outside": "IKKE SAMMENLIGNET: {what}, zone {zone}, {time}. Listen går fra {first} til {last}. Dækker den hele "
               "året, har centralen ikke fået signalet.",
    "sign": "Underskrift", "coordinator": "Koordinator", "leader": "Leder", "day": "Dato",
    "made": "Udskrevet {time}. Hændelsesloggen: {records} poster, seneste hash",
    "alarms.of": "Alarmer", "last": "Sidst testet", "chart": "Alarmer pr. måned: virkelige og falske",
    "somebody": "en modtager",
}  # fmt: skip
_ENGLISH = {
    "title": "Yearly test of the panic alarms {year}",
    "overview": "All sites at a glance",
    "site": "Site", "address": "Address", "date": "Tested", "by": "Tested by", "none": "No test in {year}",
    "unknown": "(name removed)", "result": "Result", "device": "Button", "pressed": "Pressed", "zone": "zone {zone}",
    "devices": "Buttons, and how long after the press each recipient was told",
    "passed": "Passed", "failed": "FAILED", "never": "NOT TESTED",
    "of": "{passed} of {total} passed",
    "counts": "{passed} passed, {failed} failed, {never} not tested",
    "reached": "{time}", "not_reached": "NOT REACHED", "withheld": "withheld",
    "recipients": "Recipients", "confirmed": "seen by {by}, {time}", "unknown_time": "unknown time",
    "todo": "To be put right", "todo.none": "Nothing: every button was tested and has passed.",
    "not_pressed": "was not pressed. Try it in a new test: {command}",
    "reason.not_reached": "did not reach {missing}. Mend the address or the connection, and test again: {command}",
    "too_slow": "took more than a minute. Find the cause, and test again: {command}",
    "not_confirmed": "was not confirmed by {missing}. Ask whether the message was seen, and test again: {command}",
    "real": "became a real alarm during the test. Test it again: {command}",
    "interrupted": "was interrupted by a real alarm. Test it again: {command}",
    "todo.never": "was not tested in {year}. Test it: {command}",
    "alarms": "The year's alarms", "month": "Month", "months": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "real_alarms": "Real", "false_alarms": "False", "open_alarms": "Open", "total": "Total",
    "times": "Response times", "measure": "Measure", "count": "Alarms", "median": "Median", "slowest": "Slowest",
    "count.of": "{count} of {total}",
    "first_told": "From the press until the first is told",
    "first_answer": "From the press until somebody is on the way",
    "points": "Open points", "points.none": "No open alarms or faults.", "alarm": "Open alarm",
    "since": "since {time}",
    "unproven.in_test": "{name} gets no test alarms (in_test: withhold): the test did not try the way there",
    "unproven": "{name} was not put on test, which did not try the way there. Ring them before the next test "
                "and run: alarmbro test on-test {recipient} --who NAME",
    "centre": "Beside the alarm centre's list",
    "centre.same": "All {count} signals agree (same zone, at most 2 minutes apart).",
    "centre.some": "{count} signals agree (same zone, at most 2 minutes apart). The rest:",
    "only_ours": "Ours alone: {what}, zone {zone}, {time}. The centre does not have it.",
    "only_theirs": "The centre's alone: {what} zone {zone}, {time}. We did not send it.",
    "apart": "Zone {zone}: ours {ours}, the centre's {theirs}: more than 30 s. One of the clocks is wrong.",
    "outside": "NOT COMPARED: {what}, zone {zone}, {time}. The list goes from {first} to {last}. If it is of the whole "
               "year, the centre did not get the signal.",
    "sign": "Signature", "coordinator": "Coordinator", "leader": "Manager", "day": "Date",
    "made": "Printed {time}. The journal: {records} records, head",
    "alarms.of": "Alarms", "last": "Last tested", "chart": "Alarms by month: real and false",
    "somebody": "a recipient",
}  # fmt: skip


class ReportWords:
    """The words of one language, and times of one zone."""

    def __init__(self, language: Language, timezone: str) -> None:
        self.language = language
        self._texts = _ENGLISH if language is Language.ENGLISH else _DANISH
        self._zone = ZoneInfo(timezone)

    def __call__(self, text: str, /, **values: object) -> str:
        """Give the words called `text`, with its fields filled in."""
        return self._texts[text].format(**values)

    def time(self, at: datetime) -> str:
        """Write a moment: 23.11.2026 kl. 10.14."""
        local = at.astimezone(self._zone)
        return f"{local:%d.%m.%Y kl. %H.%M}" if self.language is Language.DANISH else f"{local:%Y-%m-%d %H:%M}"

    def clock(self, at: datetime) -> str:
        """Write a moment to the second, as one compares lists."""
        local = at.astimezone(self._zone)
        return f"{local:%d.%m.%Y %H.%M.%S}" if self.language is Language.DANISH else f"{local:%Y-%m-%d %H:%M:%S}"

    def day(self, at: datetime) -> str:
        """Write a day."""
        local = at.astimezone(self._zone)
        return f"{local:%d.%m.%Y}" if self.language is Language.DANISH else f"{local:%Y-%m-%d}"

    def length(self, ms: int | None) -> str:
        """Write a length of time: 1,2 s; 45 s; 2 min 5 s."""
        if ms is None:
            return self("unknown_time")
        if ms < 10_000:  # noqa: PLR2004 - shorter ones with a decimal
            text = f"{ms / 1000:.1f} s"
            return text.replace(".", ",") if self.language is Language.DANISH else text
        minutes, seconds = divmod(round(ms / 1000), 60)
        return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"

    def moment(self, at: datetime) -> str:
        """Write a moment of the report's year, short: 23.11. 10.14."""
        local = at.astimezone(self._zone)
        return f"{local:%d.%m. %H.%M}" if self.language is Language.DANISH else f"{local:%m-%d %H:%M}"

    def reached(self, reached: Reached | None) -> str:
        """Say how one recipient was reached; None: it is none of this device's."""
        return self(reached.outcome, time=self.length(reached.after_ms)) if reached else "-"

    def seen(self, test: DeviceTest) -> list[str]:
        """Say who confirmed a device's test, a line each."""
        return [
            self("confirmed", by=each.by or self("unknown"), time=self.length(each.after_ms)) for each in test.confirmed
        ]

    def todo(self, site: str, year: int, test: DeviceTest) -> str:
        """Say why a device has not passed, and what to do."""
        command = f"alarmbro test start {site} --device {test.device}"
        names = {each.recipient: each.name for each in test.recipients}
        missing = ", ".join(names.get(name, name) for name in test.missing) or self("somebody")
        key = "todo.never" if test.verdict == "never" else test.reason
        key = "reason.not_reached" if key == "not_reached" else key
        text = self(key, command=command, missing=missing, year=year) if key in self._texts else f"{key}. {command}"
        return f"{test.name}: {text}"

    def place(self, test: DeviceTest) -> str:
        """Name a device: its name, its zone."""
        return f"{test.name} ({self('zone', zone=test.zone)})" if test.zone is not None else test.name

    def mark(self, test: DeviceTest) -> str:
        """Say which device it is in the configuration: its id, its zone."""
        return f"{test.device}, {self('zone', zone=test.zone)}" if test.zone is not None else test.device
