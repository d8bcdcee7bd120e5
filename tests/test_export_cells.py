"""Cells as files read back exactly, those that have come and no others."""

import csv
import json
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest

from optiscope import export_cells
from optiscope.export import ExportError
from optiscope.export_cells import writer_of_cells
from optiscope.swept import Sweep

STARTED = {
    "shape": [2, 2],
    "axes": [{"path": "/model/hidden", "values": [[2, 2], [4]]}, {"path": "/x", "values": [1, 0.1]}],
    "members": 4,
    "reasons": ["completed", "diverged", "failed"],
    "ways": [],
    "notes": [],
    "runs": [{"optimizer": {"name": "SGD"}}],
}
CELLS = {
    "event": "cells",
    "members": np.array([3, 0, 2]),
    "end_loss": np.array([1 / 3, np.nan, np.inf]),
    "ended": np.array([0.0, 1, 2]),
    "end": np.array([[1.0, 2], [3, 4], [5, 6]]),
}
NAMES = ["member", "optimizer", "/model/hidden", "/x", "end_loss", "ended", "end[0]", "end[1]"]


@pytest.fixture
def sweep():
    found = Sweep(STARTED, None, (event for event in [CELLS]))
    next(found)
    return found


@pytest.fixture(params=[2, 2**16], ids=["in parts", "at once"])
def rows_at_once(request, monkeypatch):
    monkeypatch.setattr(export_cells, "_AT_ONCE", request.param)


@pytest.mark.usefixtures("rows_at_once")
def test_csv(sweep, tmp_path):
    """Numbers to their last bit, lists as JSON, an end by its name."""
    path = tmp_path / "cells.csv"
    writer_of_cells(path)(sweep)
    head, *rows = csv.reader(path.read_text().splitlines())
    assert head == NAMES
    assert rows == [
        ["0", "SGD", "[2, 2]", "1", "nan", "diverged", "3.0", "4.0"],
        ["2", "SGD", "[4]", "1", "inf", "failed", "5.0", "6.0"],
        ["3", "SGD", "[4]", "0.1", repr(1 / 3), "completed", "1.0", "2.0"],
    ]


@pytest.mark.usefixtures("rows_at_once")
def test_json_lines(sweep, tmp_path):
    """An object for each cell; what JSON does not know is spelled as on the wire."""
    path = tmp_path / "cells.jsonl"
    writer_of_cells(path)(sweep)
    rows = [json.loads(line, parse_constant=pytest.fail) for line in path.read_text().splitlines()]
    assert [list(row) for row in rows] == [NAMES] * 3
    assert [row["end_loss"] for row in rows] == ["NaN", "Infinity", 1 / 3]
    assert [row["/model/hidden"] for row in rows] == [[2, 2], [4], [4]]


@pytest.mark.usefixtures("rows_at_once")
@pytest.mark.skipif(find_spec("pyarrow") is None, reason="needs optiscope[parquet]")
def test_parquet(sweep, tmp_path):
    """Columns of numbers and texts."""
    path = tmp_path / "cells.parquet"
    writer_of_cells(path)(sweep)
    table = import_module("pyarrow.parquet").read_table(path).to_pydict()
    assert list(table) == NAMES
    assert table["/model/hidden"] == ["[2, 2]", "[4]", "[4]"]
    assert table["/x"] == [1.0, 1.0, 0.1]
    np.testing.assert_equal(table["end_loss"], [np.nan, np.inf, 1 / 3])


def test_nothing_has_come(tmp_path):
    """A file of no rows."""
    path = tmp_path / "cells.csv"
    writer_of_cells(path)(Sweep(STARTED, None, (event for event in [])))
    assert path.read_text().splitlines() == ["member,optimizer,/model/hidden,/x"]


def test_any_other_file_is_refused(tmp_path):
    """With those that there are."""
    with pytest.raises(ExportError, match=r"one of \.csv, \.jsonl, \.parquet, got 'cells\.npz'"):
        writer_of_cells(tmp_path / "cells.safetensors")
