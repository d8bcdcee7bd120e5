"""Any step of any run is taken apart: of a config, which is trained up to it, and of a kept run."""

import numpy as np
import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.anatomy import anatomy
from optiscope.engine.loop.training import advance
from tests.api.test_openapi import DOCUMENT, validator
from tests.api.test_runs import ended, moons, stream

PATH = "/api/anatomy"
RUN = moons(30, optimizer={"name": "Adam", "hyperparameters": {"lr": 0.05}})


async def test_a_config_is_trained_up_to_the_step(client):
    """The lines are the engine's, and the answer is what its schema says."""
    answer = await client.post(PATH, json={"run": RUN, "step": 12})
    found = answer.json()
    content = DOCUMENT["paths"][PATH]["post"]["responses"]["200"]["content"]
    validator(content["application/json"]["schema"]).validate(found)
    config = RunConfig.model_validate(RUN)
    expected = anatomy(config, advance(config, None, 11)[1])
    assert found["step"] == 12
    for shown, update in zip(found["updates"], expected.updates, strict=True):
        assert shown["result"] == update.result.tolist()
        assert [line["code"] for line in shown["lines"]] == [line.code for line in update.lines]
        last = shown["lines"][-1]
        assert (last["torch"], last["ulps"]) == ("param", 0)
        assert shown["values"][last["key"]]["value"] == shown["result"]
        for line in shown["lines"]:
            assert all(f"@{key}@" in line["numbers"] for key in line["uses"])
            assert set(line["uses"]) <= shown["values"].keys()


async def test_gradients_of_activations_are_told(client):
    """With their size at each layer; none flows to what lies before everything that is trained."""
    freeze = [{"params": ["fc1"]}]
    found = (await client.post(PATH, json={"run": RUN | {"freeze": freeze}, "step": 2})).json()
    layers = next(phase for phase in found["phases"] if phase["phase"] == "backward")["layers"]
    assert (layers[0]["grad_output"], layers[0]["norm"], layers[1]["grad_input"]) == (None, None, None)
    assert layers[-1]["norm"] == pytest.approx(np.linalg.norm(layers[-1]["grad_output"]))


async def test_a_kept_run_is_taken_apart_by_either_call(client):
    """And only for the parameters that are asked for."""
    run = await ended(client, moons(12))
    _, *steps, _ = await stream(client, run)
    body = {"run": {"id": run["id"]}, "step": 7, "parameters": ["fc2"]}
    found = (await client.post(PATH, json=body)).json()
    address = f"/api/runs/{run['id']}/steps/7/anatomy?parameters=fc2"
    assert (await client.get(address)).json() == found
    results = {update["parameter"]: update["result"] for update in found["updates"]}
    assert results == {name: steps[7]["params"][name] for name in ("fc2.weight", "fc2.bias")}


async def test_each_inner_iteration_is_told_by_either_call(client):
    """The last one unless another is asked for; other optimizers have none."""
    lbfgs = {"name": "LBFGS", "hyperparameters": {"lr": 0.5, "max_iter": 4}}
    run = await ended(client, moons(2, optimizer=lbfgs))
    body = {"run": {"id": run["id"]}, "step": 1, "parameters": ["fc2.bias"]}
    last = (await client.post(PATH, json=body)).json()
    assert (last["iterations"], last["iteration"]) == (4, 4)
    first = (await client.post(PATH, json=body | {"iteration": 1})).json()
    address = f"/api/runs/{run['id']}/steps/1/anatomy?parameters=fc2.bias&iteration=1"
    assert (await client.get(address)).json() == first
    (of_first,), (of_last,) = first["updates"], last["updates"]
    assert of_first["values"]["param"]["value"] == of_first["before"] == of_last["before"]
    assert of_last["values"]["param"]["value"] != of_last["before"]
    others = (await client.post(PATH, json={"run": RUN, "step": 1, "parameters": ["fc1"]})).json()
    assert (others["iterations"], others["iteration"]) == (None, None)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"step": 3, "iteration": 1}, "/iteration", "no_inner_iteration"),
        ({"step": 31}, "/step", "between"),
        ({"step": 0}, "/step", "at_least"),
        ({"step": 1, "parameters": ["fc9"]}, "/parameters/0", "unknown_parameter"),
        ({"step": 1, "run": RUN | {"steps": 0}}, "/run/steps", "at_least"),
    ],
)
async def test_what_cannot_be_taken_apart_is_refused(client, body, pointer, code):
    """Pointing to the field."""
    answer = await client.post(PATH, json={"run": RUN} | body)
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, pointer, code)
