"""``GET /api/runs/{id}/steps/{k}/anatomy``: one step of a run taken apart, phase by phase."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from optiscope.api import wire
from optiscope.api.computed import answers
from optiscope.api.events import Number, problems
from optiscope.api.runs import LARGEST, Id
from optiscope.api.state import Kept, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.lens.anatomy import Anatomy

router = APIRouter(prefix="/runs", tags=["kept runs"])


class PhaseDocument(BaseModel):
    """One line of the loop, and what stood there after it; beside these two fields those that the phase has.

    `zero_grad`: `grads`. `forward`: `layers` (`name`, `input`, `output` before the activation), `prediction`.
    `loss`: `loss`. `backward`: `grads`, `grad_norm`. `clip`: `grads`, `clipped_grad_norm`. `optimizer_step`:
    `lr`, `momentum`, `update`, `params`, `state`. `scheduler_step`: `lr`, which the next step uses; where
    it raised an error, which ended the run, `failed`: a sentence with its `detail`, `code` and `params`.
    """

    model_config = ConfigDict(extra="allow")

    phase: Literal["zero_grad", "forward", "loss", "backward", "clip", "optimizer_step", "scheduler_step"]
    code: str = Field(examples=["loss.backward()"])


class StepAnatomy(BaseModel):
    """A step, phase by phase, in the order of the run's own loop."""

    step: int
    frozen: list[str] = Field(description="The parameters that it leaves out.", examples=[["fc2.weight"]])
    rows: list[int] | None = Field(description="The samples of its minibatch; null for all of them.")
    evaluations: list[Number] = Field(
        description="The loss of each forward pass: several with a closure; the phases show the first."
    )
    phases: list[PhaseDocument]


@router.get(
    "/{id}/steps/{step}/anatomy",
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
) -> Response:
    """Trains the step again from where the run stood, and tells what each line of the loop did.

    Its numbers are those of the step's record, and what no record holds: the inputs and outputs of the
    layers, the gradients before clipping, the samples of the minibatch, the losses of every call of a
    closure.
    """
    found = await unless_left(request, kept.anatomy(id, step))
    return Response(wire.dumps(_document(found)), media_type="application/json")


def _document(found: Anatomy) -> dict[str, Any]:
    return {
        "step": found.step,
        "frozen": found.frozen,
        "rows": found.rows,
        "evaluations": wire.spelled(found.evaluations),
        "phases": [
            {"phase": phase.name, "code": phase.code, **_values(phase.values)} for phase in found.phases
        ],
    }


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    spelled: dict[str, Any] = wire.spelled(values)
    return spelled | ({"momentum": wire.momenta(values["momentum"])} if "momentum" in values else {})
