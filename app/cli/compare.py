"""``optiscope compare``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optiscope.cli.failures import told_by_field, until_closed
from optiscope.cli.options import LabelColumn, LayoutOption, PointsFile
from optiscope.cli.points import config_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optiscope.cli.training import Result
    from optiscope.runs.description import Description

Files = Annotated[
    list[Path],
    typer.Argument(
        help='RunConfigs as JSON, or one {"runs": [...]} as for /api/compare; - reads standard input.'
    ),
]


def compare(
    configs: Files, layout: LayoutOption = "rows", points: PointsFile = None, label: LabelColumn = None
) -> None:
    """Train several runs here: JSON Lines, each with the index of its run; a table on the error stream."""
    texts = [config_of(path, points, label) for path in configs]

    from optiscope.cli.training import stream

    with told_by_field():
        runs = _described(texts)
    with until_closed():
        _print_table(runs, stream(runs, layout, [{"run": index} for index in range(len(runs))]))


def _described(texts: "Sequence[bytes]") -> "list[Description]":
    """The runs of one comparison, or of several configs.

    Raises:
        ConfigError: Naming every wrong field of any of them by its pointer in the comparison.
    """
    from optiscope.api.body import parsed
    from optiscope.api.compare import Comparison
    from optiscope.engine.core.errors import ConfigError
    from optiscope.engine.core.limits import DEFAULT_LIMITS
    from optiscope.engine.loop.refusing import parse_config
    from optiscope.runs.description import describe, describe_all

    if len(texts) == 1 and _is_comparison(texts[0]):
        runs = parsed(Comparison, texts[0], DEFAULT_LIMITS).runs
        return describe_all({f"/runs/{index}": config for index, config in enumerate(runs)})
    described, problems = [], []
    for index, text in enumerate(texts):
        try:
            described.append(describe(parse_config(text)))
        except ConfigError as error:
            problems += [problem.under(f"/runs/{index}") for problem in error.problems]
    if problems:
        raise ConfigError(problems)
    return described


def _is_comparison(text: bytes) -> bool:
    try:
        document = json.loads(text)
    except ValueError:
        return False
    return isinstance(document, dict) and "runs" in document


def _print_table(runs: "Sequence[Description]", ends: "Sequence[Result]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("run", "optimizer", "problem", "ended", "step", "loss", "end loss", box=None)
    for index, (run, result) in enumerate(zip(runs, ends, strict=True)):
        config, end = run.config, result.ended
        names = (config.optimizer.name, config.problem.name)
        end_loss = "" if end.end_loss is None else f"{end.end_loss:.6g}"
        steps, losses = f"{end.step}/{config.steps}", (f"{result.loss:.6g}", end_loss)
        table.add_row(str(index), *names, str(end.reason), steps, *losses)
    Console(stderr=True).print(table)
