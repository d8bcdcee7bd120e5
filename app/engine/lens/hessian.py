"""Exact Hessians of the full-batch loss at many parameter vectors at once, in float64.

Of a fully connected network with one output, the Hessian has a closed form, which needs no graph and works on
all vectors together. With z_l = W_l a_{l-1} + b_l, a_l = φ(z_l), δ_l = ∂L/∂z_l, J_l = ∂z_l/∂θ
and the loss c of one sample::

    H = Σ_samples  c'' J_Lᵀ J_L  +  Σ_l J_lᵀ diag(W_{l+1}ᵀ δ_{l+1} φ''(z_l)) J_l  +  R + Rᵀ

where the rows of R that belong to W_l[i, a] are δ_l[i] ∂a_{l-1}[a]/∂θ. The first term is the Gauss-Newton
matrix; the others are what it leaves out. φ', φ'', c' and c'' are autograd's own.

References:
    Bishop, C. (1992). Exact calculation of the Hessian matrix for the multilayer perceptron. Neural
    Computation 4(4), 494-501. doi:10.1162/neco.1992.4.4.494
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from optiscope.engine.core.parts import Parts, whole
from optiscope.engine.recipe.models import TinyNet
from optiscope.engine.recipe.problems import Problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem

_VALUES = 2**19  # of the largest Jacobian of a chunk, so that it stays in the cache
_SAMPLES_VALUES = 2**21  # of the largest Jacobian of one vector


@dataclass(frozen=True, slots=True)
class SecondOrder:
    """What is known of the loss at k parameter vectors.

    Attributes:
        loss: [k]
        gradient: [k, parameters]
        hessian: [k, parameters, parameters]
    """

    loss: Tensor
    gradient: Tensor
    hessian: Tensor


class Hessians:
    """The full-batch loss and its derivatives at flat parameter vectors, laid out as ``model.parameters()``.

    Args:
        problem: What is minimised; its data are taken as they are and computed with in float64.
        model: The network, or what else the problem moves; only its shape and activation are used.
    """

    def __init__(self, problem: Problem, model: nn.Module) -> None:
        self._problem = problem
        self.width = sum(param.numel() for param in model.parameters())
        if not isinstance(problem, DatasetProblem):
            return
        assert isinstance(model, TinyNet)  # noqa: S101 - a dataset is always learned by one
        self._shapes = [(layer.out_features, layer.in_features) for layer in model.layers]
        self._activation = model.activation
        self._x, self._y = problem.x.double(), problem.y.double()

    @property
    def operations(self) -> int:
        """About how many multiplications the Hessian of one vector takes, with its eigenvalues."""
        has_data = isinstance(self._problem, DatasetProblem)
        units = sum(rows for rows, _ in self._shapes) if has_data else 1
        return units * self._problem.samples * self.width**2 + 10 * self.width**3

    @torch.no_grad()
    def loss(self, points: Tensor) -> Tensor:
        """The loss at each of ``points`` [k, parameters]: [k]."""
        if not isinstance(self._problem, DatasetProblem):
            return self._problem.at(points)
        chunks = points.split(self._vectors(self._problem.samples))
        return torch.cat([self._loss(chunk) for chunk in chunks])

    def at(self, points: Tensor) -> Tensor:
        """The same of a few ``points``, for autograd."""
        return self._loss(points) if isinstance(self._problem, DatasetProblem) else self._problem.at(points)

    def __call__(self, points: Tensor) -> SecondOrder:
        """Loss, gradient and Hessian at each of ``points`` [k, parameters], in float64."""
        return whole(self.in_parts(points))

    def in_parts(self, points: Tensor) -> Parts[SecondOrder]:
        """The same in parts."""
        if not isinstance(self._problem, DatasetProblem):
            return _by_autograd(self._problem.at, points)
        return (yield from self._of_network(points))

    def _of_network(self, points: Tensor) -> Parts[SecondOrder]:
        per_sample = max(rows for rows, _ in self._shapes) * self.width
        samples = max(1, _SAMPLES_VALUES // per_sample)
        found = []
        for chunk in points.split(self._vectors(min(samples, self._problem.samples))):
            parts = []
            for x, y in zip(self._x.split(samples), self._y.split(samples), strict=True):
                parts.append(self._part(chunk, x, y))
                yield
            loss, gradient, hessian = (torch.stack(terms).sum(0) for terms in zip(*parts, strict=True))
            found.append((loss, gradient, hessian))
        columns = zip(*found, strict=True)
        loss, gradient, hessian = (torch.cat(column) / self._problem.samples for column in columns)
        return SecondOrder(loss, gradient, hessian)

    def _vectors(self, samples: int) -> int:
        return max(1, _VALUES // (samples * max(rows for rows, _ in self._shapes) * self.width))

    def _layers(self, points: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Weight [k, units, inputs] and bias [k, units, 1] of each layer of the networks in ``points``."""
        parts = iter(points.split([size for r, c in self._shapes for size in (r * c, r)], dim=1))
        return [(next(parts).view(-1, *shape), next(parts).unsqueeze(-1)) for shape in self._shapes]

    def _loss(self, points: Tensor) -> Tensor:
        values = self._x.T.expand(len(points), -1, -1)
        *hidden, (weight, bias) = self._layers(points)
        for inner, offset in hidden:
            values = self._activation(torch.baddbmm(offset, inner, values))
        return self._losses(torch.baddbmm(bias, weight, values), self._y).mean((1, 2))

    def _losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """The loss of every output [k, 1, n] for targets [n, 1], not reduced."""
        assert isinstance(self._problem, DatasetProblem)  # noqa: S101 - others have no samples
        function = self._problem.info.loss.function
        return function(outputs, y.T.expand_as(outputs), reduction="none")

    @torch.no_grad()
    def _part(self, points: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Sums over some samples: loss [k], gradient [k, parameters], Hessian [k, parameters, parameters]."""
        layers = self._layers(points)
        forward = self._forward(layers, x)
        losses, slope, bend = _derivatives(lambda z: self._losses(z, y), forward[-1].z)
        last = forward[-1].jacobian
        gradient = torch.bmm(slope, last.flatten(1, 2)).squeeze(1)
        hessian = points.new_zeros(len(points), self.width, self.width)
        for number in reversed(range(len(layers))):
            layer = forward[number]
            _add_bend(hessian, layer.jacobian, bend)
            if number == 0:
                break
            before = forward[number - 1]
            _add_weight_terms(hessian, before.jacobian * before.slope.unsqueeze(-1), slope)
            upstream = torch.bmm(layers[number][0].mT, slope)
            slope, bend = upstream * before.slope, upstream * before.bend
        return losses.sum((1, 2)), gradient, hessian

    def _forward(self, layers: list[tuple[Tensor, Tensor]], x: Tensor) -> list["_Layer"]:
        count, samples = len(layers[0][0]), len(x)
        values = x.T.expand(count, -1, -1)
        tangents = x.new_empty(count, len(x.T), samples, 0)
        found: list[_Layer] = []
        for number, (weight, bias) in enumerate(layers, start=1):
            z = torch.baddbmm(bias, weight, values)
            through = torch.bmm(weight, tangents.flatten(2)).view(count, len(weight[0]), samples, -1)
            jacobian = torch.cat([through, _own_jacobian(values, len(weight[0]))], dim=-1)
            slope, bend = z, z
            if number < len(layers):
                values, slope, bend = _derivatives(self._activation, z)
                tangents = slope.unsqueeze(-1) * jacobian
            found.append(_Layer(z, jacobian, slope, bend))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """One layer of k networks over n samples.

    Attributes:
        z: [k, units, n] pre-activations.
        jacobian: [k, units, n, p] their derivatives by the parameters up to this layer.
        slope, bend: [k, units, n] first and second derivative of the activation; unused for the last layer.
    """

    z: Tensor
    jacobian: Tensor
    slope: Tensor
    bend: Tensor


def _derivatives(function: Callable[[Tensor], Tensor], at: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """An elementwise function, its first and its second derivative at every entry of ``at``."""
    with torch.enable_grad():
        at = at.detach().requires_grad_()
        value = function(at)
        (first,) = torch.autograd.grad(value.sum(), at, create_graph=True)
        second = torch.zeros_like(at)
        if first.requires_grad:
            (second,) = torch.autograd.grad(first.sum(), at, materialize_grads=True)
    return value.detach(), first.detach(), second


def _own_jacobian(values: Tensor, units: int) -> Tensor:
    """``∂(W a + b)/∂(W, b)`` for inputs a [k, inputs, n]: [k, units, n, units * inputs + units]."""
    count, inputs, samples = values.shape
    own = values.new_zeros(count, units, samples, units * inputs + units)
    for unit in range(units):
        own[:, unit, :, unit * inputs : (unit + 1) * inputs] = values.mT
        own[:, unit, :, units * inputs + unit] = 1.0
    return own


def _add_bend(hessian: Tensor, jacobian: Tensor, bend: Tensor) -> None:
    """Add ``Jᵀ diag(bend) J`` over units and samples, for J [k, units, n, p] and bend [k, units, n]."""
    if not bend.any():  # piecewise linear
        return
    width = jacobian.shape[-1]
    flat = jacobian.flatten(1, 2)
    hessian[:, :width, :width] += torch.bmm(flat.mT, flat * bend.flatten(1).unsqueeze(-1))


def _add_weight_terms(hessian: Tensor, tangents: Tensor, slope: Tensor) -> None:
    """Add R + Rᵀ of one layer.

    Args:
        hessian: [k, parameters, parameters]
        tangents: ``∂a/∂θ`` of its inputs, [k, inputs, n, p] for the p parameters before the layer.
        slope: ``∂L/∂z`` of its units, [k, units, n].
    """
    inputs, before = tangents.shape[1], tangents.shape[-1]
    units = slope.shape[1]
    for number in range(inputs):
        block = torch.bmm(slope, tangents[:, number])
        rows = slice(before + number, before + units * inputs, inputs)
        hessian[:, rows, :before] += block
        hessian[:, :before, rows] += block.mT


def _by_autograd(function: Callable[[Tensor], Tensor], points: Tensor) -> SecondOrder:
    """For a function of points [k, parameters]: each value is of its own point alone, so sums separate."""
    points = points.detach().requires_grad_()
    loss = function(points)
    (gradient,) = torch.autograd.grad(loss.sum(), points, create_graph=True)
    rows = [torch.zeros_like(points) for _ in range(points.shape[1])]
    if gradient.requires_grad:
        rows = [
            torch.autograd.grad(column.sum(), points, retain_graph=True, materialize_grads=True)[0]
            for column in gradient.unbind(1)
        ]
    return SecondOrder(loss.detach(), gradient.detach(), torch.stack(rows, dim=1))
