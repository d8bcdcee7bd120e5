"""The optimizers of the package ``pytorch_optimizer``, as far as a plain loop can use them."""

from collections.abc import Iterator
from importlib import import_module

from optiscope.engine.recipe.adapters.pytorch_optimizer.choice import LEFT_OUT, OFFERED, Reason, told
from optiscope.engine.recipe.adapters.pytorch_optimizer.describe import PACKAGE, describe, unavailable
from optiscope.engine.recipe.optimizers import OptimizerInfo

__all__ = ["LEFT_OUT", "OFFERED", "Reason", "optimizers"]


def optimizers() -> Iterator[OptimizerInfo]:
    """What is offered, as far as the installed version of the package has it.

    Raises:
        ModuleNotFoundError: If the package is not installed; the message says how to.
    """
    try:
        package = import_module(PACKAGE)
    except ModuleNotFoundError as error:
        message = "pip install pytorch_optimizer, to choose its optimizers"
        raise ModuleNotFoundError(f"{PACKAGE} is not there: {message}") from error
    for name in OFFERED:
        if (cls := getattr(package, name, None)) is not None:
            yield describe(cls)
    for name, reason in LEFT_OUT.items():
        if (cls := getattr(package, name, None)) is not None:
            yield unavailable(cls, told(reason, name))
