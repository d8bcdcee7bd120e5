"""What torch refuses of the optimizers of a sweep: values that are right alone and wrong together."""

import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import product
from typing import Any, NamedTuple

from pydantic import ValidationError
from torch import nn, zeros

from optiscope.engine.core.config import OptimizerConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.words import Said
from optiscope.engine.loop.training import quiet
from optiscope.engine.recipe.optimizers import build_optimizers
from optiscope.engine.sweep.axes import Axis, Base

_BY_ITSELF = "refused_by"
"""The code of what torch, or another package, says itself."""

Choice = tuple[int, ...]
"""Where a member stands along the axes of the optimizer."""


class Refused(NamedTuple):
    """A choice of hyperparameters that is refused.

    Attributes:
        values: Along the axes of the optimizer, by path; without those that change nothing of it.
        said: Why.
    """

    values: dict[str, Any]
    said: Said


class Refusals:
    """The choices of hyperparameters that torch refuses where it makes an optimizer.

    A kernel makes none: without this, its cells would have numbers of runs that there cannot be.

    Args:
        bases: What members are variations of, by their optimizer.
        axes: All axes of the sweep.
    """

    def __init__(self, bases: Sequence[Base], axes: Sequence[Axis]) -> None:
        self._bases = bases
        self._places = [i for i, axis in enumerate(axes) if axis.tokens[0] == "optimizer"]
        self._axes = [axes[i] for i in self._places]

    @cached_property
    def examples(self) -> dict[int, Refused]:
        """One of each base of which some are refused: if the outermost are taken, so are those between."""
        found: dict[int, Refused] = {}
        for base, choice in product(range(len(self._bases)), self._outermost):
            if base not in found and (said := self._why(base, choice)) is not None:
                found[base] = Refused(self._told(base, choice), said)
        return found

    @cached_property
    def are_all(self) -> bool:
        """Whether no member is left."""
        choices = product(range(len(self._bases)), self._outermost)
        return all(self._why(base, choice) is not None for base, choice in choices)

    def why(self, base: int, along: Sequence[int]) -> Said | None:
        """Why the optimizer of a member is refused, None if it is not.

        Args:
            base: Which of the bases it is a variation of.
            along: Where it stands along each axis of the sweep.
        """
        if base not in self.examples:
            return None
        return self._why(base, tuple(along[i] for i in self._places))

    @property
    def _outermost(self) -> list[Choice]:
        return list(product(*(outermost(axis.values) for axis in self._axes)))

    def _told(self, base: int, choice: Choice) -> dict[str, Any]:
        """The values of a choice that it is refused for."""
        return {
            axis.path: axis.values[choice[place]]
            for place, axis in enumerate(self._axes)
            if any(
                self._why(base, (*choice[:place], other, *choice[place + 1 :])) is None
                for other in outermost(axis.values)
            )
        }

    def _why(self, base: int, choice: Choice) -> Said | None:
        values = [axis.values[i] for axis, i in zip(self._axes, choice, strict=True)]
        document = self._bases[base].varied(self._axes, values)["optimizer"]
        return _refusal(json.dumps({**document, "param_groups": None}))


def is_of_company(problem: FieldProblem) -> bool:
    """Whether a value may be refused for those beside it: torch itself refuses the hyperparameters."""
    return problem.said.code == _BY_ITSELF and problem.pointer.endswith("/hyperparameters")


def outermost(values: Sequence[Any]) -> Sequence[int]:
    """Of numbers where the least and the greatest are, of others all."""
    if not all(type(value) in {int, float} for value in values):
        return range(len(values))
    places = range(len(values))
    return sorted({min(places, key=values.__getitem__), max(places, key=values.__getitem__)})


class _Any(nn.Module):
    """A matrix and a bias, of which nothing is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(zeros(1, 1)), nn.Parameter(zeros(1))


@lru_cache(maxsize=4096)
def _refusal(optimizer: str) -> Said | None:
    """Why torch refuses an optimizer, as JSON, whatever it is given; None if it does not."""
    try:
        config = OptimizerConfig.model_validate_json(optimizer)
        with quiet():
            build_optimizers(_Any(), config)
    except ValidationError:
        return None  # is told of the value
    except ConfigError as error:
        return next((problem.said for problem in error.problems if is_of_company(problem)), None)
    return None
