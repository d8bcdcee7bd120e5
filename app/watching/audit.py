"""``audit()``: what a run of these objects would be, before any step of it."""

import copy
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

from optiscope.engine.core.words import Said, say
from optiscope.watching.beginning import owned
from optiscope.watching.layers import Watched

_SHOWN = 5
"""Steps whose rates a table shows, from the first to the last."""


@dataclass(frozen=True)
class Audit:
    """What there is, and what would become of the rates; printed as text, and as tables in a notebook.

    Attributes:
        rates: For each param group the rate of every step; of one that follows the loss that of the first.
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
        shown = sorted({round(k * (count - 1) / (_SHOWN - 1)) for k in range(_SHOWN)}) if count else []
        head = ["group", "tensors", "numbers", *(f"lr of step {step + 1}" for step in shown)]
        return [
            head,
            *(
                [f"{index}", f"{tensors}", f"{numbers}", *(f"{rates[step]:.4g}" for step in shown)]
                for index, ((tensors, numbers), rates) in enumerate(zip(self.groups, self.rates, strict=True))
            ),
        ]

    def __str__(self) -> str:
        rows = self._rows()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
        ]
        if self.frozen:
            lines.append(f"frozen: {', '.join(self.frozen)}")
        return "\n".join([*lines, *(f"{said.code}: {said}" for said in self.found)])

    def _repr_html_(self) -> str:
        head, *rows = self._rows()
        cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        frozen = f"<p>frozen: {escape(', '.join(self.frozen))}</p>" if self.frozen else ""
        told = "".join(
            f"<li><code>{escape(said.code)}</code> {escape(str(said))}</li>" for said in self.found
        )
        return f"<table><tr>{cells}</tr>{body}</table>{frozen}<ul>{told}</ul>"


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
        scheduler: What would be stepped behind each step of the optimizer, if anything.
        steps: How many.

    Example:
        >>> import torch
        >>> model = torch.nn.Linear(2, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
        >>> audit(model, optimizer, scheduler, steps=4).rates
        [[0.1, 0.1, 0.010000000000000002, 0.010000000000000002]]
    """
    optimizers = (optimizer,) if isinstance(optimizer, Optimizer) else tuple(optimizer)
    watched = Watched(model, optimizers)
    found = owned(watched)
    rates = [[float(group["lr"])] * steps for group in watched.groups]
    if isinstance(scheduler, ReduceLROnPlateau):
        found.append(say("audit_follows_loss", scheduler=type(scheduler).__name__))
    elif scheduler is not None:
        column = _column_of(scheduler.optimizer, optimizers)
        drawn, error = _drawn(scheduler, steps)
        rates[column : column + len(drawn)] = drawn
        if error is not None:
            found.append(say("audit_schedule_ends", step=len(drawn[0]), why=error))
    groups = [(len(group["params"]), sum(p.numel() for p in group["params"])) for group in watched.groups]
    frozen = [name for name, param in watched.named.items() if not param.requires_grad]
    return Audit(rates, groups, frozen, found)


def _column_of(optimizer: Optimizer, optimizers: Sequence[Optimizer]) -> int:
    """Where the groups of an optimizer stand among those of all."""
    before = optimizers[: next((k for k, one in enumerate(optimizers) if one is optimizer), 0)]
    return sum(len(one.param_groups) for one in before)


def _drawn(scheduler: Any, steps: int) -> tuple[list[list[float]], str | None]:
    """The rates of each group over the steps, by a copy of the scheduler; and what ended it too early."""
    kept = [p for group in scheduler.optimizer.param_groups for p in group["params"]]
    kept += [
        v for state in scheduler.optimizer.state.values() for v in state.values() if isinstance(v, Tensor)
    ]
    trial = copy.deepcopy(scheduler, {id(tensor): tensor for tensor in kept})
    rates: list[list[float]] = [[] for _ in trial.optimizer.param_groups]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for step in range(steps):
            for column, group in zip(rates, trial.optimizer.param_groups, strict=True):
                column.append(float(group["lr"]))
            try:
                if step < steps - 1:
                    trial.step()
            except Exception as error:  # noqa: BLE001 - what a scheduler of anybody raises is told
                return rates, str(error)
    return rates, None
