"""All that is used of torch's private names, in one place, each beside the public way to the same bits.

For networks this small, ranges for a profiler, hooks for a compiler and checks of arguments take as long as
the numbers. What is computed is the same: torch's own engine and torch's own step. The loop goes through
``WAY``: the private way, save for names that this version of torch does not have, or the public one if the
environment says ``OPTISCOPE_PUBLIC_TORCH=1``.

How many times longer the public way takes, by ``python -m benchmarks.private_torch`` (median of 41 pairs,
torch 2.13): a recorded run of Adam 1.11 without ``backward``, 1.16 without ``step_of``, 1.27 without both;
one of SGD 1.03 without ``flat``; eight runs in lockstep 1.08 without ``backward``, 1.66 without
``repeated_step_of``, 2.85 without ``exponent`` (their passes are then not shared),
4.04 without all. What saved 2 % or less is not here.
"""

import functools
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Variable
from torch.optim import Optimizer

Step = Callable[[], Any]
"""``optimizer.step``, to be called without a closure and under ``torch.no_grad()``."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to do what torch offers a long and a short way to.

    Attributes:
        backward: ``loss.backward(one)`` of a scalar, or of several losses that share nothing, with ones in
            their shape and dtype: the gradient that the chain rule begins with.
        step_of: The step of an optimizer.
        repeated_step_of: The same for a loop in which nothing changes but the numbers in the tensors.
        exponent: That of a node of the graph which computes a power; None where it cannot be known.
        flat: One new flat tensor that holds copies of all values of some tensors of one dtype.
    """

    backward: Callable[[Tensor, Tensor], None]
    step_of: Callable[[Optimizer], Step]
    repeated_step_of: Callable[[Optimizer], Step]
    exponent: Callable[[Any], float | None]
    flat: Callable[[Sequence[Tensor]], Tensor]


def _public_backward(loss: Tensor, one: Tensor) -> None:
    loss.backward(one)


def _public_step_of(optimizer: Optimizer) -> Step:
    return torch.enable_grad()(optimizer.step)


def _public_exponent(_node: Any) -> None:
    return None


def _public_flat(tensors: Sequence[Tensor]) -> Tensor:
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


PUBLIC = Way(_public_backward, _public_step_of, _public_step_of, _public_exponent, _public_flat)


def _backward(loss: Tensor, one: Tensor) -> None:
    """What ``Tensor.backward`` calls."""
    _run_backward((loss,), (one,), False, False, (), allow_unreachable=True, accumulate_grad=True)


def _step_of(optimizer: Optimizer) -> Step:
    """The step without the profiler's range and the hooks.

    An optimizer of another package keeps its own, since nobody knows what wraps it.
    """
    if not type(optimizer).__module__.startswith("torch.optim."):
        return _public_step_of(optimizer)
    optimizer._opt_called = True  # type: ignore[attr-defined] # schedulers look for it
    return functools.partial(inspect.unwrap(type(optimizer).step), optimizer)


class RepeatedStep:
    """A step that is taken anew with the arguments of the one before.

    A step of torch gathers parameters, gradients, state and hyperparameters, and hands them to a function of
    its module, such as ``_single_tensor_adam``. From the third step on, that function is called with what it
    was handed in the second (in the first, a state may have been missing). So every parameter must keep its
    ``.grad`` tensor, and every param group its values.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self._step = _step_of(optimizer)
        self._module = sys.modules[inspect.unwrap(type(optimizer).step).__module__]
        self._name = next((name for name in vars(self._module) if name.startswith("_single_tensor_")), None)
        self._groups = len(optimizer.param_groups)
        self._has_state = False
        self._calls: list[Step] = []

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

    def _note(self, name: str) -> list[Step]:
        """Take a step of torch's and note the calls of the function ``name``."""
        function = getattr(self._module, name)
        calls: list[Step] = []

        def noted(*args: Any, **options: Any) -> Any:
            calls.append(functools.partial(function, *args, **options))
            return function(*args, **options)

        setattr(self._module, name, noted)
        try:
            self._step()
        finally:
            setattr(self._module, name, function)
        return calls


def _exponent(node: Any) -> float | None:
    exponent: float | None = getattr(node, "_saved_exponent", None)
    return exponent


def _flat(tensors: Sequence[Tensor]) -> Tensor:
    """The same without a view of each; of a single one torch gives no copy."""
    return _flatten(tensors) if len(tensors) > 1 else _public_flat(tensors)


_flatten: Any = getattr(torch._utils, "_flatten_dense_tensors", None)

_run_backward: Any = getattr(getattr(Variable, "_execution_engine", None), "run_backward", None)

PRIVATE = Way(
    _backward if _run_backward else PUBLIC.backward,
    _step_of,
    RepeatedStep,
    _exponent,
    _flat if _flatten else PUBLIC.flat,
)

WAY = PUBLIC if os.environ.get("OPTISCOPE_PUBLIC_TORCH") == "1" else PRIVATE
