"""The linter against measurements: what a plain loop shows of a recipe is told, and nothing else is."""

import numpy as np
import pytest

from optiscope.engine.advice.linter import lint
from optiscope.engine.core.config import RunConfig
from tests.engine.advice.facts import FACTS
from tests.engine.advice.plain_loop import plain


def use(name, **given):
    return {"name": name, "hyperparameters": given}


def in_turn(*parts, at):
    return {"name": "SequentialLR", "schedulers": list(parts), "milestones": list(at)}


def handed(*parts, at):
    return {"name": "HandOver", "schedulers": list(parts), "milestones": list(at)}


def chain(*parts):
    return {"name": "ChainedScheduler", "schedulers": list(parts)}


NET = {"problem": {"name": "moons", "samples": 40}, "model": {"hidden": [8], "activation": "tanh"}}
RELU = {"problem": {"name": "moons", "samples": 40}, "model": {"hidden": [8, 8]}}
BOWL = {"problem": {"name": "booth"}, "model": {}}
BELOW = {"problem": {"name": "styblinski-tang"}, "model": {}}
CAMEL = {"problem": {"name": "six-hump-camel"}, "model": {}}
SGD = {"optimizer": use("SGD", lr=0.1), "steps": 60}
ADAM = {"optimizer": use("Adam", lr=0.01), "steps": 60}
COSINE = use("CosineAnnealingLR", T_max=60)
WARM = use("LinearLR", start_factor=0.1, total_iters=6)
SINKING = use("ExponentialLR", gamma=0.97)
PLATEAU = {"patience": 3, "factor": 0.5}


def clip(bound, **more):
    return {"clip_grad": {"name": "clip_grad_norm_", "max_norm": bound} | more}


def clip_value(bound):
    return {"clip_grad": {"name": "clip_grad_value_", "clip_value": bound}}


def frozen(*params, **more):
    return {"freeze": [{"params": list(params)} | more]}


def zeros(width):
    return {
        "fc1.weight": [[0.5, -0.25]] * width,
        "fc1.bias": [0.1] * width,
        "fc2.weight": [[0.3] * width],
        "fc2.bias": [0.0],
    }


def begun_again(step, **restored):
    return {"loop": {"restart": {"step": step} | restored}}


def ordered(*lines):
    return {"loop": {"order": list(lines)}}


STEPPED = ("zero_grad", "forward", "loss", "backward", "optimizer_step")
DEEP = RELU | {"model": {"hidden": [8, 8], "activation": "tanh"}}

SOUND = {
    "sgd": NET | SGD,
    "sgd with momentum": NET | SGD | {"optimizer": use("SGD", lr=0.05, momentum=0.9)},
    "nesterov": NET | SGD | {"optimizer": use("SGD", lr=0.05, momentum=0.9, nesterov=True)},
    "adam": NET | ADAM,
    "adamw": NET | ADAM | {"optimizer": use("AdamW", lr=0.01, weight_decay=0.01)},
    "adam with amsgrad": NET | ADAM | {"optimizer": use("Adam", lr=0.05, amsgrad=True), "steps": 300},
    "rmsprop": NET | ADAM | {"optimizer": use("RMSprop", lr=0.005)},
    "adagrad": NET | ADAM | {"optimizer": use("Adagrad", lr=0.1)},
    "adadelta": NET | ADAM | {"optimizer": use("Adadelta", lr=1.0)},
    "adamax": NET | ADAM | {"optimizer": use("Adamax", lr=0.02)},
    "nadam": NET | ADAM | {"optimizer": use("NAdam", lr=0.01)},
    "radam": NET | ADAM | {"optimizer": use("RAdam", lr=0.01)},
    "rprop": NET | ADAM | {"optimizer": use("Rprop", lr=0.01)},
    "adafactor": NET | ADAM | {"optimizer": use("Adafactor", lr=0.05)},
    "lbfgs": NET | ADAM | {"optimizer": use("LBFGS", line_search_fn="strong_wolfe"), "steps": 10},
    "cosine to the end": NET | ADAM | {"lr_scheduler": COSINE},
    "warm-up and cosine": NET
    | ADAM
    | {"lr_scheduler": in_turn(WARM, use("CosineAnnealingLR", T_max=54), at=[6])},
    "line to zero": NET
    | ADAM
    | {"lr_scheduler": use("LinearLR", start_factor=1.0, end_factor=0.0, total_iters=60)},
    "line to zero before the end": NET
    | ADAM
    | {"lr_scheduler": use("LinearLR", start_factor=1.0, end_factor=0.0, total_iters=50)},
    "hold, then all of it": NET
    | ADAM
    | {"lr_scheduler": in_turn(use("ConstantLR", factor=0.2, total_iters=50), SINKING, at=[8])},
    "hold from the start": NET | ADAM | {"lr_scheduler": use("ConstantLR", factor=0.2, total_iters=8)},
    "drops": NET | ADAM | {"lr_scheduler": use("MultiStepLR", milestones=[30, 45], gamma=0.1)},
    "restarts that end with the run": NET
    | ADAM
    | {"lr_scheduler": use("CosineAnnealingWarmRestarts", T_0=20)},
    "one cycle of adam": NET | ADAM | {"lr_scheduler": use("OneCycleLR", max_lr=0.02, total_steps=60)},
    "one cycle without momentum": NET
    | SGD
    | {"lr_scheduler": use("OneCycleLR", max_lr=0.2, total_steps=60, cycle_momentum=False)},
    "warm-up, then a plateau": NET | ADAM | {"lr_scheduler": handed(WARM, use("ReduceLROnPlateau"), at=[6])},
    "cosine, then a constant rate": NET
    | ADAM
    | {"lr_scheduler": handed(COSINE, use("SWALR", swa_lr=0.005, anneal_epochs=5), at=[50])},
    "chain": NET | ADAM | {"lr_scheduler": chain(WARM, SINKING)},
    "plateau above zero": NET | ADAM | {"lr_scheduler": use("ReduceLROnPlateau")},
    "plateau below zero, absolute": BELOW
    | ADAM
    | {"lr_scheduler": use("ReduceLROnPlateau", threshold_mode="abs"), "steps": 100},
    "minibatches": NET | ADAM | {"batch_size": 8},
    "minibatches, stepped every epoch": NET
    | ADAM
    | {"batch_size": 8, "lr_scheduler": use("ExponentialLR", gamma=0.8) | {"interval": 5}, "steps": 200},
    "clipping now and then": NET | SGD | clip(0.5),
    "clipping of adam": NET | ADAM | clip(0.01),
    "a sum of passes, of adam": NET
    | ADAM
    | {"batch_size": 8, "loop": {"accumulate": 4, "scale_loss": False}},
    "a mean of passes": NET | SGD | {"batch_size": 8, "loop": {"accumulate": 4}},
    "a restart with all that there was": NET | ADAM | begun_again(20, optimizer=True),
    "a restart of sgd, which remembers nothing": NET | SGD | begun_again(20),
    "a first layer behind no_grad": DEEP | SGD | frozen("fc1", by="no_grad"),
    "a beta that rises below one": NET
    | ADAM
    | {"hyperparameter_schedules": [{"hyperparameter": "betas/0", "factor": "1 + step / 1000"}]},
    "frozen from the start": NET | SGD | frozen("fc1"),
    "frozen later, without momentum": NET | SGD | frozen("fc1", from_step=20),
    "two groups": NET
    | ADAM
    | {
        "optimizer": use("Adam", lr=0.01)
        | {"param_groups": [{"params": ["fc1"], "lr": 0.02}, {"params": ["fc2"]}]}
    },
    "a little decay": NET | SGD | {"optimizer": use("SGD", lr=0.1, weight_decay=1e-4)},
    "on a function": BOWL | {"optimizer": use("SGD", lr=0.05), "steps": 60},
    "adam on rosenbrock": {
        "problem": {"name": "rosenbrock"},
        "model": {},
        "optimizer": use("Adam", lr=0.05),
        "steps": 200,
    },
    "float64": NET | ADAM | {"dtype": "float64"},
    "centered rmsprop with momentum": NET
    | ADAM
    | {"optimizer": use("RMSprop", lr=0.01, momentum=0.5, centered=True)},
    "a polynomial to zero": NET
    | ADAM
    | {"optimizer": use("SGD", lr=0.1), "lr_scheduler": use("PolynomialLR", total_iters=60, power=2.0)},
}

FLAWED = {
    "a decay that is made before the cosine": (
        NET | ADAM | {"lr_scheduler": handed(COSINE, use("LinearLR", total_iters=10), at=[50])},
        {"constructor_moves_rate"},
    ),
    "a rate for averaging that is there at once": (
        NET | ADAM | {"lr_scheduler": handed(COSINE, use("SWALR", swa_lr=0.001, anneal_epochs=0), at=[50])},
        {"constructor_moves_rate"},
    ),
    "a factor that counts its own calls": (
        NET | ADAM | {"lr_scheduler": handed(SINKING, use("LambdaLR", lr_lambda="0.95 ** epoch"), at=[50])},
        {"hand_over_jumps"},
    ),
    "a warm-up that is cut short before a plateau": (
        NET
        | ADAM
        | {
            "lr_scheduler": handed(
                use("LinearLR", start_factor=0.1, total_iters=12), use("ReduceLROnPlateau"), at=[6]
            )
        },
        {"warm_up_too_long"},
    ),
    "plateau below zero": (
        BELOW
        | {
            "optimizer": use("SGD", lr=0.005),
            "lr_scheduler": use("ReduceLROnPlateau", **PLATEAU),
            "steps": 180,
        },
        {"plateau_below_zero"},
    ),
    "plateau of the camel": (
        CAMEL
        | {
            "model": {"start": [0.5, 0.5]},
            "optimizer": use("SGD", lr=0.02),
            "lr_scheduler": use("ReduceLROnPlateau", **PLATEAU),
            "steps": 150,
        },
        {"plateau_below_zero"},
    ),
    "rprop under a schedule": (
        NET | ADAM | {"optimizer": use("Rprop", lr=0.01), "lr_scheduler": SINKING},
        {"rate_ignored"},
    ),
    "rprop under a schedule that ends": (
        NET | ADAM | {"optimizer": use("Rprop", lr=0.01), "lr_scheduler": use("ExponentialLR", gamma=0.5)},
        {"rate_ignored"},
    ),
    "rprop that has arrived, under a schedule": (
        NET
        | {"problem": {"name": "xor"}, "optimizer": use("Rprop"), "steps": 300}
        | {"lr_scheduler": use("CosineAnnealingLR", T_max=300)},
        {"rate_ignored"},
    ),
    "one cycle of plain sgd": (
        NET | SGD | {"lr_scheduler": use("OneCycleLR", max_lr=0.2, total_steps=60)},
        {"momentum_switched_on"},
    ),
    "cycles of plain sgd": (
        NET | SGD | {"lr_scheduler": use("CyclicLR", base_lr=0.02, max_lr=0.2, step_size_up=10)},
        {"momentum_switched_on"},
    ),
    "one cycle below lr": (
        NET
        | ADAM
        | {"optimizer": use("Adam", lr=0.5), "lr_scheduler": use("OneCycleLR", max_lr=0.02, total_steps=60)},
        {"rate_replaced"},
    ),
    "adafactor above its bound": (NET | ADAM | {"optimizer": use("Adafactor", lr=1.0)}, {"rate_capped"}),
    "adamw whose decay overshoots": (
        NET | ADAM | {"optimizer": use("AdamW", lr=0.05, weight_decay=50.0)},
        {"decay_overshoots"},
    ),
    "gamma above one": (NET | ADAM | {"lr_scheduler": use("ExponentialLR", gamma=1.02)}, {"rate_grows"}),
    "steps up": (NET | ADAM | {"lr_scheduler": use("StepLR", step_size=20, gamma=2.0)}, {"rate_grows"}),
    "second beta zero": (
        NET | ADAM | {"optimizer": use("Adam", lr=0.01, betas=[0.9, 0.0])},
        {"second_beta_zero"},
    ),
    "clipped to nothing": (NET | SGD | clip(1e-6), {"clip_stops"}),
    "clipped to almost nothing": (NET | SGD | clip(1e-4), {"clip_stops"}),
    "an infinite norm": (NET | SGD | clip(1.0, norm_type=0.01), {"clip_zeroes"}),
    "a gradient without a finite norm": (
        {"problem": {"name": "expression", "expression": "exp(x**2) * y", "bounds": [[-10, 10], [-10, 10]]}}
        | {"model": {"start": [9.36, 1.0]}, "optimizer": use("SGD", lr=0.1), "steps": 20}
        | clip(1.0),
        {"clip_infinite"},
    ),
    "adam at ten": (RELU | ADAM | {"optimizer": use("Adam", lr=10.0)}, {"loss_rises", "layer_dies"}),
    "adam at ten for a while": (
        NET | ADAM | {"optimizer": use("Adam", lr=10.0), "model": {"hidden": [8], "activation": "tanh"}},
        {"loss_rises"},
    ),
    "adam at four": (
        NET | ADAM | {"optimizer": use("Adam", lr=4.0), "model": {"hidden": [4], "activation": "tanh"}},
        {"step_too_long"},
    ),
    "adam at ten on a function": (
        BOWL | ADAM | {"optimizer": use("Adam", lr=500.0), "steps": 20},
        {"loss_rises"},
    ),
    "milestones twice": (
        NET | ADAM | {"lr_scheduler": use("MultiStepLR", milestones=[30, 30], gamma=0.5)},
        {"milestones_repeated"},
    ),
    "eta_min above lr": (
        NET | ADAM | {"lr_scheduler": use("CosineAnnealingLR", T_max=60, eta_min=0.05)},
        {"eta_min_above"},
    ),
    "a first step at zero": (
        NET | ADAM | {"lr_scheduler": use("LambdaLR", lr_lambda="min(epoch / 10, 1)")},
        {"first_rate_zero"},
    ),
    "a first epoch at zero": (
        NET
        | ADAM
        | {"batch_size": 8, "lr_scheduler": use("LambdaLR", lr_lambda="min(epoch / 4, 1)") | {"interval": 5}},
        {"first_rate_zero"},
    ),
    "a sequence in a sequence": (
        NET | ADAM | {"lr_scheduler": in_turn(in_turn(WARM, SINKING, at=[6]), SINKING, at=[30])},
        {"value_lost"},
    ),
    "a chain in a sequence": (
        NET | ADAM | {"lr_scheduler": in_turn(chain(WARM, SINKING), SINKING, at=[30])},
        {"value_lost"},
    ),
    "a schedule over schedule-free": (
        NET | ADAM | {"optimizer": use("pytorch_optimizer.ScheduleFreeSGD", lr=0.1), "lr_scheduler": COSINE},
        {"schedule_over_average"},
    ),
    "lbfgs moves a frozen layer": (
        NET
        | ADAM
        | {"optimizer": use("LBFGS", line_search_fn="strong_wolfe", max_iter=2), "steps": 20}
        | frozen("fc1", from_step=5),
        {"frozen_moves"},
    ),
    "a frozen layer drifts": (
        NET
        | SGD
        | {"optimizer": use("SGD", lr=0.1, momentum=0.9), "loop": {"set_to_none": False}}
        | frozen("fc1", from_step=9, clear_grad=False),
        {"frozen_drift"},
    ),
    "a negative rate": (
        NET | ADAM | {"lr_scheduler": use("LambdaLR", lr_lambda="1 - epoch / 50")},
        {"rate_negative"},
    ),
    "a rate that is gone": (
        NET | ADAM | {"lr_scheduler": use("ExponentialLR", gamma=0.7)},
        {"rate_vanishes"},
    ),
    "epochs taken for steps": (
        NET | ADAM | {"batch_size": 8, "lr_scheduler": use("ExponentialLR", gamma=0.8), "steps": 100},
        {"stepped_every_batch"},
    ),
    "a chain that begins anew": (
        NET | ADAM | {"lr_scheduler": chain(in_turn(WARM, SINKING, at=[12]), SINKING)},
        {"chain_resets"},
    ),
    "a restart just before the end": (
        NET | ADAM | {"lr_scheduler": use("CosineAnnealingWarmRestarts", T_0=25)},
        {"restart_unfinished"},
    ),
    "bounds upside down": (
        NET
        | ADAM
        | {
            "lr_scheduler": use("CyclicLR", base_lr=0.02, max_lr=0.002, step_size_up=10, cycle_momentum=False)
        },
        {"bounds_reversed"},
    ),
    "a warm-up without end": (
        NET | ADAM | {"lr_scheduler": use("LinearLR", start_factor=0.1, total_iters=100)},
        {"warm_up_too_long"},
    ),
    "a warm-up cut off": (
        NET | ADAM | {"lr_scheduler": in_turn(WARM, SINKING, at=[3])},
        {"warm_up_too_long"},
    ),
    "a schedule that waits too long": (
        NET | ADAM | {"lr_scheduler": use("StepLR", step_size=100)},
        {"schedule_without_effect"},
    ),
    "one cycle that ends early": (
        NET | ADAM | {"lr_scheduler": use("OneCycleLR", max_lr=0.02, total_steps=30)},
        {"one_cycle_too_short"},
    ),
    "a factor divided by zero": (
        NET | ADAM | {"lr_scheduler": use("LambdaLR", lr_lambda="1 / (20 - epoch)")},
        {"schedule_fails"},
    ),
    "a threshold of nearly everything": (
        NET | ADAM | {"lr_scheduler": use("ReduceLROnPlateau", threshold=0.99, patience=5)},
        {"plateau_never_improves"},
    ),
    "min_lr above lr": (
        NET | ADAM | {"lr_scheduler": use("ReduceLROnPlateau", min_lr=0.05, patience=2)},
        {"plateau_cannot_reduce"},
    ),
    "clipped in every step": (NET | SGD | clip(0.01), {"clip_every_step"}),
    "clipped to signs": (NET | ADAM | {"optimizer": use("SGD", lr=1.0)} | clip_value(1e-4), {"clip_signs"}),
    "sgd at a rate that overshoots": (
        NET | SGD | {"optimizer": use("SGD", lr=400.0)},
        {"learning_rate_unstable"},
    ),
    "a wide net at a rate that overshoots": (
        NET | SGD | {"model": {"hidden": [40], "activation": "tanh"}, "optimizer": use("SGD", lr=200.0)},
        {"loss_rises"},
    ),
    "sgd that diverges": (
        {
            "problem": {"name": "rosenbrock"},
            "model": {},
            "optimizer": use("SGD", lr=0.05, momentum=0.9),
            "steps": 40,
        },
        {"learning_rate_unstable", "diverges"},
    ),
    "a rate of zero": (NET | SGD | {"optimizer": use("SGD", lr=0.0)}, {"learning_rate_zero"}),
    "a group at zero": (
        NET
        | ADAM
        | {
            "optimizer": use("Adam", lr=0.01)
            | {"param_groups": [{"params": ["fc1"], "lr": 0.0}, {"params": ["fc2"]}]},
            "lr_scheduler": COSINE,
        },
        {"learning_rate_zero"},
    ),
    "updates below half a unit": (NET | SGD | {"optimizer": use("SGD", lr=1e-8)}, {"updates_lost"}),
    "adam below half a unit": (NET | ADAM | {"optimizer": use("Adam", lr=1e-10)}, {"updates_lost"}),
    "far too small a rate": (NET | SGD | {"optimizer": use("SGD", lr=1e-4)}, {"hardly_moves"}),
    "far too small a rate on a function": (
        BOWL | {"optimizer": use("Adam", lr=1e-6), "steps": 100},
        {"hardly_moves"},
    ),
    "an eps of one": (NET | ADAM | {"optimizer": use("Adam", lr=0.01, eps=1.0)}, {"eps_dominates"}),
    "betas the wrong way round": (
        NET | ADAM | {"optimizer": use("Adam", lr=0.01, betas=[0.999, 0.9])},
        {"betas_swapped"},
    ),
    "a second alpha of zero": (
        NET | ADAM | {"optimizer": use("RMSprop", lr=0.01, alpha=0.0)},
        {"second_beta_zero"},
    ),
    "momentum longer than the run": (
        NET | SGD | {"optimizer": use("SGD", lr=0.001, momentum=0.995)},
        {"momentum_outlasts_run"},
    ),
    "dampening of nothing": (
        NET | SGD | {"optimizer": use("SGD", lr=0.1, dampening=0.5)},
        {"dampening_without_momentum"},
    ),
    "a climb": (NET | SGD | {"optimizer": use("SGD", lr=0.1, maximize=True)}, {"climbs"}),
    "decay beyond the loss": (
        NET | SGD | {"optimizer": use("SGD", lr=0.01, weight_decay=30.0)},
        {"decay_dominates"},
    ),
    "adagrad that stops itself": (
        NET | ADAM | {"optimizer": use("Adagrad", lr=0.1, lr_decay=10.0)},
        {"own_rate_vanishes"},
    ),
    "amsgrad for nothing": (
        BOWL | {"optimizer": use("Adam", lr=0.01, amsgrad=True, betas=[0.9, 0.999]), "steps": 30},
        {"amsgrad_without_effect"},
    ),
    "rprop from outside": (
        NET | ADAM | {"optimizer": use("Rprop", lr=1.0, step_sizes=[1e-6, 0.01])},
        {"first_step_outside"},
    ),
    "radam on steep ground": (
        {"problem": {"name": "booth"}, "model": {}, "optimizer": use("RAdam", lr=0.01), "steps": 60},
        {"early_steps_large"},
    ),
    "an epoch that is never done": (NET | ADAM | {"batch_size": 4, "steps": 5}, {"samples_never_seen"}),
    "equal units": (
        NET | ADAM | {"model": {"hidden": [4], "activation": "tanh", "state_dict": zeros(4)}},
        {"units_identical"},
    ),
    "a start on a saddle": (
        {
            "problem": {"name": "six-hump-camel"},
            "model": {"start": [0.0, 0.0]},
            "optimizer": use("Adam", lr=0.01),
            "steps": 30,
        },
        {"gradient_zero"},
    ),
    "a layer that dies": (
        RELU | {"optimizer": use("SGD", lr=8.0), "steps": 80, "model": {"hidden": [10, 10]}},
        {"layer_dies"},
    ),
    "a tolerance that stops lbfgs": (
        NET
        | ADAM
        | {"optimizer": use("LBFGS", line_search_fn="strong_wolfe", tolerance_grad=1.0), "steps": 5},
        {"nothing_moves"},
    ),
    "a sum of passes": (
        NET | SGD | {"batch_size": 8, "loop": {"accumulate": 4, "scale_loss": False}},
        {"accumulation_unscaled"},
    ),
    "a restart after the end": (NET | ADAM | begun_again(60), {"restart_never"}),
    "a restart without moments": (NET | ADAM | begun_again(20), {"restart_without_optimizer"}),
    "a late restart without moments": (
        NET | ADAM | {"steps": 400} | begun_again(300),
        {"restart_without_optimizer"},
    ),
    "a restart without the schedule": (
        NET
        | ADAM
        | {"lr_scheduler": use("StepLR", step_size=15, gamma=0.5)}
        | begun_again(20, optimizer=True, lr_scheduler=False),
        {"restart_without_scheduler"},
    ),
    "clipped after the step": (NET | SGD | clip(0.01) | ordered(*STEPPED, "clip"), {"clip_without_effect"}),
    "clipped nowhere": (NET | SGD | clip(0.01) | ordered(*STEPPED), {"clip_without_effect"}),
    "no_grad taken for freezing": (DEEP | SGD | frozen("fc2", by="no_grad"), {"taken_for_freezing"}),
    "detach taken for freezing, late": (
        DEEP | SGD | {"steps": 300} | frozen("fc2", by="detach", from_step=250),
        {"taken_for_freezing"},
    ),
    "eval taken for freezing": (DEEP | SGD | frozen("fc2", by="eval"), {"taken_for_freezing"}),
    "a beta lifted above one": (
        NET
        | ADAM
        | {"hyperparameter_schedules": [{"hyperparameter": "betas/0", "factor": "1 + step / 200"}]},
        {"factor_above_one"},
    ),
    "a cosine of as many calls as epochs": (
        NET | ADAM | {"batch_size": 8, "lr_scheduler": use("CosineAnnealingLR", T_max=12)},
        {"scheduler_counts_epochs"},
    ),
    "frozen after the end": (NET | SGD | frozen("fc1", from_step=60), {"freeze_never"}),
    "a lambda that grows": (
        NET | ADAM | {"lr_scheduler": use("LambdaLR", lr_lambda="1 + epoch / 10")},
        {"rate_grows"},
    ),
}


def found(recipe):
    return {warning.code for warning in lint(RunConfig.model_validate(recipe))}


@pytest.mark.parametrize("name", FLAWED)
def test_what_is_measured_is_said(name):
    """Each flaw shows in a plain loop, and the linter names it and no other."""
    recipe, codes = FLAWED[name]
    run = plain(recipe)
    assert {code for code in codes if not FACTS[code](recipe, run)} == set()
    assert found(recipe) == codes


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_said_of_a_sound_recipe(name):
    """A plain loop comes to its end and lowers the loss, and the linter is silent."""
    recipe = SOUND[name]
    run = plain(recipe)
    assert run.done == run.steps
    assert run.error is None
    assert np.isfinite(run.flat).all()
    assert np.mean(run.loss[-5:]) < run.loss[0]
    assert found(recipe) == set()
