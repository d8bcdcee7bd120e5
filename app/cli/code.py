"""``optiscope code``."""

import typer

from optiscope.cli.failures import text_of, told_by_field, until_closed
from optiscope.cli.options import ConfigFile


def code(config: ConfigFile) -> None:
    """Write a run as a plain PyTorch script, which prints the loss of every step bit for bit."""
    text = text_of(config)

    from optiscope.engine.advice.codegen import script
    from optiscope.engine.loop.refusing import parse_config

    with told_by_field():
        written = script(parse_config(text))
    with until_closed():
        typer.echo(written, nl=False)
