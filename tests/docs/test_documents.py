"""What stands in docs/ is so: its commands run, its configurations load, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from documents import ROOT, blocks, commands, type_all
from fragments import completed

from alarmbro.cli.main import alarmbro
from alarmbro.config import load
from alarmbro.config.syntax.yaml_positions import parse

DOCS = ROOT / "docs"
DOCUMENTS = {str(path.relative_to(DOCS)): path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md"))}
SHOWN = {name: found for name, text in DOCUMENTS.items() if (found := commands(text))}
FRAGMENTS = [(name, text) for name, whole in DOCUMENTS.items() for _, text in blocks(whole, "yaml")]
NAMED = sorted(
    {
        (name, line.removeprefix("sudo ").removeprefix("-u alarmbro ").strip())
        for name, text in DOCUMENTS.items()
        for line in [*re.findall(r"`((?:sudo )?(?:-u alarmbro )?alarmbro [a-z][^`]*)`", text),
                     *re.findall(r"^ {4}(sudo (?:-u alarmbro )?alarmbro .*)$", text, flags=re.MULTILINE)]
    }
)  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_every_command_of_the_documents_works(name: str, tmp_path: Path) -> None:
    """A reader types them as they stand, in this order; none fails."""
    type_all(tmp_path, SHOWN[name])


def test_the_documents_show_commands() -> None:
    """The technician's and the coordinator's pages are among those that are run."""
    assert {"technician.md", "koordinator.md"} <= set(SHOWN)


@pytest.mark.parametrize(("name", "fragment"), FRAGMENTS, ids=[f"{name}-{each[:20]}" for name, each in FRAGMENTS])
def test_every_configuration_of_the_documents_is_taken(name: str, fragment: str, tmp_path: Path) -> None:
    """Whoever copies a block into a file gets no error for it."""
    _, problems = parse(fragment)
    assert not problems
    text, environ = completed(fragment)
    file = tmp_path / "alarmbro.yaml"
    file.write_text(text, encoding="utf-8")
    assert load(file, environ=environ).configuration.digest


@pytest.mark.parametrize(("name", "line"), NAMED)
def test_every_command_that_is_named_exists(name: str, line: str) -> None:
    """A command within a sentence is one of ours, with options that it has."""
    words = shlex.split(line.replace("…", ""))[1:]
    command: click.Command = alarmbro
    while isinstance(command, click.Group) and words:
        word = words.pop(0)
        assert word in command.commands, f"{name}: alarmbro has no {word}"
        command = command.commands[word]
    known = {option for each in command.params for option in each.opts}
    assert not {word for word in words if word.startswith("--")} - known


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    """A file that is named is there."""
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", DOCUMENTS[name]):
        assert target.startswith("https://") or (DOCS / name).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_and_file_of_ours_is_there(name: str) -> None:
    """What is to be made or copied from this repository can be."""
    text = DOCUMENTS[name]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r"(?:`|^ {4})(?:sudo )?make ([a-z-]+)", text, flags=re.MULTILINE)) <= targets
    for path in re.findall(r"(?<![/\w])((?:systemd|config)/[\w./-]+\w)", text):
        assert (ROOT / path).exists(), path
