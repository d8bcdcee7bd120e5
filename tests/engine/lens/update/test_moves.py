"""The update of every optimizer, line by line, is torch's own to the last bit."""

import pytest

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.lens.anatomy import anatomy
from optiscope.engine.lens.update.table import FORMULAS
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from tests.engine.recorded import bits, run_config

MOONS = {"name": "moons", "samples": 16}
MATRICES = {"problem": MOONS, "model": {"hidden": [5, 3], "seed": 2}, "steps": 9}

OPTIONS = {
    "SGD": [
        {},
        {"momentum": 0.9},
        {"momentum": 0.9, "dampening": 0.1, "weight_decay": 0.1, "maximize": True},
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
    ],
    "Adagrad": [
        {},
        {"lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.5, "maximize": True},
    ],
    "Adadelta": [{"lr": 1.0}, {"rho": 0.5, "weight_decay": 0.1, "maximize": True}],
    "Adam": [
        {},
        {"amsgrad": True, "weight_decay": 0.1},
        {"decoupled_weight_decay": True, "weight_decay": 0.1, "maximize": True},
    ],
    "AdamW": [{}, {"amsgrad": True, "betas": [0.5, 0.7]}],
    "Adamax": [{}, {"weight_decay": 0.1, "maximize": True}],
    "NAdam": [
        {},
        {"weight_decay": 0.1, "decoupled_weight_decay": True},
        {"weight_decay": 0.1, "maximize": True},
    ],
    "RAdam": [{"betas": [0.9, 0.9]}, {"weight_decay": 0.1, "decoupled_weight_decay": True, "maximize": True}],
    "RMSprop": [{}, {"centered": True}, {"momentum": 0.9, "centered": True, "weight_decay": 0.1}],
    "Rprop": [{}, {"etas": [0.3, 1.5], "step_sizes": [1e-3, 0.05], "maximize": True}],
    "ASGD": [{"t0": 2, "lambd": 0.1, "alpha": 0.6}, {"weight_decay": 0.1, "maximize": True}],
    "Adafactor": [{}, {"eps": [1e-4, 1e-2], "d": 2.0, "weight_decay": 0.1, "maximize": True}],
    "LBFGS": [
        {"max_iter": 4},
        {"max_iter": 1},
        {"line_search_fn": "strong_wolfe", "history_size": 2, "max_iter": 6},
    ],
    "Muon": [{}, {"nesterov": False, "weight_decay": 0.0, "ns_steps": 3, "adjust_lr_fn": "match_rms_adamw"}],
}


def optimizer(name, options):
    rest = {"rest": {"name": "AdamW"}} if name == "Muon" else {}
    lr = {"lr": 0.5 if name == "LBFGS" else 0.03}
    return {"name": name, "hyperparameters": lr | options, **rest}


LOOPS = {
    "plain": {},
    "groups": {},
    "double": {"dtype": "float64"},
    "frozen for a while": {"freeze": [{"params": ["fc2"], "from_step": 2, "to_step": 5}]},
    "stale gradient": {"freeze": [{"params": ["fc2"], "from_step": 2, "to_step": 5, "clear_grad": False}]},
    "zeros": {
        "freeze": [{"params": ["fc2"], "from_step": 2, "to_step": 5, "clear_grad": False}],
        "loop": {"set_to_none": False},
    },
    "clipped": {"clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.1}, "batch_size": 5},
    "accumulated": {"loop": {"accumulate": 2}, "batch_size": 4},
    "averaged": {"average": {"name": "EMA", "decay": 0.9}},
    "averaged late": {"average": {"name": "SWA", "from_step": 2, "every": 2}},
    "clipped by value": {"clip_grad": {"name": "clip_grad_value_", "clip_value": 0.01}},
    "scheduled": {"lr_scheduler": {"name": "StepLR", "hyperparameters": {"step_size": 2, "gamma": 0.5}}},
}


def taken(config, steps=(1, 4, 6)):
    """The updates of some steps of a run, each with its record as a block of one."""
    checkpoint = None
    for step in range(1, max(steps) + 1):
        blocks, after = advance(config, checkpoint, 1)
        if step in steps:
            yield anatomy(config, checkpoint).updates, blocks[-1][-1:]
        checkpoint = after


def held(update):
    """The lines that torch has a number for."""
    return [line for line in (*update.lines, *update.after) if line.ulps is not None]


def in_groups(name, options):
    """The same optimizer with a group of its own for some matrices, where it takes several."""
    made = optimizer(name, options)
    if not OPTIMIZERS[name].param_groups:
        return made
    others = ["fc1.weight", "fc3.weight"] if name == "Muon" else ["fc1", "fc3", "fc2.bias"]
    groups = [{"params": ["fc2.weight"], "lr": 0.01}, {"params": others}]
    return made | {"param_groups": groups}


CASES = [
    (name, options, loop)
    for name, variants in OPTIONS.items()
    for options in variants
    for loop in (LOOPS if options is variants[-1] else ["plain"])
]


@pytest.mark.parametrize(("name", "options", "loop"), CASES)
def test_every_line_that_torch_has_a_number_for_is_equal_to_the_last_bit(name, options, loop):
    """And the last one is the record's."""
    made = in_groups(name, options) if loop == "groups" else optimizer(name, options)
    config = run_config(**MATRICES | {"optimizer": made} | LOOPS[loop])
    for updates, block in taken(config):
        for update in updates:
            assert bits(update.result) == bits(block.params[update.parameter][0])
            assert (update.why is None) == bool(update.lines)
            if update.lines:
                last = update.lines[-1]
                assert last.kept == "param"
                assert bits(update.values[last.place].value) == bits(update.result)
            assert not any(line.ulps.any() for line in held(update))


@pytest.mark.parametrize("options", OPTIONS["LBFGS"])
def test_each_inner_iteration_begins_where_the_one_before_led(options):
    """From the values before the step to the record's, every line torch's own to the last bit."""
    config = run_config(**MATRICES | {"optimizer": optimizer("LBFGS", options)})
    _, checkpoint = advance(config, None, 2)
    whole = anatomy(config, checkpoint)
    assert whole.iterations == whole.iteration == options["max_iter"]
    at = {update.parameter: bits(update.before) for update in whole.updates}
    for iteration in range(1, whole.iterations + 1):
        found = anatomy(config, checkpoint, iteration=iteration)
        assert (found.iterations, found.iteration) == (whole.iterations, iteration)
        for update, last in zip(found.updates, whole.updates, strict=True):
            assert bits(update.result) == bits(last.result)
            assert not any(line.ulps.any() for line in held(update))
            assert bits(update.values["param"].value) == at[update.parameter]
            at[update.parameter] = bits(update.values[update.lines[-1].place].value)
    assert at == {update.parameter: bits(update.result) for update in whole.updates}


@pytest.mark.parametrize(
    ("made", "iteration", "code"),
    [
        (optimizer("LBFGS", {"max_iter": 4}), 5, "between"),
        (optimizer("LBFGS", {"tolerance_grad": 1.0}), 1, "no_inner_iteration"),
        (optimizer("SGD", {}), 1, "no_inner_iteration"),
    ],
)
def test_an_inner_iteration_that_a_step_has_not_is_refused(made, iteration, code):
    """By its number, or since there is none."""
    with pytest.raises(ConfigError) as raised:
        anatomy(run_config(**MATRICES | {"optimizer": made}), None, iteration=iteration)
    assert [(problem.pointer, problem.said.code) for problem in raised.value.problems] == [
        ("/iteration", code)
    ]


@pytest.mark.parametrize("name", FORMULAS)
def test_everything_that_torch_keeps_is_held_against_a_line(name):
    """No key of the state goes unexplained; LBFGS keeps counts and its memory besides."""
    options = OPTIONS[name][-1]
    seen = {}
    for updates, block in taken(run_config(**MATRICES, optimizer=optimizer(name, options)), (3,)):
        for update in updates:
            if update.optimizer == name:
                kept = {line.kept.partition("[")[0] for line in held(update)}
                seen[update.parameter] = set(block.state.get(update.parameter, {})) - kept
    memory = {"func_evals", "n_iter", "t", "prev_loss", "old_dirs", "old_stps", "ro"}
    assert set().union(*seen.values()) == (memory if name == "LBFGS" else set())


def test_every_optimizer_of_torch_has_a_formula():
    """But for one that cannot train here."""
    torchs = {name for name, info in OPTIMIZERS.items() if info.source == "torch.optim"}
    assert torchs - set(FORMULAS) == {"SparseAdam"}


def updates_of(step=3, **config):
    """The updates of a step by parameter."""
    ((updates, _),) = taken(run_config(**MATRICES | config), (step,))
    return {update.parameter: update for update in updates}


GROUPS = {
    "name": "SGD",
    "hyperparameters": {"lr": 0.1},
    "param_groups": [{"params": ["fc3"], "lr": 0.01, "momentum": 0.5}, {"params": ["fc1"]}],
}


def test_a_parameter_has_the_hyperparameters_of_its_own_group():
    """At the rate that the schedule had come to; one in no group is said to be in none."""
    schedule = {"name": "StepLR", "hyperparameters": {"step_size": 2, "gamma": 0.5}}
    found = updates_of(optimizer=GROUPS, lr_scheduler=schedule)
    assert found["fc3.bias"].values["lr"].value == 0.01 * 0.5
    assert found["fc3.bias"].values["momentum"].value == 0.5
    assert (found["fc1.bias"].group, found["fc1.bias"].values["lr"].value) == (1, 0.1 * 0.5)
    outside = found["fc2.weight"]
    assert (outside.optimizer, outside.lines, outside.why.code) == (None, (), "update_outside")


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"freeze": [{"params": ["fc2"]}]}, "update_passed_over"),
        ({"optimizer": {"name": "pytorch_optimizer.Lion"}}, "update_result_only"),
        ({"optimizer": {"name": "LBFGS", "hyperparameters": {"tolerance_grad": 1.0}}}, "update_no_iteration"),
    ],
)
def test_what_has_no_lines_says_why(config, code):
    """And its result is there all the same."""
    update = updates_of(**config)["fc2.weight"]
    assert (update.lines, update.why.code) == ((), code)
    assert update.result.shape == (3, 5)


BROKEN = {
    "restarted": ({"loop": {"restart": {"step": 2}}}, set()),
    "low precision": ({"loop": {"autocast": "bfloat16"}}, set()),
    "two steps": (
        {"loop": {"order": ["zero_grad", "forward", "loss", "backward", *["optimizer_step"] * 2]}},
        set(),
    ),
    "cleared in between": (
        {"loop": {"order": ["forward", "loss", "backward", "zero_grad", "optimizer_step"]}},
        {"update_passed_over"},
    ),
    "no step": ({"loop": {"order": ["zero_grad", "forward", "loss", "backward"]}}, {"update_no_step"}),
    "replaced": ({"loop": {"replaced": ["fc2"]}}, {"update_replaced"}),
    "decay by hand": (
        {"hyperparameter_schedules": [{"hyperparameter": "weight_decay", "factor": "1 / (step + 1)"}]},
        set(),
    ),
    "group added": (
        {
            "optimizer": {
                "name": "AdamW",
                "hyperparameters": {"lr": 0.01},
                "param_groups": [{"params": ["fc1", "fc3"]}, {"params": ["fc2"], "lr": 0.1, "from_step": 2}],
            }
        },
        set(),
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_loop_that_departs_from_the_tutorials_is_told_as_it_ran(case):
    """The last line is the record's, or it is said why there are none."""
    changes, codes = BROKEN[case]
    config = run_config(**MATRICES | {"optimizer": {"name": "AdamW"}} | changes)
    for updates, block in taken(config, (3, 4)):
        assert {update.why.code for update in updates if update.why} == codes
        for update in updates:
            assert bits(update.result) == bits(block.params[update.parameter][0])
            assert not any(line.ulps.any() for line in held(update))


def test_each_optimizer_tells_of_what_it_holds():
    """Muon of matrices, and the one for the rest of vectors, whose group comes after."""
    found = updates_of(optimizer=optimizer("Muon", {}))
    assert (found["fc1.weight"].optimizer, found["fc1.weight"].group) == ("Muon", 0)
    assert (found["fc1.bias"].optimizer, found["fc1.bias"].group) == ("AdamW", 1)


def test_more_numbers_than_may_be_told_are_told_one_parameter_at_a_time():
    """The first that is asked for is always told."""
    config = run_config(**MATRICES)
    limits = DEFAULT_LIMITS.model_copy(update={"max_anatomy_values": 10})
    first, *others = anatomy(config, None, None, limits).updates
    assert first.lines
    assert {update.why.code for update in others} == {"update_too_large"}
    (asked,) = anatomy(config, None, ["fc3.weight"], limits).updates
    assert asked.parameter == "fc3.weight"
    assert asked.lines


def test_a_point_of_a_function_is_a_parameter_like_any_other():
    """Its lines end in the record, too."""
    found = updates_of(problem={"name": "rosenbrock"}, model={}, optimizer=optimizer("Adam", {}))
    assert list(found) == ["xy"]
    assert found["xy"].lines[-1].kept == "param"
