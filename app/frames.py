"""Records of a run as tables of other libraries, which are loaded when they are asked for.

Columns are named as in the files of an export: ``loss``, ``lr[0]``, ``params.fc1.weight[0,1]``.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def to_pandas(steps: Sequence[int], columns: Mapping[str, Any]) -> Any:
    """A pandas DataFrame, its index the steps."""
    pandas = _library("pandas")
    return pandas.DataFrame(dict(_scalars(columns)), index=pandas.Index(list(steps), name="step"))


def to_polars(steps: Sequence[int], columns: Mapping[str, Any]) -> Any:
    """A polars DataFrame, its first column the steps."""
    return _library("polars").DataFrame({"step": np.array(steps)} | dict(_scalars(columns)))


def to_xarray(steps: Sequence[int], columns: Mapping[str, Any]) -> Any:
    """An xarray Dataset: every array as it is, along ``step`` and its own dimensions."""
    arrays = {
        name: (("step", *(f"{name}.{axis}" for axis in range(values.ndim - 1))), values)
        for name, values in flat(columns)
    }
    return _library("xarray").Dataset(arrays, coords={"step": list(steps)})


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(f"{name} is not installed: pip install {name}", name=name) from error


def _scalars(columns: Mapping[str, Any]) -> Iterator[tuple[str, Array]]:
    """Every single number over all records."""
    for name, values in flat(columns):
        for place, entry in entries(values):
            yield name + place, values[entry]


def entries(values: Array) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Each entry of a record by its place, such as ``[0,1]``, and the index of it in all records.

    Args:
        values: [records, …]
    """
    for place in np.ndindex(values.shape[1:]):
        yield f"[{','.join(map(str, place))}]" if place else "", (slice(None), *place)


def flat(columns: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Array]]:
    """The columns that are there by their whole names, such as ``params.fc1.weight``."""
    for name, value in columns.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        elif value is not None:
            yield prefix + name, value
