"""The loss of one network at many parameter vectors at once: what a loss surface is made of.

A loop over ``model(x)`` spends its time in calls; here each call works on a chunk of parameter vectors that
fits the cache. Small networks are computed unit by unit with the vectors as the last, contiguous dimension;
wider ones layer by layer with ``baddbmm``. Both give the values of the module's own forward to rounding.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from optiscope.engine.core.parts import Parts
from optiscope.engine.recipe.models import TinyNet
from optiscope.engine.recipe.problems import Problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem

_UNITWISE_CONNECTIONS = 16  # of a layer: up to 4 x 4, elementwise beats the batched matrix product
_UNITWISE_BYTES = 2**18  # of one unit's values for a chunk
_LAYERWISE_BYTES = 2**20  # of the widest layer's values for a chunk
_LEAST_CHUNK = 16
_PART_OPERATIONS = 2e8  # multiplications: some hundredths of a second
_POINTS_BYTES = 2**23  # of parameter vectors in float64, for those who make them

_IN_PLACE: Mapping[Any, Callable[[Tensor], Tensor]] = {
    F.relu: torch.relu_,
    torch.tanh: torch.tanh_,
    torch.sigmoid: torch.sigmoid_,
}


class BatchedLoss:
    """The full-batch loss as a function of flat parameter vectors, laid out as ``model.parameters()``.

    Args:
        problem: What is minimised.
        model: The network, or the point of a test function; only its shape and activation are used.

    Attributes:
        dtype: Of the model, and of the losses.
        width: The length of a parameter vector.
        chunk: How many vectors are computed at once.
        portion: How many vectors are best made and handed over at once.
        part: How many are computed before others may have their turn; always whole chunks.
    """

    def __init__(self, problem: Problem, model: nn.Module) -> None:
        self._problem = problem
        self.dtype = next(model.parameters()).dtype
        self.width = sum(param.numel() for param in model.parameters())
        self.chunk = 2**16
        if isinstance(model, TinyNet) and isinstance(problem, DatasetProblem):
            self._shapes = [(layer.out_features, layer.in_features) for layer in model.layers]
            self._unitwise = max(rows * columns for rows, columns in self._shapes) <= _UNITWISE_CONNECTIONS
            self._activation = _IN_PLACE.get(model.activation, model.activation)
            self.chunk = self._cache_sized(problem.samples)
        self.portion = max(_POINTS_BYTES // (8 * self.width), self.chunk)
        operations = self.chunk * self.width * problem.samples
        self.part = self.chunk * max(1, int(_PART_OPERATIONS / operations))

    def in_parts(self, points: Tensor) -> Parts[Tensor]:
        """What a call gives for ``points``, in parts."""
        found = [points.new_empty(0, dtype=self.dtype)]
        for part in points.split(self.part):
            found.append(self(part))
            yield
        return torch.cat(found)

    def _cache_sized(self, samples: int) -> int:
        widest = 1 if self._unitwise else max(rows for rows, _ in self._shapes)
        memory = _UNITWISE_BYTES if self._unitwise else _LAYERWISE_BYTES
        return max(memory // (samples * widest * self.dtype.itemsize), _LEAST_CHUNK)

    @torch.no_grad()
    def __call__(self, points: Tensor) -> Tensor:
        """The loss at each of ``points`` [k, parameters]: [k], in the model's dtype."""
        points, problem = points.to(self.dtype), self._problem
        if not isinstance(problem, DatasetProblem):
            parts = [problem.at(part) for part in points.split(self.chunk)]
        elif self._unitwise:
            parts = self._unit_by_unit(points.T.contiguous(), problem)
        else:
            x, y = problem.x.T, problem.y.T
            parts = [
                problem.loss_of(self._layer_by_layer(part, x), y, dim=1) for part in points.split(self.chunk)
            ]
        return torch.cat(parts) if parts else points.new_empty(0)

    def _unit_by_unit(self, points: Tensor, problem: DatasetProblem) -> list[Tensor]:
        """The losses of the networks in the columns of ``points`` [parameters, k], chunk by chunk."""
        inputs = problem.x.unsqueeze(-1).unbind(1)
        widest = max(units for units, _ in self._shapes)
        room = points.new_empty(2, widest, problem.samples, min(self.chunk, points.shape[1]))
        parts = []
        for part in points.split(self.chunk, dim=1):
            predictions = self._units(part.unbind(0), inputs, room[..., : part.shape[1]])
            parts.append(problem.loss_of(predictions, problem.y, dim=0))
        return parts

    def _units(self, rows: Sequence[Tensor], values: Sequence[Tensor], room: Tensor) -> Tensor:
        """Predictions [samples, k] of a chunk of networks.

        Args:
            rows: [k] for each parameter.
            values: [samples, 1] for each input.
            room: [2, units, samples, k] to compute in: a layer reads from one half and writes into the other.
        """
        begin = 0
        for number, (units, inputs) in enumerate(self._shapes, start=1):
            biases = begin + units * inputs
            sums = room[number % 2].unbind(0)[:units]
            for j, total in enumerate(sums):
                _weighted_sum(
                    values, rows[begin + j * inputs : begin + (j + 1) * inputs], rows[biases + j], total
                )
            begin = biases + units
            values = sums if number == len(self._shapes) else tuple(map(self._activation, sums))
        return values[0]

    def _layer_by_layer(self, points: Tensor, x: Tensor) -> Tensor:
        """Predictions [k, samples] of the networks in the rows of ``points`` [k, parameters]."""
        count = len(points)
        values = x.expand(count, -1, -1)
        parts = iter(points.split([size for r, c in self._shapes for size in (r * c, r)], dim=1))
        for number, (units, inputs) in enumerate(self._shapes, start=1):
            weight, bias = next(parts).reshape(count, units, inputs), next(parts).unsqueeze(-1)
            values = torch.baddbmm(bias, weight, values)
            if number < len(self._shapes):
                values = self._activation(values)
        return values.squeeze(1)


def _weighted_sum(values: Sequence[Tensor], weights: Sequence[Tensor], bias: Tensor, total: Tensor) -> None:
    """``total = bias + Σ value * weight``, each value [samples, k or 1], each weight and the bias [k]."""
    torch.addcmul(bias, values[0], weights[0], out=total)
    for value, weight in zip(values[1:], weights[1:], strict=True):
        total.addcmul_(value, weight)
