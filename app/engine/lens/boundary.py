"""What a network says over a plane of its data: decision boundary or regression surface, hinge by hinge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.parts import Parts, in_turn, whole
from optiscope.engine.core.words import say
from optiscope.engine.lens.grid import Window, grid_problems
from optiscope.engine.loop.block import Block, record_at
from optiscope.engine.recipe.models import TinyNet, build_model, dead_units
from optiscope.engine.recipe.problems import build_problem, complete_problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem

Array = NDArray[np.floating[Any]]

_MARGIN = 0.05  # of each side, around data that reaches beyond the problem's own bounds
_PART_OPERATIONS = 500_000_000  # of a network over some of the grid, a tenth of a second
_DRAWN_INPUTS = 2
_HINGED = (F.relu, F.leaky_relu)


@dataclass(frozen=True, slots=True)
class Frames:
    """One run at some of its records; k is their number, r the resolution.

    Attributes:
        steps: [k] the records. A run that ended before a step that was asked for shows its last record.
        z: [k, r, r] output over the grid, rows follow y: a probability for a classifier, else the value.
        train_loss, test_loss: [k] mean loss over all training and all held-out samples at the record.
        hinges: [k, units, 2, 2] the two ends of each first-layer unit's line w·x + b = 0 in the window, NaN
            where it does not cross; None for an activation without a kink.
        dead: For each record, the ReLU units that no training sample activates, by layer.
        masked: How many entries of z are not finite.
    """

    steps: tuple[int, ...]
    z: Array
    train_loss: Array
    test_loss: Array
    hinges: Array | None
    dead: tuple[Mapping[str, list[int]], ...]
    masked: int


@dataclass(frozen=True, slots=True)
class Boundary:
    """Runs of one problem over the plane of its data.

    Attributes:
        x, y: [r] coordinates of the two features that are drawn.
        features: Which those are, from 0.
        held: For each feature, where it is held: its mean over the training samples; None of the two.
        window: What they range over.
        task: ``classification`` or ``regression``.
        train, test: The two features [n, 2] and targets [n, 1] under ``x`` and ``y``.
        runs: One for each run.
    """

    x: Array
    y: Array
    features: tuple[int, int]
    held: tuple[float | None, ...]
    window: Window
    task: str
    train: Mapping[str, Array]
    test: Mapping[str, Array]
    runs: tuple[Frames, ...]


class View(NamedTuple):
    """What is looked at of the samples.

    Attributes:
        resolution: Grid points along each side.
        window: [[xmin, xmax], [ymin, ymax]]; unless given, the problem's own, widened to hold all data.
        features: The two that are drawn, of samples that have more; the others are held at their means.
    """

    resolution: int = 101
    window: Window | None = None
    features: tuple[int, int] = (0, 1)


def boundary(
    configs: Sequence[RunConfig],
    blocks: Sequence[Sequence[Block]],
    steps: Sequence[int] = (-1,),
    view: View = View(),  # noqa: B008 - it never changes
    limits: Limits = DEFAULT_LIMITS,
) -> Boundary:
    """The output of each run's network over a grid of inputs, at each of ``steps``, at once.

    Args:
        configs: Runs of one dataset; the networks may differ.
        blocks: What each of them recorded, from step 0 on.
        steps: Records by number; -1 is the last one.
        view: What is looked at.
        limits: Bound the grid and the effort.

    Raises:
        ConfigError: If the problems differ or have no data, a step is beyond a run, or it is too much.
    """
    return whole(boundary_in_parts(configs, blocks, steps, view, limits))


def boundary_in_parts(
    configs: Sequence[RunConfig],
    blocks: Sequence[Sequence[Block]],
    steps: Sequence[int],
    view: View,
    limits: Limits,
) -> Parts[Boundary]:
    """What :func:`boundary` computes of the same arguments, in parts."""
    resolution, window, features = view
    _check(configs, steps, resolution, window, limits.max_resolution)
    nets = [_Network(config) for config in configs]
    _check_effort(nets, len(steps), resolution, limits)
    shared = nets[0].problem
    plane = _plane(shared, features, window)
    x, y = (torch.linspace(low, high, resolution, dtype=torch.float64) for low, high in plane.window)
    grid = plane.over(torch.cartesian_prod(y, x).flip(1))
    runs = yield from in_turn(
        net.frames(run, steps, grid, resolution, plane) for net, run in zip(nets, blocks, strict=True)
    )
    drawn = list(features)
    return Boundary(
        x=x.numpy(),
        y=y.numpy(),
        features=features,
        held=tuple(None if i in features else value for i, value in enumerate(plane.means.tolist())),
        window=plane.window,
        task=shared.info.loss.task,
        train={"x": shared.x[:, drawn].numpy(), "y": shared.y.numpy()},
        test={"x": shared.x_test[:, drawn].numpy(), "y": shared.y_test.numpy()},
        runs=tuple(runs),
    )


def _check(
    configs: Sequence[RunConfig], steps: Sequence[int], resolution: int, window: Window | None, finest: int
) -> None:
    problems = grid_problems(resolution, window, finest)
    if not configs:
        problems.append(FieldProblem("/runs", say("boundary_of_no_run")))
    first = complete_problem(configs[0].problem) if configs else None
    for i, config in enumerate(configs):
        if complete_problem(config.problem) != first:
            problems.append(FieldProblem(f"/runs/{i}/problem", say("not_of_first_run", field="problem")))
        problems += [
            FieldProblem(f"/steps/{k}", say("between", field="step", low=-1, high=config.steps, value=step))
            for k, step in enumerate(steps)
            if not -1 <= step <= config.steps
        ]
    if problems:
        raise ConfigError(dict.fromkeys(problems))


def _check_effort(nets: Sequence["_Network"], frames: int, resolution: int, limits: Limits) -> None:
    values = len(nets) * frames * resolution**2
    bound = limits.max_boundary_values
    if values > bound:
        most = int((bound / (len(nets) * frames)) ** 0.5)
        raise ConfigError.at("/resolution", say("boundary_too_fine", bound=most, value=resolution))
    operations = sum(net.width for net in nets) * frames * resolution**2
    if operations > limits.max_surface_operations:
        raise ConfigError.at("/resolution", say("resolution_too_fine", value=resolution))


@dataclass(frozen=True, slots=True)
class _Plane:
    """Two features of samples, with the others held.

    Attributes:
        features: Which they are.
        means: [features] of the training samples.
        window: What the two range over.
    """

    features: tuple[int, int]
    means: Tensor
    window: Window

    def over(self, grid: Tensor) -> Tensor:
        """[n, 2] points of it as samples [n, features]."""
        samples = self.means.repeat(len(grid), 1)
        samples[:, list(self.features)] = grid
        return samples

    def of_hinges(self, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """``weight · x + bias`` of samples, [..., features] and [...], as that of the two features alone."""
        drawn = list(self.features)
        held = self.means.clone()
        held[drawn] = 0
        return weight[..., drawn], bias + weight @ held


def _plane(problem: DatasetProblem, features: tuple[int, int], window: Window | None) -> _Plane:
    if len(set(features)) < _DRAWN_INPUTS or not all(0 <= one < problem.inputs for one in features):
        said = say("boundary_features", high=problem.inputs - 1, value=list(features))
        raise ConfigError.at("/features", said)
    means = problem.x.double().mean(dim=0)
    return _Plane(features, means, window or _window(problem, list(features)))


def _window(problem: DatasetProblem, features: list[int]) -> Window:
    data = torch.cat([problem.x, problem.x_test]).double()[:, features]
    low, high = data.amin(dim=0), data.amax(dim=0)
    if problem.inputs > _DRAWN_INPUTS:  # the bounds of such a problem are not of these two
        margin = _MARGIN * (high - low).clamp_min(1e-9)
        (x0, y0), (x1, y1) = (low - margin).tolist(), (high + margin).tolist()
        return (x0, x1), (y0, y1)
    bounds = torch.tensor(problem.info.bounds, dtype=torch.float64)
    margin = _MARGIN * (high - low)
    lows = torch.where(low < bounds[:, 0], low - margin, bounds[:, 0])
    highs = torch.where(high > bounds[:, 1], high + margin, bounds[:, 1])
    (x0, x1), (y0, y1) = zip(lows.tolist(), highs.tolist(), strict=True)
    return (x0, x1), (y0, y1)


class _Network:
    """The network of one run, which can be looked at with the parameters of any record."""

    def __init__(self, config: RunConfig) -> None:
        self.dtype = torch.float32 if config.dtype == "float32" else torch.float64
        problem = build_problem(config.problem, self.dtype)
        if not isinstance(problem, DatasetProblem):
            raise ConfigError.at("/runs/0/problem/name", say("function_no_data", problem=problem.name))
        if problem.inputs < _DRAWN_INPUTS:
            raise ConfigError.at("/runs/0/problem/points/x", say("boundary_of_inputs", value=problem.inputs))
        model = build_model(problem, config.model, self.dtype)
        assert isinstance(model, TinyNet)  # noqa: S101 - a dataset is always learned by one
        self.problem = problem
        self.model = model
        self.width = sum(param.numel() for param in model.parameters())

    @torch.no_grad()
    def frames(
        self, blocks: Sequence[Block], steps: Sequence[int], grid: Tensor, resolution: int, plane: _Plane
    ) -> Parts[Frames]:
        """The network over ``grid`` [r * r, features] at each of the records."""
        first, last = blocks[0].first, blocks[-1].steps[-1]
        shown = tuple(last if step == -1 else max(first, min(step, last)) for step in steps)
        records = [_params_at(blocks, step) for step in shown]
        inputs = grid.to(self.dtype)
        z, train, test, dead = [], [], [], []
        for params in records:
            self.model.load_state_dict(params)
            outputs = []
            for part in inputs.split(max(1, _PART_OPERATIONS // self.width)):
                outputs.append(self._output(part))
                yield
            z.append(torch.cat(outputs).view(resolution, resolution))
            train.append(self._loss(self.problem.x, self.problem.y))
            test.append(self._loss(self.problem.x_test, self.problem.y_test))
            dead.append(dead_units(self.model, self.problem.x))
            yield
        frames = torch.stack(z)
        return Frames(
            steps=shown,
            z=frames.numpy(),
            train_loss=torch.stack(train).numpy(),
            test_loss=torch.stack(test).numpy(),
            hinges=self._hinges(records, plane),
            dead=tuple(dead),
            masked=int((~frames.isfinite()).sum()),
        )

    def _output(self, inputs: Tensor) -> Tensor:
        output: Tensor = self.model(inputs)
        return torch.sigmoid(output) if self.problem.info.loss.task == "classification" else output

    def _loss(self, x: Tensor, y: Tensor) -> Tensor:
        return self.problem.info.loss.function(self.model(x), y)

    def _hinges(self, records: Sequence[Mapping[str, Tensor]], plane: _Plane) -> Array | None:
        if self.model.activation not in _HINGED or len(self.model.layers) == 1:
            return None
        weight = torch.stack([params["fc1.weight"] for params in records]).double()
        bias = torch.stack([params["fc1.bias"] for params in records]).double()
        return clipped_lines(*plane.of_hinges(weight, bias), plane.window).numpy()


def _params_at(blocks: Sequence[Block], step: int) -> dict[str, Tensor]:
    """The parameters of one record by name."""
    block, row = record_at(blocks, step)
    return {name: torch.from_numpy(values[row].copy()) for name, values in block.params.items()}


def clipped_lines(weight: Tensor, bias: Tensor, window: Window) -> Tensor:
    """The parts of the lines ``weight · x + bias = 0`` that lie in a window.

    Args:
        weight: [..., 2]
        bias: [...]
        window: [[xmin, xmax], [ymin, ymax]]

    Returns:
        Both ends of each, [..., 2, 2]; NaN for a line that does not cross the window, or is none (weight 0).
    """
    foot = -bias.unsqueeze(-1) * weight / weight.square().sum(-1, keepdim=True)
    along = torch.stack([-weight[..., 1], weight[..., 0]], dim=-1)
    bounds = torch.tensor(window, dtype=weight.dtype)
    times = (bounds - foot.unsqueeze(-1)) / along.unsqueeze(-1)  # where it meets each of the four sides
    inside = (foot >= bounds[:, 0]) & (foot <= bounds[:, 1])
    parallel = along == 0
    infinite = torch.full_like(foot, torch.inf)
    enter = torch.where(parallel, -infinite, times.amin(-1)).amax(-1, keepdim=True)
    leave = torch.where(parallel, infinite, times.amax(-1)).amin(-1, keepdim=True)
    crosses = (enter < leave) & (inside | ~parallel).all(-1, keepdim=True)
    ends = torch.stack([foot + enter * along, foot + leave * along], dim=-2)
    return ends.where(crosses.unsqueeze(-1), torch.nan)
