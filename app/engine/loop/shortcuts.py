"""``loss.backward()`` and ``optimizer.step()`` without what only a profiler or a compiler needs of them.

For networks this small those ranges, hooks and checks take as long as the numbers. What is computed is the
same: torch's own engine and torch's own step, and the records stay bit-identical to a plain loop's.
"""

import functools
import inspect
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Variable
from torch.optim import Optimizer

_run_backward = Variable._execution_engine.run_backward  # noqa: SLF001 - what Tensor.backward calls


def backward(loss: Tensor, one: Tensor) -> None:
    """``loss.backward(one)``.

    Args:
        loss: A scalar, or several losses that share nothing.
        one: Ones in the shape and dtype of the loss: the gradient that the chain rule begins with.
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


class RepeatedStep:
    """``step_of(optimizer)`` for a loop in which nothing changes but the numbers in the tensors.

    A step of torch gathers parameters, gradients, state and hyperparameters, and hands them to a function of
    its module, such as ``_single_tensor_adam``. From the third step on, that function is called with what it
    was handed in the second (in the first, a state may have been missing). So every parameter must keep its
    ``.grad`` tensor, and every param group its values.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self._step = step_of(optimizer)
        self._module = sys.modules[inspect.unwrap(type(optimizer).step).__module__]
        self._name = next((name for name in vars(self._module) if name.startswith("_single_tensor_")), None)
        self._groups = len(optimizer.param_groups)
        self._has_state = False
        self._calls: list[Callable[[], Any]] = []

    def __call__(self) -> None:
        """Take a step."""
        for call in self._calls:
            call()
        if not self._calls:
            self._take_first_steps()

    def _take_first_steps(self) -> None:
        if self._name is None or not self._has_state:
            self._step()
            self._has_state = True
            return
        calls = self._note(self._name)
        if len(calls) == self._groups:  # else torch took another way, such as foreach
            self._calls = calls
        else:
            self._name = None

    def _note(self, name: str) -> list[Callable[[], Any]]:
        """Take a step of torch's and note the calls of the function ``name``."""
        function = getattr(self._module, name)
        calls: list[Callable[[], Any]] = []

        def noted(*args: Any, **options: Any) -> Any:
            calls.append(functools.partial(function, *args, **options))
            return function(*args, **options)

        setattr(self._module, name, noted)
        try:
            self._step()
        finally:
            setattr(self._module, name, function)
        return calls
