"""What the words of the file have in common: how a mapping is read, and values that many have. Any thread."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict

from alarmbro.config.values import readers
from alarmbro.config.values.readers import Reads

Id = Annotated[
    str,
    Reads(readers.identifier, {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$", "maxLength": readers.LONGEST_ID}),
]
Name = Annotated[str, Reads(readers.name, {"type": "string", "minLength": 1, "maxLength": readers.LONGEST_NAME})]
FreeText = Annotated[str, Reads(readers.free_text, {"type": "string", "maxLength": readers.LONGEST_TEXT})]


class Words(BaseModel):
    """A mapping of the file: only the keys that are named, each of exactly the type that is named."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def listed(written: Any) -> Any:
    """Give a single value as a list of it."""
    return written if isinstance(written, list) else [written]
