"""Saturation: units so far out that their gradient vanishes."""

import torch
from torch import Tensor

from optiscope.engine.recipe.problems.functions import FunctionInfo, Stationary
from optiscope.engine.recipe.problems.suggestion import Suggestion

_HALF = 0.27465307216702745
"""Half of what tanh makes ½ of."""


def saturation(xy: Tensor) -> Tensor:
    """½ ((tanh(x + y) - ½)² + tanh(y - x)²)."""
    x, y = xy.unbind(-1)
    return ((torch.tanh(x + y) - 0.5) ** 2 + torch.tanh(y - x) ** 2) / 2


SATURATION = FunctionInfo(
    name="saturation",
    title="Saturation",
    description=(
        "One tanh unit, its weight x and bias y, fitted to two samples (inputs 1 and -1, targets 0.5 and "
        "0). It starts saturated: both answers are near 1, one of them within a thousandth. The formula "
        "is ours."
    ),
    failure=(
        "The gradient of a saturated unit is smaller by 1 - tanh², here 700 times, however wrong its "
        "answer is, and a step too long saturates it anew. This meets SGD, with momentum or not, from a "
        "start or at a rate that is too large; what divides by the size of the gradient gets out at a "
        "steady pace."
    ),
    function=saturation,
    formula=(
        r"f(x, y) = \frac{1}{2} \left( \left( \tanh(x + y) - \tfrac{1}{2} \right)^2 + \tanh^2(y - x) \right)"
    ),
    expression="((tanh(x + y) - 0.5)**2 + tanh(y - x)**2)/2",
    bounds=((-3.0, 3.0), (-3.0, 4.0)),
    start=(-1.0, 3.0),
    minima=(Stationary((_HALF, _HALF), 0.0),),
    citation=(
        "Glorot, X. and Bengio, Y. (2010). Understanding the difficulty of training deep feedforward neural "
        "networks. AISTATS, PMLR 9, 249-256."
    ),
    suggestion=Suggestion(sgd=1.0, momentum=0.1, adam=0.1, adamw=0.1, steps=300),
)
