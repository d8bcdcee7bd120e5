"""The document of a run with every default filled in: what the paths of a sweep point into."""

from typing import Any

from optiscope.engine.core.config import LRSchedulerConfig, OptimizerConfig, RunConfig
from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.problems import complete_problem, info_of


def filled(config: RunConfig) -> dict[str, Any]:
    """The run as JSON, with what torch, the problem and the config are by default."""
    document: dict[str, Any] = config.model_dump(mode="json")
    problem = info_of(config.problem)
    document["problem"] = complete_problem(config.problem).model_dump(mode="json")
    document["optimizer"] = _optimizer(config.optimizer)
    if config.lr_scheduler is not None:
        document["lr_scheduler"] = _scheduler(config.lr_scheduler)
    if problem.kind == "function" and config.model.start is None:
        document["model"]["start"] = list(problem.start)
    return document


def _optimizer(config: OptimizerConfig) -> dict[str, Any]:
    document: dict[str, Any] = config.model_dump(mode="json")
    declared = OPTIMIZERS[config.name].hyperparameters
    document["hyperparameters"] = _values(declared, config.hyperparameters)
    for group in document["param_groups"] or ():
        group |= {name: v for name, v in document["hyperparameters"].items() if name not in group}
    if config.rest is not None:
        document["rest"] = _optimizer(config.rest)
    return document


def _scheduler(config: LRSchedulerConfig) -> dict[str, Any]:
    document: dict[str, Any] = config.model_dump(mode="json")
    declared = LR_SCHEDULERS[config.name].hyperparameters
    document["hyperparameters"] = _values(declared, config.hyperparameters)
    if config.schedulers is not None:
        document["schedulers"] = [_scheduler(part) for part in config.schedulers]
    return document


def _values(declared: tuple[Hyperparameter, ...], given: dict[str, Any]) -> dict[str, Any]:
    own = {h.name: list(h.default) if isinstance(h.default, tuple) else h.default for h in declared}
    return own | given
