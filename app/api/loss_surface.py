"""``POST /api/loss-surface``: the loss over a plane through parameter space, and the paths of runs on it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import (
    ENCODERS,
    Accepted,
    Array,
    Encoding,
    GivenRuns,
    Window,
    accepted,
    answers,
    records_of,
    telling_of,
)
from optiscope.api.events import COMPUTING, Number, problems
from optiscope.api.sentences import Params, Sentence
from optiscope.api.state import Bounds, Service, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.core.config import Config
from optiscope.engine.core.limits import Limits
from optiscope.engine.lens import planes
from optiscope.engine.lens.loss_surface import Surface, SurfacePath
from optiscope.engine.lens.others import drawn_of
from optiscope.runs.service import RunService
from optiscope.runs.workers.jobs import surface_of

router = APIRouter(tags=["views"])


class SurfaceRequest(Config):
    """Which runs, which plane, how fine."""

    runs: GivenRuns = Field(
        description="Runs of one problem and network: configs (trained unless they just were) or ids."
    )
    plane: planes.PlaneConfig | None = Field(
        None, description="Unless given: the principal axes of the paths, or a test function itself."
    )
    resolution: int = Field(101, ge=2, description="Grid points along each side.")
    window: Window | None = Field(
        None, description="[[xmin, xmax], [ymin, ymax]]; unless given, all paths and some space around them."
    )
    encoding: Encoding = Field("list", description="Arrays as nested lists, or as base64 typed arrays.")


class Axis(BaseModel):
    """One axis of the plane."""

    label: str = Field(description="What is drawn along it, in English.", examples=["PC 1"])
    code: str = Field(description="What `label` says, as data.", examples=["axis_principal"])
    params: Params = Field(
        examples=[{"number": 1}], description="What fills the holes of the sentence, by name."
    )
    variance_explained: float | None = Field(
        None,
        description="Of a principal axis: the share along it, 0 to 1, of the squared distances of all fitted "
        "records of all runs from the centre of the plane; of their variance, if that is the mean.",
    )
    curvature: Number | None = Field(
        None,
        description="d·Hd / d·d of its direction d: of the loss of the whole dataset, at what the plane is "
        "laid through, by Hessian-vector products of autograd in float64. null where that is no point "
        "(`function`), and for networks beyond `max_hessian_parameters`.",
    )


class Points(BaseModel):
    """Points on the plane, a row for each record."""

    xy: Array = Field(description="[records, 2], the nearest point of the plane.")
    distance: Array = Field(description="[records], how far the record is off the plane.")
    loss: Array = Field(description="[records], the loss of the whole dataset at the record.")
    plane_loss: Array = Field(description="[records], the loss at xy: what the surface shows there.")


class Path(Points):
    """One run on the plane: its parameters, and what goes along with them."""

    average: Points | None = Field(
        None, description="Its average, as in a step; left out where nothing is averaged."
    )
    z: Points | None = Field(
        None,
        description="The z of a schedule-free optimizer, which gradients are added to; its x is `average`, "
        "and the run itself is its y.",
    )


class Notice(Sentence):
    """Something that a person who looks at the surface should know."""

    run: int | None = Field(None, description="The index of the run that it is about; null of all.")


class LossSurface(BaseModel):
    """The surface and the paths."""

    x: Array = Field(description="[resolution] coordinates.")
    y: Array = Field(description="[resolution] coordinates.")
    z: Array = Field(description="[resolution, resolution] losses; rows follow y.")
    axes: list[Axis] = Field(description="The two directions of the plane.")
    window: list[list[float]] = Field(description="[[xmin, xmax], [ymin, ymax]] in units of the plane.")
    paths: list[Path] = Field(description="Of the runs, in their order.")
    masked: int = Field(description="How many losses of z are not finite.")
    plane: dict[str, Any] = Field(description="The plane, with everything that was left out filled in.")
    origin: Array = Field(description="[parameters], what lies at (0, 0): all of them, in the model's order.")
    basis: Array = Field(description="[2, parameters], what one unit along each axis is there.")
    notices: list[Notice] = Field(description="What a person who looks at it should know.")


_RUN: dict[str, Any] = {
    "problem": {"name": "xor"},
    "model": {"seed": 44},
    "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.05}},
    "steps": 100,
}
EXAMPLES: dict[str, Any] = {
    "The plane of the principal axes": {"runs": [_RUN], "plane": {"kind": "pca"}, "resolution": 11},
    "Two parameters by name": {
        "runs": [_RUN],
        "plane": {"kind": "parameters", "names": ["fc1.weight[0,0]", "fc3.bias[0]"]},
        "resolution": 11,
    },
}


@router.post(
    "/loss-surface",
    summary="Compute a loss surface and the paths of runs over it",
    response_class=Response,
    openapi_extra=documented(SurfaceRequest, EXAMPLES),
    responses=answers(LossSurface, "The surface.") | COMPUTING | problems(404),
    dependencies=[Depends(take_place)],
)
async def loss_surface(
    asked: Annotated[SurfaceRequest, Depends(json_body(SurfaceRequest))],
    request: Request,
    service: Service,
    limits: Bounds,
) -> Response:
    """Trains the runs (or recalls them, if they were trained a moment ago) and computes the surface.

    The plane is honest about what it leaves out: each axis says what is drawn along it, its curvature
    and, if it is principal, how much of the paths' variance it explains; each path says how far every record
    is off the plane, and what the loss really is there. The path of a fork begins at the step where it was
    forked.
    """
    runs = await accepted(request, {f"/runs/{index}": run for index, run in enumerate(asked.runs)})
    surface = await unless_left(request, _computed(service, runs, asked, limits))
    return Response(wire.dumps(surface_document(surface, asked.encoding)), media_type="application/json")


async def _computed(
    service: RunService, runs: Mapping[str, Accepted], asked: SurfaceRequest, limits: Limits
) -> Surface:
    blocks = await records_of(service, runs)
    with telling_of(runs):
        return await service.compute(
            surface_of,
            [config.canonical() for config, _ in runs.values()],
            [drawn_of(config, run) for (config, _), run in zip(runs.values(), blocks, strict=True)],
            asked.plane,
            asked.resolution,
            asked.window,
            limits,
        )


def _axis(axis: planes.Axis) -> dict[str, Any]:
    return {
        "label": axis.label,
        **axis.said.data(),
        "variance_explained": axis.variance_explained,
        "curvature": wire.spelled(axis.curvature),
    }


def _points(path: SurfacePath, encode: Callable[[Any], Any]) -> dict[str, Any]:
    return {
        "xy": encode(path.xy),
        "distance": encode(path.distance),
        "loss": encode(path.loss),
        "plane_loss": encode(path.plane_loss),
    }


def surface_document(surface: Surface, encoding: Encoding) -> dict[str, Any]:
    """A surface as it is answered."""
    encode = ENCODERS[encoding]
    return {
        "x": encode(surface.x),
        "y": encode(surface.y),
        "z": encode(surface.z),
        "axes": [_axis(axis) for axis in surface.axes],
        "window": surface.window,
        "paths": [
            _points(path, encode) | {name: _points(other, encode) for name, other in path.others.items()}
            for path in surface.paths
        ],
        "masked": surface.masked,
        "plane": surface.plane.model_dump(mode="json"),
        "origin": encode(surface.origin),
        "basis": encode(surface.basis),
        "notices": [notice.said.document() | {"run": notice.run} for notice in surface.notices],
    }
