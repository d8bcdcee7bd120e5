"""``optiscope sweep``."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from optiscope.cli.failures import (
    REFUSED,
    give_up,
    told_by_field,
    told_by_file,
    told_in_a_sentence,
    until_closed,
)
from optiscope.cli.options import LabelColumn, PointsFile, Scheduler, Workers
from optiscope.cli.points import config_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from optiscope.swept import Sweep

File = Annotated[Path, typer.Argument(help="A sweep as JSON, as for /api/sweeps; - reads standard input.")]
Output = Annotated[
    Path | None,
    typer.Option(help="Write every cell into a file: .csv, .jsonl, .npz or .parquet.", dir_okay=False),
]
Url = Annotated[
    str | None, typer.Option("--url", help="Have a server train it; without, it is trained here.")
]
JudgeSeeds = Annotated[
    str | None,
    typer.Option(
        help="A fair race: tune on the seeds of the sweep, whose cells --output writes, and judge each "
        "at its best on these, as 100-119,130."
    ),
]


Keep = Annotated[
    bool, typer.Option("--keep", help="Have the server keep it, and print its id; see `optiscope sweeps`.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say how many runs it would be and how long they take; train none.")
]


def sweep(
    config: File,
    output: Output = None,
    judge_seeds: JudgeSeeds = None,
    dry_run: DryRun = False,
    keep: Keep = False,
    url: Url = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    points: PointsFile = None,
    label: LabelColumn = None,
) -> None:
    """Train a run over a grid of hyperparameters and seeds: a table of the best, and all cells in a file."""
    if scheduler is not None and (url, workers) != (None, None):
        give_up("--scheduler says who trains, and so do --url and --workers: give one of them", REFUSED)
    document, write = _document(config_of(config, points, label)), _writer(output)
    if dry_run:
        _tell_plan(document, url, workers, scheduler)
        return
    if keep:
        _keep(document, url)
        return

    from optiscope import racing
    from optiscope.cli.sweeping import followed, print_race, print_summary

    judging = None if judge_seeds is None else _judging(judge_seeds, document)
    with _trainer(url, workers, scheduler) as begin:
        found = begin(document)
        write(found)
        followed(found, write, output)
        write(found)
        with until_closed():
            print_summary(found)
        if judging is not None:
            race = racing.judge(lambda asked: followed(begin(asked)), found, document, judging)
            with until_closed():
                print_race(race)


def _keep(document: dict[str, Any], url: str | None) -> None:
    from optiscope.cli.server import server

    with server(url) as client, client.sweep(document, keep=True) as found:
        typer.echo(found.id)


def _tell_plan(document: dict[str, Any], url: str | None, workers: int | None, scheduler: str | None) -> None:
    from optiscope.cli.sweeping import print_plan

    if url is not None:
        from optiscope.cli.server import server

        with server(url) as client:
            print_plan(client.plan_sweep(document))
        return

    from optiscope import local
    from optiscope.cli.settings import trainers

    with told_by_field(), told_in_a_sentence():
        print_plan(local.plan_sweep(document, **trainers(workers, scheduler)))


def _document(text: bytes) -> dict[str, Any]:
    import json

    try:
        document = json.loads(text)
    except ValueError as error:
        give_up(f"/: not valid JSON: {error}", REFUSED)
    if not isinstance(document, dict):
        give_up("/: a sweep is an object", REFUSED)
    return document


def _judging(text: str, document: dict[str, Any]) -> list[int]:
    """The seeds to judge on, which are others than those of the sweep."""
    from optiscope.racing import require_fair, seeds_of

    try:
        seeds = seeds_of(text)
        require_fair(document, seeds)
    except ValueError as error:
        give_up(f"--judge-seeds: {error}", REFUSED)
    return seeds


@contextmanager
def _trainer(
    url: str | None, workers: int | None, scheduler: str | None
) -> "Iterator[Callable[[Mapping[str, Any]], Sweep]]":
    """What begins a sweep: here, by a server or on a cluster."""
    if url is not None:
        from optiscope.cli.server import server

        with server(url) as client:
            yield client.sweep
        return

    from optiscope import local
    from optiscope.cli.settings import trainers

    who = trainers(workers, scheduler)
    with told_by_field(), told_in_a_sentence():
        yield lambda asked: local.sweep(asked, **who)


def _writer(output: Path | None) -> "Callable[[Sweep], None]":
    """What keeps the cells of a sweep as far as it has come."""
    if output is None:
        return lambda _: None

    from optiscope.export.choosing import ExportError
    from optiscope.export_cells import writer_of_cells

    try:
        write = writer_of_cells(output)
    except ExportError as error:
        give_up(str(error))

    def keep(found: "Sweep") -> None:
        with told_by_file(output):
            write(found)

    return keep
