"""What an optimizer keeps beside its ``state``, as a state of its own for who records it."""

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

State = Mapping[Tensor, Mapping[str, Any]]


class Kept:
    """Something with a ``state``, as an optimizer has one.

    Args:
        read: Gives what is kept now, by parameter.
    """

    def __init__(self, read: Callable[[], State]) -> None:
        self._read = read

    @property
    def state(self) -> State:
        """What is kept now."""
        return self._read()


def params_of(optimizer: Any) -> list[Tensor]:
    """The parameters of an optimizer, in the order in which ``state_dict()`` numbers them."""
    return [param for group in optimizer.param_groups for param in group["params"]]


def numbers_of(optimizer: Any) -> dict[Tensor, int]:
    """The number that each parameter has in ``state_dict()``."""
    return {param: number for number, param in enumerate(params_of(optimizer))}
