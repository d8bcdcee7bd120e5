"""What is known of a foreign loop before its first step."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from optiscope.engine.core.words import spelled
from optiscope.watching.events import LONGEST_NAME, Beginning, called_after
from optiscope.watching.layers import Watched
from optiscope.watching.objects import amiss, decayed_of, plans_of
from optiscope.watching.program import program_name

_MOST_NUMBERS = 8
"""Of one hyperparameter."""


def beginning_of(  # noqa: PLR0913 - each is known elsewhere
    model: nn.Module,
    watched: Watched,
    schedulers: Sequence[Any],
    whole: Sequence[str],
    name: str | None,
    around: Mapping[str, Any] | None,
    *,
    every: int,
) -> Beginning:
    """How a run of these objects begins.

    Args:
        model: What is trained.
        watched: It with its optimizers.
        schedulers: What moves the rates.
        whole: The names of what is recorded whole.
        name: What to call the run.
        around: What a closure is looked at for, if there is one.
        every: The distance of records that is asked for.
    """
    source = source_of(model, watched, schedulers)
    return Beginning(
        name=(name or called_after(source))[:LONGEST_NAME],
        source=source
        | {"every": every}
        | {"frozen": [entry for entry, param in watched.named.items() if not param.requires_grad]}
        | ({} if around is None else {"surfaces": dict(around)}),
        parameters=[
            {
                "name": entry,
                "shape": list(watched.named[entry].shape),
                "layer": entry.rpartition(".")[0] or None,
            }
            for entry in whole
        ],
        layers=[layer.document() for layer in watched.layers()],
        warnings=[{"pointer": ""} | said.document() for said in amiss(watched, schedulers)],
        torch=torch.__version__,
    )


def steps_taken(watched: Watched) -> int:
    """How many steps the optimizers say that they have taken: those of a resumed script."""
    counts = [
        state["step"]
        for optimizer in watched.optimizers[:1]
        for state in optimizer.state.values()
        if isinstance(state.get("step"), int | float | Tensor)
    ]
    return max((int(count) for count in counts), default=0)


def is_resumed(watched: Watched, schedulers: Sequence[Any]) -> bool:
    """Whether these objects come from a checkpoint."""
    return any(optimizer.state for optimizer in watched.optimizers) or any(
        scheduler.last_epoch > 0 for scheduler in schedulers
    )


def source_of(model: nn.Module, watched: Watched, schedulers: Sequence[Any]) -> dict[str, Any]:
    """What is known of the program and its objects."""
    params = list(watched.named.values())
    return {
        "program": program_name()[:LONGEST_NAME],
        "model": type(model).__name__,
        "parameters": watched.numel,
        "optimizers": [_optimizer(optimizer) for optimizer in watched.optimizers],
        "schedulers": [type(scheduler).__name__ for scheduler in schedulers],
        "schedules": plans_of(schedulers),
        "decayed": decayed_of(model, watched),
        "devices": sorted({str(param.device) for param in params}),
        "dtypes": sorted({str(param.dtype).removeprefix("torch.") for param in params}),
    }


def _optimizer(optimizer: Optimizer) -> dict[str, Any]:
    return {
        "name": type(optimizer).__name__,
        "defaults": {key: _plain(value) for key, value in optimizer.defaults.items()},
        "groups": [
            {key: _plain(value) for key, value in group.items() if key not in {"params", "param_names"}}
            | {"tensors": len(group["params"])}
            for group in optimizer.param_groups
        ],
    }


def _plain(value: Any) -> Any:
    """A hyperparameter as JSON."""
    if isinstance(value, Tensor):
        return _plain(float(value)) if value.numel() == 1 else str(tuple(value.shape))
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return spelled(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value[:_MOST_NUMBERS]]
    return value if isinstance(value, bool | int) or value is None else str(value)[:LONGEST_NAME]
