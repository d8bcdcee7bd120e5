"""A sweep as it comes, as a bar on the error stream, and what it comes to, as a table on standard output."""

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from optiscope.cli.failures import FAILED
from optiscope.naming import labels_of
from optiscope.racing import Race
from optiscope.swept import Sweep, SweepBrokenError

INTERRUPTED = 130

_WIDE = 200
"""Columns of a table that no terminal shows."""

_LONG = 180
"""Seconds that are told as minutes."""

_MEDIAN, _TENTH, _LAST_TENTH = 3, 1, 5
"""Among the quantiles of a cell."""


def follow(sweep: Sweep) -> None:
    """Wait until every cell has come, with a bar of how many have and of the time left."""
    for way in sweep.ways:
        typer.echo(_told(way), err=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task("members", total=sweep.members)
        for _ in sweep:
            bars.update(task, completed=sweep.count)


def followed(found: Sweep, write: Callable[[Sweep], None] | None = None, output: Path | None = None) -> Sweep:
    """The sweep, with all its cells; what has come of one that breaks off is kept, and the command ends."""
    with found:
        try:
            follow(found)
        except (SweepBrokenError, KeyboardInterrupt) as error:
            if write is not None:
                write(found)
            kept = f", kept in {output}" if output else ""
            why = str(error) or "interrupted"
            typer.echo(f"{why}: {found.count} of {found.members} cells have come{kept}", err=True)
            raise typer.Exit(INTERRUPTED if isinstance(error, KeyboardInterrupt) else FAILED) from None
    return found


def print_plan(plan: Mapping[str, Any]) -> None:
    """How many members there are, which way they go, and how long that takes."""
    shape = " x ".join(map(str, plan["shape"]))
    typer.echo(f"{plan['members']} runs ({shape}), {_time(sum(w['seconds'] for w in plan['ways']))}")
    for way in plan["ways"]:
        typer.echo(_told(way))


def _told(way: Mapping[str, Any]) -> str:
    because = f" ({way['because']})" if way["because"] else ""
    return f"{way['members']} members go {way['way']}, {_time(way['seconds'])}{because}"


def _time(seconds: float) -> str:
    """A rough time in words.

    Example:
        >>> _time(0.02), _time(42.2), _time(5000)
        ('less than 1 s', 'about 42 s', 'about 83 min')
    """
    if seconds < 1:
        return "less than 1 s"
    return f"about {seconds:.0f} s" if seconds < _LONG else f"about {seconds / 60:.0f} min"


def print_summary(sweep: Sweep) -> None:
    """A line for each optimizer: where it is best, what seeds change there, how wide its good rates are."""
    paths = [axis.path for axis in sweep.axes]
    table = Table("optimizer", *labels_of(paths), "median", "10 % to 90 %", box=None)
    has_test = any(entry["best"] and entry["best"]["test_loss"] is not None for entry in sweep.summary)
    has_target = "steps_to_target" in sweep.found
    more = ["test loss"] * has_test + ["steps to target", "reached"] * has_target
    for label in (*more, "tolerance", "diverged"):
        table.add_column(label)
    for entry in sweep.summary:
        table.add_row(*_row(entry, paths, has_test=has_test, has_target=has_target))
    _print(table)
    for note in sweep.notes:
        typer.echo(note, err=True)


def print_race(race: Race) -> None:
    """A line for each optimizer, the best first, on seeds that it was not tuned on; then each difference."""
    paths = [axis.path for axis in race.tuning.axes]
    has_target = race.judged[0].reached is not None
    tuned = f"each was tuned by {race.runs} runs of {race.steps} steps in all"
    typer.echo(f"\n{tuned}, and is judged on {len(race.seeds)} other seeds:\n")
    more = ["steps to target", "reached"] * has_target
    table = Table("optimizer", *labels_of(paths), "tuned", "median", "95 % band", *more, "diverged", box=None)
    for one in (race.judged[index] for index in race.ranking):
        values = ["-"] * len(paths) if one.values is None else [_shown(one.values[path]) for path in paths]
        band = "-" if one.band is None else " to ".join(map(_shown, one.band))
        row = [one.name, *values, _shown(one.tuned), _shown(one.median), band]
        if one.steps_to_target is not None:
            row += [_steps(float(np.median(one.steps_to_target)), one.reached or 0.0), f"{one.reached:.0%}"]
        table.add_row(*row, f"{one.diverged:.0%}")
    _print(table)
    typer.echo()
    for difference in race.differences:
        typer.echo(difference.detail)


def _print(table: Table) -> None:
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)


def _row(entry: Mapping[str, Any], paths: list[str], *, has_test: bool, has_target: bool) -> Iterator[str]:
    best, tolerance = entry["best"], entry["tolerance"]
    yield entry["name"]
    if best is None:
        yield from ["-"] * (len(paths) + 2 + has_test + 2 * has_target)
    else:
        yield from (_shown(best["values"][path]) for path in paths)
        quantiles = best["quantiles"]
        yield _shown(quantiles[_MEDIAN])
        yield f"{_shown(quantiles[_TENTH])} to {_shown(quantiles[_LAST_TENTH])}"
        if has_test:
            yield _shown(best["test_loss"])
        if has_target:
            yield _steps(best["steps_to_target"], best["reached"])
            yield f"{best['reached']:.0%}"
    if tolerance is None:
        yield "-"
    else:
        yield width(tolerance)
    yield f"{entry['diverged']:.0%}"


def width(tolerance: Mapping[str, Any]) -> str:
    """How wide the good rates are, as far as the grid can tell."""
    decades, at_most = tolerance["decades"], tolerance["at_most"]
    low, high = tolerance["between"]
    if low < high:
        more = " or more" if at_most is None else f", less than {at_most:.1f}"
        return f"{decades:.1f} decades{more}: {_shown(low)} to {_shown(high)}"
    if at_most is None:
        return f"{_shown(low)} alone, at the end of the grid"
    return f"less than {at_most:.1f} decades, the spacing of the grid around {_shown(low)}"


def _shown(value: Any) -> str:
    """A value in few digits; a loss that is infinite is that of a run that diverged."""
    if isinstance(value, float) and math.isinf(value):
        return "diverged"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _steps(median: float, reached: float) -> str:
    """The median of steps to a target; none where half of the runs or fewer get there."""
    if math.isfinite(median):
        return _shown(median)
    return "-" if reached else "never"
