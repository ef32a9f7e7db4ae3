"""The words of the file for routes and for what is to be done after an alarm. Any thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from alarmbro.config.schema.words import FreeText, Words
from alarmbro.config.values import readers
from alarmbro.config.values.readers import Reads, within
from alarmbro.model.secret import Secret

Line = Annotated[str, Reads(readers.line, {"type": "string", "minLength": 1, "maxLength": readers.LONGEST_LINE})]


class StepWords(Words):
    """Who is told, and when."""

    after: Annotated[float, within("0s", "24h")] = Field(
        default="0s", validate_default=True, description="How long after the press; later in each step than in the last"
    )
    unless: Literal["acknowledged"] | None = Field(
        default=None, description="acknowledged: left out where somebody has said `on my way` by then"
    )
    notify: list[str] = Field(min_length=1, description="Who is told, some of `recipients`, all at once")


class RepeatWords(Words):
    """How the last step repeats."""

    every: Annotated[float, within("1s", "24h")] = Field(description="How often the last step is told again")
    until: Literal["acknowledged", "closed"] = Field(default="acknowledged", description="What ends the repeating")


class DutyWords(Words):
    """One thing to be done after an episode."""

    what: Line = Field(description="What is to be done, in one line: it is read on a telephone")
    who: Line | None = Field(default=None, description="Who does it")
    source: Line | None = Field(default=None, description="Where the plan says so: its heading or page")


def duty_alone(written: Any) -> Any:
    """Give a text as the duty that it is short for."""
    if isinstance(written, str | Secret):
        return {"what": written}
    if isinstance(written, Mapping):
        return written
    form = "write a text (a number in quotes), or {what: TEXT, who: WHO, source: WHERE}"
    raise PydanticCustomError("wrong", "{text}", {"text": f"this is no duty; {form}"})


DutyList = Annotated[
    list[Annotated[DutyWords, BeforeValidator(duty_alone, json_schema_input_type=Line | DutyWords)]],
    Field(min_length=1),
]


class AftercareWords(Words):
    """The list that goes out after a real alarm."""

    name: str = Field(alias="list", description="Which list: one of those under `aftercare` at the top")
    after: Annotated[float, within("0s", "7d")] = Field(
        default="15m", validate_default=True, description="How long after the alarm was closed"
    )
    notify: list[str] = Field(min_length=1, description="Who gets the list, some of `recipients`")


class RouteWords(Words):
    """Who is told of an alarm, when, until what; and what follows."""

    steps: list[StepWords] = Field(min_length=1, description="The steps, in the order of time; the first at once")
    repeat: RepeatWords | None = Field(default=None, description="Repeats the last step until somebody answers")
    instruction: FreeText = Field(default="", description="A sentence that goes into the message of an alarm")
    reminder: Annotated[float, within("1s", "24h")] = Field(
        default="10m",
        validate_default=True,
        description="How long an acknowledged alarm may stay open before whoever took it is reminded; as long again, "
        "and it is raised again for all",
    )
    aftercare: AftercareWords | None = Field(
        default=None, description="The list of what is to be done, which goes out after a real alarm"
    )
