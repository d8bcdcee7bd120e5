"""What calls of the client are said to answer, beside the OpenAPI document."""

import inspect
import re
import types
from typing import get_args, get_origin, get_type_hints

import pytest

from optiscope.client import answers, calls, run_calls, sweep_calls
from optiscope.client.call import Call
from optiscope.client.kept_run import KeptRun
from optiscope.client.kept_sweep import KeptSweep
from optiscope.client.pages import Page
from scripts.answer_types import answers as told
from scripts.wire_types import document

TOLD = told(document())
GIVEN = {
    "sweep": {"id": "a"},
    "runs": [{}],
    "config": {},
    "lesson": {},
    "run": {},
    "steps": 3,
    "step": 3,
    "lr": 0.1,
    "since": 0,
    "file": b"",
    "lines": b"",
    "before": None,
}
"""Arguments of calls that are not made; any other is a text."""

READ_BY = {
    KeptRun: answers.RunDocument,
    KeptSweep: answers.SweepDocument,
    Page[KeptRun]: answers.RunPage,
    Page[KeptSweep]: answers.SweepPageDocument,
}
"""What the client makes of answers that it reads itself."""

FILES = {bytes, type(None), str}


def made(function):
    """The call that a function makes."""
    parameters = inspect.signature(function).parameters.values()
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    return function(*(GIVEN.get(p.name, "a") for p in needed))


CALLS = [
    pytest.param(function, id=name)
    for module in (calls, run_calls, sweep_calls)
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__
    and not name.startswith("_")
    and get_origin(get_type_hints(function)["return"]) is Call
]


def told_of(call):
    """What the document says of a call."""
    for place, answer in TOLD.items():
        method, path = place.split()
        if method == call.method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), call.path):
            return eval(answer, vars(answers))  # noqa: S307 - a type that the document names
    return None


@pytest.mark.parametrize("function", CALLS)
def test_a_call_answers_what_the_document_says(function):
    """As a whole, or a field of it; what is read into something else is that of its document."""
    (kind,) = get_args(get_type_hints(function)["return"])
    if kind in FILES:
        return
    answer = told_of(made(function))
    if kind in READ_BY:
        assert answer is READ_BY[kind]
        return
    assert answer is not None
    fields = get_type_hints(answer).values() if isinstance(answer, type) else ()
    assert kind == answer or kind in fields


def test_fields_are_read_with_their_types():
    """A field has the type that the document says, and what may be left out is marked so."""
    hints = get_type_hints(answers.RunDocument)
    assert (hints["id"], hints["version"]) == (str, int)
    assert answers.RunDocument.__required_keys__ >= {"id", "name", "state", "version", "step"}
    assert isinstance(hints["ended"], types.UnionType)
