"""Optimizers of a package that is not installed: listed, with what to install."""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec

from torch.optim import Optimizer

from optiscope.engine.core.words import Said, say
from optiscope.engine.recipe.optimizers.ideas import Idea
from optiscope.engine.recipe.optimizers.info import OptimizerInfo


def is_missing(package: str) -> bool:
    """Whether a package is not installed."""
    return find_spec(package) is None


def missing(package: str, names: Mapping[str, Idea]) -> Iterator[OptimizerInfo]:
    """The optimizers of a package by name, each unavailable until it is installed.

    Example:
        >>> (info,) = missing("no_such_package", {"Fast": "gradient"})
        >>> str(info.unavailable)
        'no_such_package is not installed: pip install no_such_package'
    """
    for name, idea in names.items():
        yield left_out(package, name, idea, say("package_missing", package=package))


def left_out(package: str, name: str, idea: Idea, why: Said) -> OptimizerInfo:
    """An optimizer that is listed alone."""
    return OptimizerInfo(
        name=name,
        cls=type(name, (Optimizer,), {}),
        summary=f"{name} of {package}.",
        hyperparameters=(),
        state={},
        formula="",
        paper=package,
        source=package,
        unavailable=why,
        idea=idea,
    )
