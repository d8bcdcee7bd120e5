"""Singular values of a matrix in one step: of gradient, state, update and itself, and of what Muon makes.

References:
    Jordan, K. et al. (2024). Muon: an optimizer for hidden layers in neural networks.
    https://kellerjordan.github.io/posts/muon/
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import Optimizer
from torch.overrides import TorchFunctionMode

Array = NDArray[Any]
Of = Literal["grad", "state", "iterate", "update", "param"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One matrix on the way from the gradient to the moved parameter.

    Attributes:
        of: Which.
        key: Of the state, as torch calls it; empty for what is none.
        iteration: Of the Newton-Schulz iteration; 0 is what it begins with, None what is no iterate.
        values: [least of rows and columns], from the largest, in float64.
    """

    of: Of
    key: str
    iteration: int | None
    values: Array


@dataclass(frozen=True, slots=True)
class Spectrum:
    """The singular values of one parameter's step.

    Attributes:
        name: Of the parameter.
        stages: From the gradient to the update, and the parameter after it.
        cosines: Between the update and the first step that a fresh torch.optim.SGD or Adam makes of the
            gradient.
    """

    name: str
    stages: tuple[Stage, ...]
    cosines: Mapping[str, float]


class Iterates(TorchFunctionMode):
    """Listens to ``torch.optim.Muon.step()``: the iterates of each matrix, as torch makes them.

    Attributes:
        found: A list for each matrix in the order of the param groups, from the normalised matrix on.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[Tensor]] = []
        self._products = 0

    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Call it, and keep what it gives where that is an iterate."""
        made = func(*args, **(kwargs or {}))
        if func is Tensor.bfloat16:
            self.found.append([])
        elif self.found and func is Tensor.div_:
            self.found[-1].append(made.clone())
            self._products = 0
        elif self.found and func is torch.addmm:
            self._products += 1
            if self._products % 2 == 0:  # the first of each pair is of the Gram matrix
                self.found[-1].append(made.clone())
        return made


def iterates_of(optimizers: Sequence[Optimizer], heard: Iterates) -> Iterator[tuple[Tensor, list[Tensor]]]:
    """The parameters that Muon moved, each with its iterates."""
    moved = (
        param
        for optimizer in optimizers
        if isinstance(optimizer, torch.optim.Muon)
        for group in optimizer.param_groups
        for param in group["params"]
        if param.grad is not None
    )
    yield from zip(moved, heard.found, strict=False)


def spectrum_of(
    name: str,
    grad: Array,
    state: Mapping[str, Array],
    iterates: Sequence[Tensor],
    update: Array,
    param: Array,
) -> Spectrum:
    """What is told of a parameter [rows, columns].

    Args:
        name: Its name.
        grad: What the step was given.
        state: What the optimizer keeps of it after the step.
        iterates: Those of Muon; empty for another optimizer.
        update: The parameter after the step less that before.
        param: The parameter after the step.
    """
    kept = [
        Stage("state", key, None, _singular(values))
        for key, values in state.items()
        if values.shape == grad.shape
    ]
    made = [Stage("iterate", "", i, _singular(matrix)) for i, matrix in enumerate(iterates)]
    given = Stage("grad", "", None, _singular(grad))
    moved = (Stage("update", "", None, _singular(update)), Stage("param", "", None, _singular(param)))
    cosines = {
        made_by.__name__: _cosine(update, _first_step(made_by, grad))
        for made_by in (torch.optim.SGD, torch.optim.Adam)
    }
    return Spectrum(name, (given, *kept, *made, *moved), cosines)


def _singular(matrix: Tensor | Array) -> Array:
    values = torch.as_tensor(matrix).double()
    if not values.isfinite().all():
        return np.full(min(values.shape), np.nan)
    found: Array = torch.linalg.svdvals(values).numpy()
    return found


def _first_step(made_by: type[torch.optim.SGD] | type[torch.optim.Adam], grad: Array) -> Array:
    """What the optimizer's first step makes of a gradient, at a rate of 1."""
    param = torch.zeros(grad.shape, dtype=torch.float64, requires_grad=True)
    param.grad = torch.as_tensor(grad).double()
    made_by([param], lr=1.0).step()
    moved: Array = param.detach().numpy()
    return moved


def _cosine(one: Array, other: Array) -> float:
    """NaN where either is zero."""
    size = np.linalg.norm(one.astype(np.float64)) * np.linalg.norm(other)
    return float((one * other).sum() / size) if size else float("nan")
