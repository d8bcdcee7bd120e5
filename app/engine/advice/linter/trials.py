"""Trials: steps from the same point with something changed, to see what that something does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.parts import Parts
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.training import Training, quiet, restored

Values = NDArray[np.float64]

LESS = 0.9
"""The share of its rate that a step is tried with, to see whether the rate is looked at."""

STEPS = 6
"""How many steps all trials take."""

GONE = 1e-4
"""The share of a rate that is as good as none."""


@dataclass(frozen=True, slots=True)
class Trials:
    """What a step adds to all parameters, one behind the other, at shares of the rate that a run begins with.

    It is the second of two at that rate: some optimizers look at a rate one step late.

    Attributes:
        own: [all] at all of it; None if no step could be tried.
        less: [all] at nine tenths of it.
        gone: [all] at a ten-thousandth of it.
    """

    own: Values | None = None
    less: Values | None = None
    gone: Values | None = None

    @property
    def has_moved(self) -> bool:
        """Whether there is a step to compare with."""
        return self.own is not None and bool(self.own.any())

    @property
    def looks_at_rate(self) -> bool:
        """Whether the step is another one at a smaller rate; it is, where nobody could see."""
        if self.own is None or self.less is None or not self.has_moved:
            return True
        return not np.array_equal(self.own, self.less)

    @property
    def moves_without_rate(self) -> bool:
        """Whether the step is still there when its rate is gone."""
        if self.own is None or self.gone is None:
            return False
        return bool(np.linalg.norm(self.gone) > 100 * GONE * np.linalg.norm(self.own) > 0)


def trying(config: RunConfig, checkpoint: Checkpoint) -> Parts[Trials]:
    """Steps from where a run stands; none where it has ended."""
    if checkpoint.ended is not None:
        return Trials()
    moved = []
    for share in (1.0, LESS, GONE):
        yield
        moved.append(_second_step(config, checkpoint, share))
    return Trials(*moved)


def _second_step(config: RunConfig, checkpoint: Checkpoint, share: float) -> Values | None:
    """What the second step at a share of the rate adds; None if it cannot be taken."""
    with quiet():
        training = restored(config, checkpoint)
        training.calls = []
        for optimizer in training.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = share * group.get("initial_lr", group["lr"])
        recorder = training.recorder(checkpoint.step + 1)
        try:
            training.train_step(recorder)
            begun = _position(training)
            training.train_step(recorder)
        except Exception:  # noqa: BLE001 - whatever an optimizer raises, its step cannot be tried
            return None
    with np.errstate(invalid="ignore"):
        moved = _position(training) - begun
    return moved if np.isfinite(moved).all() else None


def decay_alone(config: RunConfig, rates: Sequence[float]) -> Values | None:
    """What a first step does to parameters whose gradients are all zero: the factor that each is left with.

    Args:
        config: The run.
        rates: Of each param group.

    Returns:
        [all] the factors; None if they are no such thing: where the step is not in proportion to a parameter.
    """
    once, twice = (_alone(config, rates, scale) for scale in (1.0, 2.0))
    if once is None or twice is None or not np.allclose(once, twice, rtol=1e-3, equal_nan=True):
        return None
    return once


def _alone(config: RunConfig, rates: Sequence[float], scale: float) -> Values | None:
    with quiet():
        training = Training(config.model_copy(update={"lr_scheduler": None, "freeze": ()}))
        training.later_groups.add_all()
        training.add_groups(0)
        for group, rate in zip(training.later_groups.groups(), rates, strict=True):
            group["lr"] = rate
        with torch.no_grad():
            for param in training.model.parameters():
                param.mul_(scale)
        for param in training.optimized:
            param.grad = torch.zeros_like(param)
        begun = _position(training)
        try:
            with torch.no_grad():
                for step in training.optimizer_steps:
                    step()
        except Exception:  # noqa: BLE001 - whatever an optimizer raises, its step cannot be tried
            return None
    with np.errstate(all="ignore"):
        factors: Values = _position(training) / begun
    return factors


def _position(training: Training) -> Values:
    with torch.no_grad():
        flat = torch.cat([param.reshape(-1) for param in training.model.parameters()])
    return flat.double().numpy()
