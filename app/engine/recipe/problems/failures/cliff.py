"""A cliff: one gradient is hundreds of times larger than all others."""

import torch
from torch import Tensor

from optiscope.engine.recipe.problems.functions import FunctionInfo, Stationary
from optiscope.engine.recipe.problems.suggestion import Suggestion


def cliff(xy: Tensor) -> Tensor:
    """4 (1 + tanh 20x) + ½ log(1 + (x + 1)²) + ½ y²."""
    x, y = xy.unbind(-1)
    return 4 * (1 + torch.tanh(20 * x)) + torch.log(1 + (x + 1) ** 2) / 2 + y**2 / 2


CLIFF = FunctionInfo(
    name="cliff",
    title="Cliff",
    description=(
        "A gentle slope that ends in a wall, as the loss of a recurrent network has: at its edge the "
        "gradient grows from 0.4 to 80 within a tenth. The minimum is close behind it. The formula is "
        "ours."
    ),
    failure=(
        "One step on the wall throws the parameters far beyond the minimum, where the slope is slight and "
        "the way back long. This meets SGD with momentum, which keeps the blow, and SGD without at larger "
        "rates; clipping the norm of the gradient is the cure. Adam's step stays bounded, but its average "
        "of squares remembers the wall for about 1 / (1 - beta2) steps, in which it hardly moves."
    ),
    function=cliff,
    formula=(
        r"f(x, y) = 4 \left( 1 + \tanh(20 x) \right) + \frac{1}{2} \log\left( 1 + (x + 1)^2 \right)"
        r" + \frac{y^2}{2}"
    ),
    expression="4*(1 + tanh(20*x)) + log(1 + (x + 1)**2)/2 + y**2/2",
    bounds=((-3.0, 1.5), (-1.5, 1.5)),
    start=(0.9, 1.0),
    minima=(Stationary((-1.0, 0.0), 0.0),),
    citation=(
        "Pascanu, R., Mikolov, T. and Bengio, Y. (2013). On the difficulty of training recurrent neural "
        "networks. ICML. arXiv:1211.5063"
    ),
    suggestion=Suggestion(sgd=0.1, momentum=0.03, adam=0.1, adamw=0.1, decay=0.1, steps=200),
)
