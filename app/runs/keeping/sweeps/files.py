"""What a worker is asked to make of kept cells: a file."""

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from optiscope.engine.core.parts import Parts
from optiscope.engine.sweep.job import planned
from optiscope.export_cells import parts_of_file
from optiscope.runs.keeping.sweeps.codec import decode_cells
from optiscope.runs.sweeping import started
from optiscope.swept import Sweep

Format = Literal["csv", "jsonl", "npz", "parquet"]


def file_of(config: str, cells: Sequence[bytes], kind: Format) -> Parts[bytes]:
    """The cells of a sweep as a file.

    Args:
        config: The sweep as JSON.
        cells: Those that there are, as they were encoded.
        kind: Of the file.

    Raises:
        ExportError: If what writes such files is not installed.
    """
    plan = planned(config)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"cells.{kind}"
        write = parts_of_file(path)
        sweep = Sweep(started(plan, ()), plan.sweep.seeds, _events(cells))
        for _ in sweep:
            yield
        yield from write(sweep)
        return path.read_bytes()


def _events(cells: Sequence[bytes]) -> Generator[Mapping[str, Any]]:
    for data in cells:
        yield {"event": "cells", **decode_cells(data).columns()}
    yield {"event": "sweep_ended", "reason": "completed", "detail": "", "summary": None}
