"""A file holds what was recorded, bit for bit, and says of what run; its usual tool reads it and so do we."""

import csv
import json
import struct
from dataclasses import asdict
from zipfile import ZipFile

import numpy as np
import pytest
from pyarrow import parquet
from safetensors import safe_open
from safetensors.numpy import load_file
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from optiscope import __version__, train
from optiscope.export.about import About, Recorded, about_of
from optiscope.export.choosing import KEY, ExportError
from optiscope.export.event_file import event_file, masked_sums
from optiscope.export.files import WRITERS
from optiscope.export.reading import recorded_in
from optiscope.records import Block

CONFIG = {
    "problem": {"name": "moons"},
    "optimizer": {"name": "Adam"},
    "freeze": [{"params": ["fc2"], "from_step": 5}],
    "clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.01},
    "steps": 12,
}


@pytest.fixture(scope="module")
def run():
    return train(CONFIG)


@pytest.fixture(scope="module")
def recorded(run):
    return Recorded(About("mine, é", run.config, asdict(run.ended), id="3f9a"), run.blocks)


@pytest.fixture
def written(recorded, tmp_path):
    def write(suffix, run=recorded):
        path = tmp_path / f"run{suffix}"
        WRITERS[suffix](run, path)
        return path

    return write


def test_csv_reads_back_exactly(written, run):
    """By Python's own reader; empty where there is nothing."""
    with written(".csv").open() as file:
        rows = list(csv.DictReader(file))
    for name in ("loss", "clipped_grad_norm"):
        found = [np.float32(row[name] or "nan") for row in rows]
        np.testing.assert_array_equal(found, getattr(run, name))
    assert rows[0]["grads.fc1.weight[0,0]"] == rows[-1]["grads.fc2.bias[0]"] == ""


def test_csv_spells_what_is_not_finite_so_that_its_column_stays_one_of_numbers(written, recorded):
    """For polars ``NaN`` and ``inf`` are numbers, ``nan`` and ``Infinity`` make a whole column text."""
    block = Block(0, 4, {"loss": np.float32([0.5, np.inf, -np.inf, np.nan]), "params": {}, "grads": None})
    with written(".csv", Recorded(recorded.about, [block])).open() as file:
        assert [row["loss"] for row in csv.DictReader(file)] == ["0.5", "inf", "-inf", "NaN"]


@pytest.mark.parametrize(("suffix", "load"), [(".npz", np.load), (".safetensors", load_file)])
def test_arrays_read_back_exactly(written, run, suffix, load):
    """By NumPy and safetensors, under their names."""
    found = load(written(suffix))
    np.testing.assert_array_equal(found["params.fc3.weight"], run.params["fc3.weight"])
    np.testing.assert_array_equal(found["clipped_grad_norm"], run.clipped_grad_norm)
    assert found["state.fc1.weight.exp_avg"].dtype == np.float32


def test_json_lines_read_back_exactly(written, run):
    """A line is an event as it travels."""
    begun, *steps, ended = map(json.loads, written(".jsonl").read_text().splitlines())
    assert (begun["event"], begun["config"], begun["name"]) == ("run_started", run.config, "mine, é")
    assert ended == {"event": "run_ended"} | asdict(run.ended)
    assert [step["step"] for step in steps] == list(range(13))
    np.testing.assert_array_equal(np.float32([step["loss"] for step in steps]), run.loss)
    assert np.float32(steps[-1]["clipped_grad_norm"]) == run.clipped_grad_norm[-1]
    assert (steps[0]["grads"], steps[-1]["grads"]["fc2.weight"]) == (None, None)


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_file_says_what_run_it_holds(written, run, suffix):
    """Its config gives the same run again; its name, end and versions are there."""
    about = about_of(written(suffix))
    assert (about["name"], about["id"], about["ended"]) == ("mine, é", "3f9a", asdict(run.ended))
    assert about["versions"]["optiscope"] == __version__
    np.testing.assert_array_equal(train(about["config"]).loss, run.loss)


@pytest.mark.parametrize("suffix", WRITERS)
def test_another_file_does_not_say_it(tmp_path, suffix):
    """It is told in a sentence, whatever is in it."""
    for content in (b"", b"hello", b"[1]\n", b"{}\n"):
        (tmp_path / f"other{suffix}").write_bytes(content)
        with pytest.raises(ExportError, match="does not say what run"):
            about_of(tmp_path / f"other{suffix}")


def test_the_metadata_of_safetensors_is_one_text(written):
    """So that equal files have equal bytes."""
    with safe_open(written(".safetensors"), "numpy") as file:
        assert list(file.metadata()) == [KEY]


def test_parquet_reads_back_exactly(written, run):
    """By pyarrow, with a null where there is nothing."""
    table = parquet.read_table(written(".parquet")).to_pydict()
    np.testing.assert_array_equal(np.float32(table["loss"]), run.loss)
    assert table["grads.fc1.weight[0,0]"][0] is None


def test_tensorboard_reads_the_scalars_and_the_config(written, run, tmp_path):
    """From the folder that the zip holds."""
    with ZipFile(written(".zip")) as archive:
        archive.extractall(tmp_path)
    found = EventAccumulator(str(tmp_path / "run"))
    found.Reload()
    events = found.Scalars("params/fc1.weight[1,0]")
    assert [event.step for event in events] == list(range(13))
    np.testing.assert_array_equal(np.float32([e.value for e in events]), run.params["fc1.weight"][:, 1, 0])
    assert len(found.Scalars("grads/fc2.bias[0]")) == 5
    text = found.Tensors(KEY)
    assert json.loads(text[0].tensor_proto.string_val[0])["config"] == run.config


def test_events_are_framed_with_their_checksums(recorded):
    """Those of the published test vectors, each record behind the other to the end of the file."""
    unmasked = [(int(s) - 0xA282EAD8) % 2**32 for s in masked_sums([bytes(32), b"\xff" * 32, b"123456789"])]
    sums = [(rotated >> 17 | rotated << 15) % 2**32 for rotated in unmasked]
    assert sums == [0x8A9136AA, 0x62A8AB43, 0xE3069283]
    data, records = event_file(recorded), []
    while data:
        head, size = data[:8], struct.unpack_from("<Q", data)[0]
        record, data = data[12 : 12 + size], data[16 + size :]
        records.append(record)
        assert head
    assert len(records) == 2 + 13
    assert b"brain.Event:2" in records[0]


def test_a_run_that_may_go_on_has_no_end(written, recorded):
    """Nor has one that was not begun any record."""
    begun = Recorded(About("new", recorded.about.config, None), ())
    for suffix in WRITERS:
        assert about_of(written(suffix, begun))["ended"] is None
        assert recorded_in(written(suffix, begun)).blocks == []


def test_a_watched_run_reads_back_as_it_is_imported(written, recorded):
    """Blocks of its columns, behind what its program said of it."""
    told = {"started": {"torch": "2", "layers": [], "parameters": [], "warnings": []}, "program": "a.py"}
    block = Block(2, 2, {"loss": np.float32([0.5, np.nan]), "state": {}, "grads": None}, every=3)
    watched = Recorded(About("theirs", None, None, source=told), [block])
    begun, line = map(json.loads, written(".jsonl", watched).read_text().splitlines())
    assert (begun["config"], begun["source"], begun["torch"]) == (None, {"program": "a.py"}, "2")
    assert (line["first"], line["count"], line["every"]) == (2, 2, 3)
    assert line["loss"] == {"dtype": "f4", "shape": "2", "bdata": "AAAAPwAAwH8="}
    assert line["grads"] is None
