"""How single values of the file are read: names, ids, durations, dates, addresses.

Each is a function from what was written to what is meant, which raises `WrongError` in words for the writer. `Reads`,
with a piece of JSON Schema for the editor, makes it a type of pydantic's. Any thread.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from alarmbro.config.syntax.yaml_positions import shown
from alarmbro.config.values.durations import PATTERN, DurationError, seconds, spoken
from alarmbro.model.secret import Secret

ID = re.compile(r"[a-z0-9][a-z0-9-]*")
LONGEST_ID = 40
LONGEST_NAME = 60
LONGEST_TEXT = 500
LONGEST_TOPIC = 200
LONGEST_LINE = 200
DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue"})
CONTROL = ("C", "Zl", "Zp")  # Unicode categories: controls, invisible marks, line and paragraph separators
HIGHEST_PORT = 65535
MQTT_PORTS = {"mqtt": 1883, "mqtts": 8883}


class WrongError(ValueError):
    """What was written cannot be used; the text says what is wrong and what would be right."""


class NotTextError(ValueError):
    """Something other than a text was written where a text is needed."""


@dataclass(frozen=True)
class Reads:
    """A pydantic type whose value is what `read` makes of the written one."""

    read: Callable[[Any], Any]
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"}, hash=False, compare=False)

    def _validate(self, written: Any) -> Any:
        try:
            return self.read(written)
        except NotTextError:
            raise PydanticCustomError("string_type", "not a text") from None
        except (WrongError, DurationError) as error:
            raise PydanticCustomError("wrong", "{text}", {"text": str(error)}) from None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.schema)


def within(shortest: str, longest: str) -> Reads:
    """Give the type of a duration between two others, both included."""
    least, most = seconds(shortest), seconds(longest)

    def read(written: Any) -> float:
        length_s = seconds(written)
        if not least <= length_s <= most:
            raise WrongError(f"{shown(written)} is not possible here; write {spoken(least)} to {spoken(most)}")
        return length_s

    about = f"A number with its unit, {spoken(least) if least else '0s'} to {spoken(most)}"
    return Reads(read, {"type": "string", "pattern": PATTERN, "examples": [shortest, longest], "$comment": about})


def text(written: Any) -> str:
    """Give a text as it is. Raise NotTextError for anything else."""
    if isinstance(written, Secret):
        raise WrongError("this is no address or password and cannot be a secret; write it out")
    if not isinstance(written, str):
        raise NotTextError
    return written


def invisible(written: str, but: str = "") -> bool:
    """Tell whether a text holds a sign that cannot be seen, other than those in `but`."""
    return any(unicodedata.category(sign).startswith(CONTROL) for sign in written if sign not in but)


def name(written: Any) -> str:
    """Read the name of a site, device or recipient, as it stands in messages."""
    words = text(written).strip()
    if not words:
        raise WrongError("the name is empty; write what people call it")
    if len(words) > LONGEST_NAME:
        raise WrongError(f"the name has {len(words)} characters; write at most {LONGEST_NAME}, an SMS is short")
    if invisible(words):
        raise WrongError("the name holds a line break or an invisible sign; write it in one line")
    return words


def free_text(written: Any) -> str:
    """Read words for people that may be empty."""
    words = text(written).strip()
    if len(words) > LONGEST_TEXT:
        raise WrongError(f"this has {len(words)} characters; write at most {LONGEST_TEXT}")
    if invisible(words, "\n"):
        raise WrongError("this holds an invisible sign; remove it")
    return words


def line(written: Any) -> str:
    """Read a line of a list for people."""
    words = text(written).strip()
    if not words or len(words) > LONGEST_LINE or invisible(words):
        raise WrongError(f"this is empty, too long or not one line; write 1 to {LONGEST_LINE} characters in one line")
    return words


def template(written: Any) -> str:
    """Read a text that replaces a built-in one; what it may hold is checked elsewhere."""
    return text(written)


def suggested_id(wrong: str) -> str:
    """Give the id that a text would make: without capitals, Danish letters and blanks."""
    plain = unicodedata.normalize("NFKD", wrong.lower().translate(DANISH)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-")


def identifier(written: Any) -> str:
    """Read an id: what people type, and what topics and the journal hold."""
    word = text(written)
    if len(word) > LONGEST_ID:
        raise WrongError(f"the id has {len(word)} characters; write at most {LONGEST_ID}")
    if not ID.fullmatch(word):
        better = suggested_id(word)
        hint = f": {better}" if better else ""
        rule = "use a-z, 0-9 and - (æ as ae, ø as oe, å as aa, a blank as -)"
        raise WrongError(f"{shown(word)} cannot be an id; {rule}{hint}")
    return word


def day(written: Any) -> date:
    """Read a date written 2026-01-10."""
    if isinstance(written, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        try:
            return date.fromisoformat(written)
        except ValueError:
            raise WrongError(f"{written} is not in the calendar; write year-month-day, as in 2026-01-10") from None
    raise WrongError("this is no date; write year-month-day, as in 2026-01-10")


def secret(written: Any) -> Secret:
    """Read a password or an address: written out, or already fetched for `!secret`."""
    if isinstance(written, Secret):
        return written
    if not isinstance(written, str):
        raise NotTextError
    if not written.strip():
        raise WrongError("this is empty; write !secret NAME, or the text itself")
    return Secret(written.strip())


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """What `mqtt.url` says."""

    host: str
    port: int
    tls: bool
    username: str | None


def broker(written: Any) -> BrokerAddress:
    """Read `mqtt://[USER@]HOST[:PORT]` or `mqtts://`. The text of an error never repeats a password."""
    form = "write mqtts://USER@HOST:8883 or mqtt://USER@HOST:1883"
    try:
        parts = urlsplit(text(written))
        port = parts.port
    except ValueError as error:
        if isinstance(error, (NotTextError, WrongError)):
            raise
        raise WrongError(f"the broker's address is not understood (its port is a number up to 65535); {form}") from None
    if parts.password is not None:
        raise WrongError("the broker's address holds a password; take it out and write password: !secret NAME below it")
    if parts.scheme not in MQTT_PORTS or not parts.hostname or re.search(r"[\s{}]", parts.netloc) or port == 0:
        raise WrongError(f"the broker's address is not understood; {form}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise WrongError(f"the broker's address ends with its port; topics are set by prefix. {form}")
    username = unquote(parts.username) if parts.username else None
    return BrokerAddress(parts.hostname, port or MQTT_PORTS[parts.scheme], parts.scheme == "mqtts", username)


def protocol(written: Any) -> str:
    """Read the MQTT version: 5, "5" or 3.1.1."""
    if written in (5, "5", "3.1.1") and not isinstance(written, bool):
        return str(int(written)) if isinstance(written, float) else str(written)
    raise WrongError("this version of MQTT is not spoken; write 5 or 3.1.1")


def topic(written: Any) -> str:
    """Read a topic to subscribe to: + and # only as whole levels, # only as the last."""
    words = text(written)
    _plain_topic(words)
    levels = words.split("/")
    if any("#" in level or ("+" in level and level != "+") for level in levels[:-1]):
        raise WrongError("a wildcard stands in the wrong place; + fills a whole level (a/+/b), # only the last (a/#)")
    if levels[-1] not in {"+", "#"} and re.search(r"[+#]", levels[-1]):
        raise WrongError("a wildcard stands in the wrong place; + fills a whole level (a/+/b), # only the last (a/#)")
    return words


def _plain_topic(words: str) -> None:
    if not words or words.strip() != words:
        raise WrongError("the topic is empty or begins or ends with a blank; write it as the broker shows it")
    if invisible(words) or len(words) > LONGEST_TOPIC:
        raise WrongError(f"the topic holds an invisible sign, or more than {LONGEST_TOPIC} characters")


def prefix(written: Any) -> str:
    """Read the start of alarmbro's own topics."""
    words = text(written)
    _plain_topic(words)
    if re.search(r"[+#]", words) or words.startswith(("/", "$")) or words.endswith("/") or "//" in words:
        raise WrongError("this cannot begin a topic; write a word such as alarmbro, without + # $ and outer /")
    return words


def tracker(written: Any) -> str:
    """Read the id of a device in another system, which becomes part of a topic or a condition."""
    words = text(written)
    _plain_topic(words)
    if re.search(r"[+#{}]", words):
        raise WrongError(
            "the id of a device holds + # { or }, which stand for other things in topics; rename the device"
        )
    return words


def listen(written: Any) -> str:
    """Read HOST:PORT."""
    words = text(written)
    match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})", words)
    if not match or not 1 <= int(match[2]) <= HIGHEST_PORT:
        raise WrongError("this is no place to listen; write HOST:PORT, as in 127.0.0.1:8480")
    return words


def public_url(written: Any) -> str:
    """Read the address by which people outside reach the page."""
    words = text(written)
    wrong = "this is no address of a page; write https://HOST, as in https://alarm.example"
    try:
        parts = urlsplit(words)
    except ValueError:  # brackets, or letters that turn into / or @
        raise WrongError(wrong) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s{}@\[\]]", words):
        raise WrongError(wrong)
    if parts.query or parts.fragment:
        raise WrongError(wrong)
    return words.rstrip("/")
