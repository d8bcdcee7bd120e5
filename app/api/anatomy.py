"""One step of a run taken apart: of a kept one by its address, of any by ``POST /api/anatomy``."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from optiscope.api import wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import GivenRun, KeptRun, accepted, answers
from optiscope.api.events import COMPUTING, Number, problems
from optiscope.api.runs import LARGEST, Id
from optiscope.api.state import Bounds, Kept, Service, get_kept_runs, take_place
from optiscope.api.streams import unless_left
from optiscope.api.updates import ParameterUpdate, update_document
from optiscope.engine.core.config import Config, JSONList, RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import say
from optiscope.engine.lens.anatomy import Anatomy
from optiscope.engine.lens.spectra import Spectrum
from optiscope.runs.keeping.jobs import anatomy_at
from optiscope.runs.service import RunService

router = APIRouter()

_ITERATION = "Of LBFGS: which inner iteration the updates are of, counted from 1; the last one, unless given."
_Names = Annotated[tuple[Annotated[str, Field(max_length=200)], ...], JSONList, Field(max_length=64)]


class PhaseDocument(BaseModel):
    """One line of the loop, what stood there after it, and the fields that the phase has.

    `zero_grad`: `grads`. `forward`: `layers` (`name`, `input`, `output` before the activation), `prediction`.
    `loss`: `loss`, and where the problem draws something for every pass, `noise` or `drawn`, and where its
    optimum moves, `origin`. `backward`: `grads`, `grad_norm`, and `layers` (`name`; `grad_input`,
    `grad_output`, the gradients of what went in and came out, null where none flows; `norm` of the latter).
    `delay`, where gradients arrive late: `grads` and `grad_norm` of those that have arrived, and of how many
    passes they are on their way, `waiting`. `clip`: `grads`, `clipped_grad_norm`. `optimizer_step`: `lr`,
    `momentum`, `update`, `params`, `state`. `scheduler_step`: `lr`, which the next step uses; where it raised
    an error, which ended the run, `failed`: a sentence with its `detail`, `code` and `params`.
    """

    model_config = ConfigDict(extra="allow")

    phase: Literal[
        "zero_grad", "forward", "loss", "backward", "delay", "clip", "optimizer_step", "scheduler_step"
    ] = Field(description="Which line of the loop it is.")
    code: str = Field(examples=["loss.backward()"], description="The line as a script has it.")


class SpectrumStage(BaseModel):
    """One matrix on the way from the gradient to the moved parameter."""

    of: Literal["grad", "state", "iterate", "update", "param"] = Field(
        description="Which it is: the gradient, a state, an iterate, the update, or the parameter after it."
    )
    key: str = Field(description="Of the state, as torch calls it; empty for what is none.")
    iteration: int | None = Field(
        description="Of Muon's Newton-Schulz iteration, 0 what it begins with; null for what is no iterate."
    )
    values: list[Number] = Field(description="Singular values, from the largest.")


class SpectrumDocument(BaseModel):
    """The singular values of one matrix in a step."""

    parameter: str = Field(description="The name of the matrix.")
    stages: list[SpectrumStage] = Field(
        description="From the gradient to the update, in order, and the parameter after it."
    )
    cosines: dict[str, Number] = Field(
        description="Between the update and the first step of a fresh SGD or Adam on this gradient."
    )


class StepAnatomy(BaseModel):
    """A step, phase by phase, in the order of the run's own loop."""

    step: int = Field(description="Its number, from 1.")
    frozen: list[str] = Field(description="The parameters that it leaves out.", examples=[["fc2.weight"]])
    rows: list[int] | None = Field(description="The samples of its first minibatch; null for all of them.")
    evaluations: list[Number] = Field(
        description="The loss of each forward pass; of several with a closure the phases show the first."
    )
    phases: list[PhaseDocument] = Field(description="The lines of the loop in their order.")
    updates: list[ParameterUpdate] = Field(
        description="What `optimizer.step()` did, line by line, to each parameter that was asked for."
    )
    averages: list[ParameterUpdate] = Field(
        description="The same of the average beside each, of which `optimizer` is the name (EMA, SWA or "
        "schedule-free); empty in a run without one."
    )
    spectra: list[SpectrumDocument] = Field(
        description="Singular values of each matrix, with every iterate of torch's Muon; "
        "empty where neither the problem nor the optimizer is about matrices."
    )
    iterations: int | None = Field(
        description="How many inner iterations an optimizer like LBFGS made; null for others."
    )
    iteration: int | None = Field(description="Which of them `updates` are of; null where there is none.")


class AnatomyRequest(Config):
    """Which step of which run."""

    run: GivenRun = Field(description="A config, which is trained up to the step, or the id of a kept run.")
    step: int = Field(ge=1, description="Any step that the run takes.")
    parameters: _Names | None = Field(
        None, description="Layers or parameters whose updates are told; all of them, unless given."
    )
    iteration: int | None = Field(None, ge=1, le=LARGEST, description=_ITERATION)


_RUN: dict[str, Any] = {
    "problem": {"name": "moons"},
    "model": {"hidden": [4, 4], "seed": 33},
    "optimizer": {"name": "AdamW", "hyperparameters": {"lr": 0.05}},
    "steps": 100,
}
EXAMPLES: dict[str, Any] = {
    "One parameter at one step": {"run": _RUN, "step": 50, "parameters": ["fc2.weight"]},
    "Every parameter": {"run": _RUN, "step": 1},
}


@router.post(
    "/anatomy",
    tags=["views"],
    summary="Take a step of any run apart",
    response_class=Response,
    openapi_extra=documented(AnatomyRequest, EXAMPLES),
    responses=answers(StepAnatomy, "The step, phase by phase and line by line.") | COMPUTING | problems(404),
    dependencies=[Depends(take_place)],
)
async def anatomy(
    asked: Annotated[AnatomyRequest, Depends(json_body(AnatomyRequest))],
    request: Request,
    service: Service,
    limits: Bounds,
) -> Response:
    """Trains a config up to the step, or a kept run from where it stood, and takes the step apart.

    `updates` has the formula of each parameter's optimizer, then every line of it with its numbers, each
    held against torch's own number where torch keeps one. For optimizers of other packages the result is
    told alone.
    """
    if isinstance(asked.run, KeptRun):
        kept = await get_kept_runs(request)
        taken = kept.anatomy(asked.run.id, asked.step, asked.parameters, asked.iteration)
    else:
        runs = await accepted(request, {"/run": asked.run})
        taken = _of_config(service, runs["/run"][0], asked, limits)
    return Response(
        wire.dumps(anatomy_document(await unless_left(request, taken))), media_type="application/json"
    )


async def _of_config(
    service: RunService, config: RunConfig, asked: AnatomyRequest, limits: Limits
) -> Anatomy:
    if asked.step > config.steps:
        said = say("between", field="step", low=1, high=config.steps, value=asked.step)
        raise ConfigError.at("/step", said)
    return await service.compute(
        anatomy_at, config.canonical(), None, asked.step, asked.parameters, limits, asked.iteration
    )


@router.get(
    "/runs/{id}/steps/{step}/anatomy",
    tags=["kept runs"],
    summary="Take a step apart",
    response_class=Response,
    responses=answers(StepAnatomy, "The step, phase by phase.") | problems(404, 409, 422, 429, 503),
    dependencies=[Depends(take_place)],
)
async def step_anatomy(
    id: Id,  # noqa: A002
    step: Annotated[int, Path(ge=0, le=LARGEST, description="Any step that the run has taken.")],
    request: Request,
    kept: Kept,
    parameters: Annotated[
        list[Annotated[str, Field(max_length=200)]] | None,
        Query(max_length=64, description="Layers or parameters whose updates are told; all, unless given."),
    ] = None,
    iteration: Annotated[int | None, Query(ge=1, le=LARGEST, description=_ITERATION)] = None,
) -> Response:
    """Trains the step again from where the run stood, and tells what each line of the loop did.

    Its numbers are those of the step's record, and what no record holds: the inputs and outputs of the
    layers, the gradients before clipping, the samples of the minibatch, the losses of every call of a
    closure. `updates` has what the optimizer did, line by line.
    """
    found = await unless_left(request, kept.anatomy(id, step, parameters, iteration))
    return Response(wire.dumps(anatomy_document(found)), media_type="application/json")


def anatomy_document(found: Anatomy) -> dict[str, Any]:
    """A step as it is answered."""
    return {
        "step": found.step,
        "frozen": found.frozen,
        "rows": found.rows,
        "evaluations": wire.spelled(found.evaluations),
        "phases": [
            {"phase": phase.name, "code": phase.code, **_values(phase.values)} for phase in found.phases
        ],
        "updates": list(map(update_document, found.updates)),
        "averages": list(map(update_document, found.averages)),
        "spectra": list(map(_spectrum, found.spectra)),
        "iterations": found.iterations,
        "iteration": found.iteration,
    }


def _spectrum(found: Spectrum) -> dict[str, Any]:
    stages = [
        {"of": stage.of, "key": stage.key, "iteration": stage.iteration, "values": wire.spelled(stage.values)}
        for stage in found.stages
    ]
    return {"parameter": found.name, "stages": stages, "cosines": wire.spelled(found.cosines)}


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    spelled: dict[str, Any] = wire.spelled(values)
    return spelled | ({"momentum": wire.momenta(values["momentum"])} if "momentum" in values else {})
