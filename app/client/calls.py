"""Calls that compute something of runs, each a config or the id of one that is kept."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import httpx

from optiscope.client.call import Call, content, document
from optiscope.client.stream import arrays_in

Given = str | Mapping[str, Any]
"""A config, or the id of a kept run."""

Document = dict[str, Any]
Format = Literal["csv", "parquet", "npz", "safetensors", "jsonl", "tensorboard"]
Window = tuple[tuple[float, float], tuple[float, float]]


def catalog() -> Call[Document]:
    """Everything that a run can be made of."""
    return Call("GET", "/api/catalog", document)


def lessons(language: str = "") -> Call[list[Document]]:
    """The lessons, in a language by its code."""
    return Call("GET", "/api/lessons", document, {"params": {"language": language}})


def lint(config: Mapping[str, Any]) -> Call[list[Document]]:
    """What is likely not meant in a recipe: ``code``, ``params``, ``pointer`` and ``detail`` of each."""
    return Call("POST", "/api/lint", lambda found: document(found)["warnings"], {"json": dict(config)})


def code(config: Mapping[str, Any]) -> Call[str]:
    """A run as a PyTorch script."""
    return Call("POST", "/api/code", lambda found: str(document(found)["code"]), {"json": dict(config)})


def lr_schedule(config: Mapping[str, Any]) -> Call[Document]:
    """What a scheduler makes of the rates: ``optimizer``, ``lr_scheduler`` and ``steps`` are all it takes."""
    return _view("/api/lr-schedule", dict(config))


def loss_surface(
    runs: Sequence[Given],
    plane: Mapping[str, Any] | None = None,
    *,
    resolution: int = 101,
    window: Window | None = None,
) -> Call[Document]:
    """The loss over a plane, ``x``, ``y`` and ``z``, and the ``paths`` of runs over it, as arrays."""
    asked = {"runs": [named(run) for run in runs], "plane": plane and dict(plane), "resolution": resolution}
    return _view("/api/loss-surface", asked | {"window": window})


def curvature(
    runs: Sequence[Given], *, every: int | None = None, steps: Sequence[int] | None = None, top: int = 0
) -> Call[Document]:
    """Exact eigenvalues of the Hessian along the paths of runs."""
    asked = {"runs": [named(run) for run in runs], "every": every, "top": top}
    return _view("/api/curvature", asked | {"steps": None if steps is None else list(steps)})


def gradient_noise(run: Given, step: int | None = None, seed: int = 0) -> Call[Document]:
    """The noise of minibatch gradients at a step, the last one unless given."""
    return Call(
        "POST", "/api/gradient-noise", document, {"json": {"run": named(run), "step": step, "seed": seed}}
    )


def decision_boundary(
    runs: Sequence[Given],
    steps: Sequence[int] | None = None,
    *,
    resolution: int = 101,
    window: Window | None = None,
) -> Call[Document]:
    """What networks say over the plane of their data at some records, the last one unless given."""
    asked = {"runs": [named(run) for run in runs], "steps": None if steps is None else list(steps)}
    return _view("/api/decision-boundary", asked | {"resolution": resolution, "window": window})


def anatomy(
    run: Given, step: int, parameters: Sequence[str] | None = None, iteration: int | None = None
) -> Call[Document]:
    """A step taken apart: what each line of the loop did; ``/docs`` describes the fields.

    Args:
        run: The id of a kept run, or a config.
        step: Which.
        parameters: Layers or parameters whose updates are told; all of them, unless given.
        iteration: Of LBFGS: the inner iteration that they are of; the last one, unless given.
    """
    body = {"run": named(run), "step": step, "parameters": parameters, "iteration": iteration}
    return Call("POST", "/api/anatomy", document, {"json": body})


def comparison(configs: Sequence[Mapping[str, Any]], record: Sequence[str] | None) -> Document:
    """The body of a comparison."""
    runs = [dict(config) for config in configs]
    return {"runs": runs} if record is None else {"runs": runs, "record": list(record)}


def export_runs(runs: Sequence[Given], format: Format = "csv") -> Call[bytes]:  # noqa: A002 - as in the address
    """What is recorded of runs as a file; of several as a zip of their files."""
    asked = {"runs": [named(run) for run in runs], "format": format}
    return Call("POST", "/api/export", content, {"json": asked})


def named(run: Given) -> Document:
    """A run as a body holds it."""
    return {"id": run} if isinstance(run, str) else dict(run)


def _view(path: str, asked: Mapping[str, Any]) -> Call[Document]:
    return Call("POST", path, _arrays, {"json": dict(asked) | {"encoding": "base64"}})


def _arrays(response: httpx.Response) -> Document:
    found: Document = arrays_in(document(response))
    return found
