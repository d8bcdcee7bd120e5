"""``POST /api/decision-boundary``: what networks say over the plane of their data, at any of their steps."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, model_validator

from optiscope.api import wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import (
    ENCODERS,
    Accepted,
    Array,
    Encoding,
    GivenRun,
    GivenRuns,
    KeptRun,
    Window,
    accepted,
    answers,
    parameters_of,
    records_of,
)
from optiscope.api.events import COMPUTING, problems
from optiscope.api.state import Bounds, Service, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.core.config import Config, JSONList, RunConfig, at_most
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.findings import refusal
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import say
from optiscope.engine.lens.boundary import Boundary, Frames, View
from optiscope.runs.service import RunService
from optiscope.runs.workers.jobs import boundary_of

router = APIRouter(tags=["views"])

_Steps = Annotated[
    tuple[Annotated[int, Field(ge=-1)], ...],
    JSONList,
    Field(min_length=1, max_length=100_000),
    at_most("max_boundary_frames"),
]


_Features = Annotated[tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]], JSONList]


class BoundaryRequest(Config):
    """Which runs, at which steps, how fine."""

    run: GivenRun | None = Field(None, description="A config or id; or several as `runs`.")
    runs: GivenRuns | None = Field(None, description="Runs of one dataset; their networks may differ.")
    step: int | None = Field(None, ge=-1, description="One record; -1 is the last. Or several as `steps`.")
    steps: _Steps | None = Field(None, description="Records; the last one, unless given.")
    resolution: int = Field(101, ge=2, description="Grid points along each side.")
    window: Window | None = Field(
        None, description="[[xmin, xmax], [ymin, ymax]]; unless given, the problem's own and all data."
    )
    features: _Features = Field(
        (0, 1),
        description="Which two features are drawn, from 0, of samples that have more; the others are held at "
        "their means over the training samples.",
    )
    encoding: Encoding = Field("list", description="Arrays as nested lists, or as base64 typed arrays.")

    @model_validator(mode="after")
    def _check_alternatives(self) -> "BoundaryRequest":
        if (self.run is None) == (self.runs is None):
            raise refusal(say("either", first="run", second="runs"))
        if self.step is not None and self.steps is not None:
            raise refusal(say("either", first="step", second="steps"))
        return self

    @property
    def given(self) -> tuple[RunConfig | KeptRun, ...]:
        """The runs that were asked for."""
        return self.runs or ((self.run,) if self.run is not None else ())

    @property
    def records(self) -> tuple[int, ...]:
        """The steps that were asked for."""
        return self.steps or (-1 if self.step is None else self.step,)

    def as_asked(self, error: ConfigError) -> ConfigError:
        """``error`` with pointers to ``run`` and ``step`` where the body gives one instead of a list."""
        single = {"/runs/0": "/run"} if self.run is not None else {}
        single |= {"/steps/0": "/step"} if self.step is not None else {}
        return ConfigError(replace(p, pointer=_renamed(p.pointer, single)) for p in error.problems)


def _renamed(pointer: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        if pointer == old or pointer.startswith(f"{old}/"):
            return new + pointer.removeprefix(old)
    return pointer


class Samples(BaseModel):
    """Data points."""

    x: Array = Field(description="The two features, [n, 2].")
    y: Array = Field(description="Targets, [n, 1].")


class BoundaryFrames(BaseModel):
    """One run at each of the steps."""

    steps: list[int] = Field(
        description="Records shown: the last one of a run that ended earlier, the first one of a later fork."
    )
    z: Array = Field(description="[steps, resolution, resolution]; rows follow y.")
    train_loss: Array = Field(description="[steps], over all training samples.")
    test_loss: Array = Field(description="[steps], over all held-out samples.")
    hinges: Array | None = Field(
        description="[steps, units, 2, 2]: both ends of each first-layer unit's line, NaN outside the window."
    )
    dead: list[dict[str, list[int]]] = Field(description="ReLU units that no sample activates, by layer.")
    masked: int = Field(description="How many entries of z are not finite.")


class DecisionBoundary(BaseModel):
    """The grid, the data, and every run on it."""

    x: Array = Field(description="[resolution] coordinates of the first input.")
    y: Array = Field(description="[resolution] coordinates of the second input.")
    features: list[int] = Field(description="Which two features those are, from 0.")
    held: list[float | None] = Field(
        description="For each feature where it is held, as the network sees it; null for the two."
    )
    window: list[list[float]] = Field(description="[[xmin, xmax], [ymin, ymax]] of the two features.")
    task: Literal["classification", "regression"] = Field(description="What the dataset is for.")
    shows: Literal["probability", "value"] = Field(description="What z is.")
    train: Samples
    test: Samples
    runs: list[BoundaryFrames] = Field(description="In the order of the request.")


_RUN: dict[str, Any] = {
    "problem": {"name": "moons"},
    "model": {"hidden": [4, 4], "seed": 33},
    "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.05}},
    "steps": 100,
}
EXAMPLES: dict[str, Any] = {
    "One run at one step": {"run": _RUN, "step": 50, "resolution": 11},
    "A film": {"runs": [_RUN], "steps": [0, 25, 50, 75, 100], "resolution": 11, "encoding": "base64"},
}


@router.post(
    "/decision-boundary",
    summary="Compute what networks say over the plane of their data",
    response_class=Response,
    openapi_extra=documented(BoundaryRequest, EXAMPLES),
    responses=answers(DecisionBoundary, "The outputs.") | COMPUTING | problems(404),
    dependencies=[Depends(take_place)],
)
async def decision_boundary(
    asked: Annotated[BoundaryRequest, Depends(json_body(BoundaryRequest))],
    request: Request,
    service: Service,
    limits: Bounds,
) -> Response:
    """Trains the runs (or recalls them) and shows each network over its data at every step asked for.

    A classifier's output is the probability of label 1, so the decision boundary is where it is 0.5.
    """
    pointers = ["/run"] if asked.runs is None else [f"/runs/{index}" for index in range(len(asked.runs))]
    runs = await accepted(request, dict(zip(pointers, asked.given, strict=True)))
    computed = await unless_left(request, _computed(service, runs, asked, limits))
    return Response(wire.dumps(_document(computed, asked.encoding)), media_type="application/json")


async def _computed(
    service: RunService, runs: Mapping[str, Accepted], asked: BoundaryRequest, limits: Limits
) -> Boundary:
    blocks = await records_of(service, runs)
    try:
        return await service.compute(
            boundary_of,
            [config.canonical() for config, _ in runs.values()],
            [parameters_of(run) for run in blocks],
            asked.records,
            View(asked.resolution, asked.window, asked.features),
            limits,
        )
    except ConfigError as error:
        raise asked.as_asked(error) from None


def _document(computed: Boundary, encoding: Encoding) -> dict[str, Any]:
    encode = ENCODERS[encoding]
    return {
        "x": encode(computed.x),
        "y": encode(computed.y),
        "features": computed.features,
        "held": computed.held,
        "window": computed.window,
        "task": computed.task,
        "shows": "probability" if computed.task == "classification" else "value",
        "train": _encoded(computed.train, encoding),
        "test": _encoded(computed.test, encoding),
        "runs": [_frames(frames, encoding) for frames in computed.runs],
    }


def _frames(frames: Frames, encoding: Encoding) -> dict[str, Any]:
    encode = ENCODERS[encoding]
    return {
        "steps": frames.steps,
        "z": encode(frames.z),
        "train_loss": encode(frames.train_loss),
        "test_loss": encode(frames.test_loss),
        "hinges": None if frames.hinges is None else encode(frames.hinges),
        "dead": frames.dead,
        "masked": frames.masked,
    }


def _encoded(columns: Mapping[str, Any], encoding: Encoding) -> dict[str, Any]:
    return {name: ENCODERS[encoding](values) for name, values in columns.items()}
