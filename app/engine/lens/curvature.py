"""Curvature along the path of a run: exact Hessian eigenvalues, and the optimizer's bounds beside them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.parts import Parts, whole
from optiscope.engine.core.words import Said, say
from optiscope.engine.lens.hessian import Hessians, SecondOrder
from optiscope.engine.lens.stability import NoBound, StabilityRule, State
from optiscope.engine.loop.block import Block, record_at
from optiscope.engine.recipe.drift import drift_of
from optiscope.engine.recipe.freezing import Freezing
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem

Array = NDArray[np.floating[Any]]

_RECORDS = 100  # looked at, unless told which


@dataclass(frozen=True, slots=True)
class Stability:
    """What decides whether steps grow, at each record and the step that follows it.

    Attributes:
        name: What the bound is called.
        formula: The bound in plain notation.
        source: Where it is derived.
        value: [k] λ_max of P^-1/2 (H + decay) P^-1/2, and decoupled decay: above the bound, steps along its
            direction grow.
        bound: [k]
    """

    name: Said
    formula: str
    source: str
    value: Array
    bound: Array


@dataclass(frozen=True, slots=True)
class Curvature:
    """One run; k is the number of records looked at, p that of all parameters.

    Attributes:
        steps: [k] the records.
        parameters: [k] how many parameters the next step trains; frozen ones are held, and left out.
        loss: [k] of the whole dataset at the record.
        gradient_norm: [k] 2-norm over the trained parameters.
        eigenvalues: [k, p] of the Hessian in the trained parameters, largest first, NaN behind the last.
        eigenvectors: [k, top, p] of the largest ones, zero in what is not trained; None unless asked for.
        condition: [k] largest by smallest magnitude; infinite where the Hessian is singular to rounding.
        negative: [k] how many are below zero by more than rounding.
        predicted: [k] change of the loss by the next step, by the quadratic model g·Δ + ½ ΔᵀHΔ; NaN at the
            last record.
        real: [k] what it really was.
        drifting: [k] how many parameters the next step moves though they are frozen. They count in predicted,
            and their decay in the bound; the eigenvalues leave them out, as no gradient reaches them.
        stability: The bound of the optimizer, or why there is none.
    """

    steps: tuple[int, ...]
    parameters: tuple[int, ...]
    loss: Array
    gradient_norm: Array
    eigenvalues: Array
    eigenvectors: Array | None
    condition: Array
    negative: tuple[int, ...]
    predicted: Array
    real: Array
    drifting: tuple[int, ...]
    stability: Stability | NoBound


def curvature(
    config: RunConfig,
    blocks: Sequence[Block],
    *,
    every: int | None = None,
    steps: Sequence[int] | None = None,
    top: int = 0,
    limits: Limits = DEFAULT_LIMITS,
) -> Curvature:
    """The Hessian of the full-batch training loss at records of a run, computed in float64.

    Args:
        config: The run.
        blocks: What it recorded, from step 0 on.
        every: Look at every k-th record and at the last one; unless given, at about a hundred, or at as many
            as a large network allows.
        steps: Or at these; one before the beginning of a fork or beyond an early end is left out.
        top: Of how many of the largest eigenvalues to give the eigenvectors.
        limits: Bound parameters, records and operations.

    Raises:
        ConfigError: If the network has too many parameters, or it is too much.
    """
    return whole(curvature_in_parts(config, blocks, every, steps, top, limits))


def curvature_in_parts(
    config: RunConfig,
    blocks: Sequence[Block],
    every: int | None,
    steps: Sequence[int] | None,
    top: int,
    limits: Limits,
) -> Parts[Curvature]:
    """What :func:`curvature` computes of the same arguments, in parts."""
    run = _Run(config, blocks, limits)
    chosen = _chosen(config, run, every, steps)
    run.check_effort(len(chosen))
    points = run.points(chosen)
    second = yield from run.hessians.in_parts(points)
    trained = run.trained(chosen)
    values, vectors = yield from _eigen(second.hessian, trained, top)
    drifting = run.moved(chosen) & ~trained
    predicted, real = run.changes(chosen, points, second)
    stability = yield from run.stability(chosen, second.hessian, trained, drifting)
    counts = trained.sum(dim=1)
    return Curvature(
        steps=chosen,
        parameters=tuple(counts.tolist()),
        loss=second.loss.numpy(),
        gradient_norm=torch.linalg.vector_norm(second.gradient * trained, dim=1).numpy(),
        eigenvalues=values.numpy(),
        eigenvectors=None if vectors is None else vectors.numpy(),
        condition=_condition(values).numpy(),
        negative=tuple((values < -_rounding(values)).sum(dim=1).tolist()),
        predicted=predicted.numpy(),
        real=real.numpy(),
        drifting=tuple(drifting.sum(dim=1).tolist()),
        stability=stability,
    )


def _chosen(
    config: RunConfig, run: "_Run", every: int | None, steps: Sequence[int] | None
) -> tuple[int, ...]:
    first, last = run.first, run.last
    if steps is None:
        most = min(_RECORDS, max(1, run.most_records - 1))
        every = every or max(1, math.ceil((last - first) / most))
        return tuple(dict.fromkeys([*range(first, last + 1, every), last]))
    for i, step in enumerate(steps):
        if not 0 <= step <= config.steps:
            said = say("between", field="step", low=0, high=config.steps, value=step)
            raise ConfigError.at(f"/steps/{i}", said)
    return tuple(sorted({step for step in steps if first <= step <= last} or {last}))


class _Run:
    """A run and what it recorded, as the curvature needs it."""

    def __init__(self, config: RunConfig, blocks: Sequence[Block], limits: Limits) -> None:
        dtype = torch.float32 if config.dtype == "float32" else torch.float64
        self.blocks = blocks
        self.limits = limits
        self.first, self.last = blocks[0].first, blocks[-1].steps[-1]
        problem = build_problem(config.problem, dtype)
        self.model = build_model(problem, config.model, dtype)
        self.freezing = Freezing(self.model, config.freeze, config.steps)
        self.hessians = Hessians(problem, self.model)
        self.drift = drift_of(config.loop.drift, problem, torch.float64)
        self.rule = StabilityRule(self.model, config, _most_momentum(blocks))

    @property
    def most_records(self) -> int:
        """At how many records the Hessian may be computed."""
        most = max(1, int(self.limits.max_curvature_operations / self.hessians.operations))
        return min(most, self.limits.max_curvature_records)

    def check_effort(self, records: int) -> None:
        """Refuse what would take too long.

        Raises:
            ConfigError: Naming the bound.
        """
        width, bound, most = self.hessians.width, self.limits.max_hessian_parameters, self.most_records
        if width > bound:
            raise ConfigError.at("/model/hidden", say("hessian_too_large", bound=bound, value=width))
        if records > most:
            raise ConfigError.at("/every", say("hessians_too_many", bound=most, value=records))

    def points(self, steps: Sequence[int], seen: Sequence[int] | None = None) -> Tensor:
        """The parameters [k, parameters] at some records, in float64.

        Args:
            steps: The records.
            seen: The records at which an optimum that moves stands where they are seen from; the same, unless
                given.
        """
        points = torch.stack([_flat(self._record(step)) for step in steps])
        if self.drift is None:
            return points
        return points - torch.stack([self.drift.origin(step) for step in seen or steps])

    def _record(self, step: int) -> dict[str, Array]:
        block, row = record_at(self.blocks, step)
        return {name: values[row] for name, values in block.params.items()}

    def trained(self, steps: Sequence[int]) -> Tensor:
        """Which parameters [k, parameters] the step after each record trains."""
        rows = []
        for step in steps:
            held = self.freezing.frozen(step)
            moving = {name for name in self.rule.trained if name not in held}
            rows.append(
                torch.cat([torch.full((p.numel(),), n in moving) for n, p in self.rule.params.items()])
            )
        return torch.stack(rows)

    def moved(self, steps: Sequence[int]) -> Tensor:
        """Which parameters [k, parameters] the step after each record moves, trained or not."""
        rows = []
        for step in steps:
            here, after = self._record(step), self._record(min(step + 1, self.last))
            rows.append(
                torch.cat([torch.full((v.size,), not np.array_equal(v, after[n])) for n, v in here.items()])
            )
        return torch.stack(rows)

    def changes(self, steps: Sequence[int], points: Tensor, second: SecondOrder) -> tuple[Tensor, Tensor]:
        """What the next step should change the loss by if it were quadratic, and what it does: [k] each.

        Whatever moves counts: frozen parameters that drift, or that an optimizer moves all the same, too.
        """
        following = self.points([min(step + 1, self.last) for step in steps], steps)
        move = following - points
        linear = (second.gradient * move).sum(dim=1)
        bent = torch.einsum("ki,kij,kj->k", move, second.hessian, move) / 2
        real = self.hessians.loss(following) - second.loss
        ends = torch.tensor([step == self.last for step in steps])
        return (linear + bent).masked_fill(ends, torch.nan), real.masked_fill(ends, torch.nan)

    def stability(
        self, steps: Sequence[int], hessian: Tensor, trained: Tensor, drifting: Tensor
    ) -> Parts[Stability | NoBound]:
        """The optimizer's bound at each record, with the rates and the state of the step that follows it.

        A frozen parameter that drifts meets its own decay and no curvature: it moves what is trained, and is
        not moved by it, so that the matrix of a step is block triangular.
        """
        rule = self.rule.rule
        if isinstance(rule, NoBound):
            return rule
        scalings = [self.rule.scaling(*self._rates(min(step + 1, self.last))) for step in steps]
        moving = trained | drifting
        root = torch.stack([scaling.scale for scaling in scalings]).sqrt() * moving
        felt = hessian * trained.unsqueeze(2) * trained.unsqueeze(1)
        decayed = felt + torch.diag_embed(torch.stack([scaling.decay for scaling in scalings]))
        shift = torch.diag_embed(torch.stack([scaling.shift for scaling in scalings]) * moving)
        value = yield from _largest(root.unsqueeze(2) * decayed * root.unsqueeze(1) + shift)
        bound = np.array([scaling.bound for scaling in scalings])
        return Stability(rule.name, rule.formula.format("lr"), rule.source, value.numpy(), bound)

    def _rates(
        self, step: int
    ) -> tuple[list[float], list[float], Mapping[str, State], Mapping[str, list[float]]]:
        block, row = record_at(self.blocks, step)
        rates = block.lr[row].tolist()
        momentum = [math.nan] * len(rates) if block.momentum is None else block.momentum[row].tolist()
        state = {
            name: {key: torch.from_numpy(values[row : row + 1]).double()[0] for key, values in keys.items()}
            for name, keys in block.state.items()
        }
        columns = block.optional.get("hyperparameters")
        moved = columns if isinstance(columns, Mapping) else {}
        return (
            rates,
            momentum,
            state,
            {name: np.asarray(values)[row].tolist() for name, values in moved.items()},
        )


def _most_momentum(blocks: Sequence[Block]) -> list[float]:
    """The largest momentum of each param group; none where no group has any."""
    most: list[float] = []
    for block in blocks:
        if block.momentum is not None:
            found = np.nan_to_num(block.momentum).max(axis=0).tolist()
            most = [max(pair) for pair in zip_longest(most, found, fillvalue=0.0)]
    return most


def _flat(params: Mapping[str, Array]) -> Tensor:
    return torch.from_numpy(np.concatenate([values.ravel() for values in params.values()])).double()


_EIGEN_OPERATIONS = 1e8  # of the matrices that are decomposed at once


def _groups(rows: Tensor, width: int) -> tuple[Tensor, ...]:
    """``rows`` in groups whose matrices [width, width] are soon decomposed."""
    return torch.split(rows, max(1, int(_EIGEN_OPERATIONS / (10 * max(width, 1) ** 3))))


def _eigen(hessian: Tensor, trained: Tensor, top: int) -> Parts[tuple[Tensor, Tensor | None]]:
    """Eigenvalues [k, p], largest first and NaN behind the last; eigenvectors [k, top, p] if asked for."""
    count, width = trained.shape
    values = hessian.new_full((count, width), torch.nan)
    vectors = hessian.new_zeros(count, min(top, width), width) if top else None
    finite = hessian.isfinite().flatten(1).all(dim=1)
    for mask in trained.unique(dim=0):
        where = mask.nonzero().flatten()
        alike = ((trained == mask).all(dim=1) & finite).nonzero().flatten()
        if not len(alike) or not len(where):
            continue
        for rows in _groups(alike, len(where)):
            part = hessian[rows][:, where][:, :, where]
            if vectors is None:
                found = torch.linalg.eigvalsh(part)
            else:
                found, directions = torch.linalg.eigh(part)
                kept = directions.flip(-1).mT[:, :top]
                vectors[rows[:, None, None], torch.arange(kept.shape[1])[:, None], where] = kept
            values[rows, : len(where)] = found.flip(-1)
            yield
    if vectors is not None:
        vectors[~finite] = torch.nan
    return values, vectors


def _largest(matrices: Tensor) -> Parts[Tensor]:
    """The largest eigenvalue of each symmetric matrix [k, p, p]; NaN for one that is not finite."""
    finite = matrices.isfinite().flatten(1).all(dim=1)
    largest = matrices.new_full((len(matrices),), torch.nan)
    for rows in _groups(finite.nonzero().flatten(), matrices.shape[1]):
        largest[rows] = torch.linalg.eigvalsh(matrices[rows])[:, -1]
        yield
    return largest


def _rounding(values: Tensor) -> Tensor:
    """How large [k, 1] an eigenvalue that is really zero may come out."""
    largest = values.abs().nan_to_num(0.0).amax(dim=1, keepdim=True)
    return values.shape[1] * torch.finfo(values.dtype).eps * largest


def _condition(values: Tensor) -> Tensor:
    magnitudes = values.abs()
    smallest = magnitudes.nan_to_num(torch.inf).amin(dim=1)
    largest = magnitudes.nan_to_num(-torch.inf).amax(dim=1)
    singular = smallest <= _rounding(values).squeeze(1)
    return (largest / smallest).masked_fill(singular, torch.inf).masked_fill(largest < 0, torch.nan)
