"""``loss.backward()`` and ``optimizer.step()`` without what only a profiler or a compiler needs of them.

For networks this small those ranges, hooks and checks take as long as the numbers. What is computed is the
same: torch's own engine and torch's own step, and the records stay bit-identical to a plain loop's.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Variable
from torch.optim import Optimizer

_run_backward = Variable._execution_engine.run_backward  # noqa: SLF001 - what Tensor.backward calls


def backward(loss: Tensor, one: Tensor) -> None:
    """``loss.backward()``.

    Args:
        loss: A scalar.
        one: 1 in the dtype of the loss: the gradient that the chain rule begins with.
    """
    _run_backward((loss,), (one,), False, False, (), allow_unreachable=True, accumulate_grad=True)


def step_of(optimizer: Optimizer) -> Callable[[], Any]:
    """``optimizer.step``, to be called without a closure and under ``torch.no_grad()``.

    An optimizer of another package keeps its own, since nobody knows what wraps it.
    """
    if not type(optimizer).__module__.startswith("torch.optim."):
        return torch.enable_grad()(optimizer.step)
    optimizer._opt_called = True  # type: ignore[attr-defined] # noqa: SLF001 - schedulers look for it
    return functools.partial(inspect.unwrap(type(optimizer).step), optimizer)
