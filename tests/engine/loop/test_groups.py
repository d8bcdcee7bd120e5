"""Added param groups and moved hyperparameters beside plain loops, bit for bit, whole and in chunks."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from optiscope.engine.advice.linter import lint
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.checkpoint_file.reading import CheckpointFileError, read_checkpoint
from optiscope.engine.loop.checkpoint_file.writing import write_checkpoint
from optiscope.engine.loop.forking import Restore, changed_config, fork
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.training import advance
from tests.engine import recipes
from tests.engine.bare_loop import Log, bare_loop
from tests.engine.recorded import X, Y, assert_same_bits, assert_same_blocks, chunked, net, run_config, whole

STEPS = 7
FACTOR = "0.5 ** step if step < 4 else 1 + 0.1 * step"
MOVED = {
    "SGD": {"momentum": 0.9},
    "Adam": {"betas": (0.9, 0.6)},
    "AdamW": {"weight_decay": 0.3},
    "Adamax": {"eps": 1e-4},
    "NAdam": {"momentum_decay": 0.01},
    "RMSprop": {"alpha": 0.5},
    "Rprop": {"etas": (0.5, 1.2)},
    "ASGD": {"lambd": 0.1},
    "Adadelta": {"rho": 0.5},
    "Adafactor": {"weight_decay": 0.1},
    "LBFGS": {"tolerance_change": 1e-9},
    "Muon": {"ns_coefficients": (3.4445, -4.775, 2.0315)},
}
"""What is moved, from which value; of the other classes weight_decay. Of a tuple, the second number."""

NAMES = list(dict.fromkeys(map(recipes.name_of, recipes.OPTIMIZERS)))
LATER = {"lr": 0.005}


def factor(step):
    return 0.5**step if step < 4 else 1 + 0.1 * step


def of(name):
    """The hyperparameters of a class, and what is moved of them, as a config writes it."""
    ((key, value),) = MOVED.get(name, {"weight_decay": 0.1}).items()
    return {"lr": 0.02, key: value}, f"{key}/1" if isinstance(value, tuple) else key


def config_of(name, **changes):
    """A run of three groups, two of them added later, with a hyperparameter that follows a factor."""
    given, moved = of(name)
    optimizer = {"name": name, "hyperparameters": recipes.as_json(given)}
    groups = [
        {"params": ["fc3"]},
        {"params": ["fc1"], "from_step": 4},
        {"params": ["fc2"], "from_step": 2} | LATER,
    ]
    if name == "Muon":
        optimizer["rest"] = {"name": "AdamW", "hyperparameters": {"lr": 0.01}}
        groups = [{"params": [f"fc{i}.weight" for i in (1, 2, 3)]}]
        optimizer["rest"]["param_groups"] = [
            {"params": ["fc3.bias"]},
            {"params": ["fc1.bias", "fc2.bias"], "from_step": 2} | LATER,
        ]
    if name != "LBFGS":
        optimizer["param_groups"] = groups
    schedule = {"hyperparameter": moved, "factor": FACTOR}
    return run_config(optimizer=optimizer, hyperparameter_schedules=[schedule], steps=STEPS, **changes)


def by_hand(name):
    """The same as a script has it: the optimizers, and what it does at the beginning of each step."""
    given, moved = of(name)
    key, _, place = moved.partition("/")

    def make(model):
        cls = getattr(torch.optim, name)
        params = dict(model.named_parameters())
        if name == "LBFGS":
            return cls(params.values(), **given)
        if name == "Muon":
            matrices = [p for p in params.values() if p.ndim == 2]
            rest = torch.optim.AdamW([{"params": [params["fc3.bias"]]}], lr=0.01)
            return [cls([{"params": matrices}], **given), rest]
        return cls([{"params": list(model.fc3.parameters())}], **given)

    def before(step, optimizers, model):
        if step == 2 and name == "Muon":
            biases = [model.fc1.bias, model.fc2.bias]
            optimizers[1].add_param_group({"params": biases} | LATER)
        elif step == 2 and name != "LBFGS":
            optimizers[0].add_param_group({"params": model.fc2.parameters()} | LATER)
        elif step == 4 and name not in {"LBFGS", "Muon"}:
            optimizers[0].add_param_group({"params": model.fc1.parameters()})
        for group in optimizers[0].param_groups:
            value = given[key]
            group[key] = (value[0], value[1] * factor(step), *value[2:]) if place else value * factor(step)

    return make, before


def plain(name, scheduler=None, steps=STEPS):
    """What the plain loop saw, and the error that ended it, if one did."""
    make, before = by_hand(name)
    model, log = net(), Log()
    schedule = None if scheduler is None else lambda o: recipes.make_lr_scheduler(scheduler, o)
    try:
        bare_loop(
            model,
            X,
            Y,
            F.mse_loss,
            make,
            schedule,
            steps,
            log=log,
            before=lambda step, optimizers: before(step, optimizers, model),
        )
    except Exception as error:  # noqa: BLE001 - torch raises what it likes, and so does the run
        return log, f"{type(error).__name__}: {error}"
    return log, ""


@pytest.mark.parametrize("name", NAMES)
def test_a_run_has_the_bits_of_the_plain_loop(name):
    """For every optimizer, whole and in chunks; what torch raises when a group is added ends both."""
    config = config_of(name)
    blocks, checkpoint = whole(config)
    log, raised = plain(name)
    assert_same_bits(blocks, log)
    assert raised == checkpoint.ended.said.params.get("why", "")
    if not raised:
        for length in (1, 3):
            assert_same_blocks(blocks, chunked(config, length))


SCHEDULERS = [recipe for recipe in recipes.LR_SCHEDULERS if "," not in recipe and recipe != "HandOver"]


@pytest.mark.parametrize("recipe", SCHEDULERS)
def test_a_scheduler_meets_an_added_group_as_torch_has_it(recipe):
    """One anneals it along, another takes it elsewhere, others raise, at the same step in torch's words."""
    scheduler = recipes.lr_scheduler_config(recipe)
    config = config_of("SGD", lr_scheduler=scheduler)
    blocks, checkpoint = whole(config)
    log, raised = plain("SGD", scheduler)
    assert_same_bits(blocks, log)
    assert raised == checkpoint.ended.said.params.get("why", "")
    if raised:
        assert {"schedule_fails", "run_fails"} & {warning.code for warning in lint(config)}
    else:
        assert_same_blocks(blocks, chunked(config, 2))


def test_what_was_used_is_recorded():
    """The value of each step stands in a column of its own, by group; columns grow where a group is added."""
    blocks, _ = whole(config_of("AdamW"))
    moved = [block.optional["hyperparameters"]["weight_decay"] for block in blocks]
    assert [values.shape for values in moved] == [(1, 1), (2, 1), (2, 2), (3, 3)]
    assert [block.lr.shape[1] for block in blocks] == [1, 1, 2, 3]
    expected = [0.3, *(0.3 * factor(step) for step in range(STEPS))]
    assert np.concatenate([values[:, 0] for values in moved]).tolist() == expected
    assert "hyperparameters" not in whole(run_config())[0][0].optional


def test_what_no_group_holds_yet_gathers_gradient():
    """zero_grad() clears the gradient of parameters only once their group is there."""
    blocks, _ = whole(config_of("SGD"))
    norms = [float(np.linalg.norm(row)) for block in blocks[1:] for row in block.grads["fc1.weight"]]
    assert all(after > before for before, after in pairwise(norms[:4]))
    assert norms[4] < norms[3]
    frozen = config_of("SGD", freeze=[{"params": ["fc1"], "to_step": 4}, {"params": ["fc2"], "to_step": 2}])
    assert all(block.grads["fc1.weight"] is None for block in whole(frozen)[0][1:] if block.first <= 4)


LONG = {
    "none": None,
    "cosine": {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": 20}},
    "linear": recipes.lr_scheduler_config("LinearLR"),
    "plateau": {"name": "ReduceLROnPlateau"},
}
"""Schedules that take an added group along."""


@pytest.mark.parametrize("schedule", LONG)
@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_a_checkpoint_file_goes_on_across_the_edge(schedule, step):
    """A file from before, at and after the step at which a group is added has the bits of the run."""
    config = config_of("SGD", lr_scheduler=LONG[schedule])
    blocks, end = whole(config)
    _, checkpoint = advance(config, None, step)
    read, reached, _ = read_checkpoint(write_checkpoint(config, checkpoint))
    assert read == config
    further, again = advance(read, reached, config.steps)
    assert [p.tolist() for p in again.model.values()] == [p.tolist() for p in end.model.values()]
    assert further[-1].lr[-1].tolist() == blocks[-1].lr[-1].tolist()


def test_a_file_with_another_value_is_refused():
    """What a factor makes of a value is known, so a file cannot say another one."""
    config = config_of("AdamW")
    _, checkpoint = advance(config, None, 3)
    checkpoint.optimizers[0]["param_groups"][0]["weight_decay"] = 0.2
    with pytest.raises(CheckpointFileError, match="weight_decay"):
        read_checkpoint(write_checkpoint(config, checkpoint))


def at(config, step):
    checkpoint = advance(config, None, step)[1]
    assert isinstance(checkpoint, Checkpoint)
    return checkpoint


@pytest.mark.parametrize("step", [1, 2, 3, 4, 6])
def test_a_fork_goes_on_with_the_groups_that_are_there(step):
    """One without changes has the bits of its parent; one with another rate keeps all moments."""
    config = config_of("AdamW")
    end = whole(config)[1]
    begun = fork(config, at(config, step), config, Restore())
    assert [p.tolist() for p in advance(config, begun.checkpoint, STEPS)[1].model.values()] == [
        p.tolist() for p in end.model.values()
    ]
    changed = changed_config(config, {"optimizer": {"hyperparameters": {"lr": 0.5}}})
    other = fork(config, at(config, step), changed, Restore())
    assert other.notes == ()
    assert begun.blocks[0].lr.shape == other.blocks[0].lr.shape
    assert advance(changed, other.checkpoint, STEPS)[1].ended.step == STEPS


def test_a_fork_without_the_factor_has_the_values_of_its_config():
    """What a factor moved goes back to what the config says, and the schedule of the rate goes on."""
    config = config_of("AdamW", lr_scheduler=LONG["cosine"])
    changed = changed_config(config, {"hyperparameter_schedules": []})
    begun = fork(config, at(config, 3), changed, Restore())
    (group, _) = begun.checkpoint.optimizers[0]["param_groups"]
    assert group["weight_decay"] == 0.3
    assert group["lr"] == at(config, 3).optimizers[0]["param_groups"][0]["lr"] != 0.02


def schedules(*entries):
    return {
        "hyperparameter_schedules": [{"hyperparameter": "weight_decay", "factor": "1"} | e for e in entries]
    }


REFUSED = [
    (schedules({"hyperparameter": "lr"}), "/0/hyperparameter", "schedulers of its own"),
    (schedules({"hyperparameter": "momentum"}), "/0/hyperparameter", "momentum"),
    (schedules({"hyperparameter": "betas"}), "/0/hyperparameter", "no number"),
    (schedules({"hyperparameter": "betas/2"}), "/0/hyperparameter", "no number"),
    (schedules({"hyperparameter": "amsgrad"}), "/0/hyperparameter", "no number"),
    (schedules({"groups": [1]}), "/0/groups/0", "there is no param group 1"),
    (schedules({"factor": "1 / step"}), "/0/factor", "no value at step = 0"),
    (schedules({"factor": "epoch"}), "/0/factor", "epoch"),
    (schedules({}, {}), "/1/hyperparameter", "two factors"),
]


@pytest.mark.parametrize(("changes", "pointer", "words"), REFUSED)
def test_what_moves_nothing_is_refused(changes, pointer, words):
    """A refusal names what cannot follow a factor, and where."""
    with pytest.raises(ConfigError) as caught:
        check(run_config(**changes))
    (problem,) = caught.value.problems
    assert problem.pointer == f"/hyperparameter_schedules{pointer}"
    assert words in problem.detail


def test_what_else_is_wrong_is_named_beside_it():
    """A factor that cannot be does not hide a schedule that cannot; of a wrong optimizer nothing is asked."""
    wrong = schedules({"factor": "1 / step"}) | {"lr_scheduler": {"name": "StepLR"}}
    with pytest.raises(ConfigError) as caught:
        check(run_config(**wrong))
    assert [problem.pointer.split("/")[1] for problem in caught.value.problems] == [
        "hyperparameter_schedules",
        "lr_scheduler",
    ]
    with pytest.raises(ConfigError) as caught:
        check(run_config(optimizer={"name": "Adan"}, **schedules({"hyperparameter": "betas/0"})))
    assert [problem.pointer for problem in caught.value.problems] == ["/optimizer/name"]


def test_groups_that_torch_would_refuse_later_are_refused_at_once():
    """A parameter in two groups, though one is added later, and an optimizer that would begin with none."""
    for groups, words in (
        ([{"params": ["fc1"]}, {"params": ["fc1.bias"], "from_step": 3}], "more than one parameter group"),
        ([{"params": ["fc1"], "from_step": 3}], "empty parameter list"),
    ):
        with pytest.raises(ConfigError, match=words):
            check(run_config(optimizer={"name": "SGD", "param_groups": groups}))


def test_a_factor_without_a_value_ends_the_run():
    """A division by zero at a step is the end of the run there, with the expression."""
    _, checkpoint = whole(run_config(steps=9, **schedules({"factor": "1 / (5 - step)"})))
    assert checkpoint.ended.said.params["step"] == 6
    assert "no value at step = 5" in checkpoint.ended.detail
    assert math.isfinite(checkpoint.ended.end_loss)
