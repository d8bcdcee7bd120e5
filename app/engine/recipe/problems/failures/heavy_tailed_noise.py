"""Gradients whose noise has heavy tails: its mean is 0, its variance infinite."""

import torch
from torch import Generator, Tensor

from optiscope.engine.recipe.problems.functions import FunctionInfo, Stationary
from optiscope.engine.recipe.problems.suggestion import Suggestion


def noisy_bowl(xy: Tensor) -> Tensor:
    """½ (x² + 10y²)."""
    x, y = xy.unbind(-1)
    return (x**2 + 10 * y**2) / 2


def heavy_tailed(generator: Generator) -> Tensor:
    """A symmetric Pareto variable for each coordinate, its tail index 1.5."""
    size = (1 - torch.rand(2, generator=generator, dtype=torch.float64)) ** (-2 / 3) - 1
    sign = 2 * torch.randint(2, (2,), generator=generator) - 1
    return sign * size


HEAVY_TAILED_NOISE = FunctionInfo(
    name="heavy-tailed-noise",
    title="Heavy-tailed noise",
    description=(
        "A mild bowl whose gradient has noise in every step, a symmetric Pareto variable of tail index "
        "1.5: its mean is 0, its variance infinite. The loss of a step is that of its pass, noise times "
        "the point included; surface and end are those of the bowl."
    ),
    failure=(
        "Once in a while one gradient is a hundred times larger than usual, and a step in proportion to "
        "it throws away what was gained. This meets SGD and its momentum: usually they do well, and now "
        "and then they lose everything. Clipping, looking at signs (Rprop) and Adam's average of "
        "gradients bound the step; dividing by an average of squares alone (RMSprop, Adagrad) does not "
        "help. Gradients of language models are like that."
    ),
    function=noisy_bowl,
    formula=(
        r"f(x, y) = \frac{1}{2} \left( x^2 + 10 \, y^2 \right), \quad"
        r" L_k = f(x, y) + \sigma \left( \xi_k x + \eta_k y \right)"
    ),
    expression="(x**2 + 10*y**2)/2",
    bounds=((-3.0, 3.0), (-1.5, 1.5)),
    start=(-2.5, 1.0),
    minima=(Stationary((0.0, 0.0), 0.0),),
    citation=(
        "Zhang, J., Karimireddy, S. P., Veit, A. et al. (2020). Why are adaptive methods good for attention "
        "models? NeurIPS. arXiv:1912.03194"
    ),
    suggestion=Suggestion(sgd=0.01, momentum=0.001, adam=0.05, adamw=0.05, decay=0.1, steps=300),
    draw=heavy_tailed,
    noise=0.3,
)
