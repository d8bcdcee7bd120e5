"""What can be told of a step of LBFGS: the last inner iteration made, over all parameters as one vector."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from optiscope.engine.core.tree import cloned
from optiscope.engine.loop.block import Array

Values = Mapping[str, Any]


def flat(params: Sequence[Tensor]) -> Tensor:
    """All parameters as one new vector."""
    return torch.cat([param.detach().reshape(-1) for param in params])


def last_iteration(visited: Sequence[Tensor], state: Values, end: Tensor) -> tuple[Values, Values] | None:
    """What the last inner iteration found, and what torch keeps of it; None if the step ended without one.

    It began at the last point where the loss was evaluated from which its direction leads to the end.

    Args:
        visited: The points where the loss was evaluated.
        state: What the optimizer keeps after the step.
        end: Where the step led.
    """
    if state.get("d") is None:
        return None
    for point in reversed(visited):
        if torch.equal(point.add(state["d"], alpha=state["t"]), end):
            kept = {**cloned(dict(state)), "param": end}
            return {**kept, "param": point, "grad": state["prev_flat_grad"].clone()}, kept
    return None


def part_of(first: int, like: Array, width: int) -> Callable[[Any], Any]:
    """A function that takes the part of one parameter out of vectors, and leaves everything else.

    Args:
        first: Where in the vectors it begins.
        like: The parameter.
        width: Of the vectors.
    """

    def part(value: Any) -> Any:
        if getattr(value, "shape", None) != (width,):
            return value
        return value[first : first + like.size].reshape(like.shape)

    return part


def points_of(iteration: int, *, is_last: bool) -> dict[str, str]:
    """The symbols of where an inner iteration begins and where it leads."""
    begin = r"\theta_{t-1}" if iteration == 1 else rf"\theta^{{({iteration - 1})}}"
    return {"param": begin, "end": r"\theta_t" if is_last else rf"\theta^{{({iteration})}}"}
