"""Steps that mixed precision skips: those that a fused optimizer is told of, and those it never sees."""

import math
from collections.abc import Mapping
from typing import Any, Protocol

from torch import Tensor
from torch.optim import Optimizer


class Scaler(Protocol):
    """What is asked of a ``torch.amp.GradScaler``."""

    def state_dict(self) -> dict[str, Any]:
        """Its scale and how it moves; empty if it is not enabled."""


def is_told(optimizer: Optimizer) -> bool:
    """Whether a scaler leaves it to the optimizer to divide and to skip: by this name it asks."""
    return bool(getattr(optimizer, "_step_supports_amp_scaling", False))


def found_inf(optimizer: Optimizer) -> Tensor | None:
    """What a scaler tells a fused optimizer about its gradients: a number above zero skips the step."""
    value = getattr(optimizer, "found_inf", None)
    return value.detach().clone() if isinstance(value, Tensor) else None


def grad_scale(optimizer: Optimizer) -> Tensor | None:
    """What the gradients are still multiplied by, for a fused optimizer to divide."""
    value = getattr(optimizer, "grad_scale", None)
    return value.detach().clone() if isinstance(value, Tensor) else None


class Skips:
    """Counts the steps that a scaler did not call the optimizer for, by how its scale moves."""

    def __init__(self, scaler: Scaler | None) -> None:
        self._scaler = scaler
        state = scaler.state_dict() if scaler is not None else {}
        self._expected = float(state["scale"]) if state else None
        self.count = 0

    def look(self) -> None:
        """Look at the scale before a step that is taken; this waits for a GPU."""
        state = self._scaler.state_dict() if self._scaler is not None else {}
        if not state:
            return
        scale = float(state["scale"])
        if self._expected is not None and 0 < scale < self._expected:
            self.count += round(math.log(scale / self._expected) / math.log(float(state["backoff_factor"])))
        self._expected = _after_a_step(state)


def _after_a_step(state: Mapping[str, Any]) -> float:
    grows = int(state["_growth_tracker"]) + 1 >= int(state["growth_interval"])
    return float(state["scale"]) * (float(state["growth_factor"]) if grows else 1.0)
