"""Schedules over HTTP are the engine's own; a plateau is drawn from a run; presets are configs that run."""

import numpy as np
import pytest

from optiscope.engine.advice.schedules import preview, recorded
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from tests.typed_arrays import decoded

SGD = {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}}
ONE_CYCLE = {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.2, "total_steps": 20}}
STEP = {"name": "StepLR", "hyperparameters": {"step_size": 5}}
PLATEAU = {"name": "ReduceLROnPlateau", "hyperparameters": {"patience": 1, "threshold": 0.5}}
MOONS = {"name": "moons", "samples": 32}
PATH = "/api/lr-schedule"


async def asked(client, **body):
    response = await client.post(PATH, json={"optimizer": SGD, "steps": 20} | body)
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_schedule_is_the_engines(client):
    """The lists hold the exact doubles that torch computed; nothing but optimizer and scheduler is needed."""
    answer = await asked(client, lr_scheduler=ONE_CYCLE)
    config = {"problem": {"name": "seed-example"}, "optimizer": SGD, "lr_scheduler": ONE_CYCLE, "steps": 20}
    expected = preview(RunConfig.model_validate(config))
    assert answer["lr"] == expected.lr.tolist()
    assert answer["momentum"] == expected.momentum.tolist()
    assert answer["last_epoch"] == list(range(20))
    assert answer["groups"][0]["optimizer"] == "SGD"
    assert answer["groups"][0]["params"][:2] == ["fc1.weight", "fc1.bias"]
    assert answer["needs_run"] is False
    assert answer["reason"] is answer["ended"] is None
    assert "get_lr" not in answer
    assert answer["code"].splitlines()[0] == (
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)"
    )


async def test_get_lr_is_shown_where_it_differs(client):
    """get_lr() right before a drop of StepLR is not what the step uses."""
    answer = await asked(client, lr_scheduler=STEP)
    assert answer["get_lr"][0][5] == pytest.approx(0.001)
    assert answer["lr"][0][5] == pytest.approx(0.01)


async def test_typed_arrays_hold_the_same_numbers(client):
    """encoding=base64 changes the form alone; a group without momentum is NaN there, and null in lists."""
    body = {
        "optimizer": {
            "name": "Muon",
            "rest": {"name": "Adagrad"},
        },
        "lr_scheduler": STEP,
    }
    lists, typed = await asked(client, **body), await asked(client, **body, encoding="base64")
    assert decoded(typed["lr"]).tolist() == lists["lr"]
    assert decoded(typed["last_epoch"]).tolist() == lists["last_epoch"]
    momentum = decoded(typed["momentum"])
    assert momentum.shape == (2, 20)
    assert lists["momentum"] == [momentum[0].tolist(), None]
    assert np.isnan(momentum[1]).all()
    assert [group["optimizer"] for group in lists["groups"]] == ["Muon", "Adagrad"]


async def test_groups_are_those_of_the_asked_model(client):
    """Layers of another network can be named in param groups."""
    groups = [{"params": ["fc5"], "lr": 0.5}, {"params": ["fc1", "fc2", "fc3", "fc4"]}]
    answer = await asked(client, optimizer=SGD | {"param_groups": groups}, model={"hidden": [3] * 4})
    assert [row[0] for row in answer["lr"]] == [0.5, 0.1]
    assert answer["last_epoch"] is None


async def test_a_plateau_needs_a_run(client):
    """Without a problem it says why; with one it is drawn from a run."""
    answer = await asked(client, lr_scheduler=PLATEAU)
    assert answer["needs_run"] is True
    assert "only a run can show" in answer["reason"]
    assert answer["lr"] is answer["momentum"] is answer["last_epoch"] is None
    assert "ReduceLROnPlateau(" in answer["code"]
    answer = await asked(client, lr_scheduler=PLATEAU, problem=MOONS)
    config = RunConfig.model_validate(
        {"problem": MOONS, "optimizer": SGD, "lr_scheduler": PLATEAU, "steps": 20}
    )
    blocks, checkpoint = advance(config, None, 20)
    assert answer["lr"] == recorded(config, blocks, checkpoint.ended).lr.tolist()
    assert answer["lr"][0][-1] < 0.1
    assert answer["needs_run"] is True


async def test_what_stops_a_schedule_is_said(client):
    """The values end where torch raises, with its words."""
    answer = await asked(client, lr_scheduler=ONE_CYCLE, steps=30)
    assert len(answer["lr"][0]) == answer["ended"]["step"] == 21
    assert "total number of steps" in answer["ended"]["detail"] or "total steps" in answer["ended"]["detail"]


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({"optimizer": {"name": "Sgd"}}, "/optimizer/name", "did you mean SGD"),
        ({"lr_scheduler": {"name": "StepLR"}}, "/lr_scheduler/hyperparameters/step_size", "needs a value"),
        (
            {"optimizer": {"name": "Adagrad"}, "lr_scheduler": ONE_CYCLE},
            "/lr_scheduler/hyperparameters",
            "torch refuses OneCycleLR: ValueError: optimizer must support momentum or beta1",
        ),
        ({"steps": 0}, "/steps", "at least 1"),
        ({"encoding": "csv"}, "/encoding", 'encoding must be one of "list", "base64", got "csv"'),
        (
            {
                "steps": 90_000,
                "optimizer": SGD
                | {
                    "param_groups": [
                        {"params": [f"fc{i}.{p}"]} for i in (1, 2, 3) for p in ("weight", "bias")
                    ]
                },
            },
            "/steps",
            "steps must be at most 66666 for 6 param groups",
        ),
    ],
)
async def test_what_cannot_be_drawn_is_refused(client, body, pointer, words):
    """422 names the field, in torch's own words where they are torch's."""
    response = await client.post(PATH, json={"optimizer": SGD, "steps": 20} | body)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["pointer"] == pointer
    assert words in error["detail"]


async def test_presets_are_configs_that_run(client):
    """Each preset, composed for a run of 50 steps, is drawn to its end."""
    found = (await client.get("/api/lr-scheduler-presets?steps=50&lr=0.1")).json()["presets"]
    catalog = (await client.get("/api/catalog")).json()["lr_scheduler_presets"]
    assert [preset["name"] for preset in found] == [entry["name"] for entry in catalog]
    for preset in found:
        answer = await asked(client, lr_scheduler=preset["lr_scheduler"], steps=50)
        assert answer["ended"] is None
        assert max(answer["lr"][0]) == pytest.approx(0.1, rel=0.05)
    (one_cycle,) = (preset for preset in found if preset["name"] == "one-cycle")
    assert one_cycle["lr_scheduler"]["hyperparameters"]["cycle_momentum"] is True
    response = await client.get("/api/lr-scheduler-presets?steps=0&lr=0.1")
    assert response.status_code == 422
