"""All that is needed to go on bit-identically."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from optiscope.engine.core.tree import cloned, to_arrays, to_tensors
from optiscope.engine.core.words import Said, heard


class Reason(StrEnum):
    """Why a run ended, or why its stream did."""

    COMPLETED = "completed"
    DIVERGED = "diverged"
    FAILED = "failed"
    STOPPED = "stopped"
    PAUSED = "paused"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a run: why, after which step, and one plain sentence about it.

    Attributes:
        reason: Why.
        step: The last step.
        said: The sentence.
        end_loss: Of all training samples at the last parameters, NaN after divergence. None of a run that may
            go on, and of one that was kept before this was computed.
    """

    reason: Reason
    step: int
    said: Said
    end_loss: float | None = None

    @property
    def detail(self) -> str:
        """The sentence in English."""
        return str(self.said)

    def document(self) -> dict[str, Any]:
        """The end as plain data."""
        return {"reason": str(self.reason), "step": self.step} | self.said.document()


_APART = frozenset({"ended", "torch_warnings"})
"""What is not a state."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a run stands after ``step`` steps.

    Attributes:
        step: Steps done.
        model: ``model.state_dict()``.
        optimizers: ``optimizer.state_dict()`` of each optimizer.
        lr_schedulers: ``scheduler.state_dict()`` of the scheduler of each optimizer; empty without one.
        grads: ``.grad`` by name, where the loop does not clear it before the next step.
        batches: State of the minibatch generator.
        ended: The end, once there is one.
        average: ``state_dict()`` of the ``AveragedModel``; None in a run without.
        late_grads: Gradients by name that no step was given yet, the oldest first, where they arrive late.
        torch_warnings: What torch warned of in the steps up to there, each text once; a file leaves it out.
    """

    step: int
    model: dict[str, Tensor]
    optimizers: list[dict[str, Any]]
    lr_schedulers: list[dict[str, Any]]
    grads: dict[str, Tensor]
    batches: dict[str, Any]
    ended: Ended | None = None
    average: dict[str, Any] | None = None
    late_grads: list[dict[str, Tensor]] = field(default_factory=list)
    torch_warnings: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Between processes a checkpoint travels with arrays for tensors."""
        return _unpickle, (to_arrays(self._fields()), self.ended, self.torch_warnings)

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in _APART}

    def to_bytes(self) -> bytes:
        """The checkpoint as a file that ``torch.load(weights_only=True)`` reads."""
        buffer = io.BytesIO()
        ended = self.ended and self.ended.document() | {"end_loss": self.ended.end_loss}
        torch.save(self._fields() | {"ended": ended}, buffer)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Checkpoint":
        """The checkpoint that ``to_bytes`` wrote."""
        fields = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
        ended = fields.pop("ended")
        return cls(**fields, ended=ended and _ended(ended))


def _ended(document: dict[str, Any]) -> Ended:
    reason, loss = Reason(document["reason"]), document.get("end_loss")  # of an earlier version without it
    return Ended(reason, document["step"], heard(document), loss)


def _unpickle(fields: dict[str, Any], ended: Ended | None, torch_warnings: tuple[str, ...]) -> Checkpoint:
    return Checkpoint(**to_tensors(fields), ended=ended, torch_warnings=torch_warnings)


def restore_optimizer(optimizer: Optimizer, state: dict[str, Any]) -> None:
    """``optimizer.load_state_dict(state)``, and every state tensor in the dtype that it was saved in.

    ``load_state_dict`` casts state to the parameter's dtype, which changes the bits of what torch keeps in
    float32 beside float64 parameters (``mu_product`` of NAdam, ``eta`` of ASGD). It also shares the tensors
    of ``state`` where it needs no cast, so the optimizer is given copies.
    """
    optimizer.load_state_dict(cloned(state))
    params: Sequence[Tensor] = [param for group in optimizer.param_groups for param in group["params"]]
    for index, saved in state["state"].items():
        live = optimizer.state.get(params[index], {})
        for key, value in saved.items():
            if key in live and _is_cast(live[key], value):
                live[key] = cloned(value)


def _is_cast(live: Any, saved: Any) -> bool:
    """Whether a tensor, or one in a list, has another dtype than the one that was saved."""
    if isinstance(saved, list | tuple):
        return any(map(_is_cast, live, saved))
    return isinstance(saved, Tensor) and isinstance(live, Tensor) and live.dtype != saved.dtype
