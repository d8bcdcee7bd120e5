"""Held-out loss over HTTP is the engine's own."""

import numpy as np
import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.held_out import held_out_loss
from optiscope.engine.loop.training import advance
from optiscope.engine.loop.typed_arrays import untyped

RUN = {
    "problem": {"name": "moons", "samples": 12},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1}},
    "batch_size": 4,
    "steps": 10,
}
PATH = "/api/held-out-loss"


async def test_the_losses_are_the_engines(client):
    """As lists and as typed arrays, run by run; one without held-out samples says why."""
    fixed = {"problem": {"name": "seed-example"}, "optimizer": {"name": "SGD"}, "steps": 2}
    config = RunConfig.model_validate(RUN)
    found = held_out_loss(config, advance(config, None, 10)[0], every=3)
    asked = {"runs": [RUN, fixed], "every": 3}
    one, other = (await client.post(PATH, json=asked)).json()["runs"]
    expected = {"samples": 12, "steps": [0, 3, 6, 9, 10], "loss": found.loss.astype(float).tolist()}
    assert one == {
        "held_out": expected,
        "no_held_out": None,
        "no_held_out_code": None,
        "no_held_out_params": {},
    }
    assert (other["held_out"], other["no_held_out_code"]) == (None, "no_held_out_none")
    typed = (await client.post(PATH, json=asked | {"encoding": "base64"})).json()["runs"][0]
    assert np.array_equal(untyped(typed["held_out"]["loss"]), found.loss)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"steps": [0, 11]}, "/steps/1"),
        ({"steps": [1], "every": 2}, "/steps"),
        ({"every": 0}, "/every"),
        ({"runs": []}, "/runs"),
    ],
)
async def test_what_cannot_be_computed_is_refused(client, change, pointer):
    """422 names the field."""
    response = await client.post(PATH, json={"runs": [RUN]} | change)
    assert response.status_code == 422, response.text
    assert response.json()["errors"][0]["pointer"] == pointer
