"""What the commands of ``optiscope db`` have in common: the folder, and how a report is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optiscope.cli.failures import give_up

if TYPE_CHECKING:
    from optiscope.runs.keeping.checking import Report

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Where runs are kept.", file_okay=False, show_default="as for `serve`"),
]


@contextmanager
def told() -> Iterator[None]:
    """What keeps a command from its work ends it in words."""
    from optiscope.runs.keeping.errors import StorageError

    try:
        yield
    except StorageError as error:
        give_up(str(error))


def tell(report: "Report") -> None:
    """Print what was found: a line for each damage, and a sum."""
    for line in report.file:
        typer.echo(f"the file is damaged: {line}")
    for run in report.damaged:
        typer.echo(f"run {run.id} ({run.name}): {run.said}")
    for sweep in report.damaged_sweeps:
        typer.echo(f"sweep {sweep.id} ({sweep.name}): {sweep.said}")
    if report.checkpoints_lost:
        typer.echo(f"damaged checkpoints: {report.checkpoints_lost}; an earlier one is used for each")
    found = {"run": report.runs, "piece": report.pieces, "checkpoint": report.checkpoints}
    if report.sweeps:
        found |= {"sweep": report.sweeps, "cell part": report.parts}
    counts = ", ".join(_count(number, noun) for noun, number in found.items())
    damaged = [_count(len(report.damaged), "damaged run")]
    if report.damaged_sweeps:
        damaged.append(_count(len(report.damaged_sweeps), "damaged sweep"))
    typer.echo(f"{counts}: {'all whole' if report.is_whole else ', '.join(damaged)}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
