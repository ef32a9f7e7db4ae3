"""`alarmbro presets` and `alarmbro try-preset`: what people learn before they set a device up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alarmbro.cli.main import alarmbro
from alarmbro.config.presets.catalogue import names, preset

NOWHERE = {"ALARMBRO_CONFIG": "/nonexistent/alarmbro.yaml"}


def asked(*words: str, payload: bytes = b"") -> Result:
    return CliRunner().invoke(alarmbro, list(words), input=payload, env=NOWHERE)


def tried(*words: str, payload: bytes) -> tuple[int, dict[str, object]]:
    done = asked("try-preset", *words, "--json", payload=payload)
    assert done.stderr == ""
    answer: dict[str, object] = json.loads(done.stdout)
    return done.exit_code, answer


def test_the_list_names_every_make_with_its_notes() -> None:
    """Without a configuration; a new make needs no further line."""
    done = asked("presets")
    assert done.exit_code == 0
    for name in names():
        assert f"{name}: {preset(name).about}" in done.stdout
        assert all(note in done.stdout for note in preset(name).notes)
    assert "refused: TS0601_sos" in done.stdout


def test_the_list_as_json_says_what_each_takes() -> None:
    """What must be written, and what stands where a word is left out."""
    rows = {row["name"]: row for row in json.loads(asked("presets", "--json").stdout)["presets"]}
    assert set(rows) == set(names())
    assert rows["shelly"]["takes"] == {"id": None, "channel": "0"}
    assert rows["esphome"]["takes"] == {"id": None, "channel": None}
    assert rows["owntracks"]["takes"] == {"id": None, "press": None}
    assert rows["zigbee2mqtt"]["takes"] == {"id": None}


@pytest.mark.parametrize(
    ("words", "payload", "code", "means"),
    [
        (["zigbee2mqtt"], b'{"action":"single","battery":55}', 0, "press"),
        (["zigbee2mqtt"], b'{"action":"","battery":55}', 1, "alive"),
        (["zigbee2mqtt"], b"emergency", 1, "unread"),
        (["zigbee2mqtt", "--model", "HS1EB"], b'{"battery":15}', 1, "maybe_press"),
        (["zigbee2mqtt", "--retained"], b'{"action":"single"}', 1, "retained"),
        (["zigbee2mqtt", "--topic", "zigbee2mqtt/Knap 1/availability"], b'{"state":"offline"}', 1, "gone"),
        (["zigbee2mqtt", "--topic", "zigbee2mqtt/bridge/state", "--retained"], b"online", 1, "there"),
        (["zigbee2mqtt", "--id", "a", "--topic", "zigbee2mqtt/b"], b'{"action":"single"}', 1, "not_listened"),
        (["esphome"], b"ON\n", 0, "press"),
        (["esphome", "--retained"], b"ON", 1, "active"),
        (["esphome"], b"OFF", 1, "alive"),
        (["traccar", "--id", "1"], b'{"device":{"uniqueId":"2"},"event":{"type":"alarm"}}', 1, "nothing"),
        (["traccar"], b'{"device":{"uniqueId":"2"},"event":{"type":"deviceOffline"}}', 1, "gone"),
        (["traccar"], b'{"device":{"uniqueId":"2"},"event":{"type":"alarm","attributes":{"alarm":"sos"}}}', 0, "press"),
        (["chirpstack-milesight-ws101"], b'{"data":"AXUQ/y4B"}', 0, "press"),
        (["owntracks"], b'{"_type":"location","t":"u"}', 1, "alive"),
        (
            ["shelly", "--channel", "1"],
            b'{"params":{"events":[{"component":"input:1","event":"btn_down"}]}}',
            0,
            "press",
        ),
        (["shelly"], b'{"params":{"events":[{"component":"input:1","event":"btn_down"}]}}', 1, "alive"),
    ],
)
def test_a_payload_is_judged_as_the_daemon_would(words: list[str], payload: bytes, code: int, means: str) -> None:
    """Exit 0 for a press, 1 for anything else."""
    got, answer = tried(*words, payload=payload)
    assert (got, answer["means"], answer["press"]) == (code, means, code == 0)


def test_what_is_no_press_says_what_would_have_been_one() -> None:
    """The paths with what they must be, and what stands there."""
    _, answer = tried("zigbee2mqtt", payload=b'{"action":"off"}')
    assert isinstance(answer["expected"], list)
    first = answer["expected"][0]
    assert (first["path"], first["found"]) == ("action", "off")
    assert "emergency" in first["equals"]


def test_it_speaks_danish_and_on_request_english() -> None:
    """Every outcome has its words in both."""
    payload = b'{"action":"off","battery":40,"linkquality":88,"tamper":true,"battery_low":false}'
    danish = asked("try-preset", "zigbee2mqtt", payload=payload).stdout
    english = asked("try-preset", "zigbee2mqtt", "--language", "en", payload=payload).stdout
    assert "INTET TRYK: et livstegn." in danish
    assert "batteri: 40 %" in danish
    assert "action: emergency / sos" in danish
    assert "her: 'off'" in danish
    assert "NO PRESS: a sign of life." in english
    assert "battery: 40 %" in english
    press = json.dumps(
        {
            "event": {"id": 1, "type": "alarm", "eventTime": "2026-11-23T09:12:04Z", "attributes": {"alarm": "sos"}},
            "position": {"latitude": 57.46, "longitude": 9.98},
        }
    )
    told = asked("try-preset", "traccar", payload=press.encode()).stdout
    assert "ET TRYK: alarmbro ville rejse en alarm." in told
    assert "sted: 57.46, 9.98" in told


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_outcome_has_words(language: str) -> None:
    """None ends in an error where a person waits for an answer."""
    cases = [
        (["zigbee2mqtt", "--retained"], b'{"action":"single"}'),
        (["zigbee2mqtt", "--id", "a", "--topic", "b"], b"{}"),
        (["zigbee2mqtt", "--topic", "zigbee2mqtt/bridge/state"], b"online"),
        (["zigbee2mqtt", "--topic", "zigbee2mqtt/bridge/state"], b"offline"),
        (["zigbee2mqtt", "--model", "HS1EB"], b'{"battery":15}'),
        (["zigbee2mqtt"], b"\xff\x00"),
        (["esphome", "--retained"], b"ON"),
        (["traccar", "--id", "1"], b"{}"),
        (["esphome"], b""),
    ]
    for words, payload in cases:
        done = asked("try-preset", *words, "--language", language, payload=payload)
        assert (done.exit_code, done.stderr) == (1, "")
        assert done.stdout.splitlines()[0]
    assert Path(NOWHERE["ALARMBRO_CONFIG"]).exists() is False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["presets", "zigbe2mqtt"], "did you mean"),
        (["try-preset", "nix"], "there is no preset 'nix'"),
        (["try-preset", "shelly", "--channel", "a/b"], "--channel: this is no button or input"),
        (["try-preset", "tts-browan-tbpb100", "--id", "Knap"], "is no id of tts-browan-tbpb100"),
        (["try-preset", "zigbee2mqtt", "--id", "a#"], "--id: the id of a device holds"),
    ],
)
def test_wrong_words_are_told_and_end_with_2(words: list[str], said: str) -> None:
    """What is wrong, and nothing on stdout."""
    done = asked(*words, payload=b"{}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
