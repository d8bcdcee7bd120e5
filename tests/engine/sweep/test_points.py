"""Many starts on a test function, each beside torch's own loop and beside other neighbours."""

import json

import numpy as np
import pytest

from optiscope.engine.core.parts import whole
from optiscope.engine.sweep.job import cells_at, outlooks
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.updates.table import UPDATES
from optiscope.engine.sweep.ways import Way

RUN = {"problem": {"name": "himmelblau"}, "steps": 30, "dtype": "float64"}


def cells_of(name, xs, ys, **more):
    run = RUN | {"optimizer": {"name": name}} | more
    axes = [{"path": f"/model/start/{i}", "values": list(v)} for i, v in enumerate((xs, ys))]
    sweep = SweepConfig.model_validate_json(json.dumps({"run": run, "axes": axes, "target": 1.0}))
    plan = Plan(sweep)
    assert [group.way for group in plan.groups] == [Way.STACKED]
    exact = sweep.model_copy(update={"exact": True})
    texts = [one.model_dump_json(by_alias=True) for one in (sweep, exact)]
    return tuple(whole(cells_at(text, 0, plan.members)).columns() for text in texts)


@pytest.mark.parametrize("name", sorted({name for name, _ in UPDATES}))
def test_starts_end_where_torchs_own_loop_ends(name):
    """Every start of a grid ends at the same point, at the same step, as alone."""
    xs, ys = np.linspace(-4, 4, 4), np.linspace(-3, 3, 3)
    cosine = {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": 30}}
    found, exact = cells_of(name, xs, ys, lr_scheduler=cosine)
    for column, values in exact.items():
        np.testing.assert_allclose(found[column], values, rtol=1e-9, atol=1e-12, err_msg=column)


def of_choices(problem, name, fields, **more):
    """What rows with hyperparameters of their own come to, and torch's plain loops."""
    run = {"problem": {"name": problem}, "optimizer": {"name": name}, "steps": 30} | more
    own = [{"path": f"/optimizer/hyperparameters/{k}", "values": v} for k, v in fields.items()]
    axes = [*own, {"path": "/model/start/0", "values": [-1.5, 0.25, 2.0]}]
    plan = Plan(SweepConfig.model_validate({"run": run, "axes": axes, "target": 1.0}))
    assert [group.way for group in plan.groups] == [Way.STACKED]
    exact = plan.sweep.model_copy(update={"exact": True}).model_dump_json(by_alias=True)
    return tuple(whole(cells_at(text, 0, plan.members)).columns() for text in (plan.text, exact))


def in_order(columns):
    order = np.argsort(columns["members"])
    return {name: column[order] for name, column in columns.items()}


OWN = {
    "SGD": {"lr": [0.001, 0.01, 3.0], "momentum": [0, 0.9]},
    "Adagrad": {"lr": [0.1, 1.0], "initial_accumulator_value": [0.0, 0.5]},
    "Adam": {"lr": [0.01, 0.1], "betas/0": [0.5, 0.9]},
    "AdamW": {"betas": [[0.5, 0.9], [0.9, 0.999]], "weight_decay": [0.0, 0.1]},
    "Rprop": {"etas": [[0.5, 1.2], [0.3, 1.5]], "lr": [0.01, 0.1]},
    "ASGD": {"lr": [0.001, 0.01], "lambd": [0.0, 0.1]},
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OWN)
def test_a_row_with_hyperparameters_of_its_own_has_the_bits_of_its_own_loop(name, dtype):
    """On a function of sums and products, with a schedule, divergence and state from the start among them."""
    cosine = {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": 30}}
    found, exact = map(in_order, of_choices("himmelblau", name, OWN[name], dtype=dtype, lr_scheduler=cosine))
    for column, values in exact.items():
        np.testing.assert_array_equal(found[column], values, err_msg=column)


def test_where_functions_are_not_exact_a_row_ends_beside_its_own_loop():
    """Cosines of many numbers at once may differ in the last place from those of one."""
    found, exact = map(in_order, of_choices("rastrigin", "SGD", {"lr": [1e-3, 2e-3]}, dtype="float64"))
    np.testing.assert_allclose(found["end_loss"], exact["end_loss"], rtol=1e-9)


def test_what_torch_refuses_of_one_row_is_told_of_it_alone():
    """Nesterov without momentum fails, and its neighbours have the numbers that they have alone."""
    nesterov = {"name": "SGD", "hyperparameters": {"lr": 0.01, "momentum": 0.5, "nesterov": True}}
    found, exact = map(
        in_order, of_choices("himmelblau", "SGD", {"momentum": [0.0, 0.9]}, optimizer=nesterov)
    )
    assert found["ended"].tolist() == [2, 2, 2, 0, 0, 0]
    np.testing.assert_array_equal(found["end_loss"], exact["end_loss"])


def test_what_clips_and_moves_hyperparameters_acts_on_each_row():
    """Clipping by value and a factor on momentum do to a row what they do to its run alone."""
    more = {
        "clip_grad": {"name": "clip_grad_value_", "clip_value": 2.0},
        "hyperparameter_schedules": [{"hyperparameter": "momentum", "factor": "0.9 ** step"}],
    }
    found, exact = map(in_order, of_choices("himmelblau", "SGD", {"momentum": [0.5, 0.9]}, **more))
    np.testing.assert_array_equal(found["end_loss"], exact["end_loss"])


@pytest.mark.parametrize("name", ["SGD", "Adam", "Rprop"])
def test_a_row_does_not_depend_on_its_neighbours(name):
    """The result of a start is the same beside others, one that diverges among them."""
    few, many = (
        in_order(cells_of(name, xs, ys)[0])
        for xs, ys in (([-4.0, 1.0], [0.5]), ([-4.0, 0.0, 1.0, 3.0, 1e9], [-2.0, 0.5, 2.0]))
    )
    rows = [0 * 3 + 1, 2 * 3 + 1]
    for column, values in few.items():
        if column != "members":
            np.testing.assert_allclose(many[column][rows], values, rtol=1e-12, err_msg=column)


def test_points_are_never_compiled(tmp_path):
    """What is known beforehand of starts is their work, and that there is no kernel for them."""
    axes = [{"path": "/model/start/0", "values": [0.0, 1.0]}]
    run = RUN | {"optimizer": {"name": "Adam"}}
    sweep = SweepConfig.model_validate_json(json.dumps({"run": run, "axes": axes}))
    (outlook,) = whole(outlooks(sweep.model_dump_json(by_alias=True), str(tmp_path)))
    assert not outlook.is_compiled
    assert outlook.work > 0
