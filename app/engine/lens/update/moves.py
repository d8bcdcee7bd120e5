"""The update of every parameter in one step, line by line: from what optimizers found to what they left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from torch import Tensor
from torch.optim import Optimizer

from optiscope.engine.core.tree import cloned
from optiscope.engine.core.words import Said, say
from optiscope.engine.lens.update.search import flat, last_iteration, part_of, points_of
from optiscope.engine.lens.update.sheet import Named, Worked, sheet_of
from optiscope.engine.lens.update.table import FORMULAS
from optiscope.engine.loop.block import Array
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.optimizers.info import OptimizerInfo

_PARTS = {
    "betas": ("beta1", "beta2"),
    "etas": ("etaminus", "etaplus"),
    "step_sizes": ("step_size_min", "step_size_max"),
    "eps": ("eps1", "eps2"),
    "ns_coefficients": ("ns_a", "ns_b", "ns_c"),
}
"""The names that torch gives to the parts of hyperparameters that are several."""


@dataclass(frozen=True, slots=True)
class Update:
    """What a step did to one parameter.

    Attributes:
        parameter: Its name.
        optimizer: The name of the optimizer that holds it, None where none does.
        group: The place of its param group among those of all optimizers.
        formula: The update in LaTeX, all of it.
        why: Why there are no lines, where there are none.
        before: Its values before the step.
        result: Its values after the step, torch's own.
        values: The numbers that the lines use and make, by key; torch's own where torch keeps them.
        lines: From the gradient to the new value.
        after: What the step leaves for the next one.
    """

    parameter: str
    optimizer: str | None
    group: int | None
    formula: str
    why: Said | None
    before: Array
    result: Array
    values: Mapping[str, Named] = field(default_factory=dict)
    lines: tuple[Worked, ...] = ()
    after: tuple[Worked, ...] = ()


@dataclass(frozen=True, slots=True)
class _Held:
    """A parameter in the hands of an optimizer that is about to step."""

    info: OptimizerInfo
    group: int
    hyperparameters: Mapping[str, Any]
    state: Mapping[str, Any]


class Moves:
    """Notes what each optimizer of a training finds when it steps; later ones take the place of earlier ones.

    Args:
        training: Which is stepped.
        is_cut: Whether the step is ended before the last inner iteration that it would make.
    """

    def __init__(self, training: Training, *, is_cut: bool = False) -> None:
        self._training = training
        self._is_cut = is_cut
        optimizer = training.config.optimizer
        configs = [optimizer, *([optimizer.rest] if optimizer.rest else [])]
        self._infos = [OPTIMIZERS[config.name] for config in configs]
        self._before: dict[str, Tensor] = {}
        self._grads: dict[str, Tensor | None] = {}
        self._held: dict[str, _Held] = {}
        self._visited: list[Tensor] = []
        self._has_stepped = False

    def note_point(self) -> None:
        """Remember where the loss is evaluated, from which an inner iteration of LBFGS may begin."""
        if self._infos[0].name == "LBFGS":
            self._visited.append(flat(self._training.optimized))

    def note(self, optimizer: Optimizer) -> None:
        """Remember what an optimizer finds."""
        self._has_stepped = True
        names, groups = self._names(), self._training.later_groups.groups()
        for hyperparameters in optimizer.param_groups:
            group = next(i for i, one in enumerate(groups) if one is hyperparameters)
            for param in hyperparameters["params"]:
                name = names.get(id(param))
                if name is None:
                    continue
                self._before[name] = param.detach().clone()
                self._grads[name] = None if param.grad is None else param.grad.detach().clone()
                self._held[name] = _Held(
                    info=self._infos[self._index(optimizer)],
                    group=group,
                    hyperparameters={key: value for key, value in hyperparameters.items() if key != "params"},
                    state=cloned(dict(optimizer.state.get(param, {}))),
                )

    def _names(self) -> dict[int, str]:
        """The names of the parameters that the model has."""
        return {id(param): name for name, param in self._training.model.named_parameters()}

    def _index(self, optimizer: Optimizer) -> int:
        return next(i for i, one in enumerate(self._training.optimizers) if one is optimizer)

    def updates(self, names: Sequence[str], most: int) -> Iterator[Update]:
        """What became of each parameter; to be called when the step has been taken.

        Args:
            names: Of the parameters.
            most: How many numbers to tell, see :func:`bounded`.
        """
        params = dict(self._training.model.named_parameters())
        yield from bounded((self._update(name, params[name]) for name in names), most)

    def _update(self, name: str, param: Tensor) -> Update:
        held, result = self._held.get(name), param.detach().clone()
        before, grad = self._before.get(name, result), self._grads.get(name)
        if held is None:
            why = self._why_alone(name)
            return Update(name, None, None, "", why, before.numpy(), result.numpy())
        alone = Update(
            name, held.info.name, held.group, held.info.formula, None, before.numpy(), result.numpy()
        )
        formula = FORMULAS.get(held.info.name) if held.info.source == "torch.optim" else None
        if formula is None:
            return replace(alone, why=say("update_result_only", optimizer=held.info.name))
        if held.info.closure:
            return self._of_search(alone)
        if grad is None:
            return replace(alone, why=say("update_passed_over", parameter=name, optimizer=held.info.name))
        values = {"param": before, "grad": grad, **_hyperparameters(held), **held.state}
        kept = {**self._state_of(param), "param": result, "grad": grad}
        sheet = sheet_of(formula, values, kept, _symbols(held.info))
        lines, after = tuple(sheet.worked(formula.lines)), tuple(sheet.worked(formula.after))
        return replace(alone, values=sheet.shown, lines=lines, after=after)

    def _why_alone(self, name: str) -> Said:
        """Why no optimizer has moved a parameter."""
        if not self._has_stepped:
            return say("update_no_step")
        if name in self._training.replaced:
            return say("update_replaced", parameter=name)
        return say("update_outside", parameter=name)

    def _state_of(self, param: Tensor) -> Mapping[str, Any]:
        """What torch keeps for a parameter now."""
        for optimizer in self._training.optimizers:
            if param in optimizer.state:
                state: Mapping[str, Any] = cloned(dict(optimizer.state[param]))
                return state
        return {}

    @property
    def iterations(self) -> int | None:
        """How many inner iterations the step made; None of an optimizer that makes none by design."""
        if not self._infos[0].closure or self._infos[0].name not in FORMULAS or not self._has_stepped:
            return None
        first = self._training.optimized[0]
        found = self._held[self._names()[id(first)]].state.get("n_iter", 0)
        count: int = self._state_of(first)["n_iter"] - found
        return count

    def _of_search(self, alone: Update) -> Update:
        """The part of the last inner iteration of LBFGS, so far, that concerns one parameter."""
        if self._search is None:
            return replace(alone, why=say("update_no_iteration", optimizer=self._infos[0].name))
        shown, lines, width = self._search
        params, names = self._training.optimized, self._names()
        places = [names.get(id(param)) for param in params]
        first = sum(param.numel() for param in params[: places.index(alone.parameter)])
        part = part_of(first, alone.result, width)
        return replace(
            alone,
            values={key: Named(named.symbol, part(named.value)) for key, named in shown.items()},
            lines=tuple(replace(line, ulps=part(line.ulps), ours=part(line.ours)) for line in lines),
        )

    @cached_property
    def _search(self) -> tuple[Mapping[str, Named], tuple[Worked, ...], int] | None:
        """The last inner iteration of LBFGS: its numbers and lines, over vectors of so many parameters."""
        params, info = self._training.optimized, self._infos[0]
        found = last_iteration(self._visited, self._training.optimizers[0].state[params[0]], flat(params))
        if found is None:
            return None
        values, kept = found
        formula = FORMULAS[info.name]
        points = points_of(self.iterations or 1, is_last=not self._is_cut)
        sheet = sheet_of(formula, values, kept, _symbols(info) | points)
        lines = tuple(sheet.worked(formula.lines))
        return sheet.shown, lines, len(kept["param"])


def bounded(updates: Iterable[Update], most: int) -> Iterator[Update]:
    """The same with so many numbers: of what does not fit the result is told alone, but for the first."""
    told = 0
    for i, update in enumerate(updates):
        told += _size(update)
        if told > most and i:
            why = say("update_too_large", bound=most, parameter=update.parameter)
            yield replace(update, why=why, values={}, lines=(), after=())
        else:
            yield update


def _size(update: Update) -> int:
    """How many numbers are told of an update."""
    return sum(np.size(named.value) for named in update.values.values())


def _hyperparameters(held: _Held) -> dict[str, Any]:
    """Those of a param group by the names that torch's code has for them."""
    named: dict[str, Any] = {}
    for name, value in held.hyperparameters.items():
        if isinstance(value, tuple | list) and name in _PARTS:
            named |= dict(zip(_PARTS[name], value, strict=True))
        else:
            named[name] = value
    return named


def _symbols(info: OptimizerInfo) -> dict[str, str]:
    """The symbols of hyperparameters, by the same names."""
    symbols: dict[str, str] = {}
    for declared in info.hyperparameters:
        if not declared.symbol:
            continue
        parts = declared.symbol.split(", ")
        names = _PARTS.get(declared.name, ()) if len(parts) > 1 else (declared.name,)
        symbols |= dict(zip(names, parts, strict=True))
    return symbols
