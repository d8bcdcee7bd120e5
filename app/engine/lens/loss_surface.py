"""Loss surfaces: the loss on a grid over a plane, and the paths of runs projected onto it, honestly."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.parts import Parts, in_turn, whole
from optiscope.engine.core.words import say
from optiscope.engine.lens.batched import BatchedLoss
from optiscope.engine.lens.grid import Window, grid_problems
from optiscope.engine.lens.others import flat_path, others_of
from optiscope.engine.lens.planes import Axis, Notice, Plane, PlaneConfig, Scene, plane_in_parts, portions_of
from optiscope.engine.lens.planes.configs import FunctionConfig, PcaConfig
from optiscope.engine.loop.block import Block
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem, complete_problem
from optiscope.engine.recipe.problems.functions import FunctionProblem

Array = NDArray[np.floating[Any]]

_MARGIN = 0.15  # of the longer side, around the paths
_LEAST_ASPECT = 0.5  # shorter side of a window to its longer side
_CUT = 10.0  # records whose loss has risen by this many times what the best run gained are not fitted


@dataclass(frozen=True, slots=True)
class SurfacePath:
    """One run on a plane; n is its number of records.

    Attributes:
        xy: [n, 2] the nearest point of the plane; NaN where the record is not finite.
        distance: [n] how far the record is off the plane, in parameter space.
        loss: [n] the full-batch loss at the record (what a step recorded is the loss at the record before).
        plane_loss: [n] the loss at ``xy``, which is what the surface shows there.
        others: The same of the points that go along with it, by their names: its average, or the x and z of
            a schedule-free optimizer, x as ``average``.
    """

    xy: Array
    distance: Array
    loss: Array
    plane_loss: Array
    others: Mapping[str, "SurfacePath"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Surface:
    """The loss over a plane, and the paths on it.

    Attributes:
        x, y: [resolution] coordinates along the two axes.
        z: [resolution, resolution] loss; rows follow y. Not finite where the loss is not.
        axes: What the two axes are.
        window: What x and y range over.
        paths: One for each run.
        masked: How many entries of z are not finite.
        plane: The plane, with everything that was left out filled in.
        origin: [parameters] the point of parameter space at coordinates (0, 0), names in the model's order.
        basis: [2, parameters] what one unit along each axis is there.
        notices: What a person who looks at it should know.
    """

    x: Array
    y: Array
    z: Array
    axes: tuple[Axis, Axis]
    window: Window
    paths: tuple[SurfacePath, ...]
    masked: int
    plane: PlaneConfig
    origin: Array
    basis: Array
    notices: tuple[Notice, ...]


def loss_surface(
    configs: Sequence[RunConfig],
    blocks: Sequence[Sequence[Block]],
    plane: PlaneConfig | None = None,
    resolution: int = 101,
    window: Window | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Surface:
    """The surface of the full-batch loss over a plane through the paths of runs, at once.

    Args:
        configs: Runs of one problem, network and dtype.
        blocks: What each of them recorded; a fork begins at the step where it was forked.
        plane: Unless given, the principal axes of the paths, or a test function itself.
        resolution: Grid points along each side.
        window: What the grid ranges over; unless given, all paths and some space around them.
        limits: Bound the grid and the effort.

    Raises:
        ConfigError: If the runs do not share one parameter space, there is no such plane, or it is too much.
    """
    return whole(surface_in_parts(configs, blocks, plane, resolution, window, limits))


def surface_in_parts(
    configs: Sequence[RunConfig],
    blocks: Sequence[Sequence[Block]],
    plane: PlaneConfig | None,
    resolution: int,
    window: Window | None,
    limits: Limits,
) -> Parts[Surface]:
    """What :func:`loss_surface` computes of the same arguments, in parts."""
    _check_request(configs, resolution, window, limits.max_resolution)
    dtype = torch.float32 if configs[0].dtype == "float32" else torch.float64
    problem = build_problem(configs[0].problem, dtype)
    model = build_model(problem, configs[0].model, dtype)
    plane = plane or _default_plane(problem)
    loss = BatchedLoss(problem, model)
    paths = yield from in_turn(flat_path([block.params for block in run]) for run in blocks)
    others = yield from in_turn(itertools.starmap(others_of, zip(configs, blocks, strict=True)))
    records = sum(len(path) * (1 + len(along)) for path, along in zip(paths, others, strict=True))
    operations = problem.samples * loss.width
    _check_effort(resolution, records, operations, limits.max_surface_operations)
    losses = yield from in_turn(loss.in_parts(path) for path in paths)
    fitted = yield from _fitted(paths, losses)
    firsts = [run[0].first for run in blocks]
    laid = yield from plane_in_parts(plane, Scene(problem, model, paths, fitted, firsts, limits))
    yield
    projected = yield from in_turn(
        _projected(laid, loss, path, own, along)
        for path, own, along in zip(paths, losses, others, strict=True)
    )
    shown = torch.cat(
        [part for path, mask in zip(projected, fitted, strict=True) for part in _shown(path, mask)]
    )
    shows_all = isinstance(plane, FunctionConfig)
    bounds = problem.info.bounds if shows_all and isinstance(problem, FunctionProblem) else None
    (x, y), z = yield from loss_grid(laid, loss, window or _window(laid, shown, bounds), resolution)
    return Surface(
        x=x.numpy(),
        y=y.numpy(),
        z=z.numpy(),
        axes=laid.axes,
        window=((x[0].item(), x[-1].item()), (y[0].item(), y[-1].item())),
        paths=tuple(projected),
        masked=int((~z.isfinite()).sum()),
        plane=plane if laid.turn is None else plane.model_copy(update={"axes": laid.turn, "like": None}),
        origin=laid.origin.numpy(),
        basis=laid.basis.numpy(),
        notices=(*laid.notices, *_cut_notices(paths, fitted, firsts)),
    )


def _default_plane(problem: object) -> PlaneConfig:
    if isinstance(problem, FunctionProblem):
        return FunctionConfig(kind="function")
    return PcaConfig(kind="pca")


def _check_request(configs: Sequence[RunConfig], resolution: int, window: Window | None, finest: int) -> None:
    problems = grid_problems(resolution, window, finest)
    if not configs:
        problems.append(FieldProblem("/runs", say("surface_of_no_run")))
    for i, config in enumerate(configs[1:], start=1):
        problems += _differences(configs[0], config, f"/runs/{i}")
    if problems:
        raise ConfigError(problems)


def _differences(first: RunConfig, other: RunConfig, pointer: str) -> list[FieldProblem]:
    """What keeps two runs from sharing one surface."""
    same = {
        "problem": complete_problem(first.problem) == complete_problem(other.problem),
        "model/hidden": first.model.hidden == other.model.hidden,
        "model/activation": first.model.activation == other.model.activation,
        "dtype": first.dtype == other.dtype,
    }
    return [
        FieldProblem(f"{pointer}/{field}", say("not_of_first_run", field=field.rpartition("/")[2]))
        for field, is_same in same.items()
        if not is_same
    ]


def _check_effort(resolution: int, records: int, operations: int, bound: float) -> None:
    if (resolution**2 + 2 * records) * operations > bound:
        most = int(max(bound / operations - 2 * records, 0) ** 0.5)
        raise ConfigError.at("/resolution", say("surface_too_fine", bound=most, value=resolution))


def _fitted(paths: Sequence[Tensor], losses: Sequence[Tensor]) -> Parts[list[Tensor]]:
    """Which records [n] of each run planes and ranges are fitted to; the first one always.

    A run that diverges passes through numbers of any size before it ends. Fitted to them, a plane would show
    nothing of the other runs. So records count as long as the loss has not risen above the start by ten
    times what the best of all runs has gained on it.
    """
    finite = []
    for path, loss in zip(paths, losses, strict=True):
        finite.append(path.isfinite().all(dim=1) & loss.isfinite())
        yield
    known = torch.cat([loss[ok] for loss, ok in zip(losses, finite, strict=True)])
    start = max((loss[0].item() for loss, ok in zip(losses, finite, strict=True) if ok[0]), default=0.0)
    gained = start - known.min().item() if len(known) else 0.0
    limit = start + _CUT * (gained or abs(start) or 1.0)
    fitted = [ok & (loss <= limit) for loss, ok in zip(losses, finite, strict=True)]
    for mask in fitted:
        mask[0] = True
    return fitted


def _cut_notices(paths: Sequence[Tensor], fitted: Sequence[Tensor], firsts: Sequence[int]) -> list[Notice]:
    notices = []
    for number, (path, mask, first) in enumerate(zip(paths, fitted, firsts, strict=True), start=1):
        if mask.all():
            continue
        left = first + int((~mask).to(torch.int8).argmax())
        diverges = not path.isfinite().all()
        said = say(
            "path_leaves",
            run=number,
            how=say("path_leaves_diverging") if diverges else say("path_leaves_climbing"),
            records=int((~mask).sum()),
            step=left,
        )
        notices.append(Notice(said, run=number - 1))
    return notices


def _projected(
    plane: Plane, loss: BatchedLoss, path: Tensor, own: Tensor, others: Mapping[str, Tensor]
) -> Parts[SurfacePath]:
    """A run on a plane, with all that goes along with it."""
    along = {}
    for name, points in others.items():
        along[name] = yield from _project(plane, loss, points, (yield from loss.in_parts(points)))
    return replace((yield from _project(plane, loss, path, own)), others=along)


def _shown(path: SurfacePath, fitted: Tensor) -> Iterator[Tensor]:
    """What of a run [k, 2] a window has to hold."""
    yield torch.from_numpy(path.xy)[fitted]
    for other in path.others.values():
        xy = torch.from_numpy(other.xy)
        yield xy[fitted & xy.isfinite().all(dim=1)]


def _project(plane: Plane, loss: BatchedLoss, path: Tensor, own: Tensor) -> Parts[SurfacePath]:
    found = []
    for part in portions_of(path):
        xy, distance = plane.project(part)
        found.append((xy, distance, (yield from loss.in_parts(plane.at(xy)))))
        yield
    columns = [torch.cat(column).numpy() for column in zip(*found, strict=True)]
    return SurfacePath(columns[0], columns[1], own.numpy(), columns[2])


def _window(plane: Plane, shown: Tensor, bounds: Window | None) -> Window:
    """A range [[x0, x1], [y0, y1]] that holds ``shown`` [k, 2] with a margin and is nowhere too flat."""
    low, high = shown.amin(dim=0), shown.amax(dim=0)
    if plane.reach:
        low, high = low.clamp(max=-plane.reach), high.clamp(min=plane.reach)
    longest = (high - low).amax()
    least = 1e-6 * torch.linalg.vector_norm(plane.origin)
    if longest <= least:
        longest = least * 1e6 if least > 0 else torch.ones_like(longest)
    low, high = low - _MARGIN * longest, high + _MARGIN * longest
    centre, half = (low + high) / 2, (high - low) / 2
    half = half.clamp(min=_LEAST_ASPECT * half.amax())
    low, high = centre - half, centre + half
    if bounds is not None:
        outer = torch.tensor(bounds, dtype=torch.float64)
        inside = ((shown >= outer[:, 0]) & (shown <= outer[:, 1])).all(dim=0)
        low = torch.where(inside, outer[:, 0], torch.minimum(low, outer[:, 0]))
        high = torch.where(inside, outer[:, 1], torch.maximum(high, outer[:, 1]))
    (x0, y0), (x1, y1) = low.tolist(), high.tolist()
    return (x0, x1), (y0, y1)


def loss_grid(
    plane: Plane, loss: BatchedLoss, window: Window, resolution: int
) -> Parts[tuple[tuple[Tensor, Tensor], Tensor]]:
    """Coordinates x and y, and the loss [y, x] at each pair of them, a portion at a time."""
    x, y = (torch.linspace(low, high, resolution, dtype=torch.float64) for low, high in window)
    points = torch.cartesian_prod(y, x).flip(1)
    z = yield from in_turn(loss.in_parts(plane.at(part)) for part in points.split(loss.portion))
    return (x, y), torch.cat(z).view(resolution, resolution)
