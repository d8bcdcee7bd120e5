"""What an update of a sweep is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch.optim import Optimizer

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
class Update:
    """How an optimizer moves one number, with those of all members moved at once.

    ``prepare(t, *columns, *powers, *scalars)`` gives the coefficients of a step and then the scalars as they
    are after it; ``t`` counts the steps that a parameter has taken. ``move(p, g, *states, *coefficients)``
    gives the parameter and then its states as they are after the step.

    Attributes:
        oracle: The class of torch whose step it is.
        columns: The numbers of the param group, in the order of ``prepare``.
        powers: The columns of which ``prepare`` is given the t-th power.
        scalars: What is kept for each member and parameter tensor, as it is at first.
        states: How many numbers are kept for each parameter.
        coefficients: How many numbers ``prepare`` makes for ``move``.
        prepare: In float64, once a step.
        move: In the dtype of the run, for every parameter.
        first_state: The hyperparameter that the first state begins with; None where all begin at 0.
    """

    oracle: type[Optimizer]
    columns: Sequence[Column]
    powers: Sequence[int]
    scalars: Sequence[float]
    states: int
    coefficients: int
    prepare: Function
    move: Function
    first_state: str | None = None
