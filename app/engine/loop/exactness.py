"""Functions whose numbers are the same, however many points are computed at once.

What IEEE 754 rounds in one way only, such as a product, is the same in a vector register as alone, while
``cos`` of eight numbers at once may differ from ``cos`` of one in the last place.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from optiscope.engine.loop import private_torch

_EXACT = frozenset(
    {
        "AbsBackward0",
        "AddBackward0",
        "ClampBackward1",
        "DivBackward0",
        "MaximumBackward0",
        "MinimumBackward0",
        "MulBackward0",
        "NegBackward0",
        "RsubBackward1",
        "SubBackward0",
        "UnbindBackward0",
        "torch::autograd::AccumulateGrad",
    }
)
"""Nodes of the graph that compute sums, products, quotients, choices and signs, forward and backward."""

_EXACT_POWERS = frozenset({1, 2, 3})
"""Exponents for which torch multiplies, as it does for those of their derivatives."""


def is_exact(function: Callable[[Tensor], Tensor]) -> bool:
    """Whether values and gradients of a function have the same bits, however many are computed at once.

    Args:
        function: Points [..., 2] to values [...], by the same operations at every point.

    Example:
        >>> is_exact(lambda xy: 2 * xy.unbind(-1)[0]), is_exact(lambda xy: torch.cos(xy).sum(-1))
        (True, False)
    """
    value = function(torch.full((1, 2), 0.5, requires_grad=True))
    return all(map(_computes_exactly, _graph(value.grad_fn)))


def _graph(last: Any) -> Iterator[Any]:
    """The nodes of an autograd graph, each once."""
    seen, waiting = {last}, [last]
    while waiting:
        node = waiting.pop()
        yield node
        before = {node for node, _ in node.next_functions if node is not None} - seen
        seen |= before
        waiting += before


def _computes_exactly(node: Any) -> bool:
    if node.name() == "PowBackward0":
        return private_torch.WAY.exponent(node) in _EXACT_POWERS
    return node.name() in _EXACT
