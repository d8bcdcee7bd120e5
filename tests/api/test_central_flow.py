"""The central flow over HTTP is the engine's own."""

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.central_flow import central_flow
from optiscope.engine.loop.training import advance

RUN = {
    "problem": {"name": "regression-2d", "samples": 8},
    "model": {"hidden": [8], "activation": "tanh"},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.4}},
    "steps": 12,
}
PATH = "/api/central-flow"


async def test_the_numbers_are_the_engines(client):
    """A row for each record, and what was averaged."""
    answer = (await client.post(PATH, json={"run": RUN, "from_step": 1, "to_step": 10, "window": 3})).json()
    config = RunConfig.model_validate(RUN)
    found = central_flow(config, advance(config, None, 12)[0], from_step=1, to_step=10, window=3)
    flow = answer["flow"]
    assert answer["no_flow"] is answer["no_flow_code"] is flow["stopped"] is None
    assert flow["steps"] == list(range(1, 11))
    for name in ("path", "predicted_loss", "measured_loss", "sharpness", "predicted_variance"):
        assert flow[name] == getattr(found, name).tolist(), name
    assert (flow["edge"], flow["bound"]) == (found.edge, 5.0)
    assert flow["mean_loss"] == {
        "predicted": found.mean_loss.predicted,
        "measured": found.mean_loss.measured,
    }


async def test_a_run_that_it_is_not_known_of_is_no_refusal(client):
    """Its answer is a sentence."""
    momentum = {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}}
    answer = (await client.post(PATH, json={"run": RUN | {"optimizer": momentum}})).json()
    assert (answer["flow"], answer["no_flow_code"]) == (None, "flow_momentum")
    assert "0.9" in answer["no_flow"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"from_step": 13}, "/from_step"),
        ({"to_step": 0}, "/to_step"),
        ({"window": 0}, "/window"),
        ({"run": RUN | {"model": {"hidden": [64, 64], "activation": "tanh"}}}, "/run/model/hidden"),
        ({"run": RUN | {"model": {"hidden": [20, 18], "activation": "tanh"}, "steps": 900}}, "/to_step"),
    ],
)
async def test_what_cannot_be_computed_is_refused(client, change, pointer):
    """422 names the field."""
    response = await client.post(PATH, json={"run": RUN} | change)
    assert response.status_code == 422, response.text
    assert response.json()["errors"][0]["pointer"] == pointer
