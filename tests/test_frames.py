"""A run as tables of the real libraries, where these are installed: each number by its name and step."""

import numpy as np
import pytest

import optiscope

RUN = {
    "problem": {"name": "xor"},
    "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.1}},
    "freeze": [{"params": ["fc2"], "from_step": 2}],
    "clip_grad": {"name": "clip_grad_norm_", "max_norm": 1.0},
    "steps": 5,
}


@pytest.fixture(scope="module")
def run():
    """Frozen on its way, so that some of its numbers are NaN."""
    return optiscope.train(RUN)


def library(name):
    """One that the tests do not install: pandas and xarray take 100 MB, polars 181."""
    return pytest.importorskip(name, reason=f"pip install {name}")


def test_a_pandas_frame_has_a_column_for_each_number(run):
    """Doubles and floats as they are, by step; what is not there is NaN."""
    library("pandas")
    frame = run.to_pandas()
    assert (frame.index.name, list(frame.index)) == ("step", run.steps)
    assert frame["loss"].to_numpy().tolist() == run.loss.tolist()
    assert frame["params.fc1.weight[0,1]"].to_numpy().dtype == run.params["fc1.weight"].dtype
    np.testing.assert_array_equal(frame["grads.fc2.weight[1,0]"], run.grads["fc2.weight"][:, 1, 0])
    assert frame["grads.fc2.weight[1,0]"].isna().iloc[-1]
    assert frame["clipped_grad_norm"].iloc[1] <= 1.0 + 1e-6
    again = frame.reset_index().to_csv(index=False)
    assert again.startswith("step,loss,lr[0]")


def test_a_polars_frame_begins_with_the_step(run):
    """NaN stays NaN, and no number becomes a text."""
    polars = library("polars")
    frame = run.to_polars()
    assert frame.columns[:2] == ["step", "loss"]
    assert frame["loss"].to_list() == run.loss.tolist()
    assert all(kind.is_numeric() for kind in frame.dtypes)
    assert frame["grads.fc2.weight[1,0]"].is_nan()[-1]
    assert frame.filter(polars.col("step") == 3)["lr[0]"].item() == run.lr[3, 0]


def test_an_xarray_dataset_has_the_arrays_along_the_step(run):
    """Each as it is, so that one step is one set of tensors."""
    library("xarray")
    dataset = run.to_xarray()
    weights = dataset["params.fc1.weight"]
    assert (weights.dims[0], weights.shape) == ("step", run.params["fc1.weight"].shape)
    np.testing.assert_array_equal(weights.sel(step=3), run.params["fc1.weight"][3])
    assert list(dataset["step"].to_numpy()) == run.steps
