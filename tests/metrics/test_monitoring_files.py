"""What lies in docs/monitoring: each metric that it names exists, and Prometheus and Grafana can read it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from clocks import JumpingClock

from alarmbro.config import load
from alarmbro.metrics.page import Page
from alarmbro.metrics.snapshot import Snapshot
from alarmbro.metrics.tally import Tally

SMALLEST = Path(__file__).parents[1] / "config" / "good" / "smallest.yaml"
MONITORING = Path(__file__).parents[2] / "docs" / "monitoring"
RULES = MONITORING / "alarmbro.rules.yml"
BOARD = MONITORING / "grafana-alarmbro.json"
PROMTOOL = shutil.which("promtool")
NEEDS_PROMTOOL = pytest.mark.skipif(PROMTOOL is None, reason="needs promtool, of Debian's package prometheus")
OF_PROMETHEUS = {"up", "ALERTS"}
NAME = re.compile(r"\b(?:alarmbro|process)_[a-z_]+\b|\bup\b(?=\{)")


def families() -> dict[str, str]:
    """Give what the page has, by name: counter, gauge or histogram."""
    clock = JumpingClock()
    snapshot = Snapshot(clock.now(), ("hus",))
    page = Page(Tally(), clock, lambda: None, lambda: snapshot, lambda: True, lambda: 0, clock.now())
    text = page.look()
    assert text is not None
    return dict(re.findall(r"^# TYPE (\S+) (\S+)$", text.decode(), flags=re.MULTILINE))


def names() -> set[str]:
    """Give every name that an expression may use."""
    found = set(OF_PROMETHEUS)
    for name, kind in families().items():
        found |= {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {name}
    return found


def alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return list(group["rules"])


def board() -> dict[str, Any]:
    return dict(json.loads(BOARD.read_text(encoding="utf-8")))


def values_of(tree: Any, key: str) -> Iterator[Any]:
    """Give whatever stands under a key, however deep."""
    if isinstance(tree, dict):
        if key in tree:
            yield tree[key]
        tree = list(tree.values())
    for branch in tree if isinstance(tree, list) else ():
        yield from values_of(branch, key)


def expressions() -> list[str]:
    """Give each expression of the board, with Grafana's variables filled in."""
    filled = [("$__rate_interval", "5m"), ("$__range", "1d"), ("$site", ".*"), ("$instance", ".*")]
    found = [str(text) for text in values_of(board(), "expr")]
    for variable, text in filled:
        found = [each.replace(variable, text) for each in found]
    return found


def test_names_follow_the_conventions() -> None:
    """Counters end in _total; a time is in seconds, a share is a ratio; all is under our name or everybody's."""
    for name, kind in families().items():
        assert re.fullmatch(r"(alarmbro|process)_[a-z]+(_[a-z]+)*", name)
        assert name.endswith("_total") == (kind == "counter"), name
        if kind == "histogram":
            assert name.endswith("_seconds")
        assert not re.search(r"_(ms|milliseconds|minutes|hours|days|percent|kilobytes)(_|$)", name), name


def test_each_metric_that_is_named_exists() -> None:
    """In the alerts, their trials, the board and the README; one that is misspelt would never alert."""
    known = names()
    for rule in alerts():
        assert NAME.findall(rule["expr"]), rule
        assert set(NAME.findall(rule["expr"])) <= known, rule["alert"]
    for text in expressions():
        assert NAME.findall(text), text
        assert set(NAME.findall(text)) <= known, text
    for file in MONITORING.iterdir():
        found = set(re.findall(r"\balarmbro_[a-z_]+\b", file.read_text(encoding="utf-8")))
        assert {name.rstrip("_") for name in found} <= known | families().keys(), file


def test_the_readme_says_what_each_metric_is() -> None:
    """None is left out."""
    text = (MONITORING / "README.md").read_text(encoding="utf-8")
    assert [name for name in families() if f"`{name}`" not in text] == []


def test_the_readme_s_configurations_are_accepted(tmp_path: Path) -> None:
    """As they stand there."""
    blocks = re.findall(r"```yaml\n(.*?)```", (MONITORING / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 2
    file, smallest, found = tmp_path / "alarmbro.yaml", SMALLEST.read_text(encoding="utf-8"), []
    for block in blocks:
        file.write_text(block + smallest, encoding="utf-8")
        found.append(load(file, environ={}).configuration.metrics)
    (job,) = yaml.safe_load((MONITORING / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    (static,) = job["static_configs"]
    assert [each.address for each in found if each] == [*static["targets"], "10.8.0.7:9480"]
    assert job["job_name"] == "alarmbro"


def test_each_alert_says_how_bad_it_is_and_what_to_do() -> None:
    """Whoever is woken by it does not know this project."""
    found = alerts()
    assert len({rule["alert"] for rule in found}) == len(found)
    for rule in found:
        assert rule["alert"].startswith("Alarmbro")
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert rule["annotations"].keys() == {"summary", "description"}
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}


def test_each_alert_is_tried() -> None:
    """Once that it comes, and once that it does not."""
    text = (MONITORING / "alarmbro.rules.test.yml").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in alerts() if f'alertname="{rule["alert"]}"' not in text] == []


def test_the_board_can_be_taken_by_grafana() -> None:
    """Each panel has a place of its own, a source that the user picks, and questions with names of their own."""
    whole = board()
    assert whole["schemaVersion"] >= 38
    assert whole["id"] is None
    variables = {each["name"] for each in whole["templating"]["list"]}
    assert variables == {"datasource", "instance", "site"}
    used = set(re.findall(r"\$\{?([a-z]+)\b", json.dumps(whole))) - {"__rate_interval"}
    assert used <= variables
    assert len({panel["id"] for panel in whole["panels"]}) == len(whole["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in whole["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {(x + place["x"], y + place["y"]) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        references = [target["refId"] for target in panel["targets"]]
        assert references
        assert len(set(references)) == len(references)
        assert panel["type"] in {"stat", "timeseries", "table"}


@NEEDS_PROMTOOL
def test_prometheus_takes_the_alerts_and_they_do_what_they_say() -> None:
    """Checked and tried by Prometheus's own tool."""
    for words in (
        ["check", "rules", RULES.name], ["check", "config", "prometheus.yml"],
        ["test", "rules", "alarmbro.rules.test.yml"],
    ):  # fmt: skip
        command = [str(PROMTOOL), *words]
        done = subprocess.run(command, cwd=MONITORING, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


@NEEDS_PROMTOOL
def test_prometheus_understands_every_question_of_the_board(tmp_path: Path) -> None:
    """As recording rules, which is how its tool reads them."""
    rules = [{"record": f"board:{number}", "expr": text} for number, text in enumerate(expressions())]
    file = tmp_path / "board.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "board", "rules": rules}]}), encoding="utf-8")
    command = [str(PROMTOOL), "check", "rules", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@NEEDS_PROMTOOL
def test_prometheus_finds_nothing_to_say_about_the_page() -> None:
    """Its linter for metrics: names, units, help."""
    clock = JumpingClock()
    snapshot = Snapshot(clock.now(), ("hus",), alarms={("hus", "raised"): 1})
    page = Page(Tally(), clock, lambda: None, lambda: snapshot, lambda: True, lambda: 0, clock.now()).look()
    done = subprocess.run([str(PROMTOOL), "check", "metrics"], input=page, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
