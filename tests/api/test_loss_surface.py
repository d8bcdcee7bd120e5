"""A surface over HTTP is the engine's own, and what cannot be drawn is said before anything is trained."""

import asyncio
import json

import numpy as np
import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.loss_surface import loss_surface as surface_of_engine
from optiscope.engine.loop.training import advance
from tests.runs.slow_hand import SlowHand
from tests.typed_arrays import decoded
from tests.waiting import until_async

ADAM = {
    "problem": {"name": "xor", "samples": 32},
    "model": {"seed": 44},
    "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.05}},
    "steps": 30,
}
SGD = ADAM | {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1}}}
BODY = {"runs": [ADAM, SGD], "plane": {"kind": "pca"}, "resolution": 21}


def expected(bodies, resolution=21):
    configs = [RunConfig.model_validate(body) for body in bodies]
    blocks = [advance(config, None, config.steps)[0] for config in configs]
    return surface_of_engine(configs, blocks, None, resolution)


async def test_the_surface_is_the_engines(client):
    """Lists hold the exact numbers that the engine computes from the same runs."""
    answer = (await client.post("/api/loss-surface", json=BODY)).json()
    surface = expected([ADAM, SGD])
    for name in ("x", "y", "z", "origin", "basis"):
        assert answer[name] == getattr(surface, name).tolist()
    assert np.shape(answer["z"]) == (21, 21)
    assert answer["masked"] == surface.masked == 0
    assert [axis["label"] for axis in answer["axes"]] == [axis.label for axis in surface.axes]
    for axis, drawn in zip(answer["axes"], surface.axes, strict=True):
        assert axis | drawn.said.data() == axis
        assert axis["variance_explained"] == drawn.variance_explained
        assert axis["curvature"] == drawn.curvature
    for path, computed in zip(answer["paths"], surface.paths, strict=True):
        for name in ("xy", "distance", "loss", "plane_loss"):
            assert path[name] == getattr(computed, name).tolist()
        assert len(path["xy"]) == 31


async def test_typed_arrays_hold_the_same(client):
    """`encoding: base64` changes the form and no number."""
    lists = (await client.post("/api/loss-surface", json=BODY)).json()
    typed = (await client.post("/api/loss-surface", json=BODY | {"encoding": "base64"})).json()
    for name in ("x", "y", "z", "origin", "basis"):
        assert decoded(typed[name]).tolist() == lists[name]
    for path, same in zip(typed["paths"], lists["paths"], strict=True):
        assert decoded(path["xy"]).tolist() == same["xy"]


async def test_the_plane_of_an_answer_can_be_kept(client):
    """By being like it, by the axes that were taken, or held by its numbers while the runs change."""
    first = (await client.post("/api/loss-surface", json=BODY)).json()
    turned = [[-value for value in row] for row in first["basis"]]
    like = {"runs": [SGD, ADAM], "plane": {"kind": "pca", "like": turned}, "resolution": 5}
    second = (await client.post("/api/loss-surface", json=like)).json()
    assert second["plane"] == first["plane"] | {"axes": [-1, -2]}
    np.testing.assert_allclose(second["basis"], turned, atol=1e-9)
    held = {"kind": "held", "origin": first["origin"], "basis": first["basis"]}
    third = (await client.post("/api/loss-surface", json={"runs": [SGD], "plane": held})).json()
    assert (third["origin"], third["basis"]) == (first["origin"], first["basis"])
    assert third["paths"][0]["xy"] == first["paths"][1]["xy"]
    assert all(0 < axis["variance_explained"] < 1 for axis in third["axes"])


async def test_runs_that_were_trained_are_not_trained_again(connect):
    """After a comparison of the same runs only the surface itself is computed."""
    hand = SlowHand()
    async with connect(executor=hand) as client:
        runs = {"runs": [ADAM | {"steps": 3}, SGD | {"steps": 3}]}
        comparing = asyncio.ensure_future(client.post("/api/compare", json=runs))
        await until_async(lambda: len(hand.jobs) == 2)
        hand.work(2)
        await comparing
        drawing = asyncio.ensure_future(client.post("/api/loss-surface", json=runs | {"resolution": 5}))
        await until_async(lambda: hand.jobs)
        assert hand.submitted == 3
        hand.work()
        assert (await drawing).status_code == 200


async def test_a_diverged_run_is_drawn_as_far_as_it_goes(client):
    """What is not finite is counted and spelled, never drawn as if it were a number."""
    body = ADAM | {"problem": {"name": "seed-example"}, "optimizer": {"name": "SGD"}, "steps": 50}
    body["optimizer"] = {"name": "SGD", "hyperparameters": {"lr": 1e6}}
    answer = await client.post("/api/loss-surface", json={"runs": [body], "resolution": 11})
    assert answer.status_code == 200
    path = answer.json()["paths"][0]
    assert path["loss"][-1] in {"NaN", "Infinity"}
    assert answer.json()["notices"]


async def test_a_test_function_is_its_own_surface(client):
    """Without a plane, a function is drawn over x and y."""
    body = {"problem": {"name": "rosenbrock"}, "optimizer": {"name": "Adam"}, "steps": 5}
    answer = (await client.post("/api/loss-surface", json={"runs": [body], "resolution": 11})).json()
    assert answer["plane"] == {"kind": "function"}
    x, y = np.meshgrid(answer["x"], answer["y"])
    np.testing.assert_allclose(answer["z"], (1 - x) ** 2 + 100 * (y - x**2) ** 2, rtol=1e-5)


@pytest.mark.parametrize(
    ("changes", "pointer", "word"),
    [
        ({"runs": []}, "/runs", "at least 1"),
        ({"runs": [ADAM, ADAM | {"steps": 0}]}, "/runs/1/steps", "at least 1"),
        ({"runs": [ADAM, ADAM | {"problem": {"name": "moons"}}]}, "/runs/1/problem", "first run"),
        ({"resolution": 1}, "/resolution", "at least 2"),
        ({"resolution": 10**6}, "/resolution", "1000000"),
        ({"plane": {"kind": "flat"}}, "/plane", "kind must be one of"),
        ({"plane": {}}, "/plane", "kind is required"),
        ({"plane": {"kind": "pca", "through": "nowhere"}}, "/plane/through", "mean"),
        ({"plane": {"kind": "pca", "axes": [1, 1]}}, "/plane/axes", "each once"),
        ({"plane": {"kind": "pca", "like": [[1, 2], [2, 1]]}}, "/plane/like", "numbers a direction"),
        (
            {"plane": {"kind": "held", "origin": [0, 0], "basis": [[1, 0], [0, 1]]}},
            "/plane/origin",
            "network",
        ),
        ({"plane": {"kind": "points", "points": [{"run": -1}, {}, {}]}}, "/plane/points/0/run", "at least 0"),
        ({"plane": {"kind": "parameters", "names": ["fc9.bias[0]", "fc3.bias[0]"]}}, "/plane/names", "fc9"),
        ({"window": [[1, 0], [0, 1]]}, "/window/0", "ascending"),
        ({"encoding": "hex"}, "/encoding", "base64"),
        ({"plain": {}}, "/plain", "unknown field"),
    ],
)
async def test_what_cannot_be_drawn_is_refused(client, changes, pointer, word):
    """422 names the field, under its place in the body, without the names of pydantic's unions."""
    response = await client.post("/api/loss-surface", json=BODY | changes)
    assert response.status_code == 422, response.text
    [error] = [error for error in response.json()["errors"] if error["pointer"].startswith(pointer)][:1]
    assert word in error["detail"]


async def test_a_run_that_failed_has_no_path(connect):
    """A run that a worker could not train is named."""
    hand = SlowHand()
    async with connect(executor=hand) as client:
        drawing = asyncio.ensure_future(client.post("/api/loss-surface", json=BODY))
        await until_async(lambda: len(hand.jobs) == 2)
        hand.jobs.pop(0)[0].set_exception(RuntimeError("out of luck"))
        while not drawing.done():
            await until_async(lambda: hand.jobs or drawing.done())
            if hand.jobs:
                hand.work()
        response = await drawing
        assert response.status_code == 422
        assert response.json()["errors"][0]["pointer"] == "/runs/0"
        assert "out of luck" in response.json()["detail"]


async def test_nobody_waits_for_a_server_that_stops(connect):
    """A server that stops answers 503."""
    hand = SlowHand()
    async with connect(executor=hand) as client:
        drawing = asyncio.ensure_future(client.post("/api/loss-surface", json=BODY))
        await until_async(lambda: hand.jobs)
        client.app.state.service.stop()
        response = await drawing
        assert response.status_code == 503
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "kind", "body", "jobs"),
    [
        ("/api/loss-surface", "application/json", json.dumps(BODY), 2),
        ("/api/runs/from-checkpoint", "application/octet-stream", "no checkpoint", 1),
    ],
)
async def test_who_leaves_frees_the_workers(connect, path, kind, body, jobs):
    """A client that goes before its answer is computed leaves nothing to do and no place taken."""
    hand = SlowHand()
    async with connect(executor=hand) as client:
        app, body, gone = client.app, body.encode(), asyncio.Event()
        messages = [{"type": "http.request", "body": body}]

        async def receive():
            if messages:
                return messages.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(_):
            """Nobody reads it."""

        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"content-type", kind.encode())],
            "client": ("127.0.0.1", 1),
            "app": app,
        }
        answering = asyncio.ensure_future(app(scope, receive, send))
        await until_async(lambda: len(hand.jobs) == jobs)
        gone.set()
        await asyncio.wait_for(answering, 5)
        await until_async(lambda: all(future.cancelled() for future, *_ in hand.jobs))
        assert app.state.places.taken == 0
