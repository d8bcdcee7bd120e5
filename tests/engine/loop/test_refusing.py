"""A refusal names every wrong field at once: types and bounds, names and hyperparameters, at all levels."""

import json
from typing import Annotated

import pytest
from pydantic import BaseModel, Field, ValidationError

from optiscope.engine.core.config import Config, RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS, in_context
from optiscope.engine.loop.refusing import parse_config, refused


class Two(Config):
    """A document with several runs."""

    runs: tuple[RunConfig, ...]
    size: int = 1


class Comparison(Config):
    """A document of one run or more."""

    runs: Annotated[tuple[RunConfig, ...], Field(min_length=1, strict=False)]


def wrong(document: object, model: type[BaseModel] = RunConfig) -> dict[str, str]:
    """What is said of each field of a document that pydantic refuses."""
    data = json.dumps(document).encode()
    with pytest.raises(ValidationError) as caught:
        model.model_validate_json(data, context=in_context(DEFAULT_LIMITS))
    problems = refused(caught.value, data, model, DEFAULT_LIMITS).problems
    assert len({problem.pointer for problem in problems}) == len(problems)
    return {problem.pointer: problem.said.code for problem in problems}


ADAM = {"name": "Adam", "hyperparameters": {"lr": -1}}
MOONS = {"name": "moons"}


def run(**fields):
    return {"problem": MOONS, "optimizer": ADAM} | fields


LR = {"/optimizer/hyperparameters/lr": "at_least"}

CASES = {
    "an unknown problem, an unknown optimizer, no steps": (
        {"problem": {"name": "mons"}, "optimizer": {"name": "Adm"}, "steps": 0},
        {"/steps": "at_least", "/problem/name": "unknown_name", "/optimizer/name": "unknown_name"},
    ),
    "a misspelt field beside a bad rate": (run(stpes=3), {"/stpes": "unknown_field_near"} | LR),
    "no problem at all": ({"optimizer": ADAM}, {"/problem": "required"} | LR),
    "no optimizer at all": (
        {"problem": {"name": "mons"}, "lr_scheduler": {"name": "Step"}},
        {"/optimizer": "required", "/problem/name": "unknown_name", "/lr_scheduler/name": "unknown_name"},
    ),
    "a name that is none": (
        {"problem": {"name": "mons"}, "optimizer": {"name": 3, "hyperparameters": {"lr": -1}}},
        {"/optimizer/name": "no_text", "/problem/name": "unknown_name"},
    ),
    "hyperparameters that are none": (
        run(optimizer={"name": "Adm", "hyperparameters": 3}),
        {"/optimizer/hyperparameters": "no_object", "/optimizer/name": "unknown_name"},
    ),
    "the first rule of two": (
        run(freeze=[{"params": 3}, {"params": ["fc9"]}]),
        {"/freeze/0/params": "no_list", "/freeze/1/params/0": "unknown_parameter"} | LR,
    ),
    "a part of a scheduler, whose milestones are not judged then": (
        run(
            lr_scheduler={
                "name": "SequentialLR",
                "schedulers": [{"name": 3}, {"name": "Linear"}],
                "milestones": [5],
            }
        ),
        {"/lr_scheduler/schedulers/0/name": "no_text", "/lr_scheduler/schedulers/1/name": "unknown_name"}
        | LR,
    ),
    "a width, without which no layer is unknown": (
        run(model={"hidden": [0, 2, 2, 2]}, freeze=[{"params": ["fc5"]}]),
        {"/model/hidden/0": "at_least"} | LR,
    ),
    "clipping by another name": (run(clip_grad={"name": "clip"}), {"/clip_grad/name": "one_of"} | LR),
    "an option of another problem": (
        run(problem={"name": "rosenbrock", "samples": 8}, steps=0),
        {"/steps": "at_least", "/problem/samples": "function_without"} | LR,
    ),
    "an option of a known problem, which leaves its layers known": (
        run(problem={"name": "moons", "noise": -1}, freeze=[{"params": ["fc9"]}]),
        {"/problem/noise": "at_least", "/freeze/0/params/0": "unknown_parameter"} | LR,
    ),
    "an option and the name of a problem, and an activation": (
        run(problem={"name": "mons", "noize": 1}, model={"activation": "rellu"}),
        {
            "/problem/noize": "unknown_field_near",
            "/problem/name": "unknown_name",
            "/model/activation": "unknown_name",
        }
        | LR,
    ),
    "an expression that is none, of a function that has no layers": (
        run(problem={"name": "expression", "expression": 3}, freeze=[{"params": ["fc1"]}]),
        {"/problem/expression": "no_text", "/freeze/0/params/0": "unknown_parameter"} | LR,
    ),
    "groups, their names and their hyperparameters": (
        run(
            optimizer={
                "name": "SGD",
                "param_groups": [{"params": ["fc9"], "momentum": "much"}, {"params": []}],
            },
        ),
        {
            "/optimizer/param_groups/1/params": "at_least_entries",
            "/optimizer/param_groups/0/params/0": "unknown_parameter",
            "/optimizer/param_groups/0/momentum": "no_number",
        },
    ),
}


@pytest.mark.parametrize(("document", "expected"), CASES.values(), ids=CASES)
def test_every_wrong_field_is_named_and_no_other(document, expected):
    """What can still be judged is judged; what rests on a wrong field is left alone."""
    assert wrong(document) == expected


def test_each_run_of_a_document_is_judged():
    """Pointers lead to where the document as it came has the field."""
    document = {"runs": [3, run(), run(steps=0)], "size": "1"}
    assert wrong(document, Two) == {
        "/runs/0": "no_object",
        "/runs/1/optimizer/hyperparameters/lr": "at_least",
        "/runs/2/steps": "at_least",
        "/runs/2/optimizer/hyperparameters/lr": "at_least",
        "/size": "no_whole_number",
    }


def test_runs_that_all_have_something_wrong_are_judged():
    """A list that would be empty without the refused entries is not taken for too short."""
    assert wrong({"runs": [run(steps=0), run(freeze=3)]}, Comparison) == {
        "/runs/0/steps": "at_least",
        "/runs/1/freeze": "no_list",
        "/runs/0/optimizer/hyperparameters/lr": "at_least",
        "/runs/1/optimizer/hyperparameters/lr": "at_least",
    }


@pytest.mark.parametrize("document", [3, [], {}, {"x" * 70_000: 1}])
def test_where_nothing_is_left_only_that_is_told(document):
    """A document of another kind, or a very long one, is told what pydantic finds."""
    assert all(code in {"no_object", "required", "unknown_field"} for code in wrong(document).values())


def test_a_config_alone_is_read_in_the_same_way():
    """Whoever reads a config, of a file or of a fork, is told all of it."""
    with pytest.raises(ConfigError) as caught:
        parse_config(json.dumps(run(steps=0)))
    assert [problem.pointer for problem in caught.value.problems] == ["/steps", *LR]
