"""``optiscope lint``."""

import typer

from optiscope.cli.failures import told_by_field, until_closed
from optiscope.cli.options import ConfigFile, LabelColumn, PointsFile
from optiscope.cli.points import config_of


def lint(config: ConfigFile, points: PointsFile = None, label: LabelColumn = None) -> None:
    """Say what is likely not meant in a recipe, a line for each warning; nothing, if it is sound."""
    text = config_of(config, points, label)

    from optiscope import local

    with told_by_field():
        warnings = local.lint(text)
    with until_closed():
        for warning in warnings:
            typer.echo(f"{warning.pointer}: {warning.detail}")
