"""What an export wrote is read back as the run that it was."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from optiscope import read_run, train
from optiscope.client.stream import block_of
from optiscope.export.about import About, Recorded
from optiscope.export.choosing import ExportError
from optiscope.export.files import WRITERS
from optiscope.export.reading import recorded_in
from optiscope.records import Block
from tests.watching.recorded import trained

CONFIGS = {
    "frozen for a while, clipped": {
        "problem": {"name": "moons"},
        "optimizer": {"name": "Adam"},
        "freeze": [{"params": ["fc2"], "from_step": 5}],
        "clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.01},
        "steps": 12,
    },
    "lists that grow, in float64": {
        "problem": {"name": "rosenbrock"},
        "optimizer": {"name": "LBFGS", "hyperparameters": {"history_size": 3}},
        "dtype": "float64",
        "steps": 5,
    },
    "an average, two groups, divergence": {
        "problem": {"name": "moons"},
        "optimizer": {
            "name": "SGD",
            "hyperparameters": {"lr": 1e30, "momentum": 0.9},
            "param_groups": [{"params": ["fc3"], "momentum": 0.0}],
        },
        "average": {"name": "EMA", "decay": 0.5},
        "steps": 20,
    },
}


SOURCE = {"started": {"torch": "2", "layers": [], "parameters": [], "warnings": []}, "program": "a.py"}


def flat(value, name=""):
    """The arrays of columns by name."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from flat(part, f"{name}.{key}")
    elif value is not None:
        yield name, value


def columns(run):
    names = ("loss", "lr", "momentum", "grad_norm", "params", "grads", "state", "optional")
    return dict(flat({name: getattr(run, name) for name in names}))


@pytest.fixture(scope="module", params=CONFIGS, ids=CONFIGS)
def run(request):
    return train(CONFIGS[request.param])


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_run_reads_back(run, tmp_path, suffix):
    """Its config, its end and every column; as float32 from TensorBoard."""
    path = tmp_path / f"run{suffix}"
    WRITERS[suffix](Recorded(About("mine", run.config, asdict(run.ended)), run.blocks), path)
    found = read_run(str(path))
    assert found.config == run.config
    assert asdict(found.ended) == pytest.approx(asdict(run.ended), nan_ok=True)
    theirs, ours = columns(found), columns(run)
    assert theirs.keys() == ours.keys()
    for name, values in ours.items():
        expected = values.astype("f4") if suffix == ".zip" else values
        np.testing.assert_array_equal(theirs[name], expected, err_msg=name)


@pytest.mark.parametrize("suffix", WRITERS)
def test_what_is_cut_off_is_told(run, tmp_path, suffix):
    """Of a file without its second half."""
    path = tmp_path / f"run{suffix}"
    WRITERS[suffix](Recorded(About("mine", run.config, asdict(run.ended)), run.blocks), path)
    path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2])
    with pytest.raises(ExportError, match=r"damaged|does not say"):
        read_run(path)


@pytest.mark.parametrize("suffix", WRITERS)
def test_what_is_damaged_raises_no_error_of_others(tmp_path, suffix):
    """Wherever a file is cut off or has a wrong byte: it is told, if it cannot be read."""
    run = train(CONFIGS["lists that grow, in float64"] | {"optimizer": {"name": "Adam"}})
    path = tmp_path / f"run{suffix}"
    WRITERS[suffix](Recorded(About("mine", run.config, asdict(run.ended)), run.blocks), path)
    whole = path.read_bytes()
    places = range(0, len(whole), len(whole) // 40)
    damaged = [whole[:place] for place in places]
    damaged += [whole[:place] + bytes([whole[place] ^ 0x15]) + whole[place + 1 :] for place in places]
    told = 0
    for data in damaged:
        path.write_bytes(data)
        try:
            read_run(path)
        except ExportError:
            told += 1
    assert told > len(places) / 2


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_watched_run_keeps_its_gaps(tmp_path, suffix):
    """Records lie as far apart as they did; it is read as records, since it has no config."""
    values = np.arange(3.0)
    blocks = [Block(0, 1, {"loss": values[:1]}), Block(10, 3, {"loss": values}, every=10)]
    path = tmp_path / f"run{suffix}"
    WRITERS[suffix](Recorded(About("theirs", None, None, source=SOURCE), blocks), path)
    found = recorded_in(path)
    assert [step for block in found.blocks for step in block.steps] == [0, 10, 20, 30]
    with pytest.raises(ExportError, match="another loop"):
        read_run(path)


@pytest.mark.parametrize("suffix", WRITERS)
def test_only_records_with_a_surface_have_one(tmp_path, suffix):
    """As they were recorded: the others are not taken for ones that show nothing."""
    trained(tmp_path / "mine.optiscope", around=True)
    events = map(json.loads, (tmp_path / "mine.optiscope").read_text().splitlines())
    blocks = [block_of(event) for event in events if event["event"] == "block"]
    path = tmp_path / f"run{suffix}"
    WRITERS[suffix](Recorded(About("theirs", None, None, source=SOURCE), blocks), path)
    [found] = [block for block in recorded_in(path).blocks if "surface" in block.columns]
    [surface] = [block.columns["surface"] for block in blocks if "surface" in block.columns]
    assert list(found.steps) == [2]
    assert found.columns["surface"]["z"].shape == surface["z"].shape
    np.testing.assert_allclose(found.columns["surface"]["z"], surface["z"], rtol=1e-6)
