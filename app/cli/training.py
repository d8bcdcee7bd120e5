"""Runs trained in this process: their stream on standard output, their progress on the error stream."""

import math
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from optiscope.api import wire
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint, Ended
from optiscope.engine.loop.plain import plain_torch
from optiscope.engine.loop.training import advance
from optiscope.runs.description import Description

CHUNK = 200
"""Steps between two looks at the progress, and those that a run takes before it is another's turn."""


class Result(NamedTuple):
    """What became of a run: its end, and the loss of its last record."""

    ended: Ended
    loss: float


def stream(runs: Sequence[Description], layout: wire.Layout, marks: Sequence[wire.Mark]) -> list[Result]:
    """Train runs in turn, and give the result of each.

    Args:
        runs: What to train.
        layout: How records are written.
        marks: What each event of a run carries besides.
    """
    out = sys.stdout.buffer
    for run, mark in zip(runs, marks, strict=True):
        out.write(wire.started(run, layout, mark))
    losses = [math.nan] * len(runs)
    results: dict[int, Result] = {}
    with _bars() as bars:
        tasks = [_bar(bars, run.config) for run in runs]
        for index, event in _in_turn([run.config for run in runs]):
            out.writelines(wire.event_lines(event, layout, marks[index]))
            out.flush()
            if isinstance(event, Ended):
                results[index] = Result(event, losses[index])
            else:
                losses[index] = float(event.loss[-1])
                bars.update(tasks[index], completed=event.steps[-1], loss=f"loss {losses[index]:.6g}")
    return [results[index] for index in range(len(runs))]


def _in_turn(configs: Sequence[RunConfig]) -> Iterator[tuple[int, Block | Ended]]:
    """The events of each run in order, some steps of one run after some of another."""
    checkpoints: dict[int, Checkpoint | None] = dict.fromkeys(range(len(configs)))
    while checkpoints:
        for index, before in list(checkpoints.items()):
            with plain_torch():
                blocks, reached = advance(configs[index], before, CHUNK)
            checkpoints[index] = reached
            for block in blocks:
                yield index, block
            if reached.ended is not None:
                del checkpoints[index]
                yield index, reached.ended


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _bar(bars: Progress, config: RunConfig) -> TaskID:
    return bars.add_task(f"{config.optimizer.name} on {config.problem.name}", total=config.steps, loss="")
