"""How large a record may become is known before a step; a run whose records would not fit is refused."""

import pytest

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import Limits
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.record_size import record_values
from optiscope.engine.loop.training import Training, advance
from tests.engine.recorded import run_config

LBFGS = {"name": "LBFGS", "hyperparameters": {"lr": 0.1, "max_iter": 2, "history_size": 6}}


@pytest.mark.parametrize(
    "optimizer",
    [
        {"name": "Adam", "hyperparameters": {"amsgrad": True}},
        {"name": "Muon", "rest": {"name": "NAdam"}},
        LBFGS,
        *({"name": f"pytorch_optimizer.{name}"} for name in ("SOAP", "SPlus", "Shampoo", "AggMo", "LaProp")),
    ],
    ids=lambda optimizer: optimizer["name"],
)
def test_no_record_is_larger_than_told(optimizer):
    """Nor much smaller than half of it: also of tall matrices, and of lists that have grown."""
    config = run_config(optimizer=optimizer, model={"hidden": [16, 3]}, problem={"name": "moons"}, steps=8)
    blocks, _ = advance(config, None, config.steps)
    last = blocks[-1]
    arrays = [
        *last.params.values(),
        *last.grads.values(),
        *(v for k in last.state.values() for v in k.values()),
    ]
    size = sum(array[-1].size for array in arrays)
    assert size <= record_values(Training(config)) <= 2 * size


def test_records_that_would_not_fit_are_refused():
    """Naming the steps that would, and what makes each record large."""
    config = run_config(optimizer=LBFGS, steps=100)
    values = record_values(Training(config))
    check(config, Limits(max_record_values=101 * values))
    with pytest.raises(ConfigError) as refused:
        check(config, Limits(max_record_values=101 * values - 1))
    [problem] = refused.value.problems
    assert problem.pointer == "/steps"
    assert problem.said.code == "records_too_many_remembered"
    assert problem.said.params == {"bound": 99, "parameters": 15, "history": 6, "value": 100}
    with pytest.raises(ConfigError, match="steps must be at most 9 for a network of 15 parameters, got 100"):
        check(run_config(steps=100), Limits(max_record_values=10 * 90))
