"""The central flow of real runs: against what they did on average, and where there is none."""

import numpy as np
import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import Limits
from optiscope.engine.lens.central_flow import NoFlow, central_flow, path
from optiscope.engine.loop.training import advance

LOSS_ERROR, VARIANCE_ERROR = 0.01, 0.08
"""What docs/central-flow.md states."""

RUN = {
    "problem": {"name": "regression-2d", "samples": 32},
    "model": {"hidden": [8], "activation": "tanh", "seed": 0},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.4}},
    "steps": 250,
}
SMALL = RUN | {"problem": {"name": "regression-2d", "samples": 8}, "steps": 6}
EXAMPLES = {
    "gradient descent, tanh": RUN,
    "gradient descent, gelu": RUN
    | {
        "model": {"hidden": [6], "activation": "gelu", "seed": 0},
        "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.5}},
        "steps": 300,
    },
    "RMSprop": RUN | {"optimizer": {"name": "RMSprop", "hyperparameters": {"lr": 0.02}}},
}


def flow_of(run, **asked):
    """The flow of a run that is trained here."""
    config = RunConfig.model_validate(run)
    return central_flow(config, advance(config, None, config.steps)[0], **asked)


@pytest.mark.parametrize("name", EXAMPLES)
def test_mean_loss_and_oscillation_are_those_measured(name):
    """From the edge on, within the errors that the documentation states; on the path alone it is not."""
    flow = flow_of(EXAMPLES[name])
    assert (flow.stopped, flow.departs, flow.steps[-1]) == (None, None, EXAMPLES[name]["steps"])
    assert flow.mean_loss.predicted == pytest.approx(flow.mean_loss.measured, rel=LOSS_ERROR)
    assert flow.mean_variance.predicted == pytest.approx(flow.mean_variance.measured, rel=VARIANCE_ERROR)
    edge = flow.edge - flow.steps[0]
    assert np.mean(flow.loss[edge:]) < (1 - 5 * LOSS_ERROR) * flow.mean_loss.measured
    assert flow.sharpness.max() < 1.001 * flow.bound
    assert set(flow.oscillating[:edge]) == {0}


def test_before_the_edge_nothing_oscillates_and_the_run_is_followed():
    """At a low rate the flow is that of the gradient, and as near as the steps are small."""
    flow = flow_of(RUN | {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.02}}, "steps": 40})
    assert (flow.edge, set(flow.oscillating)) == (None, {0})
    assert np.array_equal(flow.loss, flow.predicted_loss)
    assert flow.loss == pytest.approx(flow.run_loss, rel=0.01)
    assert flow.distance.max() < 0.01 * np.linalg.norm(flow.path[-1] - flow.path[0])


def test_it_begins_at_the_first_stable_record_or_where_it_is_told():
    """And ends where it is told; the arrays have a row for each record between."""
    run = SMALL | {"optimizer": {"name": "RMSprop", "hyperparameters": {"lr": 0.02}}}
    found = flow_of(run)
    assert found.steps[0] > 0
    asked = flow_of(run, from_step=found.steps[0] + 1, to_step=5, window=3)
    assert (asked.steps[0], asked.steps[-1], asked.window) == (found.steps[0] + 1, 5, 3)
    assert len(asked.path) == len(asked.steps) == len(asked.measured_variance)


MOVED = {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}}}
NO_FLOW = {
    "flow_optimizer": {"optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.1}}},
    "flow_momentum": MOVED,
    "flow_centered": {"optimizer": {"name": "RMSprop", "hyperparameters": {"lr": 0.1, "centered": True}}},
    "flow_maximize": {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1, "maximize": True}}},
    "flow_forgets": {"optimizer": {"name": "RMSprop", "hyperparameters": {"lr": 0.1, "alpha": 0.1}}},
    "flow_no_rate": {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.0}}},
    "flow_frozen": {"freeze": [{"params": ["fc1"]}]},
    "flow_scheduled": {"lr_scheduler": {"name": "StepLR", "hyperparameters": {"step_size": 2}}},
    "flow_clipped": {"clip_grad": {"name": "clip_grad_norm_", "max_norm": 1.0}},
    "flow_batches": {"batch_size": 4},
    "flow_drawn": {"problem": {"name": "heavy-tailed-noise"}, "model": {}},
    "flow_loop": {"loop": {"accumulate": 2}},
    "flow_kinks": {"model": {"hidden": [8], "activation": "relu"}},
    "flow_begins_unstable": {
        "optimizer": {"name": "SGD", "hyperparameters": {"lr": 90.0}},
        "dtype": "float64",
    },
}


@pytest.mark.parametrize("code", NO_FLOW)
def test_where_there_is_none_it_says_why(code):
    """A sentence with the value that it is for."""
    found = flow_of(SMALL | NO_FLOW[code])
    assert isinstance(found, NoFlow)
    assert found.said.code == code


def test_a_batch_of_all_samples_and_gradients_that_stay_zeros_change_nothing():
    """What leaves the steps as they are has a flow."""
    same = SMALL | {"batch_size": 8, "loop": {"set_to_none": False}}
    assert np.array_equal(flow_of(same).path, flow_of(SMALL).path)


def test_gradients_that_arrive_late_have_no_flow():
    """As whatever else a loop may be told to do."""
    assert flow_of(SMALL | {"loop": {"gradient_delay": 1}}).said.code == "flow_loop"


def test_a_part_of_the_parameters_has_no_flow():
    """One that is in no param group is not trained."""
    groups = {"name": "SGD", "hyperparameters": {"lr": 0.1}, "param_groups": [{"params": ["fc1"]}]}
    assert flow_of(SMALL | {"optimizer": groups}).said.code == "flow_frozen"


def test_each_param_group_has_its_rate():
    """The flow of two rates is not that of either."""
    groups = {
        "name": "SGD",
        "hyperparameters": {"lr": 0.1},
        "param_groups": [{"params": ["fc1"]}, {"params": ["fc2"], "lr": 0.2}],
    }
    flow = flow_of(SMALL | {"optimizer": groups})
    assert flow.bound == 10.0
    assert flow.loss == pytest.approx(flow.run_loss, rel=0.05)


CLIFF = {
    "problem": {"name": "expression", "expression": "y**2/2 - x**4", "bounds": [[-3, 3], [-3, 3]]},
    "model": {"start": [0.5, 0.5]},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1}},
    "steps": 20,
}


def test_a_flow_that_cannot_go_on_says_where_and_why(monkeypatch):
    """It has left every bound before the run does, or more directions are at the edge than are followed."""
    flow = flow_of(CLIFF)
    assert (flow.stopped.code, flow.stopped.params["why"].code) == ("flow_stopped", "flow_diverged")
    assert flow.stopped.params["step"] == flow.steps[-1] + 1
    monkeypatch.setattr(path, "MOST_CRITICAL", 0)
    flow = flow_of(RUN | {"steps": 20})
    assert flow.stopped.params["why"].code == "flow_too_many"
    assert flow.edge is None


def test_it_is_refused_with_the_arithmetic_before_it_begins():
    """What it would take, of what, and how many steps may be asked for."""
    config = RunConfig.model_validate(SMALL)
    blocks, _ = advance(config, None, 6)
    with pytest.raises(ConfigError) as refused:
        central_flow(config, blocks, limits=Limits(max_flow_operations=2e7))
    [problem] = refused.value.problems
    assert (problem.pointer, problem.said.code) == ("/to_step", "flow_too_long")
    assert "6 steps \u00d7 4 \u00d7" in str(problem.said)
    most = problem.said.params["most"]
    assert len(central_flow(config, blocks, to_step=most, limits=Limits(max_flow_operations=2e7)).steps) > 1


def test_a_network_that_is_too_large_is_refused():
    """By the bound of the Hessian."""
    config = RunConfig.model_validate(SMALL)
    blocks, _ = advance(config, None, 6)
    with pytest.raises(ConfigError, match="at most 20 parameters, got 33"):
        central_flow(config, blocks, limits=Limits(max_hessian_parameters=20))


@pytest.mark.parametrize("field", ["from_step", "to_step"])
def test_a_step_that_the_run_has_not_is_refused(field):
    """By its name."""
    with pytest.raises(ConfigError) as refused:
        flow_of(SMALL, **{field: 7})
    assert refused.value.problems[0].pointer == f"/{field}"
