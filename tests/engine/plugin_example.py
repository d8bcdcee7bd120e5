"""What another package would bring: an optimizer of its own, good and bad descriptions of it."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch.optim import Optimizer

from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.recipe.optimizers import OptimizerInfo


class SignDescent(Optimizer):
    """Steps of one size against the sign of the averaged gradient."""

    def __init__(self, params, lr=1e-2, momentum=0.9):
        if momentum == 0.5:
            raise KeyError("half a momentum")
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        """Average the gradients and step."""
        for group in self.param_groups:
            for param in group["params"]:
                if param.grad is None:
                    continue
                state = self.state[param]
                average = state.setdefault("average", torch.zeros_like(param))
                average.lerp_(param.grad, 1 - group["momentum"])
                param.sub_(average.sign(), alpha=group["lr"])


SIGN = OptimizerInfo(
    name="SignDescent",
    cls=SignDescent,
    summary="Steps of one size against the sign of the averaged gradient.",
    hyperparameters=(
        Hyperparameter("lr", "float", 1e-2, "Learning rate.", 0.0, 10.0, scale="log"),
        Hyperparameter("momentum", "float", 0.9, "Decay of the average.", 0.0, 1.0),
    ),
    state={"average": "Running average of the gradient."},
    formula=r"\theta_t \leftarrow \theta_{t-1} - \gamma\,\mathrm{sign}(m_t)",
    paper="Bernstein et al. (2018). signSGD: compressed optimisation for non-convex problems. ICML.",
    source=__name__,
)


def several() -> Iterator[OptimizerInfo]:
    """Two descriptions of one class."""
    yield SIGN
    yield replace(SIGN, name="Another")


def twice() -> list[OptimizerInfo]:
    """The same name two times."""
    return [SIGN, SIGN]


def broken() -> None:
    """Raise as a package with a mistake in it would."""
    raise ZeroDivisionError("a mistake")


OUT_OF_BOUNDS = replace(SIGN, hyperparameters=(Hyperparameter("lr", "float", 20.0, "Rate.", 0.0, 10.0),))
NO_LATEX = replace(SIGN, formula=r"\frac{")
NO_OPTIMIZER = replace(SIGN, cls=torch.nn.Linear)
NOT_THERE = replace(SIGN, source="torch.optim")
