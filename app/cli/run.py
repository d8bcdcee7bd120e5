"""``optiscope run``."""

from optiscope.cli.failures import told_by_field, until_closed
from optiscope.cli.options import ConfigFile, LabelColumn, LayoutOption, PointsFile
from optiscope.cli.points import config_of


def run(
    config: ConfigFile, layout: LayoutOption = "rows", points: PointsFile = None, label: LabelColumn = None
) -> None:
    """Train one run here, without a server: JSON Lines on standard output, progress on the error stream."""
    text = config_of(config, points, label)

    from optiscope.cli.training import stream
    from optiscope.engine.loop.refusing import parse_config
    from optiscope.runs.description import describe

    with told_by_field():
        described = describe(parse_config(text))
    with until_closed():
        stream([described], layout, [{}])
