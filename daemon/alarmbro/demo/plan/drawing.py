"""The page's HTML. Pure: what it shows is handed in. Every text is escaped where it is put in, by `_e`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape as _e
from typing import Any

from alarmbro.demo.plan.rooms import Room, rooms_of
from alarmbro.demo.plan.scene import Message
from alarmbro.demo.plan.words import PlanWords
from alarmbro.demo.terminal.words import Words as DemoWords
from alarmbro.model.configuration import Configuration
from alarmbro.model.record import Draft
from alarmbro.model.site import Device, Site
from alarmbro.web.words.showing import Row, alarms_of, rounds_of
from alarmbro.web.words.wording import Words as PageWords

REFRESH_S = 3  # where no script runs
LATEST = 1  # messages of a receiver that are shown at once; the others by one click


@dataclass(frozen=True, slots=True)
class Seen:
    """What is to be drawn.

    The daemon's status (None: it does not answer), receivers with their messages, what was said, the end of the latest
    test round, and the address of the page without scripts.
    """

    status: dict[str, Any] | None
    received: Sequence[tuple[str, Sequence[Message]]]
    said: str
    last: Draft | None
    again: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws for one configuration; `responder` is who answers."""

    configuration: Configuration
    responder: str
    year: int

    @property
    def words(self) -> PlanWords:
        """Give the page's own words."""
        return PlanWords(self.configuration.language)

    @property
    def _page_words(self) -> PageWords:
        return PageWords(self.configuration.language, self.configuration.timezone)

    def page(self, seen: Seen) -> str:
        """Draw all of it."""
        words, common = self.words, self._page_words
        return f"""<!doctype html>
<html lang="{self.configuration.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{_e(words("title"))}: alarmbro demo</title>
<link rel="stylesheet" href="/static/style.css">
<link rel="stylesheet" href="/static/plan.css">
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<noscript><meta http-equiv="refresh" content="{REFRESH_S}; url={_e(seen.again)}"></noscript>
<script src="/static/live.js" defer></script>
</head>
<body data-live="/events" data-lost="{_e(common("live.lost"))}">
<a class="skip" href="#main">{_e(common("skip"))}</a>
<header><span class="brand">alarmbro demo</span></header>
<main id="main" tabindex="-1">
<h1>{_e(words("title"))}</h1>
<p>{_e(words("intro"))}</p>
<div id="live" data-say="{_e(seen.said)}">
{"".join(self._living(seen))}
</div>
</main>
<p id="lost" class="bad banner" hidden></p>
<p id="shout" class="unseen" aria-live="assertive"></p>
<footer><a href="/report">{_e(words("report"))} ({self.year})</a></footer>
</body>
</html>
"""

    def _living(self, seen: Seen) -> Iterator[str]:
        """Draw what changes."""
        words = self.words
        if seen.said:
            yield f'<p class="said" role="status">{_e(seen.said)}</p>'
        if seen.status is None:
            yield f'<p class="bad banner" role="alert">{_e(words("silent"))}</p>'
        status = seen.status or {"alarms": [], "test_rounds": [], "devices": []}
        yield f'<section aria-labelledby="open"><h2 id="open">{_e(words("open"))}</h2>'
        alarms = alarms_of(status["alarms"], self.configuration, self._page_words)
        yield from (self._alarm(each) for each in alarms) if alarms else (f'<p class="calm">{_e(words("calm"))}</p>',)
        yield f'</section><div class="beside"><section aria-labelledby="rooms"><h2 id="rooms">{_e(words("rooms"))}</h2>'
        devices = {f"{row['site']}/{row['device']}": row for row in status["devices"]}
        rounds = {row["site"]: row for row in rounds_of(status["test_rounds"], self.configuration, self._page_words)}
        for site in (self.configuration.sites[each] for each in self.configuration.serve):
            yield from self._site(site, devices, rounds.get(site.id), seen.last)
        yield f'</section><section aria-labelledby="told"><h2 id="told">{_e(words("messages"))}</h2>'
        yield '<div class="receivers">'
        yield from (self._receiver(name, messages) for name, messages in seen.received if messages)
        yield "</div>"
        silent = [name for name, messages in seen.received if not messages]
        yield f"<p>{_e(words('nothing', who=', '.join(silent)))}</p>" if silent else ""
        yield "</section></div>"

    def _alarm(self, alarm: Row) -> str:
        words = self.words
        told = _e(words("told", who=alarm["told"] or words("nobody")))
        answers = [("on_my_way", words("on_my_way", who=self.responder), "go")]
        answers += [(how, words(how), "") for how in ("close_real", "close_false")]
        forms = "".join(
            f'<form method="post" action="/answer"><input type="hidden" name="alarm" value="{_e(alarm["id"])}">'
            f'<button name="how" value="{how}" class="{kind}">{_e(text)} <span class="unseen">{_e(alarm["id"])}</span>'
            "</button></form>"
            for how, text, kind in answers
            if not (how == "on_my_way" and alarm["coming"])
        )
        coming = "".join(f"<p>{_e(self._page_words('alarm.coming', who=each))}</p>" for each in alarm["coming"])
        return (
            f'<article class="alarm {_e(alarm["state"])}"><h3>{_e(alarm["site"])}: {_e(alarm["device"])}</h3>'
            f'<p class="state">{_e(alarm["state_words"])}</p><p class="number">{_e(alarm["id"])} · {told}</p>{coming}'
            f'<div class="answers">{forms}</div></article>'
        )

    def _site(self, site: Site, devices: Mapping[str, Row], round_: Row | None, last: Draft | None) -> Iterator[str]:
        yield f'<section class="site" aria-labelledby="s-{_e(site.id)}"><h3 id="s-{_e(site.id)}">{_e(site.name)}</h3>'
        yield f'<div class="floor {_e(site.id)}">'
        for room, device in rooms_of(site):
            yield self._room(site, room, device, devices)
        yield "</div>"
        if round_ is None and last is not None and last.site == site.id:
            passed, common = last.data["passed"], self._page_words
            ended = common("test.last", site=site.name, time=common.clock(last.at.utc))
            progress = common("test.progress", passed=passed, total=last.data["total"])
            yield f'<p class="ended">{_e(ended)}: {_e(progress)}.</p>'
        yield from self._round(site, round_) if round_ else self._test("start", site.id, self.words("start"), site.name)
        yield "</section>"

    def _room(self, site: Site, room: Room, device: Device | None, devices: Mapping[str, Row]) -> str:
        name = f"<p>{_e(self.words(room.words))}</p>" if room.words else ""
        if device is None:
            route = self.configuration.routes.get(site.route or "")
            rule = f"<p><strong>{_e(route.instruction)}</strong></p>" if route and room.words == "backoffice" else ""
            return f'<div class="room {_e(room.id)}">{name}{rule}</div>'
        row = devices.get(device.path, {})
        mark = "in_alarm" if row.get("alarm") else "under_test" if row.get("under_test") else ""
        shown = f'<span class="mark">{_e(self.words(mark))}</span>' if mark else ""
        return (
            f'<div class="{_e(f"room {room.id} {mark}".strip())}"><form method="post" action="/press">'
            f'<button name="device" value="{_e(device.path)}" class="knob"><span class="unseen">'
            f"{_e(self.words('press'))} {_e(site.name)}, </span>{_e(device.name)}</button></form>{shown}{name}</div>"
        )

    def _round(self, site: Site, round_: Row) -> Iterator[str]:
        common = self._page_words
        progress = common("test.progress", passed=round_["passed"], total=round_["total"])
        yield f'<p class="progress">{_e(progress)}</p>'
        if round_["paused"]:
            yield f'<p class="bad banner">{_e(common("test.paused"))}</p>'
        yield f'<ul class="list">{"".join(map(_tried, round_["devices"]))}</ul><div class="answers">'
        if any(each.alarm_centre for each in self.configuration.recipients.values()):
            yield from self._test("on_test", site.id, self.words("on_test"), site.name)
        yield from self._test("finish", site.id, common("test.finish"), site.name)
        yield from self._test("abort", site.id, common("test.abort"), site.name)
        yield "</div>"

    def _test(self, how: str, site: str, text: str, name: str) -> Iterator[str]:
        yield (
            f'<form method="post" action="/test"><input type="hidden" name="site" value="{_e(site)}">'
            f'<button name="how" value="{how}">{_e(text)} <span class="unseen">{_e(name)}</span></button></form>'
        )

    def _receiver(self, name: str, messages: Sequence[Message]) -> str:
        shown = "".join(map(self._message, messages[:LATEST]))
        older = "".join(map(self._message, messages[LATEST:]))
        count = len(messages) - LATEST
        more = f"<details><summary>{_e(self.words('older', count=count))}</summary>{older}</details>" if older else ""
        return f'<article class="receiver"><h3>{_e(name)}</h3>{shown}{more}</article>'

    def _message(self, message: Message) -> str:
        after = self.words("at", time=self._page_words.clock(message.arrival.at, seconds=True))
        if message.after_s is not None:
            duration = DemoWords(self.configuration.language).duration(message.after_s)
            after = self.words("after", after=duration)
        return (
            f'<p><small>{_e(after)}</small></p><p class="message"><strong>{_e(message.arrival.title)}</strong>\n'
            f"{_e(message.arrival.body)}</p>"
        )


def _tried(device: Row) -> str:
    why = f" ({_e(device['why'])})" if device["why"] else ""
    reached = f"<small>{' · '.join(map(_e, device['reached']))}</small>" if device["reached"] else ""
    return (
        f'<li class="{_e(device["state"])}"><span class="tick" aria-hidden="true">{_e(device["mark"])}</span>'
        f"<div><strong>{_e(device['name'])}</strong> <span>{_e(device['words'])}{why}</span>{reached}</div></li>"
    )


def receivers_of(configuration: Configuration, words: PlanWords) -> Iterable[tuple[str, str]]:
    """Give each receiver's path with what people call it: a fallback is one of its own."""
    for recipient in configuration.recipients.values():
        for target in recipient.targets + recipient.fallback:
            path = target.url.reveal().partition("?")[0].rpartition("/")[2]
            name = words("fallback", name=recipient.name) if target in recipient.fallback else recipient.name
            yield path, name
