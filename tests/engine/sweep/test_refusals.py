"""What torch refuses of hyperparameters that are right alone and wrong together."""

import json

import numpy as np
import pytest

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import whole
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.sweep.cells import REASONS
from optiscope.engine.sweep.job import cells_at, outlooks, planned
from optiscope.engine.sweep.judging import plan_of
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.summary import notes_of

LR = "/optimizer/hyperparameters/lr"
MOMENTUM = "/optimizer/hyperparameters/momentum"
NESTEROV = "/optimizer/hyperparameters/nesterov"


def sweep_of(axes, optimizers=None, problem="xor", **hyperparameters):
    """A sweep of SGD, as JSON."""
    run = {
        "problem": {"name": problem},
        "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.01, **hyperparameters}},
        "steps": 3,
    }
    asked = {"run": run, "axes": axes} | ({} if optimizers is None else {"optimizers": optimizers})
    return SweepConfig.model_validate_json(json.dumps(asked))


def ended(sweep):
    """How each member ended."""
    text = plan_of(sweep).text
    cells = whole(cells_at(text, 0, planned(text).members))
    return [REASONS[i] for i in cells.ended[np.argsort(cells.members)]]


@pytest.mark.parametrize("problem", ["xor", "himmelblau"])
@pytest.mark.parametrize("momenta", [[0.0, 0.5, 0.9], [0.9, 0.5, 0.0]])
def test_a_cell_of_a_kernel_has_no_number_where_torch_refuses_the_run(momenta, problem, tmp_path):
    """Whichever member of its group is the first one, all others have theirs, and what they take is known."""
    axes = [{"path": MOMENTUM, "values": momenta}, {"path": NESTEROV, "values": [False, True]}]
    sweep = sweep_of(axes, problem=problem)
    reasons = ended(sweep)
    failed = [i for i, reason in enumerate(reasons) if reason is Reason.FAILED]
    assert failed == [2 * momenta.index(0.0) + 1]
    assert len(whole(outlooks(plan_of(sweep).text, str(tmp_path)))) == len(plan_of(sweep).groups)


def test_a_value_that_one_optimizer_takes_is_refused_of_the_other_alone():
    """And it is said of which, why, and at which values: those that change nothing of it are not told."""
    optimizers = [{"name": "SGD"}, {"name": "SGD", "hyperparameters": {"momentum": 0.9}}]
    axes = [{"path": LR, "values": [0.01, 0.1]}, {"path": NESTEROV, "values": [False, True]}]
    sweep = sweep_of(axes, optimizers)
    assert [reason is Reason.FAILED for reason in ended(sweep)] == [False, True, False, True, *[False] * 4]
    (note,) = [note for note in notes_of(plan_of(sweep)) if note.said.code == "members_refused"]
    assert note.pointer == "/optimizers/0"
    assert "as at nesterov true: torch refuses SGD: Nesterov momentum requires" in note.detail


def test_a_sweep_of_nothing_but_refused_members_is_refused():
    """Under the value."""
    with pytest.raises(ConfigError, match="Nesterov momentum requires") as error:
        plan_of(sweep_of([{"path": NESTEROV, "values": [True]}]))
    assert [problem.pointer for problem in error.value.problems] == ["/axes/0/values/0"]


def test_a_bound_of_a_field_is_refused_as_before():
    """A value that is wrong by itself is no cell."""
    with pytest.raises(ConfigError) as error:
        plan_of(sweep_of([{"path": LR, "values": [0.1, -1.0]}, {"path": NESTEROV, "values": [False, True]}]))
    assert [problem.pointer for problem in error.value.problems] == ["/axes/0/values/1"]
