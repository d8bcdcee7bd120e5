"""What the command line prints about runs: JSON Lines on standard output, progress and tables beside it."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from optiscope.api import wire
from optiscope.client import KeptRun
from optiscope.engine.core.config import RunConfig, parse_config
from optiscope.engine.loop.checkpoint import Ended
from optiscope.engine.loop.plain import plain_torch
from optiscope.engine.loop.recorder import Block
from optiscope.engine.loop.training import advance
from optiscope.runs.description import describe

CHUNK = 200
"""Steps between two looks at the progress."""


def read_config(path: Path) -> RunConfig:
    """The config in a file; ``-`` is standard input.

    Raises:
        ConfigError: If it is none.
        OSError: If it cannot be read.
    """
    return parse_config(sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes())


def train_here(config: RunConfig, layout: wire.Layout) -> Ended:
    """Train a run in this process: its stream goes to standard output, a bar to the error stream.

    Raises:
        ConfigError: If it cannot be run.
    """
    described = describe(config)
    out = sys.stdout.buffer
    out.write(wire.started(described, layout, {}))
    with _bar() as bar:
        task = bar.add_task(f"{config.optimizer.name} on {config.problem.name}", total=config.steps, loss="")
        for event in _events(described.config):
            out.writelines(wire.event_lines(event, layout, {}))
            out.flush()
            if isinstance(event, Ended):
                return event
            loss = f"loss {event.loss[-1]:.6g}"
            bar.update(task, completed=event.steps[-1], loss=loss)
    raise AssertionError("a run always ends")


def _events(config: RunConfig) -> Iterator[Block | Ended]:
    checkpoint = None
    while checkpoint is None or checkpoint.ended is None:
        with plain_torch():
            blocks, checkpoint = advance(config, checkpoint, CHUNK)
        yield from blocks
    yield checkpoint.ended


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def print_runs(runs: Iterable[KeptRun]) -> None:
    """A table of kept runs."""
    table = Table("id", "name", "state", "step", "loss", "pinned", box=None)
    for run in runs:
        result = run.document["result"]
        loss = result["loss"] if result else ""
        table.add_row(
            run.id,
            run.name,
            run.document["ended"]["reason"] if run.document["ended"] else run.state,
            f"{run.step}/{run.steps}",
            f"{loss:.6g}" if isinstance(loss, float) else str(loss),
            "yes" if run.document["pinned"] else "",
        )
    Console().print(table)
