"""The page's words in one language, and how times are written in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from alarmbro.model.configuration import Language
from alarmbro.model.moment import from_iso
from alarmbro.web.words.pages import TEXTS
from alarmbro.web.words.records import TEXTS as RECORD_TEXTS

ALL = TEXTS | RECORD_TEXTS
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400
PRECISE_MS = 60_000  # below it, tenths of a second tell something


@dataclass(frozen=True, slots=True)
class Words:
    """Words and times for one visitor: `words("alarm.on_my_way")`."""

    language: Language
    timezone: str

    def __call__(self, key: str, /, **values: object) -> str:
        """Give the words called `key`, with its fields filled in."""
        danish, english = ALL[key]
        return (english if self.language is Language.ENGLISH else danish).format(**values)

    def of(self, group: str, code: str) -> str:
        """Give the words for a code of the daemon's, or the code itself where a newer daemon has more."""
        key = f"{group}.{code}"
        return self(key) if key in ALL else code.replace("_", " ")

    def local(self, moment: str | datetime) -> datetime:
        """Give a time as a clock on the wall there shows it."""
        utc = from_iso(moment) if isinstance(moment, str) else moment
        return utc.astimezone(ZoneInfo(self.timezone))

    def clock(self, moment: str | datetime, *, seconds: bool = False) -> str:
        """Write the time of day."""
        mark = ":" if self.language is Language.ENGLISH else "."
        local = self.local(moment)
        return local.strftime(f"%H{mark}%M{mark}%S" if seconds else f"%H{mark}%M")

    def day(self, moment: str | datetime) -> str:
        """Write the day."""
        return self.local(moment).strftime("%Y-%m-%d" if self.language is Language.ENGLISH else "%d.%m.%Y")

    def time(self, moment: str | datetime, now: datetime | None = None) -> str:
        """Write a time; with the day where that is not today."""
        today = self.local(now or datetime.now(UTC)).date()
        clock = self.clock(moment)
        return clock if self.local(moment).date() == today else f"{self.day(moment)} {clock}"

    def stamp(self, moment: str | datetime) -> str:
        """Write a time with day and seconds."""
        return f"{self.day(moment)} {self.clock(moment, seconds=True)}"

    def after(self, ms: float | None) -> str:
        """Write how long something took: `0,4 s`, `12 s`, `3 min 5 s`."""
        if ms is None:
            return self("time.unknown")
        if ms < PRECISE_MS:
            text = f"{ms / 1000:.1f}"
            return f"{text if self.language is Language.ENGLISH else text.replace('.', ',')} s"
        return self.length(ms / 1000)

    def length(self, seconds: float) -> str:
        """Write a length of time: `45 s`, `3 min`, `1 min 30 s`, `2 t 5 min`."""
        whole = round(seconds)
        for below, unit, smaller, size in (
            (HOUR_S, "time.minutes", "time.seconds", MINUTE_S),
            (DAY_S, "time.hours", "time.minutes", HOUR_S),
        ):
            if whole < MINUTE_S:
                return self("time.seconds", count=whole)
            if whole < below:
                count, rest = divmod(whole, size)
                rest = rest if size == MINUTE_S else rest // MINUTE_S
                text = self(unit, count=count)
                return f"{text} {self(smaller, count=rest)}" if rest else text
        return self("time.days", count=whole // DAY_S)
