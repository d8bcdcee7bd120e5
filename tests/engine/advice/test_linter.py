import inspect
import re
import warnings
from dataclasses import replace

import numpy as np
import pytest
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, OneCycleLR

from optiscope.engine.advice import linter
from optiscope.engine.advice.defaults import suggested_comparison
from optiscope.engine.advice.linter import FAMILIES, RULES, lint, lint_built
from optiscope.engine.advice.schedule_presets import LR_SCHEDULER_PRESETS
from optiscope.engine.advice.schedules import preview_in_parts
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.loop.judging import built
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS, LRSchedulerInfo, Stretch
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.problems import PROBLEMS
from tests.engine.recorded import run_config, whole


def codes(**changes):
    return [warning.code for warning in lint(run_config(**changes))]


def scheduler(name, interval=1, **hyperparameters):
    return {"name": name, "hyperparameters": hyperparameters, "interval": interval}


def optimizer(name, **hyperparameters):
    return {"name": name, "hyperparameters": hyperparameters}


def in_turn(*parts, milestones):
    return {"name": "SequentialLR", "schedulers": list(parts), "milestones": milestones}


def handed(*parts, milestones):
    return {"name": "HandOver", "schedulers": list(parts), "milestones": milestones}


def chain(*parts):
    return {"name": "ChainedScheduler", "schedulers": list(parts)}


WARM_UP = scheduler("LinearLR", total_iters=3)
COSINE = scheduler("CosineAnnealingLR", T_max=30)
MOONS = {"name": "moons", "samples": 40}
UNZEROED = {"set_to_none": False}
LINES = ("zero_grad", "forward", "loss", "backward")
CLIP = {"name": "clip_grad_norm_", "max_norm": 1.0}
FC1 = {"params": ["fc1"]}


def added(step, name="SGD", groups=({"params": ["fc3"]}, {"params": ["fc1", "fc2"]})):
    """An optimizer of two groups, the second of which is added at a step."""
    first, later = groups
    later = later | {"from_step": step}
    return {"name": name, "hyperparameters": {"lr": 0.01}, "param_groups": [first, later]}


def moved(factor, name="weight_decay", **hyperparameters):
    """AdamW with a hyperparameter that follows a factor."""
    schedule = {"hyperparameter": name, "factor": factor}
    return {
        "optimizer": optimizer("AdamW", **{"lr": 0.01} | hyperparameters),
        "hyperparameter_schedules": [schedule],
    }


CASES = [
    ("scheduler_first", "/loop/scheduler_first", {"loop": {"scheduler_first": True}, "lr_scheduler": COSINE}),
    ("zero_grad_off", "/loop/zero_grad", {"loop": {"zero_grad": False}}),
    (
        "frozen_drift",
        "/freeze/0/clear_grad",
        {"loop": UNZEROED, "freeze": [FC1 | {"from_step": 5, "clear_grad": False}]},
    ),
    (
        "frozen_drift",
        "/freeze/0/clear_grad",
        {"loop": {"zero_grad": False}, "freeze": [FC1 | {"from_step": 5, "clear_grad": False}]},
    ),
    ("restart_never", "/loop/restart/step", {"loop": {"restart": {"step": 30}}}),
    (
        "restart_without_optimizer",
        "/loop/restart/optimizer",
        {"optimizer": {"name": "Adam"}, "loop": {"restart": {"step": 5}}},
    ),
    (
        "restart_without_scheduler",
        "/loop/restart/lr_scheduler",
        {
            "lr_scheduler": COSINE,
            "loop": {"restart": {"step": 5, "optimizer": True, "lr_scheduler": False}},
        },
    ),
    (
        "accumulation_unscaled",
        "/loop/scale_loss",
        {
            "problem": MOONS,
            "batch_size": 8,
            "optimizer": optimizer("SGD", lr=0.1),
            "loop": {"accumulate": 4, "scale_loss": False},
        },
    ),
    (
        "clip_without_effect",
        "/loop/order",
        {"clip_grad": CLIP, "loop": {"order": [*LINES, "optimizer_step", "clip"]}},
    ),
    ("taken_for_freezing", "/freeze/0/by", {"freeze": [FC1 | {"by": "eval"}]}),
    ("taken_for_freezing", "/freeze/0/by", {"freeze": [{"params": ["fc2"], "by": "detach"}]}),
    ("factor_above_one", "/hyperparameter_schedules/0/factor", moved("1 + step / 100", name="betas/0")),
    (
        "scheduler_counts_epochs",
        "/lr_scheduler/interval",
        {
            "problem": MOONS,
            "batch_size": 8,
            "lr_scheduler": scheduler("CosineAnnealingLR", T_max=6),
        },
    ),
    ("freeze_never", "/freeze/0/from_step", {"freeze": [FC1 | {"from_step": 30}]}),
    ("unfreeze_jump", "/freeze/0/to_step", {"freeze": [FC1 | {"from_step": 5, "to_step": 9}]}),
    ("batch_size_without_effect", "/batch_size", {"batch_size": 40, "problem": MOONS}),
    ("batch_seed_without_effect", "/batch_seed", {"batch_seed": 3, "problem": MOONS}),
    (
        "batch_size_without_effect",
        "/batch_size",
        {"batch_size": 2, "problem": {"name": "booth"}, "model": {}},
    ),
    ("dead_layer", "/model/seed", {"model": {"seed": 2}}),
    ("params_left_out", "/optimizer/param_groups", {"optimizer": {"name": "SGD", "param_groups": [FC1]}}),
    (
        "params_left_out",
        "/optimizer/rest/param_groups",
        {"optimizer": {"name": "Muon", "rest": {"name": "SGD", "param_groups": [FC1]}}},
    ),
    (
        "adam_weight_decay",
        "/optimizer/hyperparameters/weight_decay",
        {"optimizer": optimizer("Adam", weight_decay=0.1)},
    ),
    (
        "adam_weight_decay",
        "/optimizer/param_groups/0/weight_decay",
        {
            "optimizer": {
                "name": "NAdam",
                "param_groups": [{"params": ["fc1", "fc2", "fc3"], "weight_decay": 0.1}],
            }
        },
    ),
    (
        "momentum_grows",
        "/optimizer/hyperparameters/momentum",
        {"optimizer": optimizer("SGD", lr=0.001, momentum=1.1)},
    ),
    (
        "unusual_value",
        "/lr_scheduler/hyperparameters/T_max",
        {"lr_scheduler": scheduler("CosineAnnealingLR", T_max=0)},
    ),
    ("group_never_added", "/optimizer/param_groups/1/from_step", {"optimizer": added(30)}),
    ("group_gathers_gradient", "/optimizer/param_groups/1/from_step", {"optimizer": added(9)}),
    (
        "added_group_fails",
        "/optimizer/param_groups/1/from_step",
        {"optimizer": added(9, "Muon", [{"params": ["fc2.weight"]}, {"params": ["fc1.bias"]}])},
    ),
    (
        "added_rate_off",
        "/optimizer/param_groups/1/from_step",
        {"optimizer": added(5), "lr_scheduler": scheduler("LinearLR", start_factor=0.1, total_iters=20)},
    ),
    ("factor_fails", "/hyperparameter_schedules/0/factor", moved("1 / (20 - step)")),
    ("factor_of_zero", "/hyperparameter_schedules/0/hyperparameter", moved("0.9 ** step", weight_decay=0)),
    ("factor_constant", "/hyperparameter_schedules/0/factor", moved("0.5")),
    ("factor_negative", "/hyperparameter_schedules/0/factor", moved("1 - step / 10")),
    (
        "factor_overwrites",
        "/hyperparameter_schedules/0/hyperparameter",
        moved("0.9 ** step", name="betas/0")
        | {"lr_scheduler": scheduler("OneCycleLR", max_lr=0.1, total_steps=30)},
    ),
    (
        "decay_falls_twice",
        "/hyperparameter_schedules/0/factor",
        moved("0.9 ** step") | {"lr_scheduler": COSINE},
    ),
    ("learning_rate_zero", "/optimizer/hyperparameters/lr", {"optimizer": optimizer("SGD", lr=0)}),
    ("climbs", "/optimizer/hyperparameters/maximize", {"optimizer": optimizer("SGD", maximize=True)}),
    (
        "momentum_never_decays",
        "/optimizer/hyperparameters/momentum",
        {"optimizer": optimizer("SGD", momentum=1)},
    ),
    (
        "dampening_blocks",
        "/optimizer/hyperparameters/dampening",
        {"optimizer": optimizer("SGD", momentum=0.9, dampening=1)},
    ),
    ("no_epsilon", "/optimizer/hyperparameters/eps", {"optimizer": optimizer("Adam", eps=0)}),
    ("averages_nothing", "/optimizer/hyperparameters/t0", {"optimizer": {"name": "ASGD"}}),
    (
        "milestone_never_reached",
        "/lr_scheduler/milestones/0",
        {
            "average": {"name": "SWA", "from_step": 20},
            "lr_scheduler": {
                "name": "HandOver",
                "schedulers": [COSINE, scheduler("SWALR", swa_lr=0.01)],
                "milestones": [30],
            },
        },
    ),
    ("average_never_updated", "/average/from_step", {"average": {"name": "EMA", "from_step": 30}}),
    ("average_never_updated", "/average/every", {"average": {"name": "SWA", "every": 31}}),
    ("average_never_moves", "/average/decay", {"average": {"name": "EMA", "decay": 1.0}}),
    ("average_forgets_all", "/average/decay", {"average": {"name": "EMA", "decay": 0.0}}),
    ("average_stuck", "/average/decay", {"average": {"name": "EMA", "decay": 1 - 1e-9}}),
    ("average_remembers_start", "/average/decay", {"average": {"name": "EMA", "decay": 0.999}}),
    ("average_of_one", "/average/every", {"average": {"name": "SWA", "every": 20}}),
    ("average_drags_start", "/average/from_step", {"average": {"name": "SWA"}, "steps": 60}),
    ("buffers_without_effect", "/average/use_buffers", {"average": {"name": "EMA", "use_buffers": True}}),
    (
        "average_beside_own",
        "/average",
        {"optimizer": {"name": "pytorch_optimizer.ScheduleFreeSGD"}, "average": {"name": "EMA"}},
    ),
    ("small_adadelta", "/optimizer/hyperparameters/lr", {"optimizer": optimizer("Adadelta", lr=0.01)}),
    (
        "noisy_minibatches",
        "/batch_size",
        {"optimizer": {"name": "Rprop"}, "batch_size": 8, "problem": MOONS},
    ),
    ("no_line_search", "/optimizer/hyperparameters/line_search_fn", {"optimizer": {"name": "LBFGS"}}),
    ("clipped_line_search", "/clip_grad", {"optimizer": {"name": "LBFGS"}, "clip_grad": CLIP}),
    (
        "muon_output_layer",
        "/optimizer/param_groups",
        {"optimizer": {"name": "Muon", "rest": {"name": "AdamW"}}},
    ),
    ("learning_rate_unstable", "/optimizer/hyperparameters/lr", {"optimizer": optimizer("SGD", lr=1.0)}),
    (
        "one_cycle_too_short",
        "/lr_scheduler/hyperparameters/total_steps",
        {"lr_scheduler": scheduler("OneCycleLR", max_lr=0.1, total_steps=10)},
    ),
    (
        "schedule_unfinished",
        "/lr_scheduler/hyperparameters/total_steps",
        {"lr_scheduler": scheduler("OneCycleLR", max_lr=0.1, epochs=10, steps_per_epoch=10)},
    ),
    (
        "schedule_unfinished",
        "/lr_scheduler/schedulers/1/hyperparameters/T_max",
        {"lr_scheduler": in_turn(WARM_UP, scheduler("CosineAnnealingLR", T_max=300), milestones=[3])},
    ),
    (
        "warm_up_too_long",
        "/lr_scheduler/hyperparameters/total_iters",
        {"lr_scheduler": scheduler("LinearLR", total_iters=10), "steps": 9},
    ),
    (
        "warm_up_too_long",
        "/lr_scheduler/hyperparameters/step_size_up",
        {"lr_scheduler": scheduler("CyclicLR", base_lr=0.01, max_lr=0.1, cycle_momentum=False), "steps": 9},
    ),
    (
        "warm_up_too_long",
        "/lr_scheduler/schedulers/0/hyperparameters/total_iters",
        {"lr_scheduler": in_turn(WARM_UP, COSINE, milestones=[2])},
    ),
    (
        "cosine_rises_again",
        "/lr_scheduler/hyperparameters/T_max",
        {"lr_scheduler": scheduler("CosineAnnealingLR", T_max=10)},
    ),
    (
        "milestones_out_of_order",
        "/lr_scheduler/milestones/1",
        {"lr_scheduler": in_turn(WARM_UP, COSINE, WARM_UP, milestones=[10, 5])},
    ),
    (
        "branch_never_taken",
        "/lr_scheduler/milestones/1",
        {"lr_scheduler": handed(WARM_UP, COSINE, WARM_UP, milestones=[10, 5])},
    ),
    (
        "constructor_moves_rate",
        "/lr_scheduler/schedulers/1/name",
        {"lr_scheduler": handed(COSINE, scheduler("ConstantLR", factor=0.5), milestones=[20])},
    ),
    (
        "hand_over_jumps",
        "/lr_scheduler/schedulers/1/name",
        {"lr_scheduler": handed(COSINE, scheduler("LambdaLR", lr_lambda="0.9 ** epoch"), milestones=[20])},
    ),
    (
        "milestone_never_reached",
        "/lr_scheduler/milestones/0",
        {"lr_scheduler": handed(COSINE, scheduler("SWALR", swa_lr=0.01), milestones=[30])},
    ),
    (
        "milestone_never_reached",
        "/lr_scheduler/milestones/0",
        {"lr_scheduler": in_turn(WARM_UP, COSINE, milestones=[30])},
    ),
    (
        "chain_overwritten",
        "/lr_scheduler/schedulers/1/name",
        {"lr_scheduler": chain(WARM_UP, scheduler("LambdaLR", lr_lambda="1 / (epoch + 1)"))},
    ),
    (
        "initial_rate_replaced",
        "/lr_scheduler/schedulers/1/name",
        {
            "lr_scheduler": in_turn(
                WARM_UP, scheduler("OneCycleLR", max_lr=0.1, total_steps=27), milestones=[3]
            )
        },
    ),
    (
        "group_rate_overwritten",
        "/optimizer/param_groups/0/lr",
        {
            "optimizer": {
                "name": "SGD",
                "param_groups": [FC1 | {"lr": 0.5}, {"params": ["fc2", "fc3"]}],
            },
            "lr_scheduler": scheduler("OneCycleLR", max_lr=0.1, total_steps=30),
        },
    ),
    (
        "schedule_fails",
        "/lr_scheduler",
        {"lr_scheduler": scheduler("LambdaLR", lr_lambda="1 / (10 - epoch)")},
    ),
    ("rate_negative", "/lr_scheduler", {"lr_scheduler": scheduler("LambdaLR", lr_lambda="1 - epoch / 9")}),
    ("schedule_without_effect", "/lr_scheduler", {"lr_scheduler": scheduler("StepLR", step_size=99)}),
    (
        "schedule_without_effect",
        "/lr_scheduler",
        {"lr_scheduler": scheduler("ExponentialLR", interval=99, gamma=0.5)},
    ),
    ("rate_vanishes", "/lr_scheduler", {"lr_scheduler": scheduler("ExponentialLR", gamma=0.3)}),
    (
        "plateau_mode",
        "/lr_scheduler/hyperparameters/mode",
        {"lr_scheduler": scheduler("ReduceLROnPlateau", mode="max")},
    ),
    (
        "schedule_without_effect",
        "/lr_scheduler/hyperparameters/patience",
        {"lr_scheduler": scheduler("ReduceLROnPlateau", patience=99)},
    ),
    (
        "plateau_noise",
        "/batch_size",
        {"lr_scheduler": {"name": "ReduceLROnPlateau"}, "batch_size": 8, "problem": MOONS},
    ),
    ("decays_twice", "/lr_scheduler", {"optimizer": {"name": "Adagrad"}, "lr_scheduler": COSINE}),
]


@pytest.mark.parametrize(("code", "pointer", "changes"), CASES)
def test_a_mistake_is_named_with_its_place(code, pointer, changes):
    """Each mistake gives its warning once, at the field to change, as sentences for people."""
    found = [warning for warning in lint(run_config(**changes)) if warning.code == code]
    assert [warning.pointer for warning in found] == [pointer]
    (warning,) = found
    assert warning.detail.endswith(".")
    assert len(warning.detail) > 60


def test_a_rule_says_what_its_code_is():
    """A code stands in the table once, and is said by the family that lists it."""
    codes_of_rules = [rule.code for rule in RULES]
    assert len(set(codes_of_rules)) == len(codes_of_rules)
    for family in FAMILIES:
        source = inspect.getsource(family)
        said = set(re.findall(r'say\(\s*"(\w+)"', source))
        clauses = {code for code in said if any(code.startswith(f"{rule}_") for rule in said)}
        assert said - clauses == {rule.code for rule in family.RULES}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"optimizer": optimizer("AdamW", lr=0.01), "lr_scheduler": COSINE},
        {"optimizer": optimizer("Adam", weight_decay=0.1, decoupled_weight_decay=True)},
        {"optimizer": optimizer("SGD", lr=0.01, momentum=0.9), "freeze": [FC1]},
        {"optimizer": optimizer("LBFGS", line_search_fn="strong_wolfe")},
        {"lr_scheduler": scheduler("OneCycleLR", max_lr=0.1, total_steps=30)},
        {"lr_scheduler": scheduler("OneCycleLR", interval=3, max_lr=0.1, total_steps=10)},
        {"lr_scheduler": in_turn(WARM_UP, scheduler("CosineAnnealingLR", T_max=27), milestones=[3])},
        {"lr_scheduler": chain(WARM_UP, scheduler("ExponentialLR", gamma=0.95))},
        {"lr_scheduler": {"name": "ReduceLROnPlateau"}},
        {"lr_scheduler": handed(WARM_UP, {"name": "ReduceLROnPlateau"}, milestones=[3])},
        {
            "lr_scheduler": handed(
                scheduler("CosineAnnealingLR", T_max=24),
                scheduler("SWALR", swa_lr=0.005, anneal_epochs=5),
                milestones=[20],
            )
        },
        {
            "lr_scheduler": scheduler("CosineAnnealingWarmRestarts", T_0=3) | {"epoch_steps": 10},
        },
        {"problem": MOONS, "batch_size": 8},
        moved("1 - step / 60"),
        {"optimizer": added(9), "freeze": [{"params": ["fc1", "fc2"], "to_step": 9}]},
        {"loop": UNZEROED, "freeze": [FC1]},
        {"loop": UNZEROED, "freeze": [FC1 | {"from_step": 5}]},
        {
            "optimizer": {"name": "Adam", "param_groups": [FC1 | {"lr": 0.5}, {"params": ["fc2", "fc3"]}]},
            "lr_scheduler": scheduler("OneCycleLR", max_lr=[0.05, 0.01], total_steps=30),
        },
    ],
)
def test_a_sound_recipe_is_left_in_peace(changes):
    """No warning where there is nothing to warn of."""
    assert codes(**changes) == []


@pytest.mark.parametrize("problem", PROBLEMS)
def test_suggested_comparisons_are_sound(problem):
    """What the page suggests has no warning, except that Beale's start is steep."""
    for config in suggested_comparison(problem):
        found = {warning.code for warning in lint(RunConfig.model_validate(config))}
        assert found <= ({"learning_rate_unstable"} if problem == "beale" else set())


@pytest.mark.parametrize("preset", LR_SCHEDULER_PRESETS.values(), ids=lambda preset: preset.name)
def test_presets_are_sound(preset):
    """A preset for the length of the run has no warning but those that it states, as a first rate of 0."""
    config = run_config(optimizer=optimizer("Adam", lr=0.01), steps=300)
    config = config.model_copy(update={"lr_scheduler": preset.config(300, 0.01)})
    assert tuple(warning.code for warning in lint(config)) == preset.warnings


@pytest.mark.parametrize(
    "average",
    [
        {"name": "EMA", "decay": 0.9},
        {"name": "EMA", "decay": 0.9, "from_step": 20, "every": 2},
        {"name": "SWA", "from_step": 60},
    ],
)
def test_a_sound_average_is_left_in_peace(average):
    """One that begins late, or forgets soon enough."""
    assert codes(average=average, steps=100) == []


def test_a_decay_that_is_stuck_in_float32_moves_in_float64():
    """There the average is only young."""
    average = {"name": "EMA", "decay": 1 - 1e-9}
    assert "average_stuck" in codes(average=average)
    assert "average_stuck" not in codes(average=average, dtype="float64")
    assert "average_remembers_start" in codes(average=average, dtype="float64")


def test_what_cannot_run_is_refused():
    """The linter is for runs that can be started."""
    with pytest.raises(ConfigError):
        lint(run_config(optimizer={"name": "Muon"}))


def test_a_run_that_fails_in_its_first_step_is_judged():
    """What was never measured is not looked for."""
    stops = optimizer("pytorch_optimizer.AccSGD", kappa=0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for clip in (None, {"name": "clip_grad_norm_", "max_norm": 1e-9}):
            assert codes(optimizer=stops, steps=5, clip_grad=clip) == ["run_fails"]


def test_a_maximum_that_no_switch_asked_for_is_left_in_peace():
    """Some optimizers keep one under the name of Adam's by default."""
    assert "amsgrad_without_effect" not in codes(optimizer=optimizer("pytorch_optimizer.AdaPNM"), steps=5)


def test_torch_s_own_warnings_are_passed_on():
    """What torch warns of while it builds is told under its code."""
    found = lint(run_config(optimizer=optimizer("Adam"), lr_scheduler=in_turn(WARM_UP, milestones=[])))
    assert [warning.code for warning in found if warning.code == "torch"] == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert lint(run_config(lr_scheduler=COSINE)) == []


SGD = [
    ({"momentum": 0.0}, 2.0),
    ({"momentum": 0.9}, 3.8),
    ({"momentum": 0.5, "dampening": 0.4}, 5.0),
    ({"momentum": 0.8, "nesterov": True}, 3.6 / 2.6),
]


@pytest.mark.parametrize(("given", "limit"), SGD)
@pytest.mark.parametrize("weight_decay", [0.0, 20.0])
def test_the_bound_of_stability_is_where_runs_turn(given, limit, weight_decay):
    """On a quadratic of curvature 100, runs shrink just below the bound and grow just above it."""
    bound = limit / (100.0 + weight_decay)
    for factor, grows in ((0.99, False), (1.01, True)):
        config = run_config(
            problem={"name": "quadratic-bowl"},
            model={"start": [0.0, 1.0]},
            optimizer=optimizer("SGD", lr=factor * bound, weight_decay=weight_decay, **given),
            steps=1500,
            dtype="float64",
        )
        blocks, _ = whole(config)
        y = np.concatenate([np.abs(block.params["xy"][:, 1]) for block in blocks])
        assert (y[-50:].max() > y[100:150].max()) == grows
        assert any(w.code == "learning_rate_unstable" for w in lint(config)) == grows


def test_the_bound_says_what_it_knows():
    """For a quadratic loss it holds everywhere; for a network it is named as that of the start."""
    (warning,) = lint(
        run_config(problem={"name": "quadratic-bowl"}, model={}, optimizer=optimizer("SGD", lr=0.03))
    )
    assert "2 / λ = 0.02, the bound of stability of this quadratic loss (λ = 100" in warning.detail
    (warning,) = lint(run_config(optimizer=optimizer("SGD", lr=1.0, momentum=0.9)))
    assert "2 (1 + momentum) / λ" in warning.detail
    assert "at the initial parameters" in warning.detail
    linear = {"hidden": [], "seed": 8}
    (warning,) = lint(run_config(model=linear, optimizer=optimizer("SGD", lr=1.0)))
    assert "of this quadratic loss (λ = 12" in warning.detail


def test_the_bound_is_left_out_where_it_does_not_hold():
    """Not with clipping, with other optimizers, in large networks, or for rates of each group."""
    unstable = {"optimizer": optimizer("SGD", lr=1.0)}
    assert "learning_rate_unstable" in codes(**unstable)
    assert "learning_rate_unstable" not in codes(**unstable, clip_grad=CLIP)
    assert "learning_rate_unstable" not in codes(optimizer=optimizer("Adam", lr=1.0))
    assert "learning_rate_unstable" not in codes(**unstable, model={"hidden": [16, 16]})
    warmed = scheduler("LinearLR", start_factor=0.001, total_iters=9)
    assert "learning_rate_unstable" not in codes(**unstable, lr_scheduler=warmed)
    held = [{"params": ["fc1", "fc2", "fc3.weight"]}]
    assert "learning_rate_unstable" not in codes(optimizer=optimizer("SGD", lr=0.9), freeze=held)
    assert "learning_rate_unstable" in codes(optimizer=optimizer("SGD", lr=1.1), freeze=held)


def test_one_cycle_ends_where_it_is_said_to():
    """The step that the warning names is the one after which torch raises."""
    for interval in (1, 2):
        one_cycle = scheduler("OneCycleLR", interval=interval, max_lr=0.01, total_steps=10)
        config = run_config(lr_scheduler=one_cycle)
        (warning,) = [w for w in lint(config) if w.code == "one_cycle_too_short"]
        _, checkpoint = whole(config)
        assert f"raises an error after step {checkpoint.ended.step}:" in warning.detail


class OwnCosine(CosineAnnealingLR):
    """A scheduler of another package."""


class OwnWarmUp(LinearLR):
    """A scheduler of another package, that warms up."""


class OwnCycle(OneCycleLR):
    """A scheduler of another package, that brings its own rates."""


OWN_COSINE = LRSchedulerInfo(
    "own.Cosine",
    OwnCosine,
    "",
    (Hyperparameter("T_max", "int", ..., "Half a period.", 1, 1000),),
    "",
    planned=Stretch("T_max"),
    beyond="rises",
    absolute=True,
)
OWN_WARM_UP = LRSchedulerInfo(
    "own.WarmUp",
    OwnWarmUp,
    "",
    (Hyperparameter("total_iters", "int", ..., "The length.", 1, 1000),),
    "",
    warm_up=Stretch("total_iters"),
)
OWN_CYCLE = LRSchedulerInfo(
    "own.Cycle",
    OwnCycle,
    "",
    (
        Hyperparameter("max_lr", "float", ..., "The peak.", 0.0, 1.0),
        Hyperparameter("total_steps", "int", ..., "The length.", 1, 1000),
    ),
    "",
    planned=Stretch("total_steps"),
    beyond="raises",
    own_rates=("max_lr",),
)


@pytest.mark.parametrize(
    ("code", "config"),
    [
        ("warm_up_too_long", scheduler("own.WarmUp", total_iters=40)),
        ("schedule_unfinished", scheduler("own.Cosine", T_max=40)),
        ("cosine_rises_again", scheduler("own.Cosine", T_max=10)),
        ("chain_overwritten", chain(scheduler("StepLR", step_size=9), scheduler("own.Cosine", T_max=30))),
        ("one_cycle_too_short", scheduler("own.Cycle", max_lr=0.1, total_steps=10)),
        (
            "initial_rate_replaced",
            in_turn(WARM_UP, scheduler("own.Cycle", max_lr=0.1, total_steps=30), milestones=[3]),
        ),
    ],
)
def test_a_scheduler_from_elsewhere_gets_the_same_advice(monkeypatch, code, config):
    """What the linter knows of a scheduler stands in its entry, whoever wrote that."""
    for info in (OWN_COSINE, OWN_WARM_UP, OWN_CYCLE):
        monkeypatch.setitem(LR_SCHEDULERS._entries, info.name, info)
    assert code in codes(lr_scheduler=config)


@pytest.mark.parametrize(
    ("code", "facts", "changes"),
    [
        ("adam_weight_decay", {"scaled_l2": True}, {"optimizer": optimizer("own.SGD", weight_decay=0.1)}),
        ("no_epsilon", {}, {"optimizer": optimizer("own.Adam", eps=0)}),
        ("averages_nothing", {"averages": {"ax": "t0"}}, {"optimizer": optimizer("own.ASGD")}),
        ("small_adadelta", {"sizes_steps": True}, {"optimizer": optimizer("own.SGD", lr=0.01)}),
        ("learning_rate_unstable", {}, {"optimizer": optimizer("own.SGD", lr=1.0)}),
        (
            "noisy_minibatches",
            {"noise": "signs"},
            {"optimizer": optimizer("own.SGD"), "batch_size": 8, "problem": MOONS},
        ),
        (
            "clipped_line_search",
            {"noise": "curvature"},
            {"optimizer": optimizer("own.SGD"), "clip_grad": CLIP},
        ),
        (
            "decays_twice",
            {"shrinks_steps": True},
            {"optimizer": optimizer("own.SGD"), "lr_scheduler": scheduler("ExponentialLR", gamma=0.9)},
        ),
    ],
)
def test_an_optimizer_from_elsewhere_gets_the_same_advice(monkeypatch, code, facts, changes):
    """What the linter knows of an optimizer stands in its entry, whoever wrote that."""
    name = changes["optimizer"]["name"]
    info = replace(OPTIMIZERS[name.removeprefix("own.")], name=name, **facts)
    monkeypatch.setitem(OPTIMIZERS._entries, name, info)
    assert code in codes(**changes)
    if facts:
        silent = dict.fromkeys(facts) | {"averages": {}}
        monkeypatch.setitem(OPTIMIZERS._entries, name, replace(info, **silent))
        assert code not in codes(**changes)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("clear_grad", [False, True])
@pytest.mark.parametrize("loop", [{}, UNZEROED, {"zero_grad": False}])
def test_a_frozen_layer_drifts_when_it_is_said_to(loop, clear_grad, momentum):
    """What frozen_drift warns of happens, and does not where it is silent."""
    config = run_config(
        optimizer=optimizer("SGD", lr=0.01, momentum=momentum),
        freeze=[FC1 | {"from_step": 5, "clear_grad": clear_grad}],
        loop=loop,
    )
    weights = np.concatenate([block.params["fc1.weight"] for block in whole(config)[0]])
    moved = bool((weights[5:] != weights[5]).any())
    assert moved == ("frozen_drift" in [warning.code for warning in lint(config)])


def test_a_very_long_run_is_linted_at_once():
    """Before a hundred thousand steps it looks at the first rates, and once it tries some at all of them."""
    assert codes(lr_scheduler=scheduler("ExponentialLR", gamma=0.9), steps=100_000) == ["rate_vanishes"]
    assert codes(lr_scheduler=scheduler("StepLR", step_size=50_000), steps=100_000) == []
    restarts = run_config(lr_scheduler=scheduler("CosineAnnealingWarmRestarts", T_0=70_000), steps=100_000)
    assert lint_built(built(restarts, DEFAULT_LIMITS)) == []
    restarts = run_config(lr_scheduler=scheduler("CosineAnnealingWarmRestarts", T_0=80_000), steps=100_000)
    assert [warning.code for warning in lint(restarts)] == ["restart_unfinished"]


def test_a_schedule_with_groups_to_come_is_drawn_no_further_than_one_may_be(monkeypatch):
    """Groups that are added later count among those whose rates are drawn."""
    drawn = []

    def noted(*args, **options):
        schedule = yield from preview_in_parts(*args, **options)
        drawn.append(schedule.lr.shape)
        return schedule

    monkeypatch.setattr(linter, "preview_in_parts", noted)
    groups = [{"params": ["fc1", "fc2"]}, {"params": ["fc3"], "from_step": 3}]
    config = run_config(
        optimizer={"name": "SGD", "param_groups": groups},
        lr_scheduler=scheduler("StepLR", step_size=2),
        steps=20,
    )
    lint(config, DEFAULT_LIMITS.model_copy(update={"max_schedule_values": 20}))
    assert drawn == [(2, 10)]
