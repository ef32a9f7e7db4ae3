"""Reads the configuration as the service would. Contacts nobody."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from alarmbro.config import load
from alarmbro.config.owning import believed
from alarmbro.config.secrets import BESIDE
from alarmbro.doctor.judging.configuration import Read
from alarmbro.doctor.judging.service import UNIT
from alarmbro.doctor.trying.service import CREDENTIALS
from alarmbro.model.errors import ConfigurationError


def read(path: Path, environ: Mapping[str, str], credentials: Path = CREDENTIALS) -> Read:
    """Read the file with the secrets that `environ` leads to, or without them where this user may not have them."""
    try:
        loaded = load(path, environ=environ)
    except ConfigurationError as error:
        barred = _barred(path, environ, credentials / UNIT)
        return _without_secrets(path, environ, barred) if barred else Read(str(path), findings=error.findings)
    return Read(str(path), loaded.configuration, loaded.warnings)


def _without_secrets(path: Path, environ: Mapping[str, str], barred: str) -> Read:
    try:
        loaded = load(path, environ=environ, secrets=False)
    except ConfigurationError as error:
        own = () if barred == str(path) else error.findings  # "cannot be read" has been said
        return Read(str(path), findings=own, barred=barred)
    return Read(str(path), loaded.configuration, loaded.warnings, barred)


def _barred(path: Path, environ: Mapping[str, str], credentials: Path) -> str:
    """Name what this user may not read, of all that the configuration is made from."""
    places = [path, path.parent / BESIDE]
    if "CREDENTIALS_DIRECTORY" not in environ:
        places.append(credentials)
    for place in places:
        try:
            owner = place.stat().st_uid
        except FileNotFoundError:
            continue
        except OSError:  # a folder above it is closed to us
            return str(place)
        # secrets.yaml is refused to everybody but its owner (and root, where it is the service's).
        if not os.access(place, os.R_OK) or (place.name == BESIDE and owner not in believed()):
            return str(place)
    return ""
