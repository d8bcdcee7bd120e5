"""``optiscope lint``."""

import typer

from optiscope.cli.failures import text_of, told_by_field, until_closed
from optiscope.cli.options import ConfigFile


def lint(config: ConfigFile) -> None:
    """Say what is likely not meant in a recipe, a line for each warning; nothing, if it is sound."""
    text = text_of(config)

    from optiscope import local

    with told_by_field():
        warnings = local.lint(text)
    with until_closed():
        for warning in warnings:
            typer.echo(f"{warning.pointer}: {warning.detail}")
