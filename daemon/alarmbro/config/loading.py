"""From a file to a configuration, or to everything that is wrong with it at once.

Promises: raises nothing but ConfigurationError, contacts nobody, and lets no secret out other than inside `Secret`. A
configuration with any error is refused whole. The caller's thread; takes some hundred milliseconds.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from alarmbro.config.build import build
from alarmbro.config.checking.addresses import check_addresses
from alarmbro.config.checking.certificates import check_certificates
from alarmbro.config.checking.pins import check_pins
from alarmbro.config.checking.references import check_people
from alarmbro.config.checking.watching import check_watching
from alarmbro.config.checking.web import check_web
from alarmbro.config.checking.wiring import check_things, served
from alarmbro.config.checking.wordings import check_messages
from alarmbro.config.findings.look import Look
from alarmbro.config.findings.report import Report, nulls
from alarmbro.config.schema.file import FileWords, parts_of
from alarmbro.config.secrets import UNKNOWN, Vault
from alarmbro.config.syntax.yaml_positions import START, Node, Place, Scalar, parse, plain
from alarmbro.config.syntax.yaml_positions import Mapping as Keys
from alarmbro.judgement.words.wording import shortened
from alarmbro.model.configuration import Configuration
from alarmbro.model.errors import ConfigurationError, Finding

OTHERS_WRITE = 0o002
LARGEST = 1 << 20  # bytes; a municipality with a hundred sites has a tenth of it


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration without errors, and what is doubtful about it."""

    configuration: Configuration
    warnings: tuple[Finding, ...]


def load(path: Path, *, environ: Mapping[str, str], serve: str | None = None, secrets: bool = True) -> Loaded:
    """Read a configuration.

    `environ` gives ALARMBRO_SERVE, CREDENTIALS_DIRECTORY and ALARMBRO_SECRET_*. `serve` names sites with commas between
    and wins over ALARMBRO_SERVE, which wins over the file. Raise ConfigurationError with every error (then every
    warning), in the order of the file; the installer mends them and tries again. Without `secrets` none is looked for:
    each is empty, and no address is checked. That is for who shows what is configured and never sends.
    """
    report = Report(str(path))
    content = _content(path, report)
    root = _tree(content, report)
    report.next_stage()
    report.problems(nulls(root))
    data = plain(root, Vault(environ, path.parent, report).fetch if secrets else lambda _name, _place: UNKNOWN)
    report.next_stage()
    words = _words(root, data, report)
    report.next_stage()
    look = Look(root, parts_of(data), path.parent, report)
    here = served(look, environ, serve)
    check_people(look)
    check_things(look)
    check_watching(look)
    check_web(look)
    check_pins(look, here)
    if secrets:
        check_addresses(look)
        check_certificates(look, environ)
    check_messages(look)
    if report.wrong or words is None:
        raise ConfigurationError(report.findings())
    configuration = build(words, here, path.parent, hashlib.sha256(content).hexdigest())
    for device, septets in shortened(configuration):
        text = f"the SMS for {device.path} has {septets} of 160 characters and will be shortened; use shorter names"
        report.warning(look.value("sites", device.site, "devices", device.id, "name"), text)
    return Loaded(configuration, report.warnings())


def _content(path: Path, report: Report) -> bytes:
    try:
        with path.open("rb") as file:
            content, mode = file.read(LARGEST + 1), os.fstat(file.fileno()).st_mode
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        why = getattr(error, "strerror", None) or "its name is no path"
        raise _stop(report, START, f"the configuration cannot be read ({why}); name it with --config FILE") from None
    if len(content) > LARGEST:
        raise _stop(report, START, "the configuration is larger than 1 MiB; this is hardly the right file")
    if mode & OTHERS_WRITE:
        text = "anybody on this machine can change this file, and so whom an alarm tells; run: chmod o-w FILE"
        report.warning(START, text)
    return content


def _tree(content: bytes, report: Report) -> Keys:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise _stop(report, place, "this letter is not written in UTF-8; save the file as UTF-8") from None
    root, problems = parse(text)
    report.problems(problems)
    if isinstance(root, Keys):
        return root
    if not problems:
        report.error(START, _no_mapping(root))
    raise ConfigurationError(report.findings())


def _no_mapping(root: Node | None) -> str:
    needed = "write recipients:, routes: and sites:"
    if root is None or (isinstance(root, Scalar) and root.value is None):
        return f"the configuration is empty; {needed}"
    return f"this is no configuration, which has keys; {needed}"


def _stop(report: Report, place: Place, text: str) -> ConfigurationError:
    report.error(place, text)
    return ConfigurationError(report.findings())


def _words(root: Node, data: Any, report: Report) -> FileWords | None:
    try:
        return FileWords.model_validate(data)
    except ValidationError as error:
        report.schema(root, error.errors(include_url=False, include_input=False))
        return None
