"""Floor 2: reads the configuration. Files, read only; contacts nobody.

`load` gives a configuration without errors or raises ConfigurationError with all of them; `json_schema` is for editors.
"""

from alarmbro.config.loading import Loaded, load
from alarmbro.config.schema.editor import json_schema

__all__ = ["Loaded", "json_schema", "load"]
