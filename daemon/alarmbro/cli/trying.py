"""The command that shows everything on one machine with nothing attached: demo."""

from __future__ import annotations

import click

from alarmbro.cli.options import everywhere
from alarmbro.model.configuration import Language


@click.command()
@everywhere
@click.option("--language", type=click.Choice(["da", "en"]), default="da", help="da (left out) or en.")
def demo(language: str) -> None:
    """Run the whole system here: mock pins, an MQTT broker, receivers that show what people would get."""
    from alarmbro.demo.show import run_demo  # noqa: PLC0415

    run_demo(Language(language))
