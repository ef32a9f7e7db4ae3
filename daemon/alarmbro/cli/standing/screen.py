"""The screen of `status --watch`, by rich: alarms on top, large and red; then what is wrong; then each button.

Promises: nothing hangs on colour alone; on a small window the worst is what is still seen; a narrow one loses columns,
never words. Must never: take a text for markup, or let one steer the terminal (`showing.printable`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.box import HEAVY
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from alarmbro.cli.standing.showing import coming_lines, health_parts, reason_of
from alarmbro.cli.standing.watching import Seen
from alarmbro.cli.testing.rounds import round_lines
from alarmbro.cli.words.answers import Words, seconds
from alarmbro.judgement.words.wording import fault_words

NARROW = 80  # columns; below it a button has two lines
LARGE = 3  # alarms that are shown large; more, or those in a low window, are shown one below the other
LOW = 24  # lines
WORST = ("red", "yellow", "green")
COLOUR = {"red": "bold red", "yellow": "yellow", "green": "green"}
LOUD = "bold white on red"
LOUD_WITHOUT_COLOUR = "bold reverse"


def on_screen(looks: Iterator[Seen]) -> None:
    """Show each look in place of the one before it, on a screen of its own; what was there comes back at the end."""
    console = Console(highlight=False, markup=False, emoji=False)
    with Live(console=console, screen=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False) as live:
        for seen in looks:
            live.update(picture(seen, datetime.now(UTC)), refresh=True)


def picture(seen: Seen, now: datetime) -> RenderableType:
    """Draw how things stand at `now`."""
    return _Cut(list(_parts(seen, now)), seen.words)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Shows from the top as much as the window holds, and says how much there is below."""

    parts: list[RenderableType]
    words: Words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = options.height or console.height
        lines = console.render_lines(Group(*self.parts), options.update(height=None), pad=False)
        if console.is_terminal and len(lines) > height:
            more = Text(self.words("watch.more", lines=len(lines) - height + 1), style="bold", no_wrap=True)
            lines = [*lines[: height - 1], *console.render_lines(more, options.update(height=None), pad=False)]
        for number, line in enumerate(lines):
            yield from line
            if number < len(lines) - 1:
                yield Segment.line()


def _parts(seen: Seen, now: datetime) -> Iterator[RenderableType]:
    answer, words = seen.answer, seen.words
    yield _head(seen, now)
    if seen.why:
        yield _silence(seen)
    if answer is None:
        return
    yield from _alarms(seen, now)
    yield from (Text(line, style="bold yellow") for line in round_lines(answer, words))
    yield from _faults(answer, words)
    for site, connected in answer["mqtt"].items():
        if not connected:
            yield Text(words("status.mqtt", site=site, state=words("status.lost")), style="bold red")
    yield Text()
    yield _Devices(seen)


def _head(seen: Seen, now: datetime) -> RenderableType:
    sites = ", ".join(seen.answer["sites"]) if seen.answer else ""
    head = Table.grid(expand=True)
    head.add_column(ratio=1)
    head.add_column(justify="right", no_wrap=True)
    head.add_row(Text(f"alarmbro  {sites}", style="bold"), Text(f"{seen.here(now):%d.%m.%Y %H:%M:%S}"))
    return head


def _silence(seen: Seen) -> RenderableType:
    told = [Text(seen.silence(), style="bold")]
    told += [Text(seen.words("watch.old"))] if seen.answer else []
    return Panel(Group(*told, Text(seen.why)), box=HEAVY, style="bold red")


def _alarms(seen: Seen, now: datetime) -> Iterator[RenderableType]:
    answer, words = seen.answer or {}, seen.words
    if not answer["alarms"]:
        yield Text(words("status.no_alarms"), style="green")
    names = {(each["site"], each["device"]): each["name"] for each in answer["devices"]}
    large = len(answer["alarms"]) <= LARGE
    for alarm in sorted(answer["alarms"], key=lambda each: each["state"] != "raised"):
        text = _alarm(alarm, names.get((alarm["site"], alarm["device"]), ""), seen, now)
        yield _Loud(text, raised=alarm["state"] == "raised", large=large)


def _alarm(alarm: dict[str, Any], name: str, seen: Seen, now: datetime) -> Text:
    words, received = seen.words, datetime.fromisoformat(alarm["received"])
    ago = seconds(max(0.0, (now - received).total_seconds()))
    when = words("watch.received", received=f"{seen.here(received):%H:%M:%S}", ago=ago, presses=alarm["presses"])
    lines = [
        f"{words('watch.alarm', alarm=alarm['alarm'])}   {alarm['site']}/{alarm['device']}   {name}".rstrip(),
        words(f"status.{alarm['state']}"),
        when,
        words("watch.told", told=", ".join(alarm["told"]) or "-"),
        *(line.strip() for line in coming_lines(alarm, words)),
    ]
    if alarm["level"] != "assault":
        lines.insert(1, words("status.level", level=alarm["level"]).strip())
    return Text("\n".join(lines))


@dataclass(frozen=True, slots=True)
class _Loud:
    """An alarm: one that nobody has answered fills its place with red."""

    text: Text
    raised: bool
    large: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        loud = LOUD_WITHOUT_COLOUR if console.no_color else LOUD
        style = loud if self.raised else "bold red"
        if self.large and console.height >= LOW:
            yield Panel(self.text, box=HEAVY, style=style, padding=(1, 2))
        else:
            yield Padding(self.text, (0, 1), style=style)
            yield Text()


def _faults(answer: dict[str, Any], words: Words) -> Iterator[RenderableType]:
    if not answer["faults"]:
        yield Text(words("status.no_faults"), style="green")
        return
    yield Text(words("status.faults"), style="bold")
    for fault in answer["faults"]:
        what, do = fault_words(fault["kind"], fault["subject"], words.language)
        yield Padding(Text(what, style="bold red"), (0, 0, 0, 2))
        yield Padding(Text(do), (0, 0, 0, 4))


@dataclass(frozen=True, slots=True)
class _Devices:
    """The buttons, the worst first, with their reasons below them."""

    seen: Seen

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        answer, words = self.seen.answer or {}, self.seen.words
        narrow = options.max_width < NARROW
        yield Text(words("status.devices"), style="bold")
        for device in sorted(answer["devices"], key=lambda each: WORST.index(each["health"])):
            yield _device(device, self.seen, narrow=narrow)
            for reason in device["reasons"]:
                yield Padding(Text(_reason(reason, words)), (0, 0, 0, 4))


def _reason(reason: str, words: Words) -> str:
    """Say why a device is not well; of a fault, which is shown further up, what it is and not what to do."""
    kind, slash, subject = reason.partition("/")
    return fault_words(kind, subject, words.language)[0] if slash else reason_of(reason, words)


def _device(device: dict[str, Any], seen: Seen, *, narrow: bool) -> RenderableType:
    words, colour = seen.words, device["health"]
    health = Text(f"● {words(f'health.{colour}')}", style=COLOUR[colour])
    path, about = f"{device['site']}/{device['device']}", "  ".join(health_parts(device, words))
    if narrow:
        return Text.assemble(health, "  ", (path, "bold"), "  ", device["name"], "\n    ", about)
    last = device["last_press"]
    pressed = f"{seen.here(datetime.fromisoformat(last)):%d.%m. %H:%M:%S}" if last else words("status.never")
    row = Table.grid(padding=(0, 2))
    for width, ratio in ((8, None), (None, 3), (None, 4), (16, None), (None, 3)):
        row.add_column(width=width, ratio=ratio)
    row.expand = True
    row.add_row(health, Text(path, style="bold"), Text(device["name"]), Text(pressed), Text(about))
    return row
