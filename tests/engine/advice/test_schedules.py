import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from optiscope.engine.advice.schedules import Group, known_steps, needs_run, preview, recorded
from optiscope.engine.core.errors import ConfigError
from tests.engine import recipes
from tests.engine.recorded import run_config, whole

STEPS = 9
PREVIEWED = [r for r in recipes.LR_SCHEDULERS if "Plateau" not in str(recipes.lr_scheduler_config(r))]
LOOPS = {"each step": (1, False), "every second": (2, False), "before the optimizer": (2, True)}


def scheduled(recipe, optimizer="SGD, momentum", interval=1, *, scheduler_first=False, **changes):
    return run_config(
        optimizer=recipes.optimizer_config(optimizer, groups=True),
        lr_scheduler=recipes.lr_scheduler_config(recipe) | {"interval": interval},
        loop={"scheduler_first": scheduler_first},
        steps=changes.pop("steps", STEPS),
        **changes,
    )


@pytest.mark.parametrize("recipe", PREVIEWED)
@pytest.mark.parametrize("loop", LOOPS)
def test_a_preview_is_what_the_run_uses(recipe, loop):
    """Learning rates and momentum of every group are those that the run records, value k for step k + 1."""
    interval, first = LOOPS[loop]
    for optimizer in ("SGD, momentum", "Adam", "Muon"):
        config = scheduled(recipe, optimizer, interval, scheduler_first=first)
        schedule = preview(config)
        blocks, ended = whole(config)
        run = recorded(config, blocks, ended.ended)
        assert schedule.groups == run.groups
        np.testing.assert_array_equal(schedule.lr, run.lr)
        np.testing.assert_array_equal(schedule.momentum, run.momentum)
        assert schedule.lr.shape == (len(schedule.groups), ended.step)
        assert (schedule.ended and schedule.ended.detail) == (run.ended and run.ended.detail)
        calls = [(k + first) // interval for k in range(ended.step)]
        length = config.lr_scheduler.epoch_steps
        epochs = calls if length is None else [max(count - 1, 0) // length for count in calls]
        assert schedule.last_epoch.tolist() == epochs


def test_without_a_scheduler_the_rate_stays():
    """Without a scheduler there is a rate for every step and no last_epoch."""
    schedule = preview(run_config(optimizer={"name": "Adagrad"}, steps=3))
    assert schedule.lr.tolist() == [[0.01, 0.01, 0.01]]
    assert schedule.momentum is None
    assert schedule.last_epoch is None
    assert schedule.get_lr is None
    assert schedule.groups[0].params[0] == "fc1.weight"


def test_groups_are_named():
    """The groups of two optimizers stand behind each other, with what each holds."""
    schedule = preview(scheduled("StepLR", "Muon"))
    assert schedule.groups[0] == Group("Muon", ("fc1.weight",))
    assert schedule.groups[2] == Group("AdamW", ("fc1.bias", "fc2.bias", "fc3.bias"))


def test_get_lr_is_shown_where_it_differs():
    """get_lr() between two steps is what torch answers there, and left out where it is get_last_lr()."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.02)
    scheduler = lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
    expected = []
    for _ in range(6):
        with pytest.warns(UserWarning, match="get_last_lr"):
            expected.append(scheduler.get_lr()[0])
        optimizer.step()
        scheduler.step()
    config = run_config(
        optimizer={"name": "SGD", "hyperparameters": {"lr": 0.02}},
        lr_scheduler={"name": "StepLR", "hyperparameters": {"step_size": 2, "gamma": 0.5}},
        steps=6,
    )
    assert preview(config).get_lr.tolist() == [expected]
    assert preview(config, with_get_lr=False).get_lr is None
    assert preview(scheduled("OneCycleLR", steps=5)).get_lr is None


def test_a_schedule_that_torch_stops_is_drawn_so_far():
    """OneCycleLR beyond its total_steps gives the values until then, and torch's words."""
    schedule = preview(scheduled("OneCycleLR", steps=20))
    assert schedule.lr.shape == (2, 9)
    assert schedule.ended.step == 9
    assert "Tried to step 9 times. The specified number of total steps is 8" in schedule.ended.detail


def test_a_plateau_needs_a_run():
    """ReduceLROnPlateau says why, and is drawn from the records of a run."""
    config = scheduled("ReduceLROnPlateau", steps=20)
    assert "only a run can show" in str(needs_run(config))
    with pytest.raises(ValueError, match="decides by the loss"):
        preview(config)
    blocks, checkpoint = whole(config)
    schedule = recorded(config, blocks, checkpoint.ended)
    assert schedule.lr.shape == (2, 20)
    assert schedule.lr[0, 0] == 0.01
    assert schedule.lr[0, -1] < 0.01
    assert schedule.ended is None
    assert needs_run(scheduled("StepLR")) is None


def test_a_hand_over_is_known_until_a_loss_decides():
    """Before its plateau is called a preview has the rates of the run; from then on only a run has."""
    warm_up = {"name": "LinearLR", "hyperparameters": {"start_factor": 0.1, "total_iters": 2}}
    plateau = {"name": "ReduceLROnPlateau", "hyperparameters": {"patience": 0, "threshold": 0.5}}
    scheduler = {"name": "HandOver", "schedulers": [warm_up, plateau], "milestones": [3], "interval": 2}
    optimizer = {"name": "SGD", "hyperparameters": {"lr": 0.02}}
    config = run_config(optimizer=optimizer, lr_scheduler=scheduler, steps=20)
    assert "ReduceLROnPlateau decides by the loss" in str(needs_run(config))
    assert known_steps(config) == 8
    schedule = preview(config.model_copy(update={"steps": 8}))
    blocks, checkpoint = whole(config)
    run = recorded(config, blocks, checkpoint.ended)
    np.testing.assert_array_equal(schedule.lr, run.lr[:, :8])
    assert run.lr[0, 8:].min() < run.lr[0, 7] == pytest.approx(0.02)
    assert schedule.last_epoch is run.last_epoch is None


@pytest.mark.parametrize(
    ("order", "known"),
    [
        (["forward", "loss", "backward", "optimizer_step", "scheduler_step", "scheduler_step"], 4),
        (["forward", "loss", "scheduler_step", "backward", "optimizer_step", "scheduler_step"], 3),
        (["forward", "loss", "scheduler_step", "backward", "optimizer_step"], 6),
        (["forward", "loss", "backward", "optimizer_step"], 20),
    ],
)
def test_a_hand_over_is_known_for_fewer_steps_where_each_calls_it_more_often(order, known):
    """Up to the step whose call reaches the plateau, or before it where the call precedes the optimizer's."""
    warm_up = {"name": "LinearLR", "hyperparameters": {"start_factor": 0.1, "total_iters": 2}}
    plateau = {"name": "ReduceLROnPlateau", "hyperparameters": {"patience": 0, "threshold": 0.9}}
    scheduler = {"name": "HandOver", "schedulers": [warm_up, plateau], "milestones": [6]}
    config = run_config(lr_scheduler=scheduler, loop={"order": order}, steps=20)
    assert known_steps(config) == known
    assert (needs_run(config) is None) == (known == 20)
    blocks, checkpoint = whole(config)
    run = recorded(config, blocks, checkpoint.ended)
    drawn = preview(config.model_copy(update={"steps": known}))
    np.testing.assert_array_equal(drawn.lr, run.lr[:, :known])


def test_a_restart_is_the_reason_where_no_loss_ever_decides():
    """A plateau that the run never comes to is not why only a run can show the schedule."""
    schedulers = [{"name": "LinearLR"}, {"name": "ReduceLROnPlateau"}]
    scheduler = {"name": "HandOver", "schedulers": schedulers, "milestones": [30]}
    config = run_config(lr_scheduler=scheduler, loop={"restart": {"step": 4}}, steps=20)
    assert "at step 4 the run begins again" in str(needs_run(config))


def test_what_cannot_be_built_is_refused():
    """A preview refuses what a run would refuse."""
    with pytest.raises(ConfigError, match="StepLR needs a value for step_size"):
        preview(run_config(lr_scheduler={"name": "StepLR"}))


def test_what_follows_a_factor_is_drawn_by_group():
    """Weight decay as each step would use it, NaN before a group is added; the same as a run records it."""
    groups = [{"params": ["fc3"]}, {"params": ["fc1", "fc2"], "from_step": 3}]
    config = run_config(
        optimizer={"name": "AdamW", "hyperparameters": {"weight_decay": 0.1}, "param_groups": groups},
        hyperparameter_schedules=[{"hyperparameter": "weight_decay", "factor": "0.5 ** step"}],
        steps=5,
    )
    drawn = preview(config)
    blocks, checkpoint = whole(config)
    followed = recorded(config, blocks, checkpoint.ended)
    for schedule in (drawn, followed):
        (values,) = schedule.hyperparameters.values()
        assert values[0].tolist() == [0.1 * 0.5**step for step in range(5)]
        assert np.isnan(values[1, :3]).all()
        assert values[1, 3:].tolist() == values[0, 3:].tolist()
    assert drawn.groups[1].params == ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias")


@pytest.mark.parametrize(
    "loop",
    [
        {"scheduler_first": True},
        {"order": ["forward", "loss", "backward", "optimizer_step"]},
        {"order": ["forward", "loss", "scheduler_step", "backward", "optimizer_step", "scheduler_step"]},
        {"order": ["forward", "loss", "scheduler_step", "backward"]},
        {"restart": {"step": 9}},
    ],
)
def test_the_schedule_follows_the_order_of_the_loop(loop):
    """It has the rates that a run of that loop records, as far as none needs the run itself."""
    schedule = {"name": "StepLR", "hyperparameters": {"step_size": 3, "gamma": 0.5}, "interval": 2}
    config = run_config(steps=12, lr_scheduler=schedule, loop=loop)
    told = known_steps(config)
    blocks, _ = whole(config)
    recorded = np.concatenate([block.lr for block in blocks])[1 : told + 1]
    drawn = preview(config.model_copy(update={"steps": told}))
    assert told == loop.get("restart", {}).get("step", 12)
    assert (needs_run(config) is None) == (told == 12)
    assert drawn.lr.T.tolist() == recorded.tolist()
