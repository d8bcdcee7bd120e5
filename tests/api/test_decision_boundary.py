"""Decision boundaries over HTTP are the engine's own, for one run or several, at one step or many."""

import numpy as np
import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.boundary import View, boundary
from optiscope.engine.loop.training import advance
from tests.typed_arrays import decoded

RUN = {
    "problem": {"name": "moons", "samples": 32},
    "model": {"hidden": [3], "seed": 33},
    "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.05}},
    "steps": 20,
}
OTHER = RUN | {"model": {"hidden": [2, 2], "activation": "tanh"}}
PATH = "/api/decision-boundary"


def expected(bodies, steps):
    configs = [RunConfig.model_validate(body) for body in bodies]
    blocks = [advance(config, None, config.steps)[0] for config in configs]
    return boundary(configs, blocks, steps, View(11))


async def test_the_outputs_are_the_engines(client):
    """A film of several runs holds the exact numbers that the engine computes."""
    body = {"runs": [RUN, OTHER], "steps": [0, 10, 20], "resolution": 11}
    answer = (await client.post(PATH, json=body)).json()
    found = expected([RUN, OTHER], [0, 10, 20])
    assert answer["shows"] == "probability"
    assert answer["x"] == found.x.tolist()
    assert answer["train"]["x"] == found.train["x"].tolist()
    assert answer["test"]["y"] == found.test["y"].tolist()
    for shown, frames in zip(answer["runs"], found.runs, strict=True):
        assert shown["steps"] == [0, 10, 20]
        assert shown["z"] == frames.z.tolist()
        assert shown["train_loss"] == frames.train_loss.tolist()
        assert shown["test_loss"] == frames.test_loss.tolist()
        assert shown["dead"] == list(frames.dead)
    assert np.shape(answer["runs"][0]["hinges"]) == (3, 3, 2, 2)
    assert answer["runs"][1]["hinges"] is None


async def test_one_run_at_its_end(client):
    """`run` alone shows its last record; typed arrays hold the same numbers."""
    lists = (await client.post(PATH, json={"run": RUN, "resolution": 11})).json()
    typed = (await client.post(PATH, json={"run": RUN, "resolution": 11, "encoding": "base64"})).json()
    assert lists["runs"][0]["steps"] == typed["runs"][0]["steps"] == [20]
    assert decoded(typed["runs"][0]["z"]).tolist() == lists["runs"][0]["z"]


@pytest.mark.parametrize(
    ("body", "pointer", "word"),
    [
        ({}, "", "either run or runs"),
        ({"run": RUN, "runs": [RUN]}, "", "either run or runs"),
        ({"run": RUN, "step": 1, "steps": [1]}, "", "either step or steps"),
        ({"run": RUN, "step": 21}, "/step", "between -1 and 20, got 21"),
        ({"run": RUN, "steps": [0, 21]}, "/steps/1", "got 21"),
        ({"run": RUN, "steps": []}, "/steps", "at least 1"),
        ({"run": RUN, "steps": [0] * 257}, "/steps", "at most 256"),
        ({"run": RUN | {"problem": {"name": "booth"}, "model": {}}}, "/run/problem/name", "no data"),
        ({"runs": [RUN, RUN | {"problem": {"name": "xor"}}]}, "/runs/1/problem", "first run"),
        ({"run": RUN | {"optimizer": {"name": "Adma"}}}, "/run/optimizer/name", "did you mean Adam"),
        ({"run": RUN, "resolution": 402}, "/resolution", "401"),
        ({"run": RUN, "window": [[1, 0], [0, 1]]}, "/window/0", "ascending"),
    ],
)
async def test_what_cannot_be_drawn_is_refused(client, body, pointer, word):
    """422 names the field at its place in the body."""
    response = await client.post(PATH, json=body)
    assert response.status_code == 422, response.text
    [error] = response.json()["errors"][:1]
    assert error["pointer"] == pointer
    assert word in error["detail"]
