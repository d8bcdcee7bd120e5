"""What is measured of a large model: a few numbers of each parameter, together those of its layer."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from optiscope.watching import stacked
from optiscope.watching.layers import Watched
from optiscope.watching.rows import Measured

NORMS = ("grad_norm", "weight_norm", "update_norm")
"""What is measured at least; update_ratio and effective_lr follow from these."""

MOMENTA = ("exp_avg", "momentum_buffer")
"""Under these keys optimizers keep an average of the gradient, or a sum of it."""

_MOST_KEYS = 16
"""Keys of the state that are measured."""

Column = tuple[Sequence[int], Sequence[Tensor]]
"""The parameters that something was measured of, and what."""


class ByLayer:
    """Measures the parameters of one optimizer around its steps.

    Args:
        optimizer: The optimizer.
        watched: All parameters.
        is_full: Whether to measure everything, or norms alone.
    """

    def __init__(self, optimizer: Optimizer, watched: Watched, *, is_full: bool) -> None:
        self._optimizer = optimizer
        self._is_full = is_full
        place = {name: index for index, name in enumerate(watched.named)}
        names = [*watched.held_by(optimizer), *_lost(optimizer, watched)]
        self._params = [watched.named[name] for name in names]
        self._places = [place[name] for name in names]
        self._before: dict[int, Tensor] = {}
        self._stepped: list[int] = []
        self._aligned: tuple[list[int], list[Tensor], list[Tensor]] = ([], [], [])

    def initial(self) -> Measured:
        """The weights where they begin."""
        everywhere = range(len(self._params))
        norms = stacked.norms([stacked.plain(param) for param in self._params])
        return self._measured({"weight_norm": (everywhere, norms)})

    def before_step(self, *, has_closure: bool) -> None:
        """Keep what the step will change; of an optimizer with a closure that may be everything."""
        self._stepped = [i for i, p in enumerate(self._params) if has_closure or p.grad is not None]
        live = [self._params[i].detach() for i in self._stepped]
        for i, param in zip(self._stepped, live, strict=True):
            if i not in self._before or self._before[i].shape != param.shape:
                self._before[i] = torch.empty_like(param)
        stacked.copy([self._before[i] for i in self._stepped], live)
        if self._is_full:
            self._align()

    def _align(self) -> None:
        """How far the gradient goes along the average of those before it."""
        places: list[int] = []
        averages: list[Tensor] = []
        grads: list[Tensor] = []
        for i, param in enumerate(self._params):
            state, grad = self._optimizer.state.get(param) or {}, param.grad
            momentum = next((state[key] for key in MOMENTA if _like(state.get(key), param)), None)
            if grad is not None and momentum is not None:
                places.append(i)
                averages.append(stacked.plain(momentum))
                grads.append(stacked.plain(grad))
        self._aligned = places, stacked.dots(averages, grads), stacked.norms(averages)

    def after_step(self) -> Measured:
        """What the step did."""
        grads = [(i, p.grad) for i, p in enumerate(self._params) if p.grad is not None]
        columns: dict[str, Column] = {
            "grad_norm": ([i for i, _ in grads], stacked.norms([stacked.plain(g) for _, g in grads])),
            "weight_norm": (
                range(len(self._params)),
                stacked.norms([stacked.plain(param) for param in self._params]),
            ),
        }
        updates = [self._before[i] for i in self._stepped]
        stacked.subtract(updates, [self._params[i].detach() for i in self._stepped])
        columns["update_norm"] = (self._stepped, stacked.norms([stacked.plain(u) for u in updates]))
        if self._is_full:
            columns |= self._full(grads)
        return self._measured(columns)

    def _measured(self, columns: Mapping[str, Column]) -> Measured:
        there = {name: column for name, column in columns.items() if column[1]}
        return Measured(
            [(name, [self._places[i] for i in places]) for name, (places, _) in there.items()],
            torch.cat([_together(values) for _, values in there.values()]) if there else torch.empty(0),
        )

    def _full(self, grads: Sequence[tuple[int, Tensor]]) -> dict[str, Column]:
        both = [(i, stacked.plain(self._before[i]), stacked.plain(g)) for i, g in grads if i in self._before]
        along = stacked.dots([back for _, back, _ in both], [grad for _, _, grad in both])
        places, along_momentum, momentum_norm = self._aligned
        there = [i for i, _ in grads]
        dense = [stacked.plain(grad) for _, grad in grads]
        return {
            "descent": ([i for i, _, _ in both], along),
            "non_zero": (there, stacked.non_zeros(dense)),
            "non_finite": (there, _non_finite(dense)),
            "along_momentum": (places, along_momentum),
            "momentum_norm": (places, momentum_norm),
            **{f"state.{key}": column for key, column in self._states().items()},
        }

    def _states(self) -> dict[str, Column]:
        """The norms of the tensors that the optimizer keeps, by key."""
        keyed: dict[str, list[tuple[int, Tensor]]] = {}
        for i, param in enumerate(self._params):
            for key, value in (self._optimizer.state.get(param) or {}).items():
                if (
                    isinstance(value, Tensor)
                    and value.is_floating_point()
                    and value.dim() >= min(param.dim(), 1)
                ):
                    keyed.setdefault(str(key), []).append((i, stacked.plain(value)))
        some = list(keyed.items())[:_MOST_KEYS]
        return {key: ([i for i, _ in pairs], stacked.norms([t for _, t in pairs])) for key, pairs in some}


def _lost(optimizer: Optimizer, watched: Watched) -> list[str]:
    """What is trained and no optimizer holds: it has gradients, which the first optimizer measures, too."""
    if optimizer is not watched.optimizers[0]:
        return []
    nowhere = (name for name, group in watched.group_of.items() if group is None)
    return [name for name in nowhere if watched.named[name].requires_grad]


def _like(value: Any, param: Tensor) -> bool:
    return isinstance(value, Tensor) and value.shape == param.shape


def _non_finite(grads: Sequence[Tensor]) -> list[Tensor]:
    """How many numbers of each are not finite; elsewhere than on a CPU, whether there is one."""
    norms = stacked.norms(grads)
    if not norms or not all(norm.device.type == "cpu" for norm in norms):
        return [~torch.isfinite(norm) for norm in norms]
    finite = torch.isfinite(torch.stack(norms)).tolist()
    none = torch.zeros(())
    return [
        none if is_finite else torch.count_nonzero(~torch.isfinite(grad))
        for grad, is_finite in zip(grads, finite, strict=True)
    ]


def _together(values: Sequence[Tensor]) -> Tensor:
    """[n] in float64, on the device of the first."""
    if len({(value.dtype, value.device) for value in values}) > 1:
        values = [value.to(values[0].device, torch.float64, non_blocking=True) for value in values]
    return torch.stack(list(values)).double()
