"""What an update of a sweep is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from optiscope.engine.sweep.arithmetic import power

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A number of a param group that an update needs.

    Attributes:
        key: Where it stands in the group: ``lr``, or ``betas/0`` for an entry of a tuple.
        of: What is made of it before the update sees it, if anything.
    """

    key: str
    of: Callable[[float], float] | None = None


@dataclass(frozen=True, slots=True)
class Power:
    """A power that an update needs at its t-th step.

    Attributes:
        column: The column whose t-th power it is, or with a base the one that is a factor of the exponent.
        base: With one it is ``base ** ((t + ahead) * column)``.
        ahead: How many steps it is ahead.
    """

    column: int
    base: float | None = None
    ahead: int = 0

    def at(self, column: Any, t: float) -> Any:
        """Its value, of the values of the column."""
        return power(column, t) if self.base is None else power(self.base, (t + self.ahead) * column)


@dataclass(frozen=True, slots=True)
class Update:
    """How an optimizer moves one number, with those of all members moved at once.

    ``prepare(t, *columns, *powers, *scalars)`` gives the coefficients of a step and then the scalars as they
    are after it; ``t`` counts the steps that a parameter has taken. ``move(p, g, *states, *coefficients)``
    gives the parameter and then its states as they are after the step.

    Attributes:
        oracle: The class of torch whose step it is.
        columns: The numbers of the param group, in the order of ``prepare``.
        powers: What ``prepare`` is given behind the columns.
        scalars: What is kept for each member and parameter tensor, as it is at first.
        states: How many numbers are kept for each parameter.
        coefficients: How many numbers ``prepare`` makes for ``move``.
        prepare: In float64, once a step.
        move: In the dtype of the run, for every parameter.
        gather: The same, before it; None where no roots are taken.
        roots: How many roots are taken.
        first_state: The hyperparameter that the first state begins with; None where all begin at 0.
    """

    oracle: type[Optimizer]
    columns: Sequence[Column]
    powers: Sequence[Power]
    scalars: Sequence[float]
    states: int
    coefficients: int
    prepare: Function
    move: Function
    gather: Function | None = None
    roots: int = 0
    first_state: str | None = None

    def moved(
        self, p: Tensor, g: Tensor, states: Sequence[Tensor], coefficients: Sequence[Tensor]
    ) -> Sequence[Tensor]:
        """The parameters and their states after a step, of all members at once."""
        if self.gather is None:
            return tuple(self.move(p, g, *states, *coefficients))
        g, *gathered = self.gather(p, g, *states, *coefficients)
        kept, roots = gathered[: self.states], map(torch.sqrt, gathered[self.states :])
        return tuple(self.move(p, g, *roots, *kept, *coefficients))
