"""Checkpoints as files: written for plain PyTorch, read from strangers.

A file is what ``torch.save`` writes of::

    {"format": 1, "step": 120, "config": {…RunConfig…},
     "model": model.state_dict(), "optimizer": optimizer.state_dict(),
     "lr_scheduler": scheduler.state_dict() | None,
     "rest": {"optimizer": …, "lr_scheduler": …} | None,      # of config["optimizer"]["rest"]
     "grads": {…}, "batches": {…}}                             # what else it takes to go on bit for bit

so that ``torch.load(path, weights_only=True)["model"]`` is a ``state_dict`` like any other. A file that comes
back may have been made by anybody. It is looked at from the outside in, and what it holds is compared with
what its own config builds here: every value must be one that such a run could hold, or it is refused.
"""

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import torch
from torch import Tensor

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError, SaidError
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.words import say, why
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.forking import starting_record
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.optimizer_state import is_number, names_of, state_fits, state_template, tensor_fits
from optiscope.engine.loop.refusing import parse_config
from optiscope.engine.loop.training import Training, quiet

FORMAT = 1

_KEYS = {"format", "step", "config", "model", "optimizer", "lr_scheduler", "rest", "grads", "batches"}
_MAX_ENTRIES = 4096
_MAX_CONFIG_PARTS = 100_000
_MOVED_BY_SCHEDULERS = frozenset({"lr", "momentum", "betas"})
_MOVES_IN_SCHEDULERS = frozenset(
    {"last_epoch", "_step_count", "_last_lr", "T_cur", "T_i", "best", "num_bad_epochs", "cooldown_counter"}
)
_MAX_RATE = 1e12


class CheckpointFileError(SaidError, ValueError):
    """A file that is no checkpoint of Optiscope, or a damaged one; what it says is wrong with it."""


def write_checkpoint(config: RunConfig, checkpoint: Checkpoint) -> bytes:
    """The file of a checkpoint of a run of ``config``."""
    schedulers: Sequence[Any] = checkpoint.lr_schedulers or (None,) * len(checkpoint.optimizers)
    (optimizer, lr_scheduler), *rest = zip(checkpoint.optimizers, schedulers, strict=True)
    buffer = io.BytesIO()
    torch.save(
        {
            "format": FORMAT,
            "step": checkpoint.step,
            "config": config.model_dump(mode="json"),
            "model": checkpoint.model,
            "optimizer": optimizer,
            "lr_scheduler": lr_scheduler,
            "rest": {"optimizer": rest[0][0], "lr_scheduler": rest[0][1]} if rest else None,
            "grads": checkpoint.grads,
            "batches": checkpoint.batches,
        },
        buffer,
    )
    return buffer.getvalue()


def read_checkpoint(
    data: bytes, limits: Limits = DEFAULT_LIMITS
) -> tuple[RunConfig, Checkpoint, list[Block]]:
    """The run and the checkpoint of a file, and a record of the state that it holds.

    Raises:
        CheckpointFileError: If it is not a checkpoint that can be gone on from exactly.
    """
    try:
        with quiet():
            archive = io.BytesIO(repacked(data, limits.max_upload_bytes))
            return _checked(torch.load(archive, map_location="cpu", weights_only=True), limits)
    except (CheckpointFileError, ConfigError):
        raise
    except Exception as error:  # whatever a stranger's file makes torch do, it is the file's fault
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise CheckpointFileError(say("file_unreadable", why=reason)) from error


def repacked(data: bytes, bound: int) -> bytes:
    """The archive written anew: entries stored, each once, each with the checksum that it came with.

    ``torch.load`` reads archives with another library, does not check their sums, and unpacks what is
    compressed to any size; after this there is nothing left to disagree about.

    Raises:
        CheckpointFileError: If the archive is damaged, compressed or too large.
    """
    if len(data) > bound:
        raise CheckpointFileError(say("file_too_large", bound=bound, value=len(data)))
    buffer = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(buffer, "w") as copy:
            entries = archive.infolist()
            _check_entries(entries, bound)
            for entry in entries:
                copy.writestr(zipfile.ZipInfo(entry.filename), archive.read(entry))
    except CheckpointFileError:
        raise
    except Exception as error:
        raise CheckpointFileError(say("file_no_archive", why=str(error))) from error
    return buffer.getvalue()


def _check_entries(entries: list[zipfile.ZipInfo], bound: int) -> None:
    if len(entries) > _MAX_ENTRIES:
        raise CheckpointFileError(say("file_of_many_entries", bound=_MAX_ENTRIES, value=len(entries)))
    if len({entry.filename for entry in entries}) < len(entries):
        raise CheckpointFileError(say("file_entries_twice"))
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise CheckpointFileError(say("file_compressed"))
    total = sum(entry.file_size for entry in entries)
    if total > bound:
        raise CheckpointFileError(say("file_holds_too_much", bound=bound, value=total))


def _checked(found: Any, limits: Limits) -> tuple[RunConfig, Checkpoint, list[Block]]:
    """What a file holds, compared with what its config builds."""
    if type(found) is not dict or found.keys() != _KEYS or found["format"] != FORMAT:
        raise CheckpointFileError(say("file_no_checkpoint", keys=sorted(_KEYS)))
    config = _config(found["config"], limits)
    step = found["step"]
    if type(step) is not int or not 0 <= step <= config.steps:
        raise CheckpointFileError(say("file_step", steps=config.steps))
    training = Training(config)
    training.step = step
    checkpoint = Checkpoint(
        step=step,
        model=_model(training, found["model"]),
        optimizers=_optimizers(training, _both(found, "optimizer")),
        lr_schedulers=_lr_schedulers(training, _both(found, "lr_scheduler")),
        grads=_grads(training, found["grads"]),
        batches=_batches(training, found["batches"]),
    )
    training.restore(checkpoint)
    return config, training.checkpoint(), starting_record(training)


def _config(found: Any, limits: Limits) -> RunConfig:
    """The config, as one that a request could have sent."""
    _require_small(found)
    try:
        config = parse_config(orjson.dumps(found), limits)
        check(config, limits)
    except (ConfigError, orjson.JSONEncodeError) as error:
        raise CheckpointFileError(say("file_config", why=why(error))) from error
    return config


def _require_small(tree: Any) -> None:
    """Refuse a tree of many parts: a pickle can refer to one list a thousand times, and that to another."""
    waiting = [tree]
    for _ in range(_MAX_CONFIG_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        waiting.extend(part.values() if type(part) is dict else part if type(part) is list else ())
    raise CheckpointFileError(say("file_config_too_large"))


def _both(found: Mapping[str, Any], key: str) -> list[Any]:
    """What the file holds for each optimizer: the first, and the one of the rest."""
    rest = found["rest"]
    if rest is None:
        return [found[key]]
    if type(rest) is not dict or rest.keys() != {"optimizer", "lr_scheduler"}:
        raise CheckpointFileError(say("file_rest"))
    return [found[key], rest[key]]


def _require(condition: object, what: str) -> None:
    if not condition:
        raise CheckpointFileError(say("file_misfit", part=what))


def _require_tensor(template: Tensor, value: Any, what: str) -> None:
    _require(tensor_fits(template, value), what)
    if not torch.isfinite(value).all():
        raise CheckpointFileError(say("file_not_finite", part=what))


def _model(training: Training, found: Any) -> dict[str, Tensor]:
    expected = training.model.state_dict()
    _require(isinstance(found, dict) and list(found) == list(expected), "model")
    for name, template in expected.items():
        _require_tensor(template, found[name], f"model[{name!r}]")
    return {name: found[name] for name in expected}


def _grads(training: Training, found: Any) -> dict[str, Tensor]:
    expected = dict(training.model.named_parameters())
    _require(type(found) is dict and found.keys() <= expected.keys(), "grads")
    for name, value in found.items():
        _require_tensor(expected[name].detach(), value, f"grads[{name!r}]")
    return dict(found)


def _batches(training: Training, found: Any) -> dict[str, Any]:
    expected = training.batches.state_dict()
    _require(type(found) is dict and found.keys() == expected.keys(), "batches")
    _require(tensor_fits(expected["generator"], found["generator"]), "batches['generator']")
    _require(type(found["position"]) is int and found["position"] >= 0, "batches['position']")
    return dict(found)


def _optimizers(training: Training, found: list[Any]) -> list[dict[str, Any]]:
    _require(len(found) == len(training.optimizers), "optimizer")
    template = state_template(training.config)
    checked = []
    for optimizer, names, state in zip(training.optimizers, names_of(training), found, strict=True):
        _require(type(state) is dict and state.keys() == {"state", "param_groups"}, "optimizer")
        _check_groups(optimizer.state_dict()["param_groups"], state["param_groups"])
        _check_state(template, names, state["state"])
        checked.append(state)
    return checked


def _check_groups(expected: list[dict[str, Any]], found: Any) -> None:
    _require(type(found) is list and len(found) == len(expected), "optimizer['param_groups']")
    for number, (group, template) in enumerate(zip(found, expected, strict=True)):
        what = f"optimizer['param_groups'][{number}]"
        _require(type(group) is dict and group.keys() == template.keys(), what)
        for key, value in template.items():
            fits = _moved(value, group[key]) if key in _MOVED_BY_SCHEDULERS else _same(value, group[key])
            _require(fits, f"{what}[{key!r}]")


def _moved(template: Any, value: Any) -> bool:
    """Whether ``value`` could be what a scheduler made of ``template``: a rate, or a pair of them."""
    if isinstance(template, tuple | list):
        return (
            type(value) in {tuple, list}
            and len(value) == len(template)
            and all(_moved(t, v) for t, v in zip(template, value, strict=True))
        )
    return is_number(value) and abs(value) <= _MAX_RATE if is_number(template) else _same(template, value)


def _same(template: Any, value: Any) -> bool:
    """Equality of plain values, without trusting ``==`` of anything else."""
    if type(template) is not type(value):
        return False
    if isinstance(template, list | tuple):
        return len(template) == len(value) and all(_same(t, v) for t, v in zip(template, value, strict=True))
    if isinstance(template, dict):
        return template.keys() == value.keys() and all(_same(t, value[key]) for key, t in template.items())
    if isinstance(template, float):
        return template == value or (math.isnan(template) and math.isnan(value))
    return bool(template == value)


def _check_state(template: Mapping[str, Any], names: list[str], found: Any) -> None:
    _require(type(found) is dict and found.keys() <= set(range(len(names))), "optimizer['state']")
    for index, state in found.items():
        what = f"optimizer['state'][{index}]"
        _require(type(state) is dict and state_fits(template.get(names[index], {}), state), what)
        if not all(map(_finite, state.values())):
            raise CheckpointFileError(say("file_not_finite", part=what))


def _finite(value: Any) -> bool:
    if isinstance(value, Tensor):
        return bool(torch.isfinite(value).all())
    return all(map(_finite, value)) if isinstance(value, list) else value is None or is_number(value)


def _lr_schedulers(training: Training, found: list[Any]) -> list[dict[str, Any]]:
    if not training.lr_schedulers:
        _require(all(state is None for state in found), "lr_scheduler")
        return []
    _require(len(found) == len(training.lr_schedulers), "lr_scheduler")
    for scheduler, state in zip(training.lr_schedulers, found, strict=True):
        _check_scheduler(scheduler.state_dict(), state, training.step, "lr_scheduler")
    return found


def _check_scheduler(template: Any, found: Any, step: int, what: str) -> None:
    """Compare the state of a scheduler, and of those inside it, with a fresh one."""
    _require(type(found) is dict and found.keys() == template.keys(), what)
    for key, value in template.items():
        inner = f"{what}[{key!r}]"
        if key == "_schedulers":
            _require(type(found[key]) is list and len(found[key]) == len(value), inner)
            for number, (part, state) in enumerate(zip(value, found[key], strict=True)):
                _check_scheduler(part, state, step, f"{inner}[{number}]")
        elif key in _MOVES_IN_SCHEDULERS:
            _require(_moved_scheduler_value(key, value, found[key], step), inner)
        else:
            _require(_same(value, found[key]), inner)


def _moved_scheduler_value(key: str, template: Any, value: Any, step: int) -> bool:
    if key == "_last_lr":
        return _moved(template, value)
    if key == "best":
        return isinstance(value, float) and not math.isnan(value)
    if key in {"T_cur", "T_i"}:
        return is_number(value) and 0 <= value <= _MAX_RATE
    return type(value) is int and 0 <= value <= step + 1
