"""Live torch objects to blocks of records: the only place where tensors become arrays. It only looks."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from optiscope.engine.loop import private_torch
from optiscope.engine.loop.averages import Average
from optiscope.engine.loop.block import Array, Block, Column
from optiscope.engine.recipe.hyperparameters import Key, number_of

StateKey = tuple[str, str, torch.Size]


@dataclass(slots=True)
class _Rows:
    """What has been seen since the layout last changed."""

    first: int
    present: tuple[bool, ...]
    keys: list[StateKey]
    loss: list[float] = field(default_factory=list)
    lr: list[list[float]] = field(default_factory=list)
    momentum: list[list[float]] = field(default_factory=list)
    moved: list[list[list[float]]] = field(default_factory=list)
    norms: list[Tensor] = field(default_factory=list)
    grads: list[Tensor] = field(default_factory=list)
    after: list[Tensor] = field(default_factory=list)
    average_loss: list[float] = field(default_factory=list)

    def drop_after(self, count: int) -> None:
        """Drop what was noted of a step that torch then refused to take."""
        for column in (self.loss, self.lr, self.momentum, self.moved, self.norms, self.grads):
            del column[count:]


class Recorder:
    """Watches one model and its optimizers while they are stepped.

    Call ``before_step`` between ``backward`` (and clipping) and ``optimizer.step()``, ``after_step`` right
    after it, ``blocks`` at the end. A record costs two flat copies; everything else waits for ``blocks``.

    Args:
        model: Whose parameters and gradients are recorded.
        optimizers: Whose rates and state are.
        first: The step of the first record.
        in_groups: What is kept in param groups and recorded with the state of their first parameters.
        average: The point beside the parameters, if there is one.
        replaced: Parameters, by name, that the optimizers hold and the model has no more: their state is
            recorded, not they.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizers: Sequence[Optimizer],
        first: int,
        in_groups: Sequence[str] = (),
        average: Average | None = None,
        replaced: Mapping[str, nn.Parameter] | None = None,
    ) -> None:
        named = dict(model.named_parameters())
        self._names = list(named)
        self._params: list[nn.Parameter] = list(named.values())
        self._name_of = {id(param): name for name, param in (*named.items(), *(replaced or {}).items())}
        self._moved: list[tuple[str, Key]] = []
        self._in_groups = in_groups
        self._next = first
        self._done: list[Block] = []
        self._rows = _Rows(first, (), [])
        self._seen: list[int] = []
        self._held: list[Any] = []
        self._keys: list[StateKey] = []
        self._views: list[Tensor] = []
        self.watch(optimizers, average)

    def watch(self, optimizers: Sequence[Optimizer], average: Average | None) -> None:
        """Look at these optimizers, and the point beside the parameters, from now on."""
        self._optimizers = optimizers
        self._keepers = [keeper for o in optimizers for keeper in (o, *getattr(o, "keepers", ()))]
        self._average = average
        self._points = self._params if average is None else [*self._params, *average.tensors]
        self._groups = [group for optimizer in optimizers for group in optimizer.param_groups]

    def initial(self, loss: Tensor) -> None:
        """Record 0: the parameters and the optimizer state before the first step, and the loss there."""
        keys, tensors = self._state()
        rows = self._rows = _Rows(self._next, (), keys)
        rows.loss.append(loss.item())
        self._note_rates(rows)
        rows.after.append(torch.cat([tensor.detach().reshape(-1) for tensor in (*self._points, *tensors)]))
        if self._average is not None:
            rows.average_loss.append(self._average.loss)
        self._flush()
        self._next += 1

    def before_step(self, loss: float, norm: Tensor | None) -> None:
        """Note loss, rates and gradients of a step about to be taken.

        Args:
            loss: Of this step's forward pass.
            norm: 2-norm of the gradients before clipping, if they were clipped.
        """
        grads = [param.grad for param in self._params]
        there = [grad for grad in grads if grad is not None]
        if there and there[0].requires_grad:  # their graph is kept
            there = [grad.detach() for grad in there]
        present = tuple([grad is not None for grad in grads])
        if present != self._rows.present:
            self._flush()
            self._rows = _Rows(self._next, present, [])
        rows = self._rows
        rows.grads.append(private_torch.WAY.flat(there) if there else torch.empty(0))
        rows.loss.append(loss)
        if norm is not None:
            rows.norms.append(norm)
        self._note_rates(rows)

    def loss_of_step(self, loss: float) -> None:
        """Note the loss of a step that was begun before it was known."""
        self._rows.loss[-1] = loss

    def regroup(self, groups: Sequence[dict[str, Any]], moved: Sequence[str] = ()) -> None:
        """Let the records that follow have these param groups.

        Args:
            groups: Each in its column.
            moved: What is recorded of them beside lr and momentum, such as ``weight_decay`` or ``betas/1``.
        """
        self._flush()
        self._groups = list(groups)
        self._moved = [(name, Key.of(name)) for name in moved]

    def _note_rates(self, rows: _Rows) -> None:
        rows.lr.append([group["lr"] for group in self._groups])
        rows.momentum.append([momentum_of(group) for group in self._groups])
        if self._moved:
            rows.moved.append([[number_of(group, key) for group in self._groups] for _, key in self._moved])

    def after_step(self) -> None:
        """Note parameters and optimizer state after the step."""
        values = [value for o in self._keepers for state in o.state.values() for value in state.values()]
        if self._in_groups:
            values += [group.get(key) for group in self._groups for key in self._in_groups]
        seen = [*map(id, values), *map(Tensor.data_ptr, self._params)]
        if seen != self._seen:
            self._look_anew(seen, values)
        if self._keys != self._rows.keys:
            self._begin_new_keys(self._keys)
        self._rows.after.append(torch.cat(self._views))
        if self._average is not None:
            self._rows.average_loss.append(self._average.loss)
        self._next += 1

    def views(self) -> list[Tensor]:
        """Flat views of gradients, parameters and state, to be read after later steps, see ``note_steps``.

        They show these steps as long as none brings other tensors or rates, which is for the caller to know.
        """
        grads = [param.grad for param in self._params if param.grad is not None]
        return [grad.reshape(-1) for grad in grads] + self._views

    def note_steps(self, losses: Sequence[float], read: Tensor) -> None:
        """Note steps that ``before_step`` and ``after_step`` were not told of.

        Args:
            losses: Of each step's forward pass, unclipped.
            read: [steps, width] all ``views`` after each step, one behind the other.
        """
        width = sum(param.numel() for param in self._params)
        rows, count = self._rows, len(losses)
        rows.loss += losses
        rows.lr += rows.lr[-1:] * count
        rows.momentum += rows.momentum[-1:] * count
        rows.grads += read[:, :width].unbind()
        rows.after += read[:, width:].unbind()
        self._next += count

    def _look_anew(self, seen: list[int], values: list[Any]) -> None:
        """Take flat views of all tensors: they stay true while the optimizer changes its tensors in place."""
        self._keys, tensors = self._state()
        live = [tensor.detach() for tensor in (*self._points, *tensors)]
        # else a flat tensor is a copy, and soon stale; and a list stays the same while what it holds does not
        in_place = all(tensor.is_contiguous() for tensor in live) and not any(map(is_several, values))
        self._seen = seen if in_place else []
        self._held = values  # alive, so that no other object gets one of the ids seen
        self._views = [tensor.reshape(-1) for tensor in live]

    def _begin_new_keys(self, keys: list[StateKey]) -> None:
        """Let the step that was begun open a block of its own, with the new state keys."""
        rows = self._rows
        begun = _Rows(self._next, rows.present, keys)
        begun.loss, begun.lr, begun.momentum = [rows.loss.pop()], [rows.lr.pop()], [rows.momentum.pop()]
        begun.moved = [rows.moved.pop()] if rows.moved else []
        begun.grads = [rows.grads.pop()]
        begun.norms = [rows.norms.pop()] if rows.norms else []
        self._flush()
        self._rows = begun

    def _state(self) -> tuple[list[StateKey], list[Tensor]]:
        keys: list[StateKey] = []
        tensors: list[Tensor] = []
        for param, state in self._kept():
            name = self._name_of[id(param)]
            for key, shape, parts in numbers_of(state):
                keys.append((name, key, shape))
                tensors += parts
        return keys, tensors

    def _kept(self) -> Iterator[tuple[Tensor, Mapping[str, Any]]]:
        """What optimizers keep for a parameter, and then what they keep in a group, with its first one."""
        for keeper in self._keepers:
            yield from keeper.state.items()
        for group in self._groups if self._in_groups else ():
            yield group["params"][0], {key: group[key] for key in self._in_groups if key in group}

    def blocks(self) -> list[Block]:
        """Everything recorded since the last call, in order."""
        self._flush()
        done, self._done = self._done, []
        return done

    def _flush(self) -> None:
        rows, self._rows = self._rows, _Rows(self._next, (), [])
        if rows.after:
            self._done.append(self._block(rows))

    def _block(self, rows: _Rows) -> Block:
        count = len(rows.after)
        rows.drop_after(count)
        after = torch.stack(rows.after)
        dtype = self._params[0].dtype
        width = sum(param.numel() for param in self._params)
        read = sum(point.numel() for point in self._points)
        params = _columns(after[:, :width].to(dtype), self._layout)
        keyed = _columns(after[:, read:], [((n, k), shape) for n, k, shape in rows.keys])
        state: dict[str, dict[str, Array]] = {}
        for (name, key), values in keyed.items():
            state.setdefault(name, {})[key] = values
        momentum = np.array(rows.momentum)
        grads, norm = self._gradients(rows) if rows.grads else (None, None)
        numbers = torch.empty(0, dtype=dtype).numpy().dtype
        optional: dict[str, Column] = {"clipped_grad_norm": norm} if rows.norms else {}
        if rows.moved:
            moved = np.array(rows.moved, dtype=np.float64).reshape(count, len(self._moved), -1)
            optional["hyperparameters"] = {name: moved[:, i] for i, (name, _) in enumerate(self._moved)}
        if self._average is not None:
            optional["average"] = _columns(after[:, width:read].to(dtype), self._layout)
            optional["average_loss"] = np.array(rows.average_loss, dtype=numbers)
        return Block(
            first=rows.first,
            loss=np.array(rows.loss, dtype=numbers),
            lr=np.array(rows.lr, dtype=np.float64).reshape(count, -1),
            momentum=None if np.isnan(momentum).all() else momentum.reshape(count, -1),
            grad_norm=torch.stack(rows.norms).numpy() if rows.norms else norm,
            params=params,
            grads=grads,
            state=state,
            optional=optional,
        )

    @property
    def _layout(self) -> list[tuple[str, torch.Size]]:
        return [(name, param.shape) for name, param in self._named()]

    def _named(self) -> Iterator[tuple[str, nn.Parameter]]:
        return zip(self._names, self._params, strict=True)

    def _gradients(self, rows: _Rows) -> tuple[dict[str, Array | None], Array]:
        """The gradients by name, and the 2-norm of all of them in each step."""
        flat = torch.stack(rows.grads)
        shown = [(n, p.shape) for (n, p), there in zip(self._named(), rows.present, strict=True) if there]
        columns = _columns(flat, shown)
        widths = [shape.numel() for _, shape in shown]
        norms = [torch.linalg.vector_norm(part, dim=1) for part in flat.split(widths, dim=1)]
        total = (
            torch.linalg.vector_norm(torch.stack(norms, dim=1), dim=1) if norms else torch.zeros(len(flat))
        )
        return {name: columns.get(name) for name in self._names}, total.numpy()


def _columns(flat: Tensor, layout: Sequence[tuple[Any, torch.Size]]) -> dict[Any, Array]:
    """The parts of [n, width] under their keys, each in its own shape [n, *shape]."""
    widths = [shape.numel() for _, shape in layout]
    parts = flat.split(widths, dim=1) if widths else ()
    return {
        key: part.reshape(len(flat), *shape).numpy() for (key, shape), part in zip(layout, parts, strict=True)
    }


def momentum_of(group: Mapping[str, Any]) -> float:
    """Momentum or beta1 of a param group, NaN without either."""
    if "momentum" in group:
        return float(group["momentum"])
    if "betas" in group:
        return float(group["betas"][0])
    return float("nan")


def is_several(value: object) -> bool:
    """Whether a value of ``optimizer.state`` is several: LBFGS keeps lists, AggMo a mapping."""
    return isinstance(value, list | tuple | deque | Mapping)


def numbers_of(state: Mapping[Any, Any]) -> Iterator[tuple[str, torch.Size, list[Tensor]]]:
    """What an optimizer keeps for a parameter: each key, its shape, and the tensors that hold its numbers.

    Several of one shape are one array [length, …]; of several shapes, each has a key of its own, such as
    ``GG[0]``.
    """
    for key, value in state.items():
        if isinstance(key, int) and isinstance(value, Mapping):  # heavyball's views of a parameter
            several = len(state) > 1
            yield from numbers_of({f"{name}[{key}]": v for name, v in value.items()} if several else value)
            continue
        if not is_several(value):
            tensor = _as_tensor(value)
            if tensor is not None:
                yield key, tensor.shape, [tensor]
            continue
        parts = value if isinstance(value, Mapping) else dict(enumerate(value))
        parts = {place: part for place, part in parts.items() if part is not None}
        tensors = [tensor for tensor in map(_as_tensor, parts.values()) if tensor is not None]
        shapes = {tensor.shape for tensor in tensors}
        if len(shapes) == 1 and len(tensors) == len(parts):
            yield key, torch.Size((len(tensors), *shapes.pop())), tensors
        else:
            yield from numbers_of({f"{key}[{place}]": part for place, part in parts.items()})


def _as_tensor(value: object) -> Tensor | None:
    """A value of ``optimizer.state`` as a tensor, or None if it is not a number."""
    if isinstance(value, Tensor):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return torch.tensor(float(value), dtype=torch.float64)
    return None
