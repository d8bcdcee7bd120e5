"""Calls that compute something of runs, each a config or the id of one that is kept."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import httpx

from optiscope.client.answers import (
    Catalog,
    CatalogEntry,
    CatalogSummary,
    CentralFlowAnswer,
    Curvatures,
    DecisionBoundary,
    GradientNoiseAnswer,
    Health,
    HeldOutLosses,
    LessonDocument,
    LoopMistakeEntry,
    LossSurface,
    LRSchedule,
    OptimizerLine,
    Preset,
    StepAnatomy,
    Warned,
)
from optiscope.client.call import Call, Request, content, document
from optiscope.client.kept_run import KeptRun
from optiscope.client.kept_sweep import KeptSweep
from optiscope.client.stream import arrays_in

Given = str | KeptRun | Mapping[str, Any]
"""A config, or a kept run or its id."""

Document = dict[str, Any]
Kind = Literal["problems", "activations", "optimizers", "lr_schedulers", "clipping", "loop_mistakes"]
Format = Literal["csv", "parquet", "npz", "safetensors", "jsonl", "tensorboard", "html"]
Window = tuple[tuple[float, float], tuple[float, float]]


def catalog() -> Call[Catalog]:
    """Everything that a run can be made of."""
    return Call("GET", "/api/catalog", document)


def health() -> Call[Health]:
    """How the server is now; ``status`` is ``ok`` once it can train."""
    return Call("GET", "/api/health", document, accepts=503)


def catalog_summary() -> Call[CatalogSummary]:
    """The catalog in brief, a tenth of its size."""
    return Call("GET", "/api/catalog/summary", document)


def catalog_entry(kind: Kind, name: str) -> Call[CatalogEntry]:
    """One entry of the catalog; of a problem, a suggested rate for each optimizer (``rates``), too."""
    return Call("GET", f"/api/catalog/{kind}/{quote(name, safe='')}", document)


def optimizers() -> Call[list[OptimizerLine]]:
    """The optimizers as a list to choose from: the idea of each, a line about it, its paper."""
    return Call("GET", "/api/catalog/optimizers", lambda found: document(found)["optimizers"])


def loop_mistakes() -> Call[list[LoopMistakeEntry]]:
    """The classic mistakes of the training loop, each as the change to a run that makes it."""
    return Call("GET", "/api/catalog/loop_mistakes", lambda found: document(found)["loop_mistakes"])


def lessons(language: str = "") -> Call[list[LessonDocument]]:
    """The lessons, in a language by its code."""
    return Call("GET", "/api/lessons", document, {"params": {"language": language}})


def read_lesson(lesson: Mapping[str, Any], language: str = "en") -> Call[LessonDocument]:
    """A lesson of one's own, checked and as it is told; nothing of it is kept."""
    return Call("POST", "/api/lessons", document, {"json": dict(lesson), "params": {"language": language}})


def lint(config: Mapping[str, Any]) -> Call[list[Warned]]:
    """What is likely not meant in a recipe: ``code``, ``params``, ``pointer`` and ``detail`` of each."""
    return Call("POST", "/api/lint", lambda found: document(found)["warnings"], {"json": dict(config)})


def code(config: Mapping[str, Any]) -> Call[str]:
    """A run as a PyTorch script."""
    return Call("POST", "/api/code", lambda found: str(document(found)["code"]), {"json": dict(config)})


def lr_schedule(config: Mapping[str, Any]) -> Call[LRSchedule]:
    """What a scheduler makes of the rates: ``optimizer``, ``lr_scheduler`` and ``steps`` are all it takes."""
    return _view("/api/lr-schedule", dict(config))


def lr_scheduler_presets(steps: int, lr: float, *, cycle_momentum: bool = True) -> Call[list[Preset]]:
    """The usual schedules, composed for a run.

    Args:
        steps: Of the run.
        lr: The highest rate: that of the optimizer.
        cycle_momentum: Whether the optimizer has momentum or betas to move.
    """
    query = {"steps": steps, "lr": lr, "cycle_momentum": cycle_momentum}
    return Call(
        "GET", "/api/lr-scheduler-presets", lambda found: document(found)["presets"], {"params": query}
    )


def loss_surface(
    runs: Sequence[Given],
    plane: Mapping[str, Any] | None = None,
    *,
    resolution: int = 101,
    window: Window | None = None,
) -> Call[LossSurface]:
    """The loss over a plane, ``x``, ``y`` and ``z``, and the ``paths`` of runs over it, as arrays."""
    asked = {"runs": _each(runs), "plane": plane and dict(plane), "resolution": resolution}
    return _view("/api/loss-surface", asked | {"window": window})


def curvature(
    runs: Sequence[Given], *, every: int | None = None, steps: Sequence[int] | None = None, top: int = 0
) -> Call[Curvatures]:
    """Exact eigenvalues of the Hessian along the paths of runs."""
    asked = {"runs": _each(runs), "every": every, "top": top}
    return _view("/api/curvature", asked | {"steps": None if steps is None else list(steps)})


def central_flow(
    run: Given, *, from_step: int | None = None, to_step: int | None = None, window: int | None = None
) -> Call[CentralFlowAnswer]:
    """The averaged path that theory predicts of a run; where there is none, ``no_flow`` says why."""
    asked = {"run": named(run), "from_step": from_step, "to_step": to_step}
    return _view("/api/central-flow", asked if window is None else asked | {"window": window})


def gradient_noise(run: Given, step: int | None = None, seed: int = 0) -> Call[GradientNoiseAnswer]:
    """The noise of minibatch gradients at a step, the last one unless given."""
    return Call(
        "POST", "/api/gradient-noise", document, {"json": {"run": named(run), "step": step, "seed": seed}}
    )


def held_out_loss(
    runs: Sequence[Given], *, every: int | None = None, steps: Sequence[int] | None = None
) -> Call[HeldOutLosses]:
    """The loss on all held-out samples along the records of runs, or why there are none."""
    asked = {"runs": _each(runs), "every": every}
    return _view("/api/held-out-loss", asked | {"steps": None if steps is None else list(steps)})


def decision_boundary(
    runs: Sequence[Given],
    steps: Sequence[int] | None = None,
    *,
    resolution: int = 101,
    window: Window | None = None,
    features: tuple[int, int] = (0, 1),
) -> Call[DecisionBoundary]:
    """What networks say over two features of their data at some records, the last one unless given."""
    asked = {"runs": _each(runs), "steps": None if steps is None else list(steps)}
    drawn = {"resolution": resolution, "window": window, "features": list(features)}
    return _view("/api/decision-boundary", asked | drawn)


def anatomy(
    run: Given, step: int, parameters: Sequence[str] | None = None, iteration: int | None = None
) -> Call[StepAnatomy]:
    """A step taken apart: what each line of the loop did; ``/docs`` describes the fields.

    Args:
        run: The id of a kept run, or a config.
        step: Which.
        parameters: Layers or parameters whose updates are told; all of them, unless given.
        iteration: Of LBFGS: the inner iteration that they are of; the last one, unless given.
    """
    body = {"run": named(run), "step": step, "parameters": parameters, "iteration": iteration}
    return Call("POST", "/api/anatomy", document, {"json": body})


def trained(config: Mapping[str, Any], record: Sequence[str] | None) -> Request:
    """The stream that trains a run, as columns."""
    return Request(
        "POST", "/api/train", {"json": dict(config), "params": {"layout": "columns"} | wanted(record)}
    )


def compared(configs: Sequence[Mapping[str, Any]], record: Sequence[str] | None) -> Request:
    """The stream that trains several."""
    runs = [dict(config) for config in configs]
    return Request("POST", "/api/compare", {"json": {"runs": runs} | wanted(record)})


def wanted(record: Sequence[str] | None) -> dict[str, list[str]]:
    """What names the columns that are wanted."""
    return {} if record is None else {"record": list(record)}


def export_runs(
    runs: Sequence[Given],
    format: Format = "csv",  # noqa: A002 - as in the address
    *,
    held_out: bool = False,
) -> Call[bytes]:
    """What is recorded of runs as a file; of several as a zip of their files.

    Args:
        runs: Configs, or kept runs or their ids.
        format: Of the file.
        held_out: Whether the loss on held-out samples is one more column, ``held_out_loss``.
    """
    asked = {"runs": _each(runs), "format": format, "held_out": held_out}
    return Call("POST", "/api/export", content, {"json": asked})


def export_html(
    runs: Sequence[Given] = (),
    *,
    address: str = "",
    sweeps: Sequence[str | KeptSweep | Mapping[str, Any]] = (),
    lesson: str | Mapping[str, Any] | None = None,
) -> Call[bytes]:
    """One HTML file that plays runs, shows maps or teaches a lesson without a server.

    Args:
        runs: Of one problem; or watched runs, by their ids.
        address: How the page looks at them: a query as the page has it, such as ``?v=2&step=40``.
        sweeps: What a map is of: kept sweeps, their ids, or what ``sweep`` takes.
        lesson: The id of a lesson, or one of one's own.
    """
    asked = {"runs": _each(runs), "format": "html", "address": address}
    drawn = [{"sweep": _swept(sweep)} for sweep in sweeps]
    taught = lesson if lesson is None or isinstance(lesson, str) else dict(lesson)
    return Call("POST", "/api/export", content, {"json": asked | {"sweeps": drawn, "lesson": taught}})


def _swept(sweep: str | KeptSweep | Mapping[str, Any]) -> Document:
    id_ = sweep.id if isinstance(sweep, KeptSweep) else sweep
    return {"id": id_} if isinstance(id_, str) else dict(id_)


def _each(runs: Sequence[Given]) -> list[Document]:
    if isinstance(runs, str | KeptRun | Mapping):
        raise TypeError("runs is a sequence; write [run] for a single one")
    return [named(run) for run in runs]


def named(run: Given) -> Document:
    """A run as a body holds it."""
    id_ = run.id if isinstance(run, KeptRun) else run
    return {"id": id_} if isinstance(id_, str) else dict(id_)


def _view(path: str, asked: Mapping[str, Any]) -> Call[Any]:
    return Call("POST", path, _arrays, {"json": dict(asked) | {"encoding": "base64"}})


def _arrays(response: httpx.Response) -> Any:
    return arrays_in(document(response))
