"""``optiscope lr-range``."""

from typing import Annotated

import typer

from optiscope.cli.failures import REFUSED, give_up, text_of, told_by_field, told_in_a_sentence
from optiscope.cli.options import ConfigFile, Scheduler, Workers

Low = Annotated[float, typer.Option("--from", help="The smallest rate to try.", min=1e-30)]
High = Annotated[float, typer.Option("--to", help="The largest rate to try.", min=1e-30)]
Count = Annotated[int, typer.Option(help="How many rates, in equal ratios.", min=2, max=10_000)]
Seeds = Annotated[int, typer.Option(help="Networks for each rate.", min=1, max=1000)]


def lr_range(
    config: ConfigFile,
    low: Low = 1e-5,
    high: High = 10.0,
    count: Count = 49,
    seeds: Seeds = 8,
    workers: Workers = None,
    scheduler: Scheduler = None,
) -> None:
    """Look for a learning rate among real runs, and by the classic ramp of one run: a number, and why."""
    from optiscope import local
    from optiscope.cli.settings import trainers
    from optiscope.cli.sweeping import followed
    from optiscope.lr_range import NoRateError, lr_range_test

    if scheduler is not None and workers is not None:
        give_up("--scheduler says who trains, and so does --workers: give one of them", REFUSED)
    text = text_of(config)
    if low >= high:
        give_up(f"--from must be below --to, got {low:g} and {high:g}")
    who = trainers(workers, scheduler)
    with told_by_field(), told_in_a_sentence():
        try:
            run, networks = local.searched(text, range(seeds))
            found = lr_range_test(
                lambda asked: followed(local.sweep(asked, **who)),
                local.train,
                run,
                networks,
                (low, high),
                count,
            )
        except NoRateError as error:
            give_up(str(error))
    typer.echo(f"{found.lr:.3g}")
    typer.echo(found.why, err=True)
