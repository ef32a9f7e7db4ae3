"""A file becomes a configuration, or all that is wrong with it is told at once."""

from __future__ import annotations

import hashlib
import re
import tempfile
from datetime import date
from pathlib import Path

import pytest
from config_files import GOOD, HERE, SECRETS, SMALLEST, loaded, refused, with_urls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alarmbro.config import load
from alarmbro.model.configuration import Configuration, FaultPolicy, Language, PinFactory, Retention, Web
from alarmbro.model.configuration import TestPolicy as YearlyTest
from alarmbro.model.errors import ConfigurationError, Finding
from alarmbro.model.level import Level
from alarmbro.model.route import InTest, Repeat, Step
from alarmbro.model.site import Condition, Contact, Gauge, GpioInput, MqttInput, Supervision

ANNOUNCED = re.compile(r"^# expect-warning: ([0-9]+):([0-9]+) (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def everything() -> Configuration:
    """Give the configuration that uses every key."""
    return load(HERE / "good" / "everything.yaml", environ=SECRETS).configuration


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_is_accepted_with_just_the_warnings_it_announces(path: Path) -> None:
    """Its comments say which."""
    warnings = load(path, environ=SECRETS).warnings
    announced = ANNOUNCED.findall(path.read_text(encoding="utf-8"))
    places = [(str(each.line), str(each.column)) for each in warnings]
    assert places == [each[:2] for each in announced]
    assert all(text in each.text and each.warning for each, (_, _, text) in zip(warnings, announced, strict=True))


def test_what_is_left_out_has_its_usual_value(tmp_path: Path) -> None:
    """The smallest file is Danish, without MQTT, on real pins."""
    configuration = loaded(tmp_path, SMALLEST).configuration
    assert configuration.serve == ("hus",)
    assert (configuration.language, configuration.timezone) == (Language.DANISH, "Europe/Copenhagen")
    assert configuration.mqtt is None
    assert (configuration.gpio.factory, configuration.gpio.chip) == (PinFactory.LGPIO, None)
    assert configuration.web == Web()
    assert configuration.faults == FaultPolicy(("vagt",))
    assert (configuration.test, configuration.retention) == (YearlyTest(), Retention())
    assert configuration.recipients["vagt"].fallback_after_s == 30.0
    assert configuration.sites["hus"].devices["knap"].gpio == GpioInput(17)
    assert configuration.routes["alt"].steps == (Step(("vagt",)),)
    route = configuration.routes["alt"]
    assert (route.repeat, route.reminder_s, route.aftercare) == (None, 600.0, None)
    site, device = configuration.sites["hus"], configuration.sites["hus"].devices["knap"]
    assert (site.acknowledge, site.led) == (None, None)
    assert (device.level, device.hold, device.led) == (Level.ASSAULT, None, None)


def test_the_digest_is_of_the_files_bytes(tmp_path: Path) -> None:
    """Whoever has the file can compare."""
    assert loaded(tmp_path, SMALLEST).configuration.digest == hashlib.sha256(SMALLEST.encode()).hexdigest()


def test_recipients_keep_their_addresses_in_order_and_numbered(everything: Configuration) -> None:
    """Numbers count over urls and then fallback."""
    recipient = everything.recipients["redningsringen"]
    labels = [target.label for target in (*recipient.targets, *recipient.fallback)]
    assert labels == ["redningsringen/1 (json)", "redningsringen/2 (json)", "redningsringen/3 (json)"]
    assert (recipient.in_test, recipient.fallback_after_s) == (InTest.WITHHOLD, 45.0)
    serviceteam = everything.recipients["serviceteam"]
    assert (serviceteam.acknowledges, serviceteam.reviewed) == (True, date(2026, 1, 10))
    assert serviceteam.targets[0].url.reveal() == SECRETS["ALARMBRO_SECRET_SERVICETEAM_SMS"]


def test_routes_keep_their_steps(everything: Configuration) -> None:
    """Times in seconds, who, until what."""
    route = everything.routes["bibliotek"]
    assert route.steps[1] == Step(("leder",), 60.0, unless_acknowledged=True)
    assert route.steps[2] == Step(("leder", "serviceteam"), 180.0)
    assert (route.repeat, everything.routes["pendant"].repeat) == (Repeat(120.0, until_closed=True), Repeat(120.0))


def test_devices_have_their_route_their_pin_and_their_supervision(everything: Configuration) -> None:
    """The contact as it is written; a pendant's heartbeat and battery."""
    wired = everything.device("hirtshals", "lokale-2")
    assert wired is not None
    assert wired.gpio == GpioInput(27, Contact.NORMALLY_CLOSED, 0.05, 0.3)
    changeover = everything.device("hirtshals", "lokale-3")
    assert changeover is not None
    assert changeover.gpio == GpioInput(5, debounce_s=0.03, opposite=13)
    pendant = everything.device("vraa", "lommy-1")
    assert pendant is not None
    assert (pendant.route, pendant.zone) == ("pendant", 11)
    assert pendant.supervise == Supervision(86400.0, 20)


def test_devices_by_mqtt_have_their_topics_and_conditions(everything: Configuration) -> None:
    """The three forms: own topics, a known make, written out."""
    devices = everything.sites["vraa"].devices
    assert devices["knap-3"].mqtt == MqttInput(own=True)
    assert devices["knap-2"].mqtt == MqttInput(
        topics=("zigbee2mqtt/udlaan",),
        press=((Condition("action", ("emergency", "single")), Condition("linkquality", (255,))),),
        battery=(Gauge("battery"),),
        id_paths=("id",),
        at_path="last_seen",
    )
    tracker = devices["lommy-1"].mqtt
    assert tracker is not None
    assert tracker.topics == ("events", "traccar/events")
    assert tracker.about == ((Condition("device.uniqueId", ("860000000000001",)),),)


def test_the_broker_is_read_with_its_usual_port_and_a_file_beside_it(everything: Configuration) -> None:
    """The certificate lies relative to the configuration, and is absolute from here on."""
    broker = everything.mqtt
    assert broker is not None
    assert (broker.host, broker.port, broker.tls, broker.username) == ("broker.example", 8883, True, "alarmbro")
    assert broker.ca_file == (HERE / "good" / "ca.pem").resolve()
    assert (broker.prefix, broker.protocol) == ("kommune/alarmbro", "3.1.1")
    assert broker.password is not None
    assert broker.password.reveal() == "kanarie-4711"


@pytest.mark.parametrize(("written", "meant"), [("5", "5"), ('"5"', "5"), ("3.1.1", "3.1.1"), ('"3.1.1"', "3.1.1")])
def test_the_protocol_may_be_a_number_or_a_text(tmp_path: Path, written: str, meant: str) -> None:
    """YAML's 5 and "5" are the same to a person."""
    broker = loaded(tmp_path, f"mqtt: {{url: mqtt://localhost, protocol: {written}}}\n{SMALLEST}").configuration.mqtt
    assert broker is not None
    assert (broker.protocol, broker.port, broker.tls) == (meant, 1883, False)


def test_a_telephone_number_and_a_time_stay_as_written(tmp_path: Path) -> None:
    """In a name, YAML's own types never show."""
    for name in ("+4512345678", "12:30", "no", "0123"):
        configuration = loaded(tmp_path, SMALLEST.replace("name: Knap", f"name: {name}")).configuration
        assert configuration.sites["hus"].devices["knap"].name == name


TWO = SMALLEST + "  gaard: {name: Gården, route: alt, devices: {knap: {name: Knap, gpio: 27}}}\n"


@pytest.mark.parametrize(
    ("file", "environ", "asked", "served"),
    [
        ("", None, None, ("hus", "gaard")),
        ("", "", "", ("hus", "gaard")),
        ("serve: [gaard]\n", None, None, ("gaard",)),
        ("serve: [gaard]\n", "hus", None, ("hus",)),
        ("serve: [gaard]\n", "gaard", "hus", ("hus",)),
        ("", "gaard, hus", None, ("gaard", "hus")),
        ("", None, "gaard,hus,gaard", ("gaard", "hus")),
    ],
)
def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, file: str, environ: str | None, asked: str | None, served: tuple[str, ...]
) -> None:
    """Which sites this machine answers for."""
    environment = {} if environ is None else {"ALARMBRO_SERVE": environ}
    assert loaded(tmp_path, file + TWO, environment, asked).configuration.serve == served


def test_an_unknown_site_is_told_wherever_it_was_asked_for(tmp_path: Path) -> None:
    """With the nearest right name and what asked."""
    (found,) = refused(tmp_path, TWO, {"ALARMBRO_SERVE": "huus"})
    assert "ALARMBRO_SERVE names the site" in found.text
    assert 'did you mean "hus"?' in found.text
    (found,) = refused(tmp_path, TWO, serve="gard")
    assert 'did you mean "gaard"?' in found.text


def test_two_machines_may_use_the_same_pins(tmp_path: Path) -> None:
    """One file for the municipality: only what one machine serves must not collide."""
    text = TWO.replace("gpio: 27", "gpio: 17")
    assert loaded(tmp_path, text, serve="hus").configuration.serve == ("hus",)
    (found,) = refused(tmp_path, text)
    assert "pin 17" in found.text


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        (b"", (1, 1), "is empty"),
        (b"# nothing\n", (1, 1), "is empty"),
        (b"- a\n", (1, 1), "which has keys"),
        (b"hej\n", (1, 1), "which has keys"),
        (b"language: da\nname: \xe6\n", (2, 7), "UTF-8"),
        ("æ: ".encode() + b"\xff\n", (1, 4), "UTF-8"),
        (b"#" * ((1 << 20) + 1), (1, 1), "larger than 1 MiB"),
    ],
)
def test_what_is_no_configuration_at_all_is_told(
    tmp_path: Path, content: bytes, place: tuple[int, int], said: str
) -> None:
    """Empty, another kind of file, another encoding, a giant."""
    (found,) = refused(tmp_path, content)
    assert (found.line, found.column) == place
    assert said in found.text


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """Windows editors write one."""
    assert loaded(tmp_path, "\ufeff" + SMALLEST).configuration.serve == ("hus",)


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_a_configuration_error(tmp_path: Path, name: str) -> None:
    """Missing, a folder, no path at all; and what to do."""
    with pytest.raises(ConfigurationError, match="--config FILE") as caught:
        load(tmp_path / name, environ={})
    assert [(each.line, each.column) for each in caught.value.findings] == [(1, 1)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALLEST.replace("faults: {notify: [vagt]}\n", ""), "nobody hears when something is broken"),
        (f"mqtt: {{url: mqtt://broker.example}}\n{SMALLEST}", "can read and forge presses"),
        (SMALLEST.replace("[{notify", "[{unless: acknowledged, notify"), "at the moment of the press"),
        (SMALLEST.replace("routes:\n", "routes:\n  anden: {steps: [{notify: [vagt]}]}\n"), "nobody uses the route"),
        (f"aftercare: {{liste: [Ring]}}\n{SMALLEST}", "nobody uses the aftercare list"),
        (SMALLEST.replace("alt, dev", "alt, levels: {medical: {route: alt}}, dev"), "asks for medical"),
        (SMALLEST.replace("gpio: 17", "gpio: 17, hold: {for: 2s, level: help}"), "so holding it changes nothing"),
        (
            SMALLEST.replace("alt, dev", "alt, acknowledge: {gpio: {pin: 22, contact: normally_closed}}, dev"),
            "a cut cable would say",
        ),
        (with_urls("json://127.0.0.1/a?retry=3"), "leave them out, alarmbro tries again by itself"),
        (with_urls("json://127.0.0.1/a?wait=2"), "leave them out, alarmbro tries again by itself"),
    ],
)
def test_what_is_doubtful_is_a_warning(tmp_path: Path, text: str, said: str) -> None:
    """The configuration is used all the same."""
    (found,) = loaded(tmp_path, text).warnings
    assert found.warning
    assert said in found.text


def test_a_route_that_tells_nobody_in_a_test_is_doubtful(tmp_path: Path) -> None:
    """The test would prove nothing; the recipient is named too."""
    warnings = loaded(tmp_path, with_urls("json://127.0.0.1/a", more=", in_test: withhold")).warnings
    assert ["recipient" in str(each) or "vagt" in str(each) for each in warnings]
    assert sorted(each.text[:9] for each in warnings) == ["a test se", "in a test"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
def test_a_broker_on_this_machine_needs_no_encryption(tmp_path: Path, host: str) -> None:
    """Nobody is on the way."""
    assert loaded(tmp_path, f'mqtt: {{url: "mqtt://{host}:1884"}}\n{SMALLEST}').warnings == ()


EVERYTHING = (HERE / "good" / "everything.yaml").read_text(encoding="utf-8")
PIECES = re.findall(r"[^\s{}\[\],:\"]+|\s+|[{}\[\],:\"]", EVERYTHING)
ODD = st.sampled_from(
    ["*a", "&a ", "!secret x", "!x ", "<<", "- ", "? ", ": ", "\t", "'", "{", "}", "[", "null", "-1", "\x00"]
)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def never_anything_else(text: str) -> None:
    """Load a text, which is taken or refused with findings in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alarmbro.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            found = load(path, environ=SECRETS).warnings
        except ConfigurationError as error:
            found = error.findings or (Finding("", 0, 0, ""),)
    assert all(each.line >= 1 and each.column >= 1 and each.text for each in found)
    assert "kanarie" not in str(found)


@MANY
@given(st.text(max_size=200))
def test_any_text_is_taken_or_refused(text: str) -> None:
    """Nothing but ConfigurationError comes out."""
    never_anything_else(text)


@MANY
@given(st.lists(st.tuples(st.integers(0, len(PIECES) - 1), st.sampled_from(PIECES) | ODD), min_size=1, max_size=4))
def test_a_file_with_a_few_slips_is_taken_or_refused(slips: list[tuple[int, str]]) -> None:
    """A good file with some of its words changed; no slip shows a secret or raises anything else."""
    pieces = list(PIECES)
    for at, piece in slips:
        pieces[at] = piece
    never_anything_else("".join(pieces))


def test_a_file_that_anybody_can_change_is_doubtful(tmp_path: Path) -> None:
    """Whoever writes it says whom an alarm tells; its group may, where somebody has given it to one."""
    loaded(tmp_path, SMALLEST)
    path = tmp_path / "alarmbro.yaml"
    path.chmod(0o666)
    (warning,) = load(path, environ={}).warnings
    assert (warning.line, warning.column) == (1, 1)
    assert "chmod o-w" in warning.text
    path.chmod(0o664)
    assert load(path, environ={}).warnings == ()
