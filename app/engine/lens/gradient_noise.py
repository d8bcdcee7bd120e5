"""Gradient noise: how far the gradient of a minibatch is from that of all samples, at a record.

All gradients are torch's own, of the loss that the loop differentiates, in the dtype of the run: of all
samples, of every sample by itself, and of some minibatches of each size. With G the gradient of all n
samples, g_i that of one, and tr(Σ) = mean of ‖g_i - G‖², the root mean square distance from G of the gradient
of a minibatch of b samples, drawn without replacement as a run draws them, is known exactly::

    spread(b)² = tr(Σ) / b · (n - b) / (n - 1)

References:
    McCandlish, S., Kaplan, J., Amodei, D. et al. (2018). An empirical model of large-batch training.
    arXiv:1812.06162: the simple noise scale tr(Σ) / ‖G‖².
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import Parts, in_turn, whole
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.block import Block, record_at
from optiscope.engine.recipe.freezing import Freezing
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.optimizers import build_optimizers
from optiscope.engine.recipe.optimizers.places import LaterGroups
from optiscope.engine.recipe.problems import build_problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem

Array = NDArray[np.float64]

_MINIBATCHES = (4, 64)  # of a size: as many as the work allows, between these
_OPERATIONS = 4e9  # of all minibatches: multiplications
_PART = 64  # gradients, some milliseconds
_MIDDLE = (0.1, 0.9)


class NoNoise(Enum):
    """Why every step sees the same gradient; the value says it to a person."""

    FUNCTION = say("no_noise_function")
    ONE_SAMPLE = say("no_noise_one_sample")
    FROZEN = say("no_noise_frozen")

    value: Said


@dataclass(frozen=True, slots=True)
class GradientNoise:
    """What was measured at one record; k is the number of batch sizes.

    Attributes:
        step: The record.
        samples: Of the dataset.
        parameters: How many the step after the record trains.
        seen: Samples that a step of the run sees, no more than there are.
        gradient_norm: ‖G‖.
        trace: tr(Σ), over all samples.
        noise_scale: tr(Σ) / ‖G‖²; infinite where G is zero and the samples disagree.
        balance: The batch size at which spread and ‖G‖ are equal, by the formula above.
        sizes: [k] 1, 2, 4, … and all samples.
        spread: [k] exact, over all minibatches of each size.
        cosine: [k] mean cosine between the gradient of a minibatch and G; NaN where one of them is zero.
        cosine_range: [k, 2] between which the middle four fifths of them lie.
        minibatches: [k] how many the cosines are of: all of them for one sample and for all, else drawn.
        seed: Of the generator that drew them.
    """

    step: int
    samples: int
    parameters: int
    seen: int
    gradient_norm: float
    trace: float
    noise_scale: float
    balance: float
    sizes: tuple[int, ...]
    spread: Array
    cosine: Array
    cosine_range: Array
    minibatches: tuple[int, ...]
    seed: int


def gradient_noise(
    config: RunConfig, blocks: Sequence[Block], step: int | None = None, seed: int = 0
) -> GradientNoise | NoNoise:
    """The noise at a record of a run.

    Args:
        config: The run.
        blocks: What it recorded.
        step: The record; the nearest that there is, and the last unless given.
        seed: Of the minibatches that are drawn.

    Raises:
        ConfigError: If the run has no such step.
    """
    return whole(gradient_noise_in_parts(config, blocks, step, seed))


def gradient_noise_in_parts(
    config: RunConfig, blocks: Sequence[Block], step: int | None, seed: int
) -> Parts[GradientNoise | NoNoise]:
    """What :func:`gradient_noise` computes of the same arguments, in parts."""
    if step is not None and step > config.steps:
        raise ConfigError.at("/step", say("between", field="step", low=0, high=config.steps, value=step))
    dtype = torch.float32 if config.dtype == "float32" else torch.float64
    problem = build_problem(config.problem, dtype)
    if not isinstance(problem, DatasetProblem):
        return NoNoise.FUNCTION
    if problem.samples == 1:
        return NoNoise.ONE_SAMPLE
    first, last = blocks[0].first, blocks[-1].steps[-1]
    at = last if step is None else min(max(step, first), last)
    gradients = _Gradients(problem, config, blocks, at)
    if not gradients.trained:
        return NoNoise.FROZEN
    return (yield from _measured(gradients, config, at, seed))


class _Gradients:
    """The gradients of a network at a record, in the parameters that the step after it trains."""

    def __init__(
        self, problem: DatasetProblem, config: RunConfig, blocks: Sequence[Block], step: int
    ) -> None:
        self.problem = problem
        self._model = build_model(problem, config.model, problem.x.dtype)
        block, row = record_at(blocks, step)
        params = {name: torch.from_numpy(values[row].copy()) for name, values in block.params.items()}
        self._model.load_state_dict(params)
        self.trained = _trained(self._model, config, step)

    @property
    def width(self) -> int:
        """The number of trained parameters."""
        return sum(param.numel() for param in self.trained)

    def __call__(self, rows: Tensor | None = None) -> Tensor:
        """The gradient over some samples or all, flat and in float64, whatever it was computed in."""
        loss = self.problem.loss(self._model, rows)
        parts = torch.autograd.grad(loss, self.trained, materialize_grads=True)
        return torch.cat([part.reshape(-1) for part in parts]).double()


def _trained(model: nn.Module, config: RunConfig, step: int) -> list[nn.Parameter]:
    held = Freezing(model, config.freeze, config.steps).frozen(step)
    optimizers = build_optimizers(model, config.optimizer)
    LaterGroups(model, optimizers, config.optimizer).add_until(step)
    grouped = {id(p) for o in optimizers for group in o.param_groups for p in group["params"]}
    return [p for name, p in model.named_parameters() if name not in held and id(p) in grouped]


def _measured(gradients: _Gradients, config: RunConfig, step: int, seed: int) -> Parts[GradientNoise]:
    count = gradients.problem.samples
    full = gradients()
    trace, alone = yield from _single(gradients, full)
    sizes = _sizes(count)
    drawn = _drawn(gradients)
    generator = torch.Generator().manual_seed(seed)
    between = yield from in_turn(_cosines(gradients, full, size, drawn, generator) for size in sizes[1:-1])
    cosines = [alone, *between, _cosine(full, full).reshape(1)]
    norm = full.norm().item()
    return GradientNoise(
        step=step,
        samples=count,
        parameters=gradients.width,
        seen=min(count, (config.batch_size or count) * config.loop.accumulate),
        gradient_norm=norm,
        trace=trace,
        noise_scale=_ratio(trace, norm**2),
        balance=_ratio(trace * count, (count - 1) * norm**2 + trace),
        sizes=sizes,
        spread=np.array([math.sqrt(trace / size * (count - size) / (count - 1)) for size in sizes]),
        cosine=np.array([values.mean() for values in cosines]),
        cosine_range=np.array([np.quantile(values.numpy(), _MIDDLE) for values in cosines]),
        minibatches=tuple(map(len, cosines)),
        seed=seed,
    )


def _single(gradients: _Gradients, full: Tensor) -> Parts[tuple[float, Tensor]]:
    """tr(Σ), and the cosine of the gradient of each sample [n]."""
    distance = torch.zeros((), dtype=torch.float64)
    cosines = []
    for row in range(gradients.problem.samples):
        one = gradients(torch.tensor([row]))
        distance += (one - full).square().sum()
        cosines.append(_cosine(one, full))
        if row % _PART == _PART - 1:
            yield
    return distance.item() / len(cosines), torch.stack(cosines)


def _cosines(
    gradients: _Gradients, full: Tensor, size: int, count: int, generator: torch.Generator
) -> Parts[Tensor]:
    """The cosine of the gradient of each of some minibatches [count], drawn as a run draws its first."""
    found = []
    for _ in range(count):
        rows = torch.randperm(gradients.problem.samples, generator=generator)[:size]
        found.append(_cosine(gradients(rows), full))
    yield
    return torch.stack(found)


def _cosine(one: Tensor, other: Tensor) -> Tensor:
    """The cosine of an angle, NaN beside a vector of zeros."""
    return torch.cosine_similarity(one, other, dim=0, eps=0.0)


def _sizes(samples: int) -> tuple[int, ...]:
    """1, 2, 4, … and all of them.

    Example:
        >>> _sizes(6)
        (1, 2, 4, 6)
    """
    powers = (2**k for k in range(samples.bit_length()))
    return (*(size for size in powers if size < samples), samples)


def _drawn(gradients: _Gradients) -> int:
    """How many minibatches of a size are drawn: those of all sizes together have twice the samples."""
    least, most = _MINIBATCHES
    operations = 3 * 2 * gradients.problem.samples * gradients.width
    return int(min(most, max(least, _OPERATIONS / operations)))


def _ratio(value: float, by: float) -> float:
    """A quotient, also by zero."""
    if by:
        return value / by
    return math.inf if value else math.nan
