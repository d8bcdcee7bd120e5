"""Gradient noise over HTTP is the engine's own."""

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.gradient_noise import gradient_noise
from optiscope.engine.loop.training import advance

RUN = {
    "problem": {"name": "xor", "samples": 12},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1}},
    "batch_size": 4,
    "steps": 10,
}
PATH = "/api/gradient-noise"


async def test_the_numbers_are_the_engines(client):
    """Each size has an entry that says of how many minibatches its cosines are."""
    answer = (await client.post(PATH, json={"run": RUN, "step": 3, "seed": 5})).json()
    config = RunConfig.model_validate(RUN)
    found = gradient_noise(config, advance(config, None, 10)[0], step=3, seed=5)
    noise = answer["noise"]
    assert answer["no_noise"] is answer["no_noise_code"] is None
    assert [noise[name] for name in ("step", "samples", "seen", "seed")] == [3, 12, 4, 5]
    assert noise["noise_scale"] == found.noise_scale
    assert [size["size"] for size in noise["sizes"]] == [1, 2, 4, 8, 12]
    assert [size["spread"] for size in noise["sizes"]] == found.spread.tolist()
    assert [size["cosine_range"] for size in noise["sizes"]] == found.cosine_range.tolist()
    assert [(size["minibatches"], size["exact"]) for size in noise["sizes"]] == [
        (12, True),
        (64, False),
        (64, False),
        (64, False),
        (1, True),
    ]


async def test_where_there_is_no_noise_it_says_why(client):
    """A test function is no refusal: its answer is a sentence."""
    function = {"problem": {"name": "himmelblau"}, "optimizer": {"name": "SGD"}, "steps": 2}
    answer = (await client.post(PATH, json={"run": function})).json()
    assert answer["noise"] is None
    assert answer["no_noise_code"] == "no_noise_function"
    assert "every step sees all" in answer["no_noise"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"step": 11}, "/step"), ({"step": -1}, "/step"), ({"seed": 2**32}, "/seed"), ({"run": []}, "/run")],
)
async def test_what_cannot_be_measured_is_refused(client, change, pointer):
    """422 names the field."""
    response = await client.post(PATH, json={"run": RUN} | change)
    assert response.status_code == 422, response.text
    assert response.json()["errors"][0]["pointer"] == pointer


async def test_a_kept_run_is_measured_by_its_id(client):
    """As its config is."""
    kept = (await client.post("/api/runs", json=RUN)).json()
    async with client.stream("GET", f"/api/runs/{kept['id']}/steps") as stream:
        async for _ in stream.aiter_lines():
            pass
    by_id, by_config = [
        (await client.post(PATH, json={"run": run, "step": 10})).json() for run in ({"id": kept["id"]}, RUN)
    ]
    assert by_id == by_config
