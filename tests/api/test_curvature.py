"""Curvature over HTTP is the engine's own."""

import numpy as np
import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.curvature import curvature
from optiscope.engine.loop.training import advance
from tests.typed_arrays import decoded

RUN = {
    "problem": {"name": "xor", "samples": 32},
    "model": {"seed": 44},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}},
    "steps": 20,
}
RPROP = RUN | {"optimizer": {"name": "Rprop"}, "freeze": [{"params": ["fc1"], "from_step": 10}]}
PATH = "/api/curvature"


async def test_the_numbers_are_the_engines(client):
    """Each run has a row for each record, spelled where it is no number."""
    body = {"runs": [RUN, RPROP], "every": 10, "top": 1}
    first, second = (await client.post(PATH, json=body)).json()["runs"]
    config = RunConfig.model_validate(RUN)
    found = curvature(config, advance(config, None, 20)[0], every=10, top=1)
    assert first["steps"] == second["steps"] == [0, 10, 20]
    assert first["eigenvalues"] == found.eigenvalues.tolist()
    assert first["eigenvectors"] == found.eigenvectors.tolist()
    assert first["sharpness"] == found.eigenvalues[:, 0].tolist()
    assert first["stability"]["bound"] == pytest.approx([2 * 1.9 / 0.1] * 3)
    assert first["stability"]["value"] == found.stability.value.tolist()
    assert (first["stability"]["name"], first["stability"]["name_code"]) == ("heavy ball", "bound_heavy_ball")
    assert first["real"][-1] == "NaN"
    assert first["no_bound"] is second["stability"] is None
    assert second["no_bound"] == "No bound is known for this optimizer."
    assert second["parameters"] == [15, 9, 9]
    assert second["drifting"] == [0, 0, 0]
    assert second["eigenvalues"][1][9:] == ["NaN"] * 6


async def test_typed_arrays_hold_the_same(client):
    """`encoding: base64` changes the form and no number."""
    lists, typed = [
        (await client.post(PATH, json={"runs": [RUN], "every": 7, "encoding": encoding})).json()["runs"][0]
        for encoding in ("list", "base64")
    ]
    np.testing.assert_array_equal(decoded(typed["eigenvalues"]), lists["eigenvalues"])
    np.testing.assert_array_equal(decoded(typed["predicted"])[:-1], lists["predicted"][:-1])


@pytest.mark.parametrize(
    ("body", "pointer", "word"),
    [
        ({"runs": []}, "/runs", "at least 1"),
        ({"runs": [RUN], "every": 0}, "/every", "at least 1"),
        ({"runs": [RUN], "every": 1, "steps": [1]}, "/steps", "either every or steps"),
        ({"runs": [RUN], "steps": [5, 21]}, "/steps/1", "between 0 and 20"),
        ({"runs": [RUN], "top": 17}, "/top", "at most 16"),
        ({"runs": [RUN, RUN | {"model": {"hidden": [64, 64]}}]}, "/runs/1/model/hidden", "at most 512"),
    ],
)
async def test_what_cannot_be_computed_is_refused(client, body, pointer, word):
    """422 names the field at its place in the body."""
    response = await client.post(PATH, json=body)
    assert response.status_code == 422, response.text
    [error] = response.json()["errors"][:1]
    assert error["pointer"] == pointer
    assert word in error["detail"]
