"""``audit()``: what a run of these objects would be, before any step of it."""

import math
import warnings
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

from optiscope.engine.core.words import Said, raw, say, spelled
from optiscope.engine.loop.block import Array, Block
from optiscope.engine.loop.recorder import momentum_of
from optiscope.pictures import bundle, curves_png, table_html
from optiscope.watching.advice import planned
from optiscope.watching.beginning import source_of
from optiscope.watching.chances import Random
from optiscope.watching.events import Beginning
from optiscope.watching.layers import Watched, scheduling, stepping
from optiscope.watching.objects import amiss
from optiscope.watching.trial import NotCopied, Trial, is_of_a_copy

MOST_STEPS = 10**6

_SHOWN = 5
"""Steps whose rates a table shows, from the first to the last."""

_DRAWN = 65
"""Steps whose rates are kept with a recording, at most."""

_MOST_NAMED = 12


@dataclass(frozen=True)
class Audit:
    """What there is, and what would become of the rates; printed as text, and as tables in a notebook.

    Attributes:
        rates: For each param group the rate of every step, NaN of one without; of one that follows the loss
            that of the first.
        groups: For each param group how many tensors and numbers it holds.
        frozen: The names of parameters that do not require a gradient.
        found: What is likely not meant.
    """

    rates: Sequence[Sequence[float]]
    groups: Sequence[tuple[int, int]]
    frozen: Sequence[str]
    found: Sequence[Said]

    def _rows(self) -> list[list[str]]:
        count = len(self.rates[0]) if self.rates else 0
        shown = _spread(count, _SHOWN)
        head = ["group", "tensors", "numbers", *(f"lr of step {step + 1}" for step in shown)]
        return [
            head,
            *(
                [f"{index}", f"{tensors}", f"{numbers}", *(f"{rates[step]:.4g}" for step in shown)]
                for index, ((tensors, numbers), rates) in enumerate(zip(self.groups, self.rates, strict=True))
            ),
        ]

    def _frozen(self) -> str:
        more = len(self.frozen) - _MOST_NAMED
        names = [*self.frozen[:_MOST_NAMED], *([f"… {more}"] if more > 0 else [])]
        return f"frozen: {', '.join(names)}" if names else ""

    def document(self) -> dict[str, Any]:
        """The rates as JSON, of some steps from the first to the last."""
        at = _spread(len(self.rates[0]) if self.rates else 0, _DRAWN)
        lr = [[spelled(rates[step]) for step in at] for rates in self.rates]
        return {"steps": len(self.rates[0]) if self.rates else 0, "at": [step + 1 for step in at], "lr": lr}

    def __str__(self) -> str:
        rows = self._rows()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
        ]
        told = [f"{said.code}: {said}" for said in self.found]
        return "\n".join([*lines, *filter(None, [self._frozen()]), *told])

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The rates as a picture, and all of it as tables."""
        curves = [np.asarray(rates, np.float64) for rates in self.rates]
        return bundle(curves_png(curves), str(self)) | {"text/html": self._repr_html_()}

    def _repr_html_(self) -> str:
        frozen = f"<p>{escape(self._frozen())}</p>" if self.frozen else ""
        told = "".join(
            f"<li><code>{escape(said.code)}</code> {escape(str(said))}</li>" for said in self.found
        )
        return f"{table_html(self._rows())}{frozen}{f'<ul>{told}</ul>' if told else ''}"


def audit(
    model: nn.Module,
    optimizer: Optimizer | Sequence[Optimizer],
    scheduler: Any = None,
    steps: int = 1000,
) -> Audit:
    """What these objects would do over so many steps; none of them is changed.

    Args:
        model: What would be trained.
        optimizer: What would step, or several.
        scheduler: What would be stepped behind each step of the optimizer, if anything, or several of them.
        steps: How many, up to a million.

    Raises:
        ValueError: If the steps are no such number.

    Example:
        >>> import torch
        >>> model = torch.nn.Linear(2, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
        >>> audit(model, optimizer, scheduler, steps=4).rates
        [[0.1, 0.1, 0.010000000000000002, 0.010000000000000002]]
    """
    if type(steps) is not int or not 1 <= steps <= MOST_STEPS:
        raise ValueError(str(say("audit_steps", most=MOST_STEPS, value=str(steps))))
    optimizers = stepping(optimizer)
    schedulers = scheduling(scheduler)
    watched = Watched(model, optimizers)
    found = amiss(watched, schedulers)
    found += [
        say("audit_follows_loss", scheduler=type(one).__name__)
        for one in schedulers
        if isinstance(one, ReduceLROnPlateau)
    ]
    chances = Random(model)
    try:
        lr, momentum, broken = _drawn(optimizers, schedulers, steps)
    finally:
        chances.put_back()
    found += _of_rates(watched, lr)
    if broken is not None:
        found.append(broken)
    elif np.isfinite(lr).all():
        beginning = Beginning("", source_of(model, watched, schedulers), [], [], [], torch.__version__)
        found += planned(beginning, *_as_run(watched, len(schedulers), lr, momentum))
    groups = [(len(group["params"]), sum(p.numel() for p in group["params"])) for group in watched.groups]
    frozen = [name for name, param in watched.named.items() if not param.requires_grad]
    return Audit(lr.T.tolist(), groups, frozen, found)


def _spread(count: int, most: int) -> list[int]:
    """Places from the first to the last, evenly, so many at most."""
    return sorted({round(k * (count - 1) / (most - 1)) for k in range(most)}) if count else []


def _of_rates(watched: Watched, lr: Array) -> list[Said]:
    """What is wrong with the rates as numbers."""
    found = []
    for group, (column, held) in enumerate(zip(lr.T, watched.groups, strict=True)):
        if "lr" not in held:
            continue
        broken = np.flatnonzero(~np.isfinite(column))
        if broken.size:
            step = int(broken[0]) + 1
            found.append(say("audit_rate_not_finite", group=group, step=step, value=str(column[broken[0]])))
        elif (column < 0).any():
            step = int(np.argmax(column < 0)) + 1
            found.append(say("rate_negative", step=step, lowest=float(column.min())))
        elif held["params"] and not (column > 0).any():
            found.append(say("learning_rate_zero"))
    return found


def _as_run(watched: Watched, schedulers: int, lr: Array, momentum: Array) -> tuple[Block, Block]:
    """The drawn rates as a run of which nothing else is known: its beginning, and its steps."""
    count = len(lr)
    decay = [float(group.get("weight_decay") or 0.0) for group in watched.groups]
    columns = {
        "loss": np.full(count, np.nan),
        "lr": lr,
        "momentum": momentum,
        "grad_norm": np.ones(count),
        "params": {},
        "grads": {},
        "state": {},
        "hyperparameters": {"weight_decay": np.tile(decay, (count, 1))},
        "scheduled": np.tile(np.arange(count, dtype=np.float64)[:, None], (1, schedulers)),
    }
    start = Block.of(1, columns, 1)[:1]
    return Block.of(0, start.columns() | {"grads": None}, 1), Block.of(1, columns, 1)


def _drawn(
    optimizers: Sequence[Optimizer], schedulers: Sequence[Any], steps: int
) -> tuple[Array, Array, Said | None]:
    """Rates and momenta [steps, groups], by copies of the objects; and why not of all steps."""
    drawn = [one for one in schedulers if not isinstance(one, ReduceLROnPlateau)]
    trials, moving, broken = list(optimizers), [], None
    if drawn:
        try:
            trials, moving = Trial((trials, drawn), _kept(optimizers)).objects
        except Exception as raised:  # noqa: BLE001 - whatever those raise who cannot be made again
            broken = _not_copied(drawn, raised)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            lr, momentum, ended = _stepped(trials, moving, steps)
        except NotCopied as raised:
            broken, (lr, momentum, ended) = _not_copied(drawn, raised), _stepped(optimizers, (), 1)
    again = steps if len(lr) == 1 and ended is None else 1
    return lr.repeat(again, axis=0), momentum.repeat(again, axis=0), broken or ended


def _stepped(
    optimizers: Sequence[Optimizer], schedulers: Sequence[Any], steps: int
) -> tuple[Array, Array, Said | None]:
    """Rates and momenta of some steps, and why of no more: a row where nothing moves them.

    Raises:
        NotCopied: If a schedule needs what its copy does not have.
    """
    groups = [group for optimizer in optimizers for group in optimizer.param_groups]
    rates, momenta = array("d"), array("d")  # a million lists would be looked at by the garbage collector
    ended = None
    for step in range(steps if schedulers else 1):
        rates.extend([float(group.get("lr", math.nan)) for group in groups])
        momenta.extend([*map(momentum_of, groups)])
        try:
            for scheduler in schedulers if step < steps - 1 else ():
                scheduler.step()
        except Exception as raised:
            if is_of_a_copy(raised):
                raise NotCopied(*raised.args) from raised
            ended = say("audit_schedule_ends", step=step + 1, why=raw(raised))
            break
    lr, momentum = (np.array(one).reshape(-1, len(groups)) for one in (rates, momenta))
    return lr, momentum, ended


def _kept(optimizers: Sequence[Optimizer]) -> list[Tensor]:
    """What is trained, and its state: no schedule changes them."""
    params = [p for optimizer in optimizers for group in optimizer.param_groups for p in group["params"]]
    states = (state for optimizer in optimizers for state in optimizer.state.values())
    held = (value for state in states for value in state.values())
    return [one for one in (*params, *held) if isinstance(one, Tensor)]


def _not_copied(schedulers: Sequence[Any], raised: Exception) -> Said:
    why = raised.args[0] if isinstance(raised, NotCopied) else raw(raised)
    return say("audit_not_copied", schedulers=[type(one).__name__ for one in schedulers], why=why)
