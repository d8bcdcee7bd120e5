"""The part of a script that concerns the optimizers of a run and what moves their hyperparameters."""

from collections.abc import Iterator, Sequence

import torch
from torch import nn

from optiscope.engine.advice.codegen.average import average_lines
from optiscope.engine.advice.codegen.groups import adding_lines, moving_lines
from optiscope.engine.advice.codegen.recipe import lr_scheduler_lines, optimizer_lines, optimizer_names
from optiscope.engine.advice.codegen.schedule import schedule_lines
from optiscope.engine.core.config import RunConfig
from optiscope.engine.recipe.hyperparameters import HyperparameterSchedules
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.optimizers import OPTIMIZERS, build_optimizers
from optiscope.engine.recipe.parameters import shapes_of
from optiscope.engine.recipe.problems import build_problem


def recipe(config: RunConfig) -> str:
    """The Python that builds optimizer, scheduler and average of a run, for a ``model`` that is there.

    Where the loop does more than to call ``scheduler.step()`` in each step, what it does is said, too.

    Raises:
        ConfigError: For a model or param groups that cannot be.
    """
    model = build_model(build_problem(config.problem, torch.float32), config.model, torch.float32)
    made = [*optimizer_lines(config.optimizer, shapes_of(model)), *lr_scheduler_lines(config)]
    return "\n".join([*made, *average_lines(config), *_in_the_loop(config, model)])


def _in_the_loop(config: RunConfig, model: nn.Module) -> list[str]:
    """What a loop over ``step`` does by hand, if it is not simply to step each scheduler."""
    names = optimizer_names(config.optimizer)
    scheduler = config.lr_scheduler
    calls = list(schedule_lines(scheduler, len(names))) if scheduler else []
    by_hand = list(_by_hand(config, model, names))
    if not by_hand and all(line.endswith(".step()") for line in calls):
        return []
    return ["", "# in the loop over step", *by_hand, *calls]


def _by_hand(config: RunConfig, model: nn.Module, names: Sequence[str]) -> Iterator[str]:
    """Param groups that are added and hyperparameters that are set, up to the step that uses them."""
    schedules = HyperparameterSchedules(build_optimizers(model, config.optimizer), config)
    lines = [*adding_lines(config, shapes_of(model), names), *moving_lines(config, schedules, names)]
    if lines:
        argument = OPTIMIZERS[config.optimizer.name].argument
        yield from (*lines, *(f"{name}.step({argument})" for name in names))
