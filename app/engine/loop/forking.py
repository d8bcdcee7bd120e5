"""Forking: a run that begins where another one stood, with changes, and with as much of its state as wanted.

What PyTorch's own tutorial calls loading a checkpoint is three calls: ``model.load_state_dict``,
``optimizer.load_state_dict`` and ``scheduler.load_state_dict``. ``Restore`` says which of the last two are
made; leaving one out is a mistake that everybody makes once, and here it can be seen.
"""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from optiscope.engine.core.config import Config, RunConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.parts import Parts, stretches, whole
from optiscope.engine.core.tree import cloned
from optiscope.engine.core.words import Said, raw, say
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint, restore_optimizer
from optiscope.engine.loop.judging import problems_of
from optiscope.engine.loop.optimizer_state import (
    StateByName,
    names_of,
    state_by_name,
    state_fits,
    state_template,
)
from optiscope.engine.loop.refusing import parse_config
from optiscope.engine.loop.training import Training, quiet
from optiscope.engine.recipe.hyperparameters import HyperparameterSchedules
from optiscope.engine.recipe.lr_schedulers.parts import needs_metric

_KEPT = {
    "/dtype": say("fork_keeps_dtype"),
    "/model/hidden": say("fork_keeps_network"),
    "/model/seed": say("fork_keeps_parameters", field="seed"),
    "/model/start": say("fork_keeps_parameters", field="start"),
    "/model/state_dict": say("fork_keeps_parameters", field="state_dict"),
}
"""What a fork keeps, by the field that would change it."""


class Restore(Config):
    """What a fork takes over besides the parameters."""

    optimizer: bool = Field(True, description="Call optimizer.load_state_dict: moments and param groups.")
    lr_scheduler: bool = Field(True, description="Call scheduler.load_state_dict: where the schedule stands.")


@dataclass(frozen=True, slots=True)
class Fork:
    """Where a fork begins.

    Attributes:
        blocks: One record of the initial state, in the form of record 0, at the step of the fork.
        checkpoint: From where it is trained.
        notes: What could not be taken over, a sentence each.
    """

    blocks: list[Block]
    checkpoint: Checkpoint
    notes: tuple[Said, ...]


def changed_config(
    config: RunConfig, changes: Mapping[str, Any], limits: Limits = DEFAULT_LIMITS
) -> RunConfig:
    """``config`` with a merge patch (RFC 7396) applied.

    One thing is added to the RFC: an optimizer, a scheduler or a problem of another name replaces the one
    before whole, since Adam's betas mean nothing to SGD.

    Raises:
        ConfigError: If the result is no RunConfig, or changes what a fork keeps; pointers are those of the
            result.
    """
    result = parse_config(_as_json(merged(config.model_dump(mode="json"), changes)), limits)
    kept = {pointer: said for pointer, said in _KEPT.items() if _at(config, pointer) != _at(result, pointer)}
    if kept:
        others = [p for p in problems_of(result, limits, doubt={"model"}) if p.pointer not in kept]
        raise ConfigError([*itertools.starmap(FieldProblem, kept.items()), *others])
    return result


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value)
    except ValueError as error:  # a whole number of thousands of digits
        raise ConfigError.at("", say("number_too_long", why=str(error))) from error


def _at(config: RunConfig, pointer: str) -> Any:
    value: Any = config
    for name in pointer.strip("/").split("/"):
        value = getattr(value, name)
    return value


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396's MergePatch, and the rule about names: another name replaces what was there whole."""
    if not isinstance(patch, Mapping):
        return patch
    if not isinstance(target, dict) or (
        "name" in target and patch.get("name", target["name"]) != target["name"]
    ):
        target = {}
    result = dict(target)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def fork(parent: RunConfig, checkpoint: Checkpoint, config: RunConfig, restore: Restore) -> Fork:
    """Begin a run of ``config`` where a run of ``parent`` stood at ``checkpoint``, at once.

    Where neither optimizer nor scheduler changed, this is ``load_state_dict`` of what ``restore`` names, so
    that a full restore goes on bit for bit. Where they changed, hyperparameters are those of ``config``, the
    schedule is brought to the step by stepping it, and optimizer state is taken over as far as it fits.

    Raises:
        ConfigError: If the parameters do not fit the problem, or the schedule cannot be brought to the step.
    """
    return whole(fork_in_parts(parent, checkpoint, config, restore))


def fork_in_parts(
    parent: RunConfig, checkpoint: Checkpoint, config: RunConfig, restore: Restore
) -> Parts[Fork]:
    """What :func:`fork` makes of the same arguments, in parts."""
    with quiet():
        training = Training(config)
        training.stand_at(checkpoint.step)
        _load_model(training, checkpoint)
    if all(getattr(parent, part) == getattr(config, part) for part in _MOVING):
        training.add_groups(checkpoint.step - 1)
        notes = _load(training, checkpoint, restore)
        if parent.hyperparameter_schedules != config.hyperparameter_schedules:
            moved = config.model_copy(update={"hyperparameter_schedules": parent.hyperparameter_schedules})
            HyperparameterSchedules(training.optimizers, moved).release()
    else:
        notes = yield from _adopt(training, checkpoint, parent, restore)
    with quiet():
        if _order_of(parent) == _order_of(config):
            training.batches.load_state_dict(checkpoint.batches)
        if parent.loop.gradient_delay == config.loop.gradient_delay:
            training.late.load(checkpoint.late_grads)
        if training.average is not None:
            training.average.load_state_dict(_average_for(config, parent, checkpoint))
        training.freezing.apply(training.step, resumed=True)
        return Fork(starting_record(training), training.checkpoint(), tuple(notes))


def _average_for(config: RunConfig, parent: RunConfig, checkpoint: Checkpoint) -> dict[str, Any] | None:
    """What a fork goes on averaging from; one of another kind begins anew."""
    if config.average is None or parent.average is None or config.average.name != parent.average.name:
        return None
    return checkpoint.average


_MOVING = ("optimizer", "lr_scheduler")
"""What decides the values in param groups; a fork that changes it begins with those of its own config."""


def _order_of(config: RunConfig) -> tuple[Any, ...]:
    """What decides which samples a step sees; a fork that changes it begins an epoch of its own."""
    return config.problem, config.batch_size, config.order_seed


def starting_record(training: Training) -> list[Block]:
    """A record of where a training stands before it goes on, in the form of record 0."""
    recorder = training.recorder(training.step)
    recorder.initial(training.loss())
    return recorder.blocks()


def _load_model(training: Training, checkpoint: Checkpoint) -> None:
    try:
        training.model.load_state_dict(checkpoint.model)
    except RuntimeError as error:
        raise ConfigError.at("/problem", say("parameters_misfit", why=str(error))) from error
    for name, param in training.model.named_parameters():
        param.grad = checkpoint.grads[name].clone() if name in checkpoint.grads else None


def _load(training: Training, checkpoint: Checkpoint, restore: Restore) -> list[Said]:
    """``load_state_dict`` of what is to be restored."""
    if restore.optimizer:
        for optimizer, state in zip(training.optimizers, checkpoint.optimizers, strict=True):
            restore_optimizer(optimizer, state)
    if restore.lr_scheduler:
        for scheduler, state in zip(training.lr_schedulers, checkpoint.lr_schedulers, strict=True):
            scheduler.load_state_dict(cloned(state))
    return []


def _adopt(
    training: Training, checkpoint: Checkpoint, parent: RunConfig, restore: Restore
) -> Parts[list[Said]]:
    """Hyperparameters of the new config; schedule and state as far as they go with it."""
    notes: list[Said] = []
    waiting = needs_metric(training.config.lr_scheduler)
    if restore.lr_scheduler and waiting is not None:
        is_part = waiting != training.config.lr_scheduler
        notes.append(say("schedule_part_anew", scheduler=waiting.name) if is_part else say("schedule_anew"))
    if restore.lr_scheduler:
        yield from _bring_schedule_forward(training)
    training.add_groups(checkpoint.step - 1)
    if restore.optimizer:
        before = Training(parent)
        before.add_groups(checkpoint.step - 1)
        notes += _adopt_state(training, state_by_name(before, checkpoint.optimizers))
    return notes


def _bring_schedule_forward(training: Training) -> Parts[None]:
    """Step the schedule as often as a run of this config would have until ``training.step``.

    Raises:
        ConfigError: If torch refuses to.
    """
    if training.config.lr_scheduler is None:
        return
    epochs = training.step // training.config.lr_scheduler.interval
    try:
        for part in stretches(range(epochs)):
            _step_schedulers(training, part)
            yield
    except Exception as error:
        said = say("schedule_cannot_reach", step=training.step, why=raw(error))
        raise ConfigError.at("/lr_scheduler", said) from error


def _step_schedulers(training: Training, epochs: range) -> None:
    interval = training.config.lr_scheduler.interval if training.config.lr_scheduler else 1
    with quiet():
        for epoch in epochs:
            training.add_groups((epoch + 1) * interval - 1)
            for call in training.calls:
                call(epoch, None)


def _adopt_state(training: Training, saved: StateByName) -> list[Said]:
    """Give each parameter its saved state, where the new optimizer keeps state of the same form."""
    template = state_template(training.config)
    params = dict(training.model.named_parameters())
    anew: list[str] = []
    for optimizer, names in zip(training.optimizers, names_of(training), strict=True):
        for name in names:
            if name in saved and state_fits(template.get(name, {}), saved[name]):
                optimizer.state[params[name]] = cloned(saved[name])
            elif name in saved or template.get(name):
                anew.append(name)
    if not anew:
        return []
    return [say("state_anew", params=anew)]
