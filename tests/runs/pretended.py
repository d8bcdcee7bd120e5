"""What workers and compiling processes are asked for by tests; importing it is light."""

import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from tests.waiting import until


def never_done(_: str, folder: str) -> None:
    """Leave a trace, and go on until the process is ended."""
    Path(folder, str(os.getpid())).touch()
    while True:
        time.sleep(60)


def done_at_once(sweep: str, folder: str) -> None:
    """Add the sweep to those that were asked for."""
    _write(f"{folder}/done", sweep)


def traced(path: str, sweep: str, first: int, last: int) -> Generator[None, None, Any]:
    """The cells of a piece, with a line for its beginning and for each of its parts."""
    from optiscope.engine.sweep.job import timed_cells_at  # noqa: PLC0415 - others need no torch

    _write(path, "piece")
    parts = timed_cells_at(sweep, first, last, None)
    while True:
        try:
            next(parts)
        except StopIteration as done:
            return done.value
        _write(path, "part")
        yield


def meet(folder: str, number: int, count: int) -> None:
    """Wait until so many do this at once."""
    Path(folder, f"here-{number}").touch()
    until(lambda: len(list(Path(folder).glob("here-*"))) == count)


def _write(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        print(line, file=file)
