"""Both clients have a method for every operation of the API, and ask for it as the document says."""

import asyncio
import inspect
import json
import re
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from jsonschema_rs import Draft202012Validator

from optiscope.api import lessons
from optiscope.client import AsyncClient, Client, RequestRefusedError
from optiscope.client.answers import GradientNoiseAnswer
from optiscope.main import create_app
from optiscope.settings import Settings

DOCUMENT = create_app(Settings()).openapi()
PATHS = DOCUMENT["paths"]
CONFIG = {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}}
SWEEP = {
    "run": CONFIG,
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.1]}],
    "optimizers": [{"name": "SGD"}],
    "seeds": [0],
}
ID, WANTED = "3f9a", {"record": ["loss"]}

CALLS = {
    "health": (("health",), (), {}),
    "catalog": (("catalog",), (), {}),
    "catalog_summary": (("catalog_summary",), (), {}),
    "catalog_entry": (("catalog_entry",), ("optimizers", "Adam"), {}),
    "optimizers": (("optimizers",), (), {}),
    "loop_mistakes": (("loop_mistakes",), (), {}),
    "lr_scheduler_presets": (("lr_scheduler_presets",), (100, 0.1), {}),
    "lessons": (("lessons",), ("zh",), {}),
    "read_lesson": (("read_lesson",), (next(iter(lessons.EXAMPLES.values())), "en"), {}),
    "lint": (("lint",), (CONFIG,), {}),
    "code": (("code",), (CONFIG,), {}),
    "lr_schedule": (("lr_schedule",), ({"optimizer": {"name": "SGD"}, "steps": 3},), {}),
    "loss_surface": (("loss_surface",), ([CONFIG, ID],), {"plane": {"kind": "pca"}}),
    "curvature": (("curvature",), ([ID],), {"every": 2, "steps": [1], "top": 1}),
    "central_flow": (("central_flow",), (ID,), {"from_step": 1, "to_step": 9, "window": 5}),
    "gradient_noise": (("gradient_noise",), (ID, 3, 1), {}),
    "held_out_loss": (("held_out_loss",), ([ID],), {"every": 2, "steps": [1]}),
    "decision_boundary": (("decision_boundary",), ([ID], [2]), {"resolution": 9}),
    "anatomy": (("anatomy",), (ID, 3, ["fc1"], 1), {}),
    "export_runs": (("export_runs",), ([ID], "npz"), {"held_out": True}),
    "export_html": (("export_runs",), ([ID, CONFIG],), {"address": "?v=2&step=3"}),
    "train": (("train",), (CONFIG,), WANTED),
    "compare": (("compare",), ([CONFIG],), WANTED),
    "create": (("create_run",), (CONFIG,), {"name": "mine", "pinned": True}),
    "run": (("read_run",), (ID,), {}),
    "runs": (("list_runs",), ("mine",), {"state": "paused"}),
    "follow": (("follow_run",), (ID, 3), WANTED),
    "follow_blocks": (("follow_run",), (ID, 3), WANTED),
    "follow_events": (("follow_run",), (ID, 3), WANTED),
    "follow_all": (("follow_runs",), ([ID, "77a1"],), WANTED),
    "extend": (("extend_run",), (ID, 10), {"version": 2}),
    "pause": (("pause_run",), (ID,), {"version": 2}),
    "resume": (("resume_run",), (ID,), {"version": 2}),
    "fork": (("fork_run",), (ID, 5, {"steps": 9}), {"restore_optimizer": False, "name": "theirs"}),
    "rename": (("edit_run",), (ID, "yours"), {"version": 2}),
    "pin": (("edit_run",), (ID,), {"pinned": False}),
    "delete": (("delete_run",), (ID,), {"version": 2}),
    "checkpoint": (("download_checkpoint",), (ID, 4), {}),
    "export": (("export_run",), (ID, "csv"), {}),
    "report": (("report_run",), (ID,), {}),
    "upload": (("create_run_from_checkpoint",), (b"PK",), {"name": "mine"}),
    "import_run": (("import_run",), (b"{}\n",), {"name": "mine"}),
    "append_steps": (("append_steps",), (ID, b"", 4), {}),
    "sweep": (("sweeps",), (SWEEP,), {"keep": True, "name": "mine"}),
    "sweeps": (("list_sweeps",), ("mine",), {}),
    "kept_sweep": (("read_sweep",), (ID,), {}),
    "follow_sweep": (("read_sweep", "follow_sweep"), (ID,), {}),
    "pause_sweep": (("pause_sweep",), (ID,), {}),
    "resume_sweep": (("resume_sweep",), (ID,), {}),
    "rename_sweep": (("edit_sweep",), (ID, "yours"), {}),
    "pin_sweep": (("edit_sweep",), (ID,), {}),
    "delete_sweep": (("delete_sweep",), (ID,), {}),
    "export_sweep": (("export_sweep",), (ID, "npz"), {}),
    "plan_sweep": (("plan_sweep",), (SWEEP,), {}),
    "lr_range_test": (("sweeps",), (CONFIG,), {"seeds": [0], "count": 3}),
    "race": (("sweeps",), (SWEEP, [7]), {}),
}
"""Each method with the operations that it asks for, and what it is given."""

WITHOUT = {"step_anatomy": "what `anatomy` asks for of any run, by the address of a kept one"}
OF_THE_CLIENT = {"ask", "blocks", "close", "events"}


def validator(schema):
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def operation_of(request):
    """The operation of the document that a request is of: the one with the fewest names to fill in."""
    method, asked = request.method.lower(), request.url.path
    fitting = [
        path
        for path, item in PATHS.items()
        if method in item and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), asked)
    ]
    return PATHS[min(fitting, key=lambda path: path.count("{"))][method]


def answering(asked):
    """Refuses all but what must be known to ask on."""

    def answer(request):
        operation = operation_of(request)
        asked.append((operation, request))
        if operation["operationId"] == "read_sweep":
            known = dict.fromkeys(["id", "name", "state", "done", "members"])
            return httpx.Response(200, json=known | {"sweep": {"seeds": [0]}})
        return httpx.Response(418, json={"detail": "no"})

    return answer


def public(client):
    """The methods that ask for something."""
    names = {name for name, _ in inspect.getmembers(client, callable) if not name.startswith("_")}
    return names - OF_THE_CLIENT


async def ask_async(name, given, options, asked):
    async with AsyncClient(transport=httpx.MockTransport(answering(asked))) as client:
        found = getattr(client, name)(*given, **options)
        if inspect.isawaitable(found):
            await found
        else:
            [one async for one in found]


def ask(name, given, options, asked):
    with Client(transport=httpx.MockTransport(answering(asked))) as client:
        found = getattr(client, name)(*given, **options)
        if isinstance(found, Iterator):
            list(found)


@pytest.mark.parametrize("name", CALLS)
def test_a_call_asks_as_the_document_says(name):
    """By one who waits and one who awaits alike; every parameter and field is one that is there."""
    operations, given, options = CALLS[name]
    asked, awaited = [], []
    with suppress(RequestRefusedError):
        ask(name, given, options, asked)
    with suppress(RequestRefusedError):
        asyncio.run(ask_async(name, given, options, awaited))
    assert tuple(operation["operationId"] for operation, _ in asked) == operations
    for (operation, request), (_, same) in zip(asked, awaited, strict=True):
        assert (request.url, request.content) == (same.url, same.content)
        known = {parameter["name"] for parameter in operation.get("parameters", ())}
        assert set(request.url.params) <= known
        assert "If-Match" in known or "If-Match" not in request.headers
        body = operation.get("requestBody", {}).get("content", {})
        assert bool(body) is bool(request.headers.get("Content-Type"))
        if body:
            assert request.headers["Content-Type"] in body
        if schema := body.get("application/json", {}).get("schema"):
            validator(schema).validate(json.loads(request.content))


def test_every_operation_has_a_call():
    """And every method of the client is in the table above, with the same in both."""
    asked = {operation for operations, *_ in CALLS.values() for operation in operations}
    known = {operation["operationId"] for item in PATHS.values() for operation in item.values()}
    assert asked | WITHOUT.keys() == known
    assert asked.isdisjoint(WITHOUT)
    assert public(Client) == public(AsyncClient) == CALLS.keys()


def test_a_client_that_is_there_tells_what_its_methods_take():
    """The first argument, too, and the answer itself."""
    with Client("http://127.0.0.1:9") as client:
        told = inspect.signature(client.gradient_noise)
    assert list(told.parameters) == ["run", "step", "seed"]
    assert told.return_annotation is GradientNoiseAnswer


@pytest.mark.parametrize("run", ["a1b2c3", {"problem": {"name": "xor"}}], ids=["id", "config"])
def test_a_single_run_is_no_sequence_of_runs(run):
    """It is refused here, as its letters or fields would be taken for ids."""
    with Client("http://127.0.0.1:9") as client, pytest.raises(TypeError, match=r"\[run\]"):
        client.curvature(run)


@pytest.mark.parametrize("name", CALLS)
def test_both_clients_are_called_alike(name):
    """With the same names and defaults, each with a type."""
    one, other = (inspect.signature(getattr(client, name)) for client in (Client, AsyncClient))
    assert list(one.parameters.values()) == list(other.parameters.values())
    assert all(p.annotation is not p.empty for p in list(one.parameters.values())[1:])
