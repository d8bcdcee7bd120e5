"""What a file holds, as a run and a checkpoint that it goes on from."""

from collections.abc import Mapping
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
from optiscope.engine.loop.checkpoint_file.trial import try_a_step
from optiscope.engine.loop.checkpoint_file.writing import FORMAT
from optiscope.engine.loop.forking import starting_record
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.optimizer_state import names_of
from optiscope.engine.loop.refusing import parse_config
from optiscope.engine.loop.training import Training, quiet
from optiscope.engine.recipe.optimizers import OPTIMIZERS

_KEYS = {"format", "step", "config", "model", "optimizer", "lr_scheduler", "rest", "grads", "batches"}
_FIRST, _REST = ("optimizer", "lr_scheduler"), ("rest['optimizer']", "rest['lr_scheduler']")


def read_checkpoint(
    data: bytes, limits: Limits = DEFAULT_LIMITS
) -> tuple[RunConfig, Checkpoint, list[Block]]:
    """The run and the checkpoint of a file, and a record of the state that it holds.

    Raises:
        CheckpointFileError: If it is not a checkpoint that can be gone on from exactly.
    """
    try:
        with quiet():
            return _judged(loaded(data, limits), limits)
    except (CheckpointFileError, ConfigError):
        raise
    except Exception as error:  # whatever a stranger's file makes torch do, it is the file's fault
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise CheckpointFileError(say("file_unreadable", why=reason)) from error


def _judged(found: Any, limits: Limits) -> tuple[RunConfig, Checkpoint, list[Block]]:
    """What a file holds, compared with what its config makes."""
    if type(found) is not dict or found.keys() != _KEYS or found["format"] != FORMAT:
        raise CheckpointFileError(say("file_no_checkpoint", keys=sorted(_KEYS)))
    config = _config(found["config"], limits)
    step = found["step"]
    if type(step) is not int or not 0 <= step <= config.steps:
        raise CheckpointFileError(say("file_step", steps=config.steps))
    training = Training(config)
    training.step = step
    optimizers, lr_schedulers = _optimizers(training, found)
    checkpoint = Checkpoint(
        step=step,
        model=_tensors(training.model.state_dict(), found["model"], "model", is_whole=True),
        optimizers=optimizers,
        lr_schedulers=lr_schedulers,
        grads=_tensors(dict(training.model.named_parameters()), found["grads"], "grads"),
        batches=_batches(training, found["batches"]),
    )
    training.restore(checkpoint)
    blocks, reached = starting_record(training), training.checkpoint()
    try_a_step(config, reached)
    return config, reached, blocks


def _config(found: Any, limits: Limits) -> RunConfig:
    """The config, as one that a request could have sent."""
    try:
        config = parse_config(orjson.dumps(found), limits)
        check(config, limits)
    except (ConfigError, orjson.JSONEncodeError) as error:
        raise CheckpointFileError(say("file_config", why=why(error))) from error
    return config


def _tensors(
    expected: Mapping[str, torch.Tensor], found: Any, part: str, *, is_whole: bool = False
) -> dict[str, torch.Tensor]:
    """The tensors by name, each like the one that there should be."""
    require(type(found) is dict and found.keys() <= expected.keys(), part)
    require(not is_whole or list(found) == list(expected), part)
    for name, value in found.items():
        require(form_of(value) == form_of(expected[name].detach()), f"{part}[{name!r}]")
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


def _optimizers(
    training: Training, found: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the file holds of each optimizer and scheduler."""
    config, step = training.config, training.step
    holders = [found] if found["rest"] is None else [found, found["rest"]]
    rest = found["rest"] or {"optimizer": None, "lr_scheduler": None}
    if type(rest) is not dict or rest.keys() != {"optimizer", "lr_scheduler"}:
        raise CheckpointFileError(say("file_rest"))
    require(len(holders) == len(training.optimizers), "rest")
    names = [config.optimizer.name, *([config.optimizer.rest.name] if config.optimizer.rest else [])]
    states, schedulers = ([holder[key] for holder in holders] for key in _FIRST)
    places = [_FIRST, _REST][: len(holders)]
    kept = kept_by(config, step)
    judges = [
        Judge(OPTIMIZERS[name], optimizer, of_params, seen, step)
        for name, optimizer, of_params, seen in zip(
            names, training.optimizers, names_of(training), kept, strict=True
        )
    ]
    for judge, state, (part, _) in zip(judges, states, places, strict=True):
        judge.check_shape(state, part)
        judge.check_state(state, part)
    schedules = schedules_at(config, step, schedulers, [part for _, part in places])
    for judge, schedule, state, scheduler, (part, of_scheduler) in zip(
        judges, schedules, states, schedulers, places, strict=True
    ):
        rates = schedule.rates
        rates.is_exact = judge.took_all_steps(state) and rates.calls == schedule.total
        rates.is_own = judge.moves_rate
        schedule.check(config.lr_scheduler, scheduler, of_scheduler)
        judge.check_groups(state["param_groups"], rates, f"{part}['param_groups']")
    return states, schedulers if training.lr_schedulers else []
