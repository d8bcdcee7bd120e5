"""The flow itself, in float64: Euler's steps, with the covariance that keeps the next one where it is stable.

The covariance is found as Cohen et al. (2025) do: along the directions at the bound, ``2P - H`` a step later
is linear in it, and must be complementary to it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from optiscope.engine.core.words import Said, say
from optiscope.engine.lens.central_flow.complementarity import complementary
from optiscope.engine.lens.central_flow.update_rule import UpdateRule
from optiscope.engine.lens.hessian import Hessians

SUBSTEPS = 4
"""Euler's steps of a unit of time: an eigenvalue at the bound decays by half of itself in each."""

MOST_CRITICAL = 8
"""Directions that may oscillate at once."""

_CRITICAL = 1.95  # an effective sharpness from which on a direction may begin to oscillate
BOUND = 2.0
"""Of λ_max(P⁻¹ H): above it steps grow."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """The flow at one time.

    Attributes:
        at: [parameters]
        squares: [parameters] V of RMSprop; None for gradient descent.
        loss: At the path itself.
        rise: What the oscillation adds to it on average, ``½ ⟨H, Σ⟩``.
        sharpness: λ_max(P⁻¹ H); it is unstable above 2.
        directions: [parameters, k] that may oscillate, each of length 1 by P.
        covariance: [k, k] of the oscillation in these.
        divisor: [parameters] P.
    """

    at: Tensor
    squares: Tensor | None
    loss: float
    rise: float
    sharpness: float
    directions: Tensor
    covariance: Tensor
    divisor: Tensor

    @property
    def variance(self) -> float:
        """The trace of Σ."""
        return torch.einsum("pa,ab,pb->", self.directions, self.covariance, self.directions).item()

    @property
    def oscillating(self) -> int:
        """The rank of Σ."""
        return int(torch.linalg.matrix_rank(self.covariance, hermitian=True)) if self.rise > 0 else 0

    def share_of(self, moves: Tensor) -> Tensor:
        """What of ``moves`` [n, parameters] lies along the directions that may oscillate."""
        return (moves * self.divisor) @ self.directions @ self.directions.mT


class StoppedError(Exception):
    """The flow cannot go on."""

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


class Flow:
    """A central flow from a point on.

    Args:
        hessians: Of the loss.
        rule: The steps that it is the average of.
        at: [parameters] where it begins.
        squares: [parameters] V there, of RMSprop.
    """

    def __init__(self, hessians: Hessians, rule: UpdateRule, at: Tensor, squares: Tensor | None) -> None:
        self._hessians = hessians
        self._rule = rule
        self._at, self._squares = at, squares

    def unit(self) -> Moment:
        """Go on for a unit of time, and say where it began.

        Raises:
            StoppedError: Where the path is no longer finite, or no covariance keeps it stable.
        """
        began = self._substep()
        for _ in range(SUBSTEPS - 1):
            self._substep()
        return began

    def _substep(self) -> Moment:
        rule, at, squares, span = self._rule, self._at, self._squares, 1 / SUBSTEPS
        second = self._hessians(at.unsqueeze(0))
        gradient = second.gradient[0] + rule.decay * at
        divisor = rule.divisor(squares)
        sharpness, directions, values = critical(second.hessian[0], rule, divisor)
        if not bool(gradient.isfinite().all()) or not sharpness < float("inf"):
            raise StoppedError(say("flow_diverged"))
        if len(values) > MOST_CRITICAL:
            raise StoppedError(say("flow_too_many", bound=MOST_CRITICAL, value=len(values)))
        move = -gradient / divisor
        drift = None if squares is None else rule.pace * (gradient.square() - squares)
        covariance = values.new_zeros(len(values), len(values))
        if len(values):
            turning = third_derivatives(self._hessians.at, at, directions)
            swung = -0.5 * turning / divisor
            noise = _noise(divisor.unsqueeze(1) * directions * values, rule, squares)
            bends = _Bends(turning, directions, None if squares is None else rule.slope(squares))
            constant = torch.diag(BOUND - values) + span * bends.change(move, drift)
            found = complementary(constant, span * bends.changes(swung, noise))
            if found is None:
                raise StoppedError(say("flow_unkept", value=sharpness / rule.largest_rate))
            covariance = found
            move = move + torch.einsum("abp,ab->p", swung, covariance)
            if drift is not None and noise is not None:
                drift = drift + torch.einsum("abp,ab->p", noise, covariance)
        rise = torch.einsum("pa,pq,qb,ab->", directions, second.hessian[0], directions, covariance) / 2
        moment = Moment(
            at, squares, second.loss.item(), rise.item(), sharpness, directions, covariance, divisor
        )
        self._at = at + span * move
        self._squares = None if squares is None or drift is None else squares + span * drift
        return moment


def critical(hessian: Tensor, rule: UpdateRule, divisor: Tensor) -> tuple[float, Tensor, Tensor]:
    """The largest eigenvalue of P⁻¹ H; the eigenvectors [parameters, k] and values [k] near the bound."""
    root = divisor.rsqrt()
    matrix = root.unsqueeze(1) * (hessian + torch.diag(rule.decay)) * root
    if not bool(matrix.isfinite().all()):
        return float("inf"), matrix[:, :0], matrix[0, :0]
    values, vectors = torch.linalg.eigh(matrix)
    near = values > _CRITICAL
    return values[-1].item(), root.unsqueeze(1) * vectors[:, near], values[near]


def third_derivatives(loss: Callable[[Tensor], Tensor], at: Tensor, directions: Tensor) -> Tensor:
    """``∇(uᵀ H v)`` [k, k, parameters] for all pairs of ``directions`` [parameters, k], by autograd."""
    count = directions.shape[1]
    rows, columns = torch.triu_indices(count, count)
    points = at.expand(len(rows), -1).clone().requires_grad_()
    (gradient,) = torch.autograd.grad(loss(points).sum(), points, create_graph=True)
    along = (gradient * directions.mT[rows]).sum()
    found = torch.zeros_like(points)
    if along.requires_grad:
        (curved,) = torch.autograd.grad(along, points, create_graph=True, materialize_grads=True)
        along = (curved * directions.mT[columns]).sum()
        if along.requires_grad:
            (found,) = torch.autograd.grad(along, points, materialize_grads=True)
    full = at.new_zeros(count, count, len(at))
    full[rows, columns] = full[columns, rows] = found
    return full


def _noise(swings: Tensor, rule: UpdateRule, squares: Tensor | None) -> Tensor | None:
    """How fast each pair of the directions, of gradients [parameters, k], feeds V: [k, k, parameters]."""
    if squares is None:
        return None
    return rule.pace * torch.einsum("pa,pb->abp", swings, swings)


@dataclass(frozen=True, slots=True, eq=False)
class _Bends:
    """How ``2P - H`` along the directions changes with the path and with V."""

    turning: Tensor
    directions: Tensor
    slope: Tensor | None

    def change(self, move: Tensor, drift: Tensor | None) -> Tensor:
        """[k, k] of one move of the path, and drift of V."""
        change = -self.turning @ move
        if drift is None or self.slope is None:
            return change
        return change + 2 * self.directions.mT @ ((self.slope * drift).unsqueeze(1) * self.directions)

    def changes(self, moves: Tensor, drifts: Tensor | None) -> Tensor:
        """[k, k, k, k] of moves and drifts [k, k, parameters] for the last two axes."""
        change = -torch.einsum("abp,cdp->abcd", self.turning, moves)
        if drifts is None or self.slope is None:
            return change
        return change + 2 * torch.einsum(
            "pa,pb,p,cdp->abcd", self.directions, self.directions, self.slope, drifts
        )
