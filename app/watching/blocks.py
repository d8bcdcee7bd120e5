"""Rows as blocks of columns: what is written, made where the loop does not wait for it."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from optiscope.engine.loop.block import Array, Block, Column
from optiscope.watching.copies import Copy, tables
from optiscope.watching.layers import Layer
from optiscope.watching.rows import AROUND, Circumstances, Layout, Number, Row, Seen, parts_of
from optiscope.watching.whole import PARAMS

Table = NDArray[np.float64]

Runs = Sequence[tuple[Circumstances, int]]
"""What rows in a row have in common, and how many these are."""

_NAN = math.nan


class _Known(NamedTuple):
    """[n, parameters] of a quantity, 0 where it was not measured, and where it was."""

    values: Table
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, count: int, width: int) -> "_Known":
        """Nothing is known yet."""
        return cls(np.zeros((count, width)), np.zeros((count, width), dtype=np.bool_))


class Blocks:
    """Makes blocks of rows, and counts the steps that were skipped.

    Args:
        layers: What is measured together.
        numels: How many numbers each parameter holds, in the order of what is measured.
        whole: Which of them are recorded whole.
        taken: Steps that were taken before the first row.
        is_around: Whether some rows are looked at around their step.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        numels: Mapping[str, int],
        whole: Sequence[str],
        taken: int,
        *,
        is_around: bool = False,
    ) -> None:
        self._layers = layers
        self._whole = whole
        self._taken = taken
        self._is_around = is_around
        self._skipped = 0
        self._logged: dict[str, None] = {}
        names = list(numels)
        place = {name: index for index, name in enumerate(names)}
        self._order = [place[name] for layer in layers for name in layer.parameters]
        self._begins = np.cumsum([0, *(len(layer.parameters) for layer in layers)])[:-1]
        self._numels = np.array([numels[name] for name in names], dtype=np.float64)

    def of(self, rows: Sequence[Row]) -> list[Block]:
        """The blocks of some rows, in order."""
        stepped = list(self._stepped(rows))
        for row in stepped:
            if row.logged:
                self._logged.update(dict.fromkeys(row.logged))
        steps = [self._taken + row.raw - row.skipped for row in stepped]
        alike = (part for form in _alike(stepped) for part in _even(steps, form))
        return [self._block(steps[part], stepped[part]) for part in alike]

    def _stepped(self, rows: Sequence[Row]) -> Iterator[Row]:
        """The rows of steps that were taken, which know how many were skipped."""
        for row in rows:
            infinite = [bool(value) for value in _numbers(row.infs)] if row.infs else []
            self._skipped += sum(infinite)
            if not (infinite and infinite[-1]):
                row.skipped = self._skipped
                yield row

    def _block(self, steps: Sequence[int], rows: Sequence[Row]) -> Block:
        first, last = rows[0], rows[-1]
        runs = _runs(rows)
        lr = _lr(rows)
        momentum, decay = (_rates(runs, kind) for kind in range(2))
        after = [row.after for row in rows if row.after is not None]
        params, state = _split(_gathered(after, first.about.after or Layout()))
        grads = self._grads(rows)
        optional = self._optional(rows, runs, decay)
        norm = self._norms(rows, grads)
        if first.measured:
            tables = self._tables(rows)
            optional["layers"] = self._by_layer(tables, runs, steps, momentum)
            if not first.is_initial:
                grads_of = tables.get("grad_norm", _Known.of(len(rows), 1))
                norm = _root(np.square(grads_of.values).sum(axis=1))
        elif any(any(about.frozen) for about, _ in runs):
            optional["layers"] = {"frozen": self._frozen(runs).astype(np.float32)}
        clipped = first.clip_norm is not None
        if clipped and norm is not None:
            optional["clipped_grad_norm"] = norm
        return Block(
            first=steps[0],
            loss=_losses(rows),
            lr=lr,
            momentum=None if np.isnan(momentum).all() else momentum,
            grad_norm=_numbers([row.clip_norm for row in rows]) if clipped else norm,  # type: ignore[misc]
            params=params,
            grads=None if last.is_initial else grads,
            state=state,
            optional=optional,
            every=steps[1] - steps[0] if len(steps) > 1 else 1,
        )

    def _grads(self, rows: Sequence[Row]) -> dict[str, Array | None]:
        found: dict[str, Array] = {}
        for optimizer, layout in enumerate(rows[0].about.grads):
            found |= _gathered([row.grads[optimizer] for row in rows], layout)
        if any(row.scale is not None for row in rows):
            scales = _numbers([1.0 if row.scale is None else row.scale for row in rows])
            found = {
                name: (values / scales.reshape(-1, *[1] * (values.ndim - 1))).astype(values.dtype)
                for name, values in found.items()
            }
        return {name: found.get(name) for name in self._whole}

    def _norms(self, rows: Sequence[Row], grads: Mapping[str, Array | None]) -> Array | None:
        if rows[0].is_initial:
            return None
        there = [values.reshape(len(rows), -1) for values in grads.values() if values is not None]
        return _root(sum((np.square(v.astype(np.float64)).sum(axis=1) for v in there), np.zeros(len(rows))))

    def _optional(self, rows: Sequence[Row], runs: Runs, decay: Array) -> dict[str, Column]:
        found: dict[str, Column] = {}
        if not np.isnan(decay).all():
            found["hyperparameters"] = {"weight_decay": decay}
        if self._logged:
            found["logged"] = {
                name: _numbers([(row.logged or {}).get(name, _NAN) for row in rows]) for name in self._logged
            }
        if rows[-1].about.skipped + rows[-1].skipped:
            found["skipped"] = np.array([row.about.skipped + row.skipped for row in rows], dtype=np.float64)
        if rows[-1].samples is not None:
            found["samples"] = np.array([row.samples or 0 for row in rows], dtype=np.float64)
        if runs[-1][0].epoch is not None:
            found["epoch"] = _repeated(runs, lambda about: about.epoch or 0)
        if noted := dict.fromkeys(name for about, _ in runs for name in about.noticed):
            counts = dict.fromkeys(noted, 0.0)
            table = _repeated(runs, lambda about: [*(counts | dict(about.noticed)).values()])
            found["noticed"] = {name: table[:, place] for place, name in enumerate(noted)}
        if rows[0].scheduled:
            found["scheduled"] = np.array([row.scheduled for row in rows], dtype=np.float64)
        return found | (_around(rows) if self._is_around else {})

    def _by_layer(
        self, tables: Mapping[str, _Known], runs: Runs, steps: Sequence[int], momentum: Array
    ) -> dict[str, Array]:
        nothing = _Known.of(len(steps), len(self._numels))
        norms = ("grad_norm", "weight_norm", "update_norm", *(name for name in tables if "state." in name))
        found = {name: self._root_of(tables.get(name, nothing)) for name in norms}
        with np.errstate(all="ignore"):
            found["update_ratio"] = found["update_norm"] / found["weight_norm"]
            found["effective_lr"] = found["update_norm"] / found["grad_norm"]
            if "descent" in tables:
                both = found["update_norm"] * found["grad_norm"]
                found["cos_update_grad"] = self._sum_of(tables["descent"]) / both
                some = tables["non_zero"]
                found["zeros"] = self._sum_of(_Known(self._numels - some.values, some.known))
                found["non_finite"] = self._sum_of(tables["non_finite"])
            if "along_momentum" in tables:
                average = self._root_of(tables["momentum_norm"])
                product = self._sum_of(tables["along_momentum"])
                found["cos_momentum_grad"] = product / (average * found["grad_norm"])
                filled = self._filled(found, steps, momentum)
                found["grad_noise"] = 1 - product * filled / np.square(found["grad_norm"])
        found["frozen"] = self._frozen(runs)
        return {name: values.astype(np.float32) for name, values in found.items()}

    def _frozen(self, runs: Runs) -> Table:
        """[n, layers]: which share of its parameters does not require a gradient."""
        frozen = _repeated(runs, lambda about: about.frozen)
        return self._added(frozen) / self._added(np.ones_like(frozen))

    def _tables(self, rows: Sequence[Row]) -> dict[str, _Known]:
        """[n, parameters] of each quantity that was measured."""
        found: dict[str, _Known] = {}
        for index, row in enumerate(rows):
            for measured in row.measured:
                values, begin = measured.values.cpu().numpy(), 0
                for name, places in measured.columns:
                    if name not in found:
                        found[name] = _Known.of(len(rows), len(self._numels))
                    found[name].values[index, places] = values[begin : begin + len(places)]
                    found[name].known[index, places] = True
                    begin += len(places)
            if row.scale is not None and "along_momentum" in found:
                found["along_momentum"].values[index] /= float(row.scale)
        return found

    def _filled(self, found: Mapping[str, Table], steps: Sequence[int], momentum: Array) -> Table:
        """What makes the optimizer's own sum of gradients an average of them."""
        groups = [layer.group if layer.group is not None else 0 for layer in self._layers]
        beta = momentum[:, groups] if momentum.size else np.full((len(steps), len(groups)), _NAN)
        full = 1 - beta ** np.maximum(np.array(steps) - 1, 1)[:, None]
        is_sum = ~np.isnan(found.get("state.momentum_buffer", np.full_like(beta, _NAN)))
        filled: Table = np.where(is_sum, (1 - beta) / full, 1 / full)
        return filled

    def _sum_of(self, table: _Known) -> Table:
        """[n, layers] of what is known of each layer; NaN where nothing is."""
        known = np.logical_or.reduceat(table.known[:, self._order], self._begins, axis=1)
        return np.where(known, self._added(table.values), _NAN)

    def _root_of(self, table: _Known) -> Table:
        return _root(self._sum_of(_Known(np.square(table.values), table.known)))

    def _added(self, values: Table) -> Table:
        total: Table = np.add.reduceat(values[:, self._order], self._begins, axis=1)
        return total


def _around(rows: Sequence[Row]) -> dict[str, Column]:
    """What was seen around the steps, NaN where nothing was looked at; a surface where all have one."""
    seen = [row.seen or Seen() for row in rows]
    found: dict[str, Column] = {
        name: np.array([one.numbers.get(name, _NAN) for one in seen], dtype=np.float64) for name in AROUND
    }
    found["critical_bracket"] = np.array([one.bracket or (_NAN, _NAN) for one in seen], dtype=np.float64)
    surfaces = [one.surface for one in seen if one.surface is not None]
    if surfaces:
        found["surface"] = {name: np.stack([one[name] for one in surfaces]) for name in surfaces[0]}
    return found


def _root(values: Table) -> Table:
    rooted: Table = np.sqrt(values)
    return rooted


def _alike(rows: Sequence[Row]) -> Iterator[range]:
    """The places of rows together that have in common what those of a block have."""
    forms = [
        (
            row.about.grads,
            row.about.after,
            len(row.lr),
            row.is_initial,
            row.clip_norm is None,
            row.seen is None or row.seen.surface is None,
        )
        for row in rows
    ]
    begin = 0
    for _, form in groupby(forms):
        end = begin + sum(1 for _ in form)
        yield range(begin, end)
        begin = end


def _runs(rows: Sequence[Row]) -> Runs:
    grouped = groupby(map(attrgetter("about"), rows))
    return [(about, sum(1 for _ in run)) for about, run in grouped]


def _repeated(runs: Runs, of: Callable[[Circumstances], Any]) -> Table:
    """[n, ...] of something that the circumstances say."""
    values = np.array([of(about) for about, _ in runs], dtype=np.float64)
    return np.repeat(values, [count for _, count in runs], axis=0)


def _even(steps: Sequence[int], places: range) -> Iterator[slice]:
    """Places together whose steps are at equal distances."""
    begin, last = places[0], places[-1]
    if steps[last] - steps[begin] != last - begin:  # not each step
        for place in places[2:]:
            if place - begin > 1 and steps[place] - steps[place - 1] != steps[begin + 1] - steps[begin]:
                yield slice(begin, place)
                begin = place
    yield slice(begin, last + 1)


def _losses(rows: Sequence[Row]) -> Array:
    """The loss of each step: the mean of what was said of it, NaN if nothing was."""
    if set(map(type, losses := [row.loss for row in rows])) == {float}:
        return np.array(losses, dtype=np.float64)
    parts = [parts_of(loss) for loss in losses]
    said = _numbers([number for some in parts for number in some])
    counts = np.array([len(some) for some in parts])
    ends = np.cumsum(counts)
    found = np.full(len(rows), _NAN)
    for count in set(counts.tolist()) - {0}:
        alike = counts == count
        found[alike] = said[(ends[alike] - count)[:, None] + np.arange(count)].mean(axis=1)
    return found


def _numbers(values: Iterable[Number]) -> Table:
    """Numbers of which some are tensors: those are fetched together."""
    values = list(values)
    if set(map(type, values)) <= {float, int}:
        return np.array(values, dtype=np.float64)
    tensors = [value for value in values if isinstance(value, Tensor)]
    fetched = iter(torch.stack([tensor.reshape(()).double() for tensor in tensors]).cpu().tolist())
    return np.array([next(fetched) if isinstance(value, Tensor) else value for value in values], np.float64)


def _lr(rows: Sequence[Row]) -> Table:
    """[n, groups] learning rates."""
    return _numbers([number for row in rows for number in row.lr]).reshape(len(rows), -1)


def _rates(runs: Runs, kind: int) -> Table:
    """[n, groups] of other rates of one kind."""
    said = _numbers(number for about, _ in runs for number in about.rates[kind])
    return np.repeat(said.reshape(len(runs), -1), [count for _, count in runs], axis=0)


def _gathered(copies: Sequence[Copy], layout: Layout) -> dict[Any, Array]:
    """What lies in copies, [n, *shape] by key."""
    found: dict[Any, Array] = {}
    if not copies:
        return found
    for keys, table in zip(layout.kinds, tables(copies, layout.widths), strict=True):
        begin = 0
        for key, shape in keys:
            end = begin + shape.numel()
            found[key] = table[:, begin:end].reshape(len(copies), *shape)
            begin = end
    return found


def _split(after: Mapping[Any, Array]) -> tuple[dict[str, Array], dict[str, dict[str, Array]]]:
    """Parameters, and state by parameter and key."""
    params: dict[str, Array] = {}
    state: dict[str, dict[str, Array]] = {}
    for key, values in after.items():
        if key[0] == PARAMS:
            params[key[1]] = values
        else:
            state.setdefault(key[1], {})[key[2]] = values
    return params, state
