"""Warnings over HTTP are the linter's, alone or at the start of a run."""

import json

ONE_CYCLE = {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 5}}
RUN = {
    "problem": {"name": "seed-example"},
    "model": {"seed": 8},
    "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.01, "weight_decay": 0.1}},
    "lr_scheduler": ONE_CYCLE,
    "steps": 9,
}
EXPECTED = [
    ("adam_weight_decay", "/optimizer/hyperparameters/weight_decay"),
    ("one_cycle_too_short", "/lr_scheduler/hyperparameters/total_steps"),
]


async def test_a_recipe_is_linted(client):
    """Each warning has its code, its pointer and a sentence."""
    warnings = (await client.post("/api/lint", json=RUN)).json()["warnings"]
    assert [(w["code"], w["pointer"]) for w in warnings] == EXPECTED
    assert "torch raises an error after step 6: set total_steps to 9" in warnings[1]["detail"]


async def test_a_run_starts_with_the_same_warnings(client):
    """run_started carries what the linter says without having tried a step."""
    started = json.loads((await client.post("/api/train", json=RUN)).text.splitlines()[0])
    told = (await client.post("/api/lint", json=RUN)).json()["warnings"]
    assert [(w["code"], w["pointer"]) for w in started["warnings"]] == EXPECTED
    assert all(warning in told for warning in started["warnings"])


async def test_a_sound_recipe_has_none(client):
    """Nothing is said where nothing is to be said."""
    sound = {"problem": {"name": "moons"}, "optimizer": {"name": "AdamW"}}
    assert (await client.post("/api/lint", json=sound)).json() == {"warnings": []}


async def test_what_cannot_run_is_refused(client):
    """A recipe that torch refuses is an error, not a warning."""
    response = await client.post("/api/lint", json=RUN | {"optimizer": {"name": "SparseAdam"}})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/optimizer/name"
