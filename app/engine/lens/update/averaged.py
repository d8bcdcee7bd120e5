"""What a step does to the average beside the parameters, line by line, with its numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from optiscope.engine.core.config import EMAConfig
from optiscope.engine.core.words import Said, say
from optiscope.engine.lens.update.moves import Update, bounded
from optiscope.engine.lens.update.sheet import sheet_of
from optiscope.engine.lens.update.table import AVERAGES, SCHEDULE_FREE_AVERAGE
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.averaging import is_averaged


class Averaged:
    """Remembers an average as a step finds it, to tell what the step has made of it.

    Args:
        training: Which is about to take the step.
    """

    def __init__(self, training: Training) -> None:
        self._training = training
        self._before = _points(training)
        kept = training.average.state_dict() if training.average else None
        self._count = int((kept or {}).get("n_averaged", 0))

    def updates(self, names: Sequence[str], step: int, most: int) -> Iterator[Update]:
        """What became of the average of each parameter; to be called when the step has been taken.

        Args:
            names: Of the parameters.
            step: Which step that was, counted from 1.
            most: How many numbers to tell, see :func:`.moves.bounded`.
        """
        params, after = dict(self._training.model.named_parameters()), _points(self._training)
        updates = (self._update(name, params[name], after[name], step) for name in names if name in after)
        yield from bounded(updates, most)

    def _update(self, name: str, param: Tensor, after: Tensor, step: int) -> Update:
        kind, values, why = self._told(param, step)
        before, (formula, lines) = self._before[name], AVERAGES[kind]
        alone = Update(name, kind, None, formula, why, before.numpy(), after.numpy())
        if why is not None:
            return alone
        found = {"param": param.detach().clone(), "average": before, **values}
        sheet = sheet_of(lines, found, {"average": after}, {})
        return replace(alone, lines=tuple(sheet.worked(lines.lines)), values=sheet.shown)

    def _told(self, param: Tensor, step: int) -> tuple[str, Mapping[str, Any], Said | None]:
        """What the average is called, what its formula is of, and why there are no lines."""
        config = self._training.config.average
        if config is None:
            return SCHEDULE_FREE_AVERAGE, *self._of_optimizer(param)
        decay = {"decay": config.decay} if isinstance(config, EMAConfig) else {}
        why = None if is_averaged(config, step) else say("average_waits", step=step)
        return config.name, {"n_averaged": self._count, **decay}, why

    def _of_optimizer(self, param: Tensor) -> tuple[Mapping[str, Any], Said | None]:
        """The point that a schedule-free optimizer is evaluated at, by the ``z`` that it keeps."""
        optimizer = self._training.optimizers[0]
        z = optimizer.state.get(param, {}).get("z")
        groups = (g for g in optimizer.param_groups if any(one is param for one in g["params"]))
        group = next(groups, {})  # none has what was replaced, or is added later
        of_group = group.get("momentum", group.get("betas", (None,))[0])
        beta = getattr(optimizer, "momentum", of_group)  # of a wrapper, whatever that of the optimizer within
        if z is None or not beta:
            return {}, say("average_of_optimizer")
        return {"z": z.detach().clone(), "beta": beta}, None


def _points(training: Training) -> dict[str, Tensor]:
    """The average of each parameter by its name, as it is now; nothing in a run without one."""
    if training.average is None:
        return {}
    names = [name for name, _ in training.model.named_parameters()]
    return {name: tensor.clone() for name, tensor in zip(names, training.average.tensors, strict=True)}
