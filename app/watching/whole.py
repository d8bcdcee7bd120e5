"""Parameters, gradients and state of a small model, all numbers of a step."""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import attrgetter, is_, methodcaller
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from optiscope.engine.loop.recorder import is_several, numbers_of
from optiscope.watching.copies import Copy, copier, flat_copy, packer
from optiscope.watching.layers import Watched
from optiscope.watching.rows import Key, Layout
from optiscope.watching.stacked import plain

_GRAD, _VALUES = attrgetter("grad"), methodcaller("values")
_in_turn = chain.from_iterable
_END = (object(),)

PARAMS, STATE = "params", "state"
"""The first part of a key of what is noted after a step."""


class Whole:
    """Copies of some parameters, of their gradients and of what their optimizers keep for them.

    Args:
        names: The parameters.
        watched: All that there are.

    Attributes:
        layout: How parameters and state lie in the last copy.
    """

    def __init__(self, names: Sequence[str], watched: Watched) -> None:
        self._watched = watched
        self._params = {name: watched.named[name] for name in names}
        self._of = {id(optimizer): _Held(self._held(optimizer)) for optimizer in watched.optimizers}
        self._tensors = list(self._params.values())
        self._is_lasting = False
        self._seen: list[Any] = []
        self._pointed: list[Tensor] = []
        self._places: list[int] = []
        self.layout = Layout()
        self._copy: Callable[[], Copy] = tuple

    def _held(self, optimizer: Optimizer) -> dict[str, Tensor]:
        """What an optimizer holds of them; the first has what none holds, too."""
        held = set(self._watched.held_by(optimizer))
        is_first = optimizer is self._watched.optimizers[0]
        return {
            name: param
            for name, param in self._params.items()
            if name in held or (is_first and self._watched.group_of[name] is None)
        }

    def grads(self, optimizer: Optimizer) -> tuple[Copy, Layout]:
        """The gradients of what an optimizer holds, and how they lie."""
        held = self._of[id(optimizer)]
        grads = [*map(_GRAD, held.tensors)]
        plan = held.last
        if plan is not None and plan.pack is not None and held.tensors[0].dtype is plan.dtype:
            try:  # most steps are like the one before
                return plan.pack(grads), plan.layout
            except (TypeError, RuntimeError, OverflowError, struct.error):  # one is None now, or sparse
                pass
        held.last = plan = self._plan(held, grads)
        return plan.copy([grad for grad in grads if grad is not None]), plan.layout

    def _plan(self, held: "_Held", grads: Sequence[Tensor | None]) -> "_Plan":
        shown = (
            held.tensors[0].dtype if grads else None,  # a model is converted as a whole
            *[None if grad is None else (grad.is_sparse, grad.shape) for grad in grads],
        )
        plan = held.plans.get(shown)
        if plan is None:
            plan = held.plans[shown] = _Plan(dict(zip(held.names, grads, strict=True)))
        return plan

    def after(self) -> Copy:
        """Parameters and optimizer state as they are now."""
        if not (
            self._is_lasting
            and all(map(is_, self._values(), self._seen))
            and [*map(Tensor.data_ptr, self._pointed)] == self._places
        ):
            self._look_anew([*self._values()])
        return self._copy()

    def _values(self) -> Iterator[Any]:
        """All that the optimizers keep, and an end, by which more of it and less are told apart."""
        states = [optimizer.state.values() for optimizer in self._watched.optimizers]
        return chain(_in_turn(map(_VALUES, _in_turn(states))), _END)

    def _look_anew(self, values: list[Any]) -> None:
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
        self._is_lasting, self._seen = lasting, values
        self._pointed = [*self._tensors, *filter(_has_place, values)] if lasting else []
        self._places = [*map(Tensor.data_ptr, self._pointed)]
        kinds = _by_kind(live)
        layout = _layout(kinds)
        if (layout.kinds, layout.dtypes) != (self.layout.kinds, self.layout.dtypes):
            self.layout = layout
        self._copy = copier([[tensor for _, tensor in kind] for kind in kinds], lasting=lasting)

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
        self.last: _Plan | None = None


class _Plan:
    """Where gradients of such kinds are laid."""

    def __init__(self, grads: Mapping[str, Tensor | None]) -> None:
        there = [((name, grad.shape), grad) for name, grad in grads.items() if grad is not None]
        kinds = _by_kind([(key, plain(grad)) for key, grad in there])
        self._places = [[[key for key, _ in there].index(key) for key, _ in kind] for kind in kinds]
        absent = frozenset(name for name, grad in grads.items() if grad is None)
        self.layout = replace(_layout(kinds), absent=absent)
        simple = all(grad.layout is torch.strided and not grad.is_complex() for _, grad in there)
        self._is_flat = simple and len(kinds) == 1
        self.dtype = kinds[0][0][1].dtype if kinds else None
        packing = packer([grad for _, grad in there]) if self._is_flat else None
        self._packing, self.pack = packing, None if absent else packing

    def copy(self, grads: Sequence[Tensor]) -> Copy:
        """Those that are there, laid."""
        if self._packing is not None:
            return self._packing(grads)
        if self._is_flat:
            return flat_copy(grads)
        parts = [plain(grad).reshape(-1) for grad in grads]
        return [torch.cat([parts[place] for place in kind]) for kind in self._places]


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
