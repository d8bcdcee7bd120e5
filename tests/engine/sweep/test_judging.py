import json
import math
import time

import pytest
from pydantic import ValidationError

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.findings import explain
from optiscope.engine.core.limits import Limits, in_context
from optiscope.engine.core.words import say
from optiscope.engine.sweep import judging
from optiscope.engine.sweep.judging import plan_of
from optiscope.engine.sweep.request import SweepConfig

LR = "/optimizer/hyperparameters/lr"
RUN = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 5}


def sweep(axes, **more):
    return SweepConfig.model_validate_json(json.dumps({"run": RUN, "axes": axes} | more))


def refused(axes, limits=None, **more):
    """Pointers and codes of what is wrong."""
    with pytest.raises(ConfigError) as error:
        plan_of(sweep(axes, **more), limits or Limits())
    return {(problem.pointer, problem.said.code) for problem in error.value.problems}


def test_defaults_are_fields_that_a_path_may_name():
    """A path exists if the run has the field with all defaults filled in, list indices included."""
    for path in (
        LR,
        "/optimizer/hyperparameters/betas/0",
        "/problem/noise",
        "/model/hidden/1",
        "/loop/accumulate",
        "/steps",
    ):
        value = 1 if path in {"/model/hidden/1", "/loop/accumulate", "/steps"} else 0.5
        assert plan_of(sweep([{"path": path, "values": [value]}])).members == 1


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("lr", "axis_no_path"),
        ("/dtype", "axis_dtype"),
        ("/optimizer/name", "axis_optimizer_name"),
        ("/optimizer/hyperparameters/momentum", "axis_no_field"),
        ("/clip_grad/max_norm", "axis_no_field"),
        ("/model/hidden/2", "axis_no_field"),
        ("/model/hidden/00", "axis_no_field"),
        ("/model/hidden/\u0661", "axis_no_field"),
    ],
)
def test_a_path_that_names_no_field_is_refused(path, code):
    """A path that leads nowhere, through null or to what cannot vary is refused under its axis."""
    assert refused([{"path": path, "values": [0.5]}]) == {("/axes/0/path", code)}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_value_that_is_not_finite_is_refused_where_it_stands(value, place):
    """NaN is neither the least nor the greatest of numbers, and is looked at all the same."""
    values = [0.1, 0.2]
    values.insert(place, value)
    axes = [{"path": LR, "values": values}]
    with pytest.raises(ConfigError) as error:
        plan_of(SweepConfig.model_validate({"run": RUN, "axes": axes}))
    assert [problem.pointer for problem in error.value.problems] == [f"/axes/0/values/{place}"]
    assert "must be a finite number" in error.value.problems[0].detail


def test_a_field_varies_once():
    """A path given twice, one through another, or beside seeds is refused."""
    twice = {("/axes/1/path", "axis_twice")}
    assert refused([{"path": LR, "values": [0.1]}, {"path": LR, "values": [0.2]}]) == twice
    betas = "/optimizer/hyperparameters/betas"
    through = [{"path": betas, "values": [[0.9, 0.99]]}, {"path": f"{betas}/0", "values": [0.8]}]
    assert refused(through) == twice
    of_seeds = {("/axes/0/path", "axis_of_seeds")}
    assert refused([{"path": "/model/seed", "values": [1]}], seeds=[1, 2]) == of_seeds


def test_a_seed_given_twice_is_found_at_once():
    """Of many seeds the first that is there again is told, without a comparison of all with all."""
    seeds = [*range(2**16), 2**16 - 2, 2**16 - 1]
    begun = time.process_time()
    with pytest.raises(ValidationError) as error:
        sweep([{"path": LR, "values": [0.1]}], seeds=seeds)
    assert time.process_time() - begun < 5
    (found,) = explain(error.value, json.dumps({"seeds": seeds}), SweepConfig).problems
    assert (found.pointer, found.said) == ("/seeds", say("seed_twice", value=2**16 - 2))


def test_a_path_is_no_longer_than_a_path_may_be():
    """With the bound and how long it is."""
    axes = [{"path": "/" + "a" * 200, "values": [0.1]}]
    with pytest.raises(ValidationError) as error:
        sweep(axes)
    (found,) = explain(error.value, json.dumps({"axes": axes}), SweepConfig).problems
    assert found.pointer == "/axes/0/path"
    assert found.said == say("at_most_characters", field="path", bound=200, value=201)


def test_every_optimizer_has_every_path():
    """A path that one of the optimizers lacks is refused, naming both."""
    optimizers = [{"name": "SGD"}, {"name": "Adam"}]
    found = refused([{"path": "/optimizer/hyperparameters/momentum", "values": [0.5]}], optimizers=optimizers)
    assert found == {("/axes/0/path", "axis_not_of_optimizer")}


def test_values_are_held_to_the_bounds_of_a_run():
    """A value that a run refuses is refused where it stands."""
    assert refused([{"path": LR, "values": [0.1, -1.0, "x"]}]) == {
        ("/axes/0/values/1", "at_least"),
        ("/axes/0/values/2", "no_number"),
    }
    assert refused([{"path": "/steps", "from": 10, "to": 10**6, "count": 2}]) == {("/axes/0/to", "at_most")}
    assert refused([{"path": LR, "values": [0.1, 0.1]}]) == {("/axes/0", "axis_equal_neighbours")}


def test_a_seed_is_held_to_its_bound():
    """Alone, along an axis, and among seeds, whatever was found of the same run with another one."""
    document = json.dumps({"run": RUN | {"model": {"seed": 11}}, "axes": [{"path": LR, "values": [0.1]}]})
    with pytest.raises(ValidationError):
        SweepConfig.model_validate_json(document, context=in_context(Limits(max_seed=10)))
    assert plan_of(sweep([{"path": "/model/seed", "values": [1, 2]}])).members == 2
    assert refused([{"path": "/model/seed", "values": [1, 2.5]}]) == {("/axes/0/values/1", "no_whole_number")}
    assert refused([{"path": "/model/seed", "from": 1, "to": 11, "count": 2}], Limits(max_seed=10)) == {
        ("/axes/0/to", "at_most")
    }


def test_of_numbers_the_outermost_are_tried(monkeypatch):
    """A field that takes the least and the greatest takes what is between; a fraction is one more kind."""
    tried = []
    judged = judging.member_of
    monkeypatch.setattr(judging, "member_of", lambda *given: tried.append(given) or judged(*given))
    axis, run = {"path": LR, "from": 1e-3, "to": 1, "count": 500}, RUN | {"steps": 19}
    plan_of(sweep([axis], run=run))
    assert len(tried) == 3  # the run itself, and both ends
    plan_of(sweep([axis], run=run | {"model": {"seed": 5}}, seeds=[5, 6]))
    assert len(tried) == 3  # a run is not judged again for what its model draws
    assert refused([{"path": "/batch_size", "values": [8, 8.5, 16]}]) == {
        ("/axes/0/values/1", "no_whole_number")
    }
    assert refused([{"path": LR, "values": [0.1, True, 1]}]) == {("/axes/0/values/1", "no_number")}


def test_numbers_are_rounded_for_a_field_of_whole_numbers():
    """Numbers between two ends are whole where the field is, and equal neighbours are then refused."""
    plan = plan_of(sweep([{"path": "/steps", "from": 1, "to": 100, "count": 3, "scale": "log"}]))
    assert plan.axes[0].values == [1, 10, 100]
    assert refused([{"path": "/steps", "from": 1, "to": 2, "count": 3}]) == {
        ("/axes/0", "axis_equal_neighbours")
    }
    plan = plan_of(sweep([{"path": LR, "from": 1, "to": 2, "count": 3}]))
    assert plan.axes[0].values == [1.0, 1.5, 2.0]


def test_too_much_is_refused_with_the_arithmetic():
    """Members, their multiplications and the steps of torch's own loop are bounded."""
    axes = [{"path": LR, "from": 0.001, "to": 1, "count": 10, "scale": "log"}]
    assert refused(axes, Limits(max_sweep_members=9)) == {("/axes", "sweep_members")}
    assert refused(axes, Limits(max_sweep_operations=1e4)) == {("/axes", "sweep_too_much")}
    assert refused(axes, Limits(max_sweep_loop_steps=49), exact=True) == {("/axes", "sweep_too_many_loops")}


def test_what_is_wrong_with_the_run_stands_under_the_run():
    """A wrong run and a wrong optimizer are told where they stand in the request."""
    bad = {"name": "Adam", "hyperparameters": {"lr": -1.0}}
    axes = [{"path": "/steps", "values": [3]}]
    assert refused(axes, optimizers=[{"name": "SGD"}, bad]) == {
        ("/optimizers/1/hyperparameters/lr", "at_least")
    }
    assert refused(axes, run=RUN | {"optimizer": bad}) == {("/run/optimizer/hyperparameters/lr", "at_least")}
    with pytest.raises(ConfigError) as error:
        plan_of(sweep(axes, run=RUN | {"steps": 10**9}, optimizers=[{"name": "SGD"}, {"name": "Adam"}]))
    assert [problem.pointer for problem in error.value.problems] == ["/run/steps"]
    start = [{"path": "/model/start/0", "values": [1.0]}]
    point = RUN | {"problem": {"name": "himmelblau"}}
    assert refused(start, run=point, seeds=[0]) == {("/seeds", "seeds_of_function")}
