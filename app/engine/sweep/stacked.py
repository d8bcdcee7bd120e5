"""What a kernel does, by torch's functions on all lanes at once: where numba is not, or not yet.

Arrays are [units, lanes] as in a kernel, and the updates, bends and losses are the same functions.
"""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from optiscope.engine.sweep import bends
from optiscope.engine.sweep.compiled import Kernel
from optiscope.engine.sweep.lanes import CLIP_NORM, CLIP_VALUE, NO_CLIP, Net
from optiscope.engine.sweep.notes import note
from optiscope.engine.sweep.plateaus import call_plateau
from optiscope.engine.sweep.rounding import rounding
from optiscope.engine.sweep.updates.table import UPDATES

_TINY = 1e-6

_PRODUCTS = 256
"""Weights of a layer from which on products of matrices are faster than sums over all lanes."""


def stacked(net: Net) -> Kernel:
    """The functions of a kernel for such networks, not compiled."""
    stack = _Stack(net)
    return Kernel(stack.train, stack.measure, 1)


class _Stack:
    """Networks of one shape, their parameters stacked behind each other."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._bend, self._loss = getattr(bends, net.bend), getattr(bends, net.loss)
        self._is_cutting = net.bend in bends.CUTTING
        self._update = UPDATES[net.update]
        self._rounding = rounding()

    @torch.no_grad()
    def measure(self, first: int, last: int, params: Any, x: Any, y: Any, found: Any) -> None:
        """See ``source.py``."""
        fed = torch.from_numpy(x)[:, :, None]
        z, _ = self._forward(torch.from_numpy(params)[:, first:last], fed)
        losses, rest, _ = self._loss(z, torch.from_numpy(y)[:, None])
        found[first:last] = (losses + torch.log1p(rest)).mean(0).numpy()

    def _layers(self, p: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Weights [units, inputs, lanes] and biases [units, lanes] of each layer, as views."""
        return [
            (p[weights:biases].view(units, inputs, -1), p[biases : biases + units])
            for inputs, units, weights, biases in self._net.layers()
        ]

    def _forward(self, p: Tensor, x: Tensor) -> tuple[Tensor, list[tuple[Tensor, Tensor | None]]]:
        """The output [samples, lanes], and what each layer is fed, with the slope of the bend before it."""
        layers = self._layers(p)
        fed: list[tuple[Tensor, Tensor | None]] = [(x, None)]
        for number, (weights, biases) in enumerate(layers):
            z = _through(weights, fed[-1][0], fuses=self._rounding.layers_fuse) + biases
            if number < len(layers) - 1:
                fed.append(self._bend(z))
        return z[:, 0], fed

    def _backward(self, p: Tensor, fed: list[tuple[Tensor, Tensor | None]], error: Tensor) -> Tensor:
        """The gradient [parameters, lanes], from that of the output [samples, lanes]."""
        parts: list[Tensor] = []
        error = error[:, None]
        for (weights, _), (given, slope) in zip(reversed(self._layers(p)), reversed(fed), strict=True):
            parts = [_products_of(error, given).flatten(0, 1), error.sum(0), *parts]
            if slope is not None:
                error = _through(weights.transpose(0, 1), error, fuses=self._rounding.errors_fuse)
                error = torch.where(slope == 0, 0, error) if self._is_cutting else error * slope
        return torch.cat(parts)

    @torch.no_grad()
    def train(self, first: int, last: int, begin: int, end: int, *given: Any) -> None:
        """See ``source.py``."""
        _Stretch(self, self._net, self._update, slice(first, last), given).take(begin, end)

    def gradient(
        self, p: Tensor, x: Tensor, y: Tensor, factor: float, sense: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The mean loss of a pass [lanes], and its gradient times a factor."""
        z, fed = self._forward(p, x[:, :, None])
        losses, rest, slopes = self._loss(z, y[:, None])
        return (losses + torch.log1p(rest)).mean(0), self._backward(
            p, fed, slopes * (factor / len(x)) * sense
        )


def _through(weights: Tensor, fed: Tensor, *, fuses: bool) -> Tensor:
    """What a layer makes of what it is fed [samples, inputs, lanes]: [samples, units, lanes].

    Args:
        weights: [units, inputs, lanes]
        fed: Lanes of size 1 are the same for all.
        fuses: Whether products are added without rounding them first.
    """
    if weights.shape[0] * weights.shape[1] < _PRODUCTS:
        total = weights[:, 0] * fed[:, None, 0]
        for k in range(1, weights.shape[1]):
            one, other = weights[:, k], fed[:, None, k]
            total = torch.addcmul(total, one, other) if fuses else total.add_(one * other)
        return total
    given = fed.permute(2, 0, 1).expand(weights.shape[2], -1, -1)
    return torch.bmm(given, weights.permute(2, 1, 0)).permute(1, 2, 0)


def _products_of(error: Tensor, given: Tensor) -> Tensor:
    """Sums over samples of all products of errors and what was given: [units, inputs, lanes].

    Args:
        error: [samples, units, lanes]
        given: [samples, inputs, lanes]; lanes of size 1 are the same for all.
    """
    units, inputs = error.shape[1], given.shape[1]
    if units * inputs < _PRODUCTS:
        return torch.stack([(error[:, u, None] * given).sum(0) for u in range(units)])
    fed = given.permute(2, 0, 1).expand(error.shape[2], -1, -1)
    return torch.bmm(error.permute(2, 1, 0), fed).permute(1, 2, 0)


class _Stretch:
    """Some steps of some lanes: tensors that share the memory of the arrays that a kernel is given."""

    def __init__(self, stack: _Stack, net: Net, update: Any, lanes: slice, given: Any) -> None:
        tensors = [torch.from_numpy(g) if isinstance(g, np.ndarray) else g for g in given]
        self.x, self.y, rows, counts, self.accumulate, self.scale, parts, ticks, moving = tensors[:9]
        self.plateau_every, self.clip = tensors[9:11]
        own = [t[..., lanes] for t in (*tensors[11:16], *tensors[17:24])]
        self.params, self.states, self.columns, self.powers, self.scalars, self.row = own[:6]
        self.bound, self.sense, self.plateau, self.plateau_state, self.target, self.notes = own[6:]
        self.table = tensors[16]
        self.rows, self.counts = rows.long(), counts.tolist()
        self.parts, self.ticks, self.moving = parts.tolist(), ticks, moving.long()
        self._stack, self._net, self._update = stack, net, update

    def take(self, begin: int, end: int) -> None:
        """Take the steps."""
        for step in range(begin, end):
            loss, g = self._passes(step - begin)
            self._clip(step, g)
            if len(self.moving):
                self.columns[self.moving] = self.table[step][self.row.long()].T
            finite = self._move(step, g)
            note(self.notes, self.target, step + 1, loss.double(), finite)
            if not self.notes[0].any():
                return
            if self.plateau_every and (step + 1) % self.plateau_every == 0:
                call_plateau(
                    loss.double(),
                    self.columns[:: len(self._update.columns)],
                    self.plateau,
                    self.plateau_state,
                )

    def _passes(self, step: int) -> tuple[Tensor, Tensor]:
        losses, gradients = [], []
        for a in range(self.accumulate):
            number = (step * self.accumulate + a) % len(self.counts)
            rows = self.rows[number, : self.counts[number]]
            found = self._stack.gradient(
                self.params, self.x[rows], self.y[rows], float(self.scale), self.sense
            )
            losses.append(found[0])
            gradients.append(found[1])
        return torch.stack(losses).mean(0), torch.stack(gradients).sum(0)

    def _clip(self, step: int, g: Tensor) -> None:
        if self.clip == NO_CLIP:
            return
        for (first, last, _), tick in zip(self.parts, self.ticks[step].tolist(), strict=True):
            if not tick:
                g[first:last] = 0
        if self.clip == CLIP_VALUE:
            g.copy_(torch.minimum(torch.maximum(g, -self.bound), self.bound))
            return
        norm = self._norm(step, g) if self.clip == CLIP_NORM else torch.linalg.vector_norm(g, math.inf, dim=0)
        g.mul_(torch.clamp(1 / (norm + _TINY) * self.bound, max=1.0))

    def _norm(self, step: int, g: Tensor) -> Tensor:
        """That of the norms of all tensors that are not frozen, as torch takes it."""
        ticks = self.ticks[step].tolist()
        moving = [part[:2] for part, tick in zip(self.parts, ticks, strict=True) if tick]
        norms = [torch.zeros_like(g[0])]
        for begin, end in self._net.tensors():
            if any(first <= begin < last for first, last in moving):
                norms.append(torch.linalg.vector_norm(g[begin:end].T.contiguous(), dim=1))
        total: Tensor = torch.linalg.vector_norm(torch.stack(norms[1:] or norms, dim=1), dim=1)
        return total

    def _move(self, step: int, g: Tensor) -> Tensor:
        """Move what is not frozen; whether all of a lane stays finite [lanes]."""
        update, count = self._update, len(self.parts)
        width, finite = len(update.columns), torch.ones(g.shape[1], dtype=torch.bool)
        for q, ((first, last, group), tick) in enumerate(
            zip(self.parts, self.ticks[step].tolist(), strict=True)
        ):
            if not tick:
                continue
            columns = self.columns[group * width : (group + 1) * width]
            for i, power in enumerate(update.powers):
                self.powers[i * count + q] = power.at(columns[power.column], float(tick))
            powers = [self.powers[i * count + q] for i in range(len(update.powers))]
            scalars = [self.scalars[i * count + q] for i in range(len(update.scalars))]
            made = update.prepare(float(tick), *columns, *powers, *scalars)
            for scalar, value in zip(scalars, made[update.coefficients :], strict=True):
                scalar.copy_(value)
            coefficients = [c.to(g.dtype) for c in made[: update.coefficients]]
            states = [self.states[i, first:last] for i in range(update.states)]
            moved = update.moved(self.params[first:last], g[first:last], states, coefficients)
            for kept, value in zip((self.params[first:last], *states), moved, strict=True):
                kept.copy_(value)
            finite &= torch.isfinite(self.params[first:last]).all(0)
        return finite
