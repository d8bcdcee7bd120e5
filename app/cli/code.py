"""``optiscope code``."""

import typer

from optiscope.cli.failures import told_by_field, until_closed
from optiscope.cli.options import ConfigFile, LabelColumn, PointsFile
from optiscope.cli.points import config_of


def code(config: ConfigFile, points: PointsFile = None, label: LabelColumn = None) -> None:
    """Write a run as a plain PyTorch script, which prints the loss of every step bit for bit."""
    text = config_of(config, points, label)

    from optiscope.engine.advice.codegen import script
    from optiscope.engine.loop.refusing import parse_config

    with told_by_field():
        written = script(parse_config(text))
    with until_closed():
        typer.echo(written, nl=False)
