import json

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS, REACH_OF_THE_LINTER, UNLIMITED, Limits, in_context
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.refusing import parse_config

RUN = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}}
NARROW = Limits(
    max_steps=5, max_hidden_units=3, max_milestones=1, max_abs_parameter=10, max_scheduler_depth=1
)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"steps": 6}, "/steps"),
        ({"steps": 5, "model": {"hidden": [4]}}, "/model/hidden/0"),
        ({"steps": 5, "freeze": [{"params": ["fc1"], "to_step": 6}]}, "/freeze/0/to_step"),
    ],
)
def test_a_config_is_held_to_the_limits_it_is_given(changes, pointer):
    """What is within the default limits is beyond narrow ones, and the other way round."""
    text = json.dumps(RUN | changes)
    with pytest.raises(ConfigError) as refused:
        parse_config(text, NARROW)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert parse_config(text) == parse_config(text, DEFAULT_LIMITS)


def test_wider_limits_take_more():
    """A number beyond the default limits is refused by them, and taken by wider ones."""
    text = json.dumps(RUN | {"steps": DEFAULT_LIMITS.max_steps + 1})
    with pytest.raises(ConfigError, match="steps must be at most"):
        parse_config(text)
    assert parse_config(text, Limits(max_steps=10**6)).steps == DEFAULT_LIMITS.max_steps + 1


def test_what_was_accepted_is_not_measured_again():
    """Without limits a config is read as it is, which is how workers and the store read it."""
    steps = 10**9
    assert RunConfig.model_validate(RUN | {"steps": steps}).steps == steps
    assert RunConfig.model_validate(RUN | {"steps": steps}, context=in_context(UNLIMITED)).steps == steps


NESTED = {"name": "SequentialLR", "schedulers": [{"name": "ConstantLR"}], "milestones": []}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"problem": {"name": "himmelblau"}, "model": {"start": [0, 11]}}, "/model/start/1"),
        ({"lr_scheduler": NESTED}, "/lr_scheduler/schedulers/0"),
        (
            {"lr_scheduler": {"name": "MultiStepLR", "hyperparameters": {"milestones": [1, 2]}}},
            "/lr_scheduler/hyperparameters/milestones",
        ),
    ],
)
def test_what_a_choice_is_bounded_by_is_handed_on(changes, pointer):
    """Bounds that are checked where a part is built are those of the request, too."""
    config = RunConfig.model_validate(RUN | {"steps": 5} | changes)
    check(config)
    with pytest.raises(ConfigError) as refused:
        check(config, NARROW)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_nothing_is_beyond_unlimited_but_how_far_the_linter_looks():
    """Every bound of a request is lifted; the linter's reach is no such bound."""
    kept = {name for name, bound in UNLIMITED if bound == getattr(DEFAULT_LIMITS, name)}
    assert kept == set(REACH_OF_THE_LINTER)
