"""Parameters, gradients and state of a small model, all numbers of a step."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter, call
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from optiscope.engine.loop.recorder import is_several, numbers_of
from optiscope.watching.copies import Copy, copier, copy_of, is_listed
from optiscope.watching.layers import Watched
from optiscope.watching.rows import Flat, Key, Layout
from optiscope.watching.stacked import plain

_GRAD = attrgetter("grad")

PARAMS, STATE = "params", "state"
"""The first part of a key of what is noted after a step."""


class Whole:
    """Copies of some parameters, of their gradients and of what their optimizers keep for them.

    Args:
        names: The parameters.
        watched: All that there are.
    """

    def __init__(self, names: Sequence[str], watched: Watched) -> None:
        self._watched = watched
        self._params = {name: watched.named[name] for name in names}
        self._of = {id(optimizer): _Held(self._held(optimizer)) for optimizer in watched.optimizers}
        self._tensors = list(self._params.values())
        self._is_lasting = False
        self._seen: list[int] = []
        self._pointed: list[Tensor] = []
        self._places: list[int] = []
        self._held_values: list[Any] = []
        self._layout = Layout(())
        self._copiers: list[Callable[[], Copy]] = []

    def _held(self, optimizer: Optimizer) -> dict[str, Tensor]:
        """What an optimizer holds of them; the first has what none holds, too."""
        held = set(self._watched.held_by(optimizer))
        is_first = optimizer is self._watched.optimizers[0]
        return {
            name: param
            for name, param in self._params.items()
            if name in held or (is_first and self._watched.group_of[name] is None)
        }

    def grads(self, optimizer: Optimizer) -> tuple[Flat, frozenset[str]]:
        """The gradients of what an optimizer holds, and the names of those without."""
        held = self._of[id(optimizer)]
        grads = [*map(_GRAD, held.tensors)]
        plan = held.listed
        if plan is not None and held.tensors[0].dtype is plan.layout.dtypes[0]:
            try:  # most steps are like the one before
                return Flat(plan.layout, [[*map(Tensor.tolist, grads)]]), plan.absent
            except (TypeError, RuntimeError):  # one is None now, or sparse
                held.listed = None
        shown = (
            held.tensors[0].dtype if grads else None,  # a model is converted as a whole
            *[0 if grad is None else 2 if grad.is_sparse else 1 for grad in grads],
        )
        plan = held.plans.get(shown)
        if plan is None:
            plan = held.plans[shown] = _Plan(dict(zip(held.names, grads, strict=True)))
        held.listed = plan if plan.is_listed and not plan.absent else None
        return plan.flat([grad for grad in grads if grad is not None]), plan.absent

    def after(self) -> Flat:
        """Parameters and optimizer state as they are now."""
        values = [
            value
            for optimizer in self._watched.optimizers
            for state in optimizer.state.values()
            for value in state.values()
        ]
        seen = [*map(id, values)]
        places = [*map(Tensor.data_ptr, self._pointed)]
        if not self._is_lasting or seen != self._seen or places != self._places:
            self._look_anew(seen, values)
        return Flat(self._layout, [*map(call, self._copiers)])

    def _look_anew(self, seen: list[int], values: list[Any]) -> None:
        """Find the memory of all tensors: it stays theirs while the optimizer changes them in place."""
        keyed: list[tuple[Key, Tensor]] = [
            (((PARAMS, name), param.shape), param) for name, param in self._params.items()
        ]
        for optimizer in self._watched.optimizers:
            for param, state in optimizer.state.items():
                keyed += self._state(param, state)
        live = [(key, plain(tensor)) for key, tensor in keyed]
        lasting = not any(map(is_several, values)) and all(
            a.data_ptr() == b.data_ptr() and b.is_contiguous()
            for (_, a), (_, b) in zip(keyed, live, strict=True)
        )
        self._is_lasting, self._seen = lasting, seen
        self._pointed = [*self._tensors, *filter(_has_place, values)] if lasting else []
        self._places = [*map(Tensor.data_ptr, self._pointed)]
        self._held_values = values  # alive, so that no other object gets one of the ids seen
        kinds = _by_kind(live)
        layout = _layout(kinds)
        self._layout = self._layout if layout.kinds == self._layout.kinds else layout
        self._copiers = [copier([tensor for _, tensor in kind], lasting=lasting) for kind in kinds]

    def _state(self, param: Tensor, state: Mapping[str, Any]) -> list[tuple[Key, Tensor]]:
        name = self._watched.name_of(param)
        if name not in self._params:
            return []
        return [
            (((STATE, name, key), torch.Size((len(parts), *part.shape)) if several else part.shape), part)
            for key, shape, parts in numbers_of(state)
            for several in [len(parts) > 1 or len(shape) > parts[0].dim()]
            for part in [torch.stack(parts) if several else parts[0]]
        ]


class _Held:
    """What one optimizer holds, and how gradients of it were laid."""

    def __init__(self, params: Mapping[str, Tensor]) -> None:
        self.names = list(params)
        self.tensors = list(params.values())
        self.plans: dict[tuple[Any, ...], _Plan] = {}
        self.listed: _Plan | None = None


class _Plan:
    """Where gradients of such kinds are laid."""

    def __init__(self, grads: Mapping[str, Tensor | None]) -> None:
        self.absent = frozenset(name for name, grad in grads.items() if grad is None)
        there = [((name, grad.shape), grad) for name, grad in grads.items() if grad is not None]
        kinds = _by_kind([(key, plain(grad)) for key, grad in there])
        self._places = [[[key for key, _ in there].index(key) for key, _ in kind] for kind in kinds]
        self.layout = _layout(kinds)
        simple = all(grad.layout is torch.strided and not grad.is_complex() for _, grad in there)
        self._is_flat = simple and len(kinds) == 1
        self.is_listed = self._is_flat and is_listed([grad for _, grad in there])

    def flat(self, grads: Sequence[Tensor]) -> Flat:
        if self._is_flat:
            return Flat(self.layout, [copy_of(grads, listed=self.is_listed)])
        parts = [plain(grad).reshape(-1) for grad in grads]
        return Flat(self.layout, [torch.cat([parts[place] for place in kind]) for kind in self._places])


def _has_place(value: object) -> bool:
    """Whether it is a tensor whose memory may be exchanged for other memory."""
    return isinstance(value, Tensor) and value.layout is torch.strided


def _layout(kinds: Sequence[Sequence[tuple[Key, Tensor]]]) -> Layout:
    return Layout(
        tuple(tuple(_shaped(pair) for pair in kind) for kind in kinds),
        tuple(kind[0][1].dtype for kind in kinds),
        sum(tensor.nbytes for kind in kinds for _, tensor in kind),
    )


def _shaped(pair: tuple[Key, Tensor]) -> Key:
    return pair[0][0], pair[1].shape


def _by_kind(pairs: Sequence[tuple[Key, Tensor]]) -> list[list[tuple[Key, Tensor]]]:
    """Pairs together whose tensors can be one."""
    kinds: dict[Any, list[tuple[Key, Tensor]]] = {}
    for pair in pairs:
        kinds.setdefault((pair[1].dtype, pair[1].device), []).append(pair)
    return list(kinds.values())
