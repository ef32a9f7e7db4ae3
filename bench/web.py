"""What the page costs a press: from the press to the first message, without the page and with it calm, flooded, hung.

`python bench/web.py [PRESSES]` prints a table. All runs on this machine, the flood (1,000 requests a second) too, so
that what it costs the daemon is an upper bound.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "web"))

from running import until
from test_page_cannot_hurt import flooded
from web_town import WebTown

USUAL = 30
DEVICES = ("reception", "skranke", "lokale")


def told_ms(town: WebTown, presses: int) -> list[float]:
    """Press so often; give the milliseconds from each contact to the first message at its receiver."""
    found = []
    for number in range(presses):
        before = len(town.daemon.records("raised"))
        town.daemon.ask("pin", device=f"hus/{DEVICES[number % 3]}", for_s=0.05, bounce=0)
        (record,) = town.daemon.wait_for("raised", before + 1)[before:]
        alarm = record.draft.alarm
        tolds = town.daemon.wait_for("told", 2, alarm=alarm)
        found.append(float(min(each.draft.data["after_ms"] for each in tolds)))
        town.daemon.ask("close", alarm=alarm, outcome="test", by="bench")
    return found


@contextlib.contextmanager
def hung(town: WebTown) -> Iterator[None]:
    """Hold the page in the middle of whatever it does."""
    if town.page is None:
        raise LookupError("the page does not run")
    town.page.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        town.page.send_signal(signal.SIGCONT)


def show(name: str, figures: list[float]) -> None:
    """Print one line."""
    ninety_fifth = quantiles(figures, n=20)[-1]
    print(f"{name:<22} {median(figures):>8.1f} {ninety_fifth:>8.1f} {max(figures):>8.1f}")


def main(presses: int) -> None:
    """Measure."""
    print(f"{'ms, of ' + str(presses) + ' presses':<22} {'median':>8} {'p95':>8} {'most':>8}")
    with tempfile.TemporaryDirectory() as folder:
        town = WebTown(Path(folder))
        try:
            town.daemon.start()
            show("without the page", told_ms(town, presses))
            town.start_page()
            show("with it", told_ms(town, presses))
            with flooded(town) as count:
                until(lambda: count[0] > 100)  # noqa: PLR2004 - the flood has come up
                show("flooded", told_ms(town, presses))
            with hung(town):
                show("hung (SIGSTOP)", told_ms(town, presses))
            if town.page is not None:
                town.page.kill()
            show("killed", told_ms(town, presses))
        finally:
            town.end()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else USUAL)
