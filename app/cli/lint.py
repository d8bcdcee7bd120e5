"""``optiscope lint``."""

import typer

from optiscope.cli.failures import text_of, told_by_field, until_closed
from optiscope.cli.options import ConfigFile


def lint(config: ConfigFile) -> None:
    """Say what is likely not meant in a recipe, a line for each warning; nothing, if it is sound."""
    text = text_of(config)

    from optiscope.engine.advice import linter
    from optiscope.engine.loop.refusing import parse_config

    with told_by_field():
        warnings = linter.lint(parse_config(text))
    with until_closed():
        for warning in warnings:
            typer.echo(f"{warning.pointer}: {warning.detail}")
