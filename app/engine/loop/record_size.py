"""How many numbers a record of a run holds, at most, known before a step is taken."""

from math import prod

from optiscope.engine.core.config import OptimizerConfig
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.parameters import shapes_of


def record_values(training: Training) -> int:
    """Parameters, an average of them, gradients and optimizer state of one record, lists grown long."""
    shapes = list(shapes_of(training.model).values())
    config = training.config.optimizer
    state = max(_state_values(one, shapes) for one in (config, config.rest) if one)
    rate = OPTIMIZERS[config.name].own_rate
    if rate and rate.in_group:
        state += len(training.optimizers[0].param_groups)
    if training.average is not None:
        state += sum(map(prod, shapes)) + 1
    return 2 * sum(map(prod, shapes)) + state + remembered(training) * (2 * sum(map(prod, shapes)) + 2)


def remembered(training: Training) -> int:
    """Of how many steps the state comes to hold the change, the gradient's change and two numbers."""
    history = OPTIMIZERS[training.config.optimizer.name].history
    if history is None:
        return 0
    length, each_step = (training.optimizers[0].param_groups[0][name] for name in history)
    return max(int(min(length, training.config.steps * each_step)), 0)


def _state_values(config: OptimizerConfig, shapes: list[tuple[int, ...]]) -> int:
    info = OPTIMIZERS[config.name]
    copies = len(info.state) if info.copies is None else info.copies
    return sum(copies * prod(shape) + info.squares * sum(size**2 for size in shape) for shape in shapes)
