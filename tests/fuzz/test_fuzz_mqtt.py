"""Whatever is published to us: nothing escapes, nothing but a press is a press, and the next press is one."""

from __future__ import annotations

import itertools
import json
import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from clocks import JumpingClock
from fuzzed import NUMBERS, TEXTS, configuration, spoilt, trees, tries, written
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import MQTTMessage

from alarmbro.config.presets.catalogue import names
from alarmbro.config.presets.inputs import of_preset
from alarmbro.config.schema.mqtt import PresetWords
from alarmbro.config.syntax.yaml_positions import parse, plain
from alarmbro.inputs.mqtt import MqttListener
from alarmbro.journal import Journal
from alarmbro.judgement.supervising.neighbours import Neighbours, online_in
from alarmbro.model.activation import Activation, Answer, Heartbeat, HeldDown, Rejected, Source, Trouble
from alarmbro.model.configuration import MqttBroker
from alarmbro.model.site import Device, MqttInput
from alarmbro.shell.asking.commands import Commands
from alarmbro.shell.asking.requests import Requests
from alarmbro.shell.desk.inbox import Asked, Inbox

SAMPLES = Path(__file__).parents[1] / "presets" / "samples"
OWN = Device("vraa", "egen", "Egen", "bibliotek", mqtt=MqttInput(own=True))
FIXED = [
    "alarmbro/vraa/egen/press",
    "alarmbro/vraa/egen/heartbeat",
    "alarmbro/vraa/ukendt/press",
    "alarmbro/vraa/command",
]


def read(name: str) -> dict[str, Any]:
    """Give the samples of a make."""
    root, _ = parse((SAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert root is not None
    return dict(plain(root, lambda secret, _place: secret))


STORIES = [(name, story) for name in names() for story in read(name)["stories"]]


def made(number: int, name: str, words: dict[str, Any]) -> Device:
    """Give a device of a make."""
    mqtt = of_preset(PresetWords.model_validate({"preset": name, **words}))
    return Device("vraa", f"d{number}", name, "bibliotek", mqtt=mqtt)


MADE = {f"d{number}": made(number, name, story["device"]) for number, (name, story) in enumerate(STORIES)}
REAL = [message["payload"].encode() for _, story in STORIES for message in story["messages"]]
TOPICS = sorted(
    {topic.replace("+", "x").replace("#", "x") for each in MADE.values() if each.mqtt for topic in each.mqtt.topics}
)


@dataclass
class NotingDoor:
    """Notes what comes, and confirms it."""

    presses: list[Activation] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def activation(self, activation: Activation, *, confirmed: Callable[[], None] | None = None) -> None:
        json.dumps([activation.press_id, activation.by], ensure_ascii=False).encode()
        self.presses.append(activation)
        if confirmed is not None:
            confirmed()

    def rejected(self, rejected: Rejected, *, confirmed: Callable[[], None] | None = None) -> None:
        (rejected.topic + rejected.excerpt + rejected.device).encode()
        assert len(rejected.topic) <= 200 >= len(rejected.excerpt)
        if confirmed is not None:
            confirmed()

    def heartbeat(self, heartbeat: Heartbeat) -> None:
        assert heartbeat.battery is None or 0 <= heartbeat.battery <= 100

    def trouble(self, trouble: Trouble) -> None:
        trouble.detail.encode()
        self.troubles.append(trouble)

    def answered(self, answer: Answer) -> None:
        raise AssertionError(answer)

    def held(self, held: HeldDown) -> None:
        raise AssertionError(held)


class KeepingJournal:
    """Takes everything at once."""

    def write(self, _drafts: object, done: Callable[[object], None]) -> None:
        done([])


class Place:
    """A site's listener that nothing connects; what a broker would hand over is handed to it."""

    def __init__(self) -> None:
        self.door, self.clock, self.inbox = NotingDoor(), JumpingClock(), cast("Inbox", queue.SimpleQueue())
        keys = map(str, itertools.count())
        requests = Requests(configuration(), self.clock, lambda: next(keys))
        journal = cast("Journal", KeepingJournal())
        commands = Commands(requests, self.inbox, self.door, journal)
        broker = MqttBroker("broker.example", 1883, tls=False, username=None, password=None, ca_file=None)
        self.listener = MqttListener(
            broker, "vraa", [OWN, *MADE.values()], "alarmbro-vraa", self.door, self.clock, lambda: next(keys),
            commands.command,
        )  # fmt: skip

    def hand_over(self, topic: bytes, payload: bytes, *, retain: bool = False) -> tuple[list[Activation], list[Asked]]:
        """Hand a message over; give the presses, and what was asked by command. Fails where anything was raised."""
        self.clock.forward(61)
        self.door.presses, self.door.troubles = [], []
        message = MQTTMessage(7, topic)
        message.payload, message.retain, message.qos = payload, retain, 0
        self.listener.message(message)
        self.listener._link._do_work()  # what is refused is kept there, in the thread that there is not
        assert not [each for each in self.door.troubles if each.subject == "handler" and not each.well]
        asked = []
        while not self.inbox.empty():
            asked.append(cast("Asked", self.inbox.get()))
        return self.door.presses, asked


PLACE = Place()


def keys_in(tree: Any) -> Iterator[str]:
    """Give every key of a JSON tree."""
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from keys_in(each)
    yield from tree if isinstance(tree, dict) else ()


def leaves_in(tree: Any) -> Iterator[Any]:
    """Give every value of a JSON tree that has no parts."""
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else None
    if parts is None:
        yield tree
        return
    for each in parts:
        yield from leaves_in(each)


def can_be_a_press(device: Device, payload: bytes) -> bool:
    """Tell whether all that one of the device's ways to be pressed asks for stands anywhere in a payload.

    Weaker than what a press is, and worked out another way. What a device's own bytes say cannot be seen from outside.
    """
    assert device.mqtt is not None
    text = payload.decode("utf-8", "replace").strip()
    try:
        tree = json.loads(payload.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        tree = None
    keys, values = set(keys_in(tree)), [*leaves_in(tree), text]
    for way in (*device.mqtt.press, *device.mqtt.begins):
        if all(
            condition.path.startswith("decoded")
            or (
                {part for part in condition.path.split(".") if part and part != "*" and not part.isdigit()} <= keys
                and (not condition.equals or any(one in values for one in condition.equals))
            )
            for condition in way
        ):
            return True
    return False


def tree_of(payload: bytes) -> Any:
    """Give a payload as JSON; None where it is none."""
    try:
        return json.loads(payload.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


KEYS = st.sampled_from(
    sorted({key for payload in REAL for key in keys_in(tree_of(payload))} | {"do", "device", "alarm"})
)
VALUES = st.sampled_from([leaf for payload in REAL for leaf in leaves_in(tree_of(payload))] + ["press", "ack", "egen"])
PAYLOADS = (
    st.binary(max_size=60)
    | trees(KEYS, VALUES).map(written)
    | st.builds(
        spoilt, st.sampled_from(REAL), st.integers(0, 5000), st.binary(max_size=3) | st.sampled_from([b"[", b"{", b'"'])
    )
    | st.integers(1, 3000).map(lambda depth: b"[" * depth)
    | st.integers(1, 3000).map(lambda depth: b'{"action":' * depth + b'"single"' + b"}" * depth)
    | st.sampled_from(
        [b"", b"x" * 70_000, b'"' + b"x" * 70_000 + b'"', b"9" * 5000, b"\xef\xbb\xbf{}", b"NaN", b"\xff"]
    )
)
MESSAGES = [
    ((message.get("topic") or MADE[f"d{number}"].mqtt.topics[0]).replace("+", "x"), message["payload"].encode())  # type: ignore[union-attr]  # each has one
    for number, (_, story) in enumerate(STORIES)
    for message in story["messages"]
]
# A real message, with some of its bytes changed.
NEARLY = st.tuples(
    st.sampled_from(MESSAGES),
    st.lists(
        st.tuples(st.integers(0, 5000), st.binary(max_size=2) | st.sampled_from([b"[", b"}", b'"', b"0"])), max_size=3
    ),
)
ANY_TOPIC = (
    st.sampled_from([each.encode() for each in (*FIXED, *TOPICS)])
    | st.binary(max_size=40)
    | st.builds(spoilt, st.sampled_from([each.encode() for each in FIXED]), st.integers(0, 40), st.binary(max_size=3))
)


@tries(400)
@given(ANY_TOPIC, PAYLOADS, st.booleans())
def test_whatever_is_published_the_next_press_is_one(topic: bytes, payload: bytes, retain: bool) -> None:
    """Any message on any topic, then a press: exactly one, and of the device that was pressed."""
    PLACE.hand_over(topic, payload, retain=retain)
    presses, asked = PLACE.hand_over(b"alarmbro/vraa/egen/press", b"")
    assert [each.device for each in presses] == ["egen"]
    assert asked == []


@tries(200)
@given(PAYLOADS, st.booleans())
def test_every_message_on_a_buttons_own_topic_is_a_press_and_none_that_was_kept(payload: bytes, retain: bool) -> None:
    """In doubt it is real; what a broker had kept never is. A heartbeat never presses."""
    presses, _ = PLACE.hand_over(b"alarmbro/vraa/egen/press", payload, retain=retain)
    assert len(presses) == (0 if retain else 1)
    assert PLACE.hand_over(b"alarmbro/vraa/egen/heartbeat", payload, retain=retain) == ([], [])


def check_press(topic: str, payload: bytes, *, retain: bool) -> None:
    """Hand it over; whatever is taken for a press holds all that its make's press holds."""
    presses, asked = PLACE.hand_over(topic.encode(), payload, retain=retain)
    assert asked == []
    assert all(can_be_a_press(MADE[each.device], payload) for each in presses)
    assert not (presses and retain)


@tries(300)
@given(st.sampled_from(TOPICS), PAYLOADS, st.booleans())
def test_garbage_on_another_system_s_topic_is_no_press(topic: str, payload: bytes, retain: bool) -> None:
    """Bytes, and JSON of the same words in another order."""
    check_press(topic, payload, retain=retain)


@tries(500)
@given(NEARLY, st.booleans())
def test_a_damaged_message_is_no_press_but_where_it_still_says_so(
    nearly: tuple[tuple[str, bytes], list[tuple[int, bytes]]], retain: bool
) -> None:
    """Real messages with a few bytes changed; some are as good as before, and press."""
    (topic, payload), changes = nearly
    for at, piece in changes:
        payload = spoilt(payload, at, piece)
    check_press(topic, payload, retain=retain)


def test_what_is_tried_here_holds_real_presses() -> None:
    """Else nothing would be shown by finding none."""
    found = [topic for topic, payload in MESSAGES if PLACE.hand_over(topic.encode(), payload)[0]]
    assert len(found) > len(MESSAGES) / 4


@tries(200)
@given(st.binary(max_size=40).filter(lambda topic: not topic.startswith(b"alarmbro/vraa/egen/")), PAYLOADS)
def test_a_topic_of_nobody_presses_nothing(topic: bytes, payload: bytes) -> None:
    """Whatever stands there, in whatever letters."""
    if topic.decode("utf-8", "replace") not in TOPICS:
        assert PLACE.hand_over(topic, payload) == ([], [])


MOSTLY = [*["press", "ack", "close", "press"] * 3, "status", 7]
OF_SITE = [*["lommy-1", "vraa/lommy-2"] * 3, "hirtshals/lokale-1", "vraa/lokale-1", "", 7, ["lommy-1"]]
COMMANDS = st.fixed_dictionaries(
    {
        "do": st.sampled_from(MOSTLY),
        "device": st.sampled_from(OF_SITE),
        "alarm": st.sampled_from(["vraa-1", "VRAA-1 ", "", " ", 7]),
        "outcome": st.sampled_from(["real", "test", "false_alarm", "x", None, ["real"]]),
    },
    optional={"by": TEXTS, "note": TEXTS | st.integers(), "id": TEXTS | st.integers(), "for_s": NUMBERS},
).map(written)


@tries(400)
@given(COMMANDS | PAYLOADS)
def test_a_command_does_what_it_says_or_nothing(payload: bytes) -> None:
    """A press only where it says so and names a device of the site; an answer only where it says which alarm."""
    presses, asked = PLACE.hand_over(b"alarmbro/vraa/command", payload)
    said = tree_of(payload)
    if presses:
        assert said["do"] == "press"
        assert all(each.site == "vraa" and each.device == said["device"].removeprefix("vraa/") for each in presses)
        assert all(each.source is Source.MQTT for each in presses)
    if asked:
        assert said["do"] in ("ack", "close")
        assert said["alarm"].strip()
        assert all(str(each.said).encode() for each in asked)
    assert len(presses) + len(asked) <= 1


@tries(200)
@given(PAYLOADS, st.booleans())
def test_what_is_no_status_is_no_sign_of_another_machine(payload: bytes, kept: bool) -> None:
    """Neither of life nor of death."""
    online, tree = online_in(payload), tree_of(payload)
    assert online is None or (isinstance(tree, dict) and tree["online"] is online)
    neighbours = Neighbours(["vraa"])
    neighbours.linked(0.0)
    neighbours.heard("vraa", payload, 1.0, kept=kept)
    told = list(neighbours.due(2.0))
    assert bool(told) is (online is True)
