"""Runs as files: CSV, Parquet, NumPy's npz, safetensors, JSON Lines, TensorBoard's events."""

import csv
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np

from optiscope.export.about import Recorded
from optiscope.export.choosing import KEY, optional
from optiscope.export.event_file import event_file
from optiscope.export.json_lines import lines_of

Format = Literal["csv", "parquet", "npz", "safetensors", "jsonl", "tensorboard"]


def number_in_csv(value: float) -> str:
    """A number as it reads back exactly; NaN as polars wants it, for which a column with ``nan`` is text."""
    return "NaN" if math.isnan(value) else repr(value)


def write_csv(run: Recorded, path: Path) -> None:
    """A line for each record, numbers written so that they read back exactly.

    The metadata is the first cell of a last column, ``optiscope``: pandas, polars and spreadsheets read it as
    they read the rest, which they do not with a comment above the table.
    """
    scalars = list(run.table.scalars())
    steps = run.table.steps.tolist()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["step", *(name for name, _, _ in scalars), KEY])
        for row, step in enumerate(steps):
            cells = (number_in_csv(v[row].item()) if present[row] else "" for _, v, present in scalars)
            writer.writerow([step, *cells, "" if row else run.about.text()])
        if not steps:
            writer.writerow(["", run.about.text()])


def write_parquet(run: Recorded, path: Path) -> None:
    """A column for each number; null where there is none. The schema has the metadata."""
    arrow, parquet = optional("pyarrow"), optional("pyarrow.parquet")
    columns = {name: arrow.array(values, mask=~present) for name, values, present in run.table.scalars()}
    table = arrow.table({"step": run.table.steps} | columns)
    parquet.write_table(table.replace_schema_metadata({KEY: run.about.text()}), path)


def write_npz(run: Recorded, path: Path) -> None:
    """Arrays by name, compressed; the metadata is one of them, a text."""
    arrays = run.table.arrays() | {KEY: np.array(run.about.text())}
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def write_safetensors(run: Recorded, path: Path) -> None:
    """Arrays by name; the metadata is one text of the head, so that equal files have equal bytes."""
    arrays = {name: np.ascontiguousarray(values) for name, values in run.table.arrays().items()}
    optional("safetensors.numpy").save_file(arrays, path, metadata={KEY: run.about.text()})


def write_jsonl(run: Recorded, path: Path) -> None:
    """The events of the run as they travel."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines_of(run))


def write_tensorboard(run: Recorded, path: Path) -> None:
    """A zip of one folder, which TensorBoard reads once it is unpacked."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(f"{path.stem}/events.out.tfevents.0.optiscope", event_file(run))


WRITERS: Mapping[str, Callable[[Recorded, Path], None]] = {
    ".csv": write_csv,
    ".jsonl": write_jsonl,
    ".npz": write_npz,
    ".parquet": write_parquet,
    ".safetensors": write_safetensors,
    ".zip": write_tensorboard,
}
"""How a file is written, by its suffix."""

SUFFIXES: Mapping[Format, str] = {
    "csv": ".csv",
    "jsonl": ".jsonl",
    "npz": ".npz",
    "parquet": ".parquet",
    "safetensors": ".safetensors",
    "tensorboard": ".zip",
}
"""Of each format."""
