"""Averages of the parameters beside a run, by ``torch.optim.swa_utils``, as a script builds them."""

from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from optiscope.engine.core.config import Averaging, EMAConfig


def build_average(model: nn.Module, config: Averaging) -> AveragedModel:
    """The ``AveragedModel`` of a model where it stands, with its values; it is for evaluation."""
    average = get_ema_multi_avg_fn(config.decay) if isinstance(config, EMAConfig) else None
    return AveragedModel(model, multi_avg_fn=average, use_buffers=config.use_buffers).eval()


def is_averaged(config: Averaging, step: int) -> bool:
    """Whether ``update_parameters`` is called after a step, counted from 1."""
    return step > config.from_step and (step - config.from_step) % config.every == 0


def updates_until(config: Averaging, step: int) -> int:
    """How often it is called in the first steps of a run."""
    return max(step - config.from_step, 0) // config.every
