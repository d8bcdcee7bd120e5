"""What a file holds, as a run and a checkpoint that it goes on from."""

import errno
import os
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.words import say, why
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.checkpoint_file.archive import loaded
from optiscope.engine.loop.checkpoint_file.forms import form_of, is_finite
from optiscope.engine.loop.checkpoint_file.misfits import (
    CheckpointFileError,
    require,
    require_count,
    require_finite,
)
from optiscope.engine.loop.checkpoint_file.optimizers import Judge
from optiscope.engine.loop.checkpoint_file.probing import kept_by
from optiscope.engine.loop.checkpoint_file.schedules import schedules_at
from optiscope.engine.loop.checkpoint_file.trial import try_steps
from optiscope.engine.loop.checkpoint_file.writing import FORMAT
from optiscope.engine.loop.forking import starting_record
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.optimizer_state import names_of
from optiscope.engine.loop.refusing import parse_config
from optiscope.engine.loop.training import Training, quiet
from optiscope.engine.recipe.averaging import updates_until
from optiscope.engine.recipe.lr_schedulers.parts import parts_of
from optiscope.engine.recipe.optimizers import OPTIMIZERS

_NO_MEMORY = ("MemoryError", "can't allocate memory", "failed to map segment", os.strerror(errno.ENOMEM))
"""What torch, the system and the loader of libraries say of it, in errors of no class of their own."""

_KEYS = {"format", "step", "config", "model", "optimizer", "lr_scheduler", "rest", "grads", "batches"}
_OPTIONAL = {"average", "late_grads"}
_FIRST, _REST = ("optimizer", "lr_scheduler"), ("rest['optimizer']", "rest['lr_scheduler']")


def read_checkpoint(
    data: bytes, limits: Limits = DEFAULT_LIMITS
) -> tuple[RunConfig, Checkpoint, list[Block]]:
    """The run and the checkpoint of a file, and a record of the state that it holds.

    Raises:
        CheckpointFileError: If it is not a checkpoint that can be gone on from exactly.
        MemoryError: If the process gets no more memory.
    """
    try:
        with quiet():
            return judged(loaded(data, limits), limits)
    except MemoryError:
        raise
    except Exception as error:  # whatever a stranger's file makes torch do, it is the file's fault
        if any(words in str(error) for words in _NO_MEMORY):
            raise MemoryError from error
        if isinstance(error, CheckpointFileError | ConfigError):
            raise
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise CheckpointFileError(say("file_unreadable", why=reason)) from error


def judged(found: Any, limits: Limits = DEFAULT_LIMITS) -> tuple[RunConfig, Checkpoint, list[Block]]:
    """What the tree in a file holds, compared with what its config makes.

    Raises:
        CheckpointFileError: Naming the first part that no run of the config could hold.
    """
    if type(found) is not dict or found.keys() - _OPTIONAL != _KEYS or found["format"] != FORMAT:
        raise CheckpointFileError(say("file_no_checkpoint", keys=sorted(_KEYS)))
    config = _config(found["config"], limits)
    step = found["step"]
    if type(step) is not int or not 0 <= step <= config.steps:
        raise CheckpointFileError(say("file_step", steps=config.steps))
    training = Training(config)
    training.step = step
    training.add_groups(step - 1)
    optimizers, lr_schedulers = _optimizers(training, found)
    checkpoint = Checkpoint(
        step=step,
        model=_tensors(training.model.state_dict(), found["model"], "model", is_whole=True),
        optimizers=optimizers,
        lr_schedulers=lr_schedulers,
        grads=_tensors(dict(training.model.named_parameters()), found["grads"], "grads"),
        batches=_batches(training, found["batches"]),
        average=_average(training, found.get("average")),
        late_grads=_late_grads(training, found.get("late_grads", [])),
    )
    training.restore(checkpoint)
    blocks, reached = starting_record(training), training.checkpoint()
    try_steps(config, reached)
    return config, reached, blocks


def _config(found: Any, limits: Limits) -> RunConfig:
    """The config, as one that a request could have sent."""
    try:
        config = parse_config(orjson.dumps(found), limits)
        check(config, limits)
    except (ConfigError, orjson.JSONEncodeError) as error:
        raise CheckpointFileError(say("file_config", why=why(error))) from error
    for one in (config.optimizer, config.optimizer.rest):
        if one is not None and not OPTIMIZERS[one.name].files:
            raise CheckpointFileError(say("file_of_optimizer", optimizer=one.name))
    return config


def _tensors(
    expected: Mapping[str, torch.Tensor], found: Any, part: str, *, is_whole: bool = False
) -> dict[str, torch.Tensor]:
    """The tensors by name, each like the one that there should be."""
    require(type(found) is dict and found.keys() <= expected.keys(), part)
    require(not is_whole or list(found) == list(expected), part)
    for name, value in found.items():
        fits = form_of(value) == form_of(expected[name].detach()) and value.is_contiguous()
        require(fits, f"{part}[{name!r}]")
        require_finite(is_finite(value), f"{part}[{name!r}]")
    return dict(found)


def _batches(training: Training, found: Any) -> dict[str, Any]:
    expected = training.batches.state_dict()
    require(type(found) is dict and found.keys() == expected.keys(), "batches")
    require(form_of(found["generator"]) == form_of(expected["generator"]), "batches['generator']")
    try:
        torch.Generator().set_state(found["generator"])
    except RuntimeError as error:
        raise CheckpointFileError(say("file_generator", why=str(error).splitlines()[0])) from error
    position = found["position"]
    require(type(position) is int, "batches['position']")
    require_count(position, training.batches.furthest, "batches['position']")
    require(training.batches.is_between_batches(position), "batches['position']")
    return dict(found)


def _late_grads(training: Training, found: Any) -> list[dict[str, torch.Tensor]]:
    """The gradients on their way: those of as many steps as they are late, or as there were yet."""
    loop, expected = training.config.loop, dict(training.model.named_parameters())
    begun = loop.restart.step if loop.restart is not None and loop.restart.step < training.step else 0
    require(type(found) is list, "late_grads")
    require(len(found) == min(training.step - begun, loop.gradient_delay), "late_grads")
    return [_tensors(expected, grads, f"late_grads[{i}]") for i, grads in enumerate(found)]


def _average(training: Training, found: Any) -> dict[str, Any] | None:
    """The state of the ``AveragedModel``, if the run has one."""
    config = training.config.average
    if training.average is None or config is None:
        require(found is None, "average")
        return None
    state = _tensors(training.average.state_dict() or {}, found, "average", is_whole=True)
    most = updates_until(config, training.step)
    require_count(state["n_averaged"].item(), most, "average['n_averaged']")
    return state


def _optimizers(
    training: Training, found: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the file holds of each optimizer and scheduler."""
    holders, places = _holders(training, found)
    schedulers = [holder["lr_scheduler"] for holder in holders]
    judges = _judges(
        training,
        _moved(training),
        [holder["optimizer"] for holder in holders],
        [place for place, _ in places],
    )
    for judge in judges:
        judge.check_shape()
        judge.check_state()
    schedules = schedules_at(training.config, training.step, schedulers, [place for _, place in places])
    for judge, schedule, scheduler, (_, place) in zip(judges, schedules, schedulers, places, strict=True):
        rates = schedule.rates
        rates.is_exact = judge.took_all_steps and rates.calls == schedule.total
        rates.is_own = judge.moves_rate
        schedule.check(training.config.lr_scheduler, scheduler, place)
        judge.check_groups(rates)
    return [judge.found for judge in judges], schedulers if training.lr_schedulers else []


def _holders(
    training: Training, found: Mapping[str, Any]
) -> tuple[list[Mapping[str, Any]], list[tuple[str, str]]]:
    """What holds each optimizer with its scheduler, and where in the file those are."""
    rest = found["rest"]
    if rest is not None and (type(rest) is not dict or rest.keys() != set(_FIRST)):
        raise CheckpointFileError(say("file_rest"))
    holders = [found] if rest is None else [found, rest]
    require(len(holders) == len(training.optimizers), "rest")
    return holders, [_FIRST, _REST][: len(holders)]


def _moved(training: Training) -> list[list[dict[str, list[Any]]]]:
    """What factors may have made of the values in param groups: nothing yet, or those of the last step.

    Where a schedule of the rate moves momentum after each step, too, either may have been the last.
    """
    scheduler = training.config.lr_scheduler
    cycles = scheduler is not None and any(part.info.cycles_momentum for part in parts_of(scheduler, 1))
    names = {one.key.name for one in training.hyperparameters.scheduled}
    names -= {"momentum", "betas"} if cycles else set()
    begun = _values(training, names)
    training.hyperparameters.apply(max(training.step - 1, 0))
    now = _values(training, names)
    return [
        [
            {name: [first[name], last[name]] for name in first}
            for first, last in zip(groups, later, strict=True)
        ]
        for groups, later in zip(begun, now, strict=True)
    ]


def _values(training: Training, names: Collection[str]) -> list[list[dict[str, Any]]]:
    return [
        [{name: group[name] for name in names if name in group} for group in optimizer.param_groups]
        for optimizer in training.optimizers
    ]


def _judges(
    training: Training, moved: Sequence[Any], states: Sequence[Any], places: Sequence[str]
) -> list[Judge]:
    config, step = training.config, training.step
    configs = [config.optimizer, *([config.optimizer.rest] if config.optimizer.rest else [])]
    kept = kept_by(config, step)
    optimizers = zip(
        configs, training.optimizers, names_of(training), kept, states, places, moved, strict=True
    )
    return [
        Judge(OPTIMIZERS[own.name], optimizer, names, seen, step, state, place, values)
        for own, optimizer, names, seen, state, place, values in optimizers
    ]
