"""Cells as files read back exactly, those that have come and no others."""

import csv
import json
import tracemalloc

import numpy as np
import pytest
from pyarrow import parquet

from optiscope import export_cells, scratch
from optiscope.export.choosing import ExportError
from optiscope.export_cells import writer_of_cells
from optiscope.swept import Sweep, SweepBrokenError

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
    """Numbers to their last bit, the rest as polars infers it, lists as JSON, an end by its name."""
    path = tmp_path / "cells.csv"
    writer_of_cells(path)(sweep)
    head, *rows = csv.reader(path.read_text().splitlines())
    assert head == NAMES
    assert rows == [
        ["0", "SGD", "[2, 2]", "1", "NaN", "diverged", "3.0", "4.0"],
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
def test_parquet(sweep, tmp_path):
    """Columns of numbers and texts, and what they are of in the metadata."""
    path = tmp_path / "cells.parquet"
    writer_of_cells(path)(sweep)
    assert_told(parquet.read_schema(path).metadata[b"optiscope"])
    table = parquet.read_table(path).to_pydict()
    assert list(table) == NAMES
    assert table["/model/hidden"] == ["[2, 2]", "[4]", "[4]"]
    assert table["/x"] == [1.0, 1.0, 0.1]
    np.testing.assert_equal(table["end_loss"], [np.nan, np.inf, 1 / 3])


@pytest.mark.usefixtures("rows_at_once")
def test_npz(sweep, tmp_path):
    """An array for each column, and one of what they are of."""
    path = tmp_path / "cells.npz"
    writer_of_cells(path)(sweep)
    arrays = np.load(path, allow_pickle=False)
    assert_told(str(arrays["optiscope"]))
    assert set(arrays) == {"optiscope", "shape"} | {name.lstrip("/") for name in NAMES}
    np.testing.assert_equal(arrays["end_loss"], [np.nan, np.inf, 1 / 3])
    assert arrays["member"].tolist() == [0, 2, 3]


def assert_told(text):
    """Which runs were varied in what, and the versions."""
    told = json.loads(text)
    assert (told["runs"], told["axes"]) == (STARTED["runs"], ["/model/hidden", "/x"])
    assert (told["shape"], told["seeds"], told["id"]) == ([2, 2], None, None)
    assert told["versions"]["torch"]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_memory_does_not_grow_with_the_members(monkeypatch, tmp_path, suffix):
    """What comes part by part is held in files and written part by part."""
    monkeypatch.setattr(export_cells, "_AT_ONCE", 2**8)
    monkeypatch.setattr(scratch, "IN_MEMORY", 0)
    path = tmp_path / f"cells{suffix}"
    names = ("initial_loss", "end_loss", "final_loss", "best_loss", "last_step", "ended")
    cells = {"event": "cells"} | {name: np.zeros(2**8) for name in names}

    def peak(members):
        axis = {"path": "/x", "values": [0.5] * 64}
        started = STARTED | {"shape": [64, members // 64], "axes": [axis], "members": members}
        parts = (range(first, first + 2**8) for first in range(0, members, 2**8))
        events = (cells | {"members": np.array(part)} for part in parts)
        sweep = Sweep(started, range(members // 64), events)
        tracemalloc.start()
        with pytest.raises(SweepBrokenError):
            sweep.summary  # noqa: B018 - which waits
        writer_of_cells(path)(sweep)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(path.read_text().splitlines()) >= members
        return most

    peak(2**8)
    assert peak(2**14) - peak(2**11) < 2**17  # all cells have 48 bytes each: half a million


def test_nothing_has_come(tmp_path):
    """A file of no rows."""
    path = tmp_path / "cells.csv"
    writer_of_cells(path)(Sweep(STARTED, None, (event for event in [])))
    assert path.read_text().splitlines() == ["member,optimizer,/model/hidden,/x"]


def test_any_other_file_is_refused(tmp_path):
    """With those that there are."""
    with pytest.raises(
        ExportError, match=r"one of \.csv, \.jsonl, \.npz, \.parquet, got 'cells\.safetensors'"
    ):
        writer_of_cells(tmp_path / "cells.safetensors")
