"""What the recorder notices beside the numbers: gradients that are not new, autocast, state of fewer bits."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.utils.hooks import RemovableHandle

FIRST_LOOKS = 2
"""Steps after which the state is looked at; then again after so many steps:"""

BETWEEN_LOOKS = 256

_LOOKS = 32
"""Steps with new gradients after which only one of them is looked at."""


class Notices:
    """Counts what is seen of the steps that are recorded.

    Args:
        optimizers: Those that are watched.

    Attributes:
        counts: What was counted so far, by name; a mapping that no longer changes.
    """

    def __init__(self, optimizers: Sequence[Optimizer]) -> None:
        self._gradients = {id(optimizer): Gradients(optimizer) for optimizer in optimizers}
        self._places = {id(optimizer): place for place, optimizer in enumerate(optimizers)}
        self._first = optimizers[0]
        held = (p.device.type for group in self._first.param_groups for p in group["params"])
        self.devices = tuple({"cpu", *held})
        self.counts: Mapping[str, float] = {}
        self._looks = 0

    def _set(self, name: str, count: float) -> None:
        if count != self.counts.get(name, 0):
            self.counts = {**self.counts, name: count}

    def before_step(self, optimizer: Optimizer, *, has_closure: bool) -> None:
        """A step begins that is recorded."""
        if not has_closure and self._gradients[id(optimizer)].are_used():
            self._set("gradients_reused", sum(one.reused for one in self._gradients.values()))
            self._set("gradients_added", sum(one.added for one in self._gradients.values()))
        if optimizer is self._first and any(map(torch.is_autocast_enabled, self.devices)):
            self._set("autocast", self.counts.get("autocast", 0) + 1)

    def after_step(self, optimizer: Optimizer, *, is_due: bool) -> None:
        """A step was taken."""
        if optimizer is not self._first:
            name = f"steps_{self._places[id(optimizer)]}"
            self._set(name, self.counts.get(name, 0) + 1)
        elif is_due:
            self._looks += 1
            if self._looks <= FIRST_LOOKS or not self._looks % BETWEEN_LOOKS:
                self.look_at_state()

    def look_at_state(self) -> None:
        """Look at how many bits there are in the state of the first optimizer."""
        self._set("low_state", sum(map(_low, self._first.state.items())))

    def gradients_of(self, optimizer: Optimizer) -> "Gradients":
        """Whether the steps of an optimizer have gradients of their own."""
        return self._gradients[id(optimizer)]

    def note_gradients(self, optimizer: Optimizer) -> None:
        """All that belongs to a step is over, and the next one is recorded."""
        self._gradients[id(optimizer)].after_step()

    def close(self) -> None:
        """Look no more."""
        for gradients in self._gradients.values():
            gradients.close()


def _low(kept: tuple[Any, Mapping[str, Any]]) -> int:
    """How many tensors of a parameter's state have fewer bits than it; a count of steps has what it needs."""
    param, state = kept
    if not isinstance(param, Tensor):
        return 0
    return sum(
        key != "step"  # which has the shape of a parameter that is a single number
        and isinstance(value, Tensor)
        and value.is_floating_point()
        and value.shape == param.shape
        and value.dtype.itemsize < param.dtype.itemsize
        for key, value in state.items()
    )


class Gradients:
    """Whether each step of an optimizer has gradients of its own, by torch's counters of changes in place.

    A counter that stands where it stood says that no backward pass came between. One that went on by one says
    that something was added to a gradient that a step had used, or that it was replaced in a way that is not
    counted: so the next backward pass is asked by a hook on one parameter, once.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self._optimizer = optimizer
        self.reused = 0
        self.added = 0
        self._noted: dict[int, tuple[int, int]] = {}
        self.held: tuple[Tensor, Tensor] | None = None
        self._looks = 0
        self._param: Tensor | None = None
        self._is_added: bool | None = None
        self._suspects = False
        self._handle: RemovableHandle | None = None
        self._is_alone = not (torch.distributed.is_available() and torch.distributed.is_initialized())

    def are_used(self) -> bool:
        """Compare with what the step before left; whether more may have been counted."""
        held, noted = self.held, self._noted
        if held is None or held[0].grad is not held[1]:
            return False
        self._looks = 0  # from now on all are looked at
        if noted:
            self._count(held, noted)
        return bool(noted)

    def _count(self, held: tuple[Tensor, Tensor], noted: Mapping[int, tuple[int, int]]) -> None:
        now = self._changes()
        if now.keys() != noted.keys() or any(now[place][0] != noted[place][0] for place in now):
            return
        more = {now[place][1] - noted[place][1] for place in now}
        if more == {0}:
            self.reused += 1
        elif more <= {0, 1} and _changes_of(held[1]) == noted[id(held[0])][1] + 1:
            self.added += self._is_added is True
            self._suspects = self._is_added is None

    def after_step(self) -> None:
        """Note what the step has used: of the smallest gradient, which is held, and of all others.

        Where each step has had new ones for a while, only whether that is so of the smallest.
        """
        if self._looks >= _LOOKS and self._param is not None:
            grad = self._param.grad
            self._noted, self.held = {}, None if grad is None else (self._param, grad)
            return
        self.held = None
        self._looks += 1
        self._noted = self._changes() if self._is_alone else {}
        if not self._noted:
            return
        some = [p for group in self._optimizer.param_groups for p in group["params"] if id(p) in self._noted]
        param = min(some, key=Tensor.numel)
        self.held = param, param.grad
        self._param = param
        if self._suspects and self._handle is None and param.requires_grad:
            self._handle = param.register_hook(self._at_backward)

    def _at_backward(self, _grad: Tensor) -> None:
        """A gradient is about to be added to what is there."""
        if self.held is None or self._is_added is not None:
            return
        param, used = self.held
        self._is_added = (
            param.grad is used
            and _changes_of(used) == self._noted[id(param)][1]
            and bool(torch.count_nonzero(used.detach()))
        )
        self.close()

    def _changes(self) -> dict[int, tuple[int, int]]:
        """Of each parameter with a dense gradient of its own: which that is, and how often it was changed."""
        grads = [(id(p), p.grad) for group in self._optimizer.param_groups for p in group["params"]]
        return {
            key: (id(grad), changes)
            for key, grad in grads
            if grad is not None and (changes := _changes_of(grad)) is not None
        }

    def close(self) -> None:
        """Look no more."""
        if self._handle is not None:
            self._handle.remove()
            self._handle = None
        self._suspects = False


def _changes_of(grad: Tensor) -> int | None:
    if grad.is_inference() or grad.layout is not torch.strided:
        return None
    changes: int | None = getattr(grad, "_version", None)
    return changes
