"""What a run leaves behind: results.json (every figure), results.md (the tables), latency.svg (the picture)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import picture
from figures import Cell, median, number, of, percentile, pooled, ratio, span, yardstick

SHARES = (0.5, 0.95, 0.99, 1.0)
TITLES = {
    "a": "the receivers refuse connections for 10 s, 10 presses meanwhile",
    "b": "the second of three receivers takes each message and never answers (20 presses at 2/s; the other two count)",
    "c": "SIGKILL 50 ms after a burst of 50 presses, receivers that take 500 ms; started again, receivers quick again",
    "d": "the broker is restarted (down 2 s) during 60 presses at 5/s",
    "e": "10 presses while the system is stopped (SIGTERM), then started",
    "e2": "the same after SIGKILL",
}


def write(result: dict[str, Any], out: Path) -> None:
    """Write all three; what is not there yet is left out."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.json").write_text(_json(result), encoding="utf-8")
    parts = [_about(result)]
    parts += [TABLES[name](cells) for name, cells in result["scenarios"].items()]
    (out / "results.md").write_text("\n".join(parts), encoding="utf-8")
    if latency := result["scenarios"].get("latency"):
        (out / "latency.svg").write_text(picture.strips(latency), encoding="utf-8")


def _json(result: dict[str, Any]) -> str:
    """Give it with one cell a line, for a readable difference between two runs."""
    rest = {key: value for key, value in result.items() if key != "scenarios"}
    lines = json.dumps(rest, indent=1)[:-2] + ',\n "scenarios": {\n'
    scenarios = [
        f'  "{name}": [\n' + ",\n".join("   " + json.dumps(cell) for cell in cells) + "\n  ]"
        for name, cells in result["scenarios"].items()
    ]
    return lines + ",\n".join(scenarios) + "\n }\n}\n"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Give a Markdown table, figures to the right."""
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows), ""])


def _about(result: dict[str, Any]) -> str:
    machine = result["machine"]
    rows = [
        [name, ", ".join(f"{what} {version}" for what, version in each["versions"].items()), each["note"]]
        for name, each in result["systems"].items()
    ]
    missing = [f"- Left out: {name}: {why}" for name, why in result["missing"].items()]
    quick = ["", "**A quick run: good for a comparison with another quick run, not to be quoted.**"] * result["quick"]
    words = (
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gib']} GiB, Linux {machine['kernel']}, "
        f"mosquitto {machine['mosquitto']}; an fdatasync'd line takes {machine['fdatasync_ms_p50']} ms (p50) on the "
        f"disk used. One run of {result['minutes']} minutes, all on loopback."
    )
    return "\n".join(
        ["# Results", *quick, "", words, "", *missing, "", table(["system", "versions", "set up as"], rows)]
    )


def _systems(cells: Sequence[Cell]) -> list[str]:
    """Give those of whom there is a figure."""
    return list(dict.fromkeys(cell["system"] for cell in cells if "broken" not in cell))


def _broken(cells: Sequence[Cell]) -> str:
    lines = {f"- **{cell['system']} broke**: {cell['broken']}" for cell in cells if "broken" in cell}
    return "\n".join([*sorted(lines), ""]) if lines else ""


def _latency(cells: Sequence[Cell]) -> str:
    names = sorted(_systems(cells))
    by = {key: {name: median(pooled(cells, name, key)) for name in names} for key in ("first_ms", "all_ms")}
    stick = {key: yardstick(values) for key, values in by.items()}
    rows = []
    for name in sorted(names, key=lambda name: by["all_ms"][name] or 0):
        some, row = of(cells, name), [name]
        for key, values in by.items():
            row += [number(percentile(pooled(cells, name, key), share)) for share in SHARES]
            row += [ratio(values[name], stick[key].floor), ratio(values[name], stick[key].peer)]
        row += [span([median(cell["all_ms"]) for cell in some])]
        row += [str(sum(cell[key] for cell in some)) for key in ("lost", "twice")]
        row += [number(median(cell["cpu_ms_a_press"] for cell in some)), number(median(c["others"] for c in some))]
        rows.append(row)
    heads = ["system"]
    for what, key in (("first", "first_ms"), ("all", "all_ms")):
        heads += [f"{what} p50", "p95", "p99", "max", "÷ floor", f"÷ {stick[key].name or 'quickest peer'}"]
    heads += ["all p50 per round", "lost", "twice", "CPU ms a press", "others' cores"]
    presses = max((len(pooled(cells, name, "first_ms")) for name in names), default=0)
    words = f"{presses} presses a system at 5/s, three receivers; milliseconds from the press to the first, and to all."
    return "\n".join(["## Press to receivers", "", words, "", table(heads, rows), _broken(cells)])


def _storm(cells: Sequence[Cell]) -> str:
    names = _systems(cells)
    seconds = {name: median(cell["seconds"] for cell in of(cells, name)) for name in names}
    stick = yardstick(seconds)
    rows = []
    for name in sorted(names, key=lambda name: seconds[name] or 0):
        some, took = of(cells, name), seconds[name]
        told = [(cell["expected"] - cell["lost"]) / cell["seconds"] for cell in some if cell["seconds"]]
        row = [name, number(took), span([cell["seconds"] for cell in some]), number(median(told), 0)]
        row += [ratio(took, stick.floor), ratio(took, stick.peer), number(median(cell["messages"] for cell in some), 0)]
        row += [
            f"{sum(c['lost'] for c in some)} of {sum(c['expected'] for c in some)}",
            str(sum(c["twice"] for c in some)),
        ]
        row += [number(median(pooled(cells, name, "first_ms")), 0), number(median(c["cpu_s"] for c in some))]
        rows.append([*row, number(median(cell["peak_mib"] for cell in some), 0)])
    heads = [
        "system",
        "s until the last (p50)",
        "least-most",
        "told/s",
        "÷ floor",
        f"÷ {stick.name or 'quickest peer'}",
    ]
    heads += ["messages", "lost", "twice", "first p50 ms", "CPU s", "peak RSS MiB"]
    presses = max((cell["expected"] for cell in cells if "broken" not in cell), default=0) // 3
    words = (
        f"{presses} presses of as many devices, as fast as the broker takes them. A press is told at a receiver when "
        "its own device is named in a message there; a message may name several."
    )
    return "\n".join(["## Storm", "", words, "", table(heads, rows), _broken(cells)])


def _idle(cells: Sequence[Cell]) -> str:
    rows = []
    for cell in [each for each in cells if "broken" not in each]:
        cpu, wakeups = cell["cpu_s"] / cell["idle_s"] * 100, cell["wakeups"] / cell["idle_s"]
        row = [cell["system"], number(median(cell["armed_s"])), span(cell["armed_s"]), number(cpu, 3)]
        rows.append([*row, number(wakeups), number(cell["rss_mib"], 1), number(cell["pss_mib"], 1)])
    heads = ["system", "start to armed s (p50)", "least-most", "CPU %", "wake-ups/s", "RSS MiB", "PSS MiB"]
    seconds = max((cell["idle_s"] for cell in cells if "broken" not in cell), default=0)
    words = (
        f"Armed: a first press got through. CPU and wake-ups over {seconds:.0f} s without a press; memory when alone."
    )
    return "\n".join(["## Start and idle", "", words, "", table(heads, rows), _broken(cells)])


def _faults(cells: Sequence[Cell]) -> str:
    parts = ["## Faults", ""]
    for letter in dict.fromkeys(cell["fault"] for cell in cells):
        rows, some = [], [cell for cell in cells if cell["fault"] == letter]
        for cell in [each for each in some if "broken" not in each]:
            back = cell["back_s"] or [None, None]
            row = [cell["system"], f"{cell['expected'] - cell['lost']} of {cell['expected']}", str(cell["lost"])]
            row += [str(cell["twice"]), *(number(percentile(cell["all_ms"], share), 1) for share in (0.5, 0.95, 1.0))]
            rows.append([*row, *(number(each) for each in back), "yes" if cell["works"] else "**no**"])
        heads = ["system", "told", "lost", "twice", "all p50 ms", "p95", "max"]
        heads += ["first after it, s", "last after it, s", "works afterwards"]
        parts += [f"### {letter}: {TITLES[letter]}", "", table(heads, rows), _broken(some)]
    return "\n".join(parts)


TABLES: dict[str, Callable[[Sequence[Cell]], str]] = {
    "latency": _latency,
    "storm": _storm,
    "idle": _idle,
    "faults": _faults,
}
