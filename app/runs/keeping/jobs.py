"""What workers are asked to do for kept runs: chunks, forks and checkpoints, as bytes to be kept."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.parts import Parts
from optiscope.engine.core.words import Said, say
from optiscope.engine.lens.anatomy import Anatomy, anatomy
from optiscope.engine.loop.ahead import try_schedule
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint, Reason
from optiscope.engine.loop.checkpoint_file import (
    CheckpointFileError,
    read_checkpoint,
    repacked,
    write_checkpoint,
)
from optiscope.engine.loop.forking import Restore, fork_in_parts
from optiscope.engine.loop.training import advance, completed
from optiscope.runs.keeping.codec import encode_blocks
from optiscope.runs.keeping.losses import Result, losses_of
from optiscope.runs.keeping.pieces import Piece
from optiscope.runs.workers.bounded import call_bounded
from optiscope.runs.workers.executor import WorkerDiedError

_PART_SECONDS = 0.1
"""Steps that are trained again are trained so long before others may have their turn."""


@dataclass(frozen=True, slots=True)
class KeptChunk:
    """Some steps of a run, ready to be kept.

    Attributes:
        piece: What goes into the database.
        records: How many records it holds.
        nbytes: Their size.
        seconds: How long the worker took.
    """

    piece: Piece
    records: int
    nbytes: int
    seconds: float


def keep_chunk(
    config: str, checkpoint: bytes | None, steps: int, result: Result | None, seconds: float = math.inf
) -> KeptChunk:
    """``advance`` for a config as JSON and a checkpoint out of the database; ``result`` is that so far."""
    begun = time.perf_counter()
    blocks, reached = advance(RunConfig.model_validate_json(config), _opened(checkpoint), steps, seconds)
    piece = _piece(blocks, reached, result)
    return KeptChunk(piece, sum(map(len, blocks)), len(piece.data), time.perf_counter() - begun)


def fork_at(
    parent: str, checkpoint: bytes | None, step: int, config: str, restore: Restore
) -> Parts[tuple[Piece, tuple[Said, ...]]]:
    """The first record of a fork at ``step``, and what could not be taken over.

    Args:
        parent: Config of the run that is forked.
        checkpoint: The last one of it at or before ``step``; what lies between is trained again.
        step: Where to fork.
        config: Config of the fork.
        restore: What to take over.
    """
    before, forked = (RunConfig.model_validate_json(text) for text in (parent, config))
    reached = yield from _mended(before, checkpoint, step, forked, restore)
    begun = yield from fork_in_parts(before, reached, forked, restore)
    return _piece(begun.blocks, begun.checkpoint, None), begun.notes


def _mended(
    parent: RunConfig, checkpoint: bytes | None, step: int, config: RunConfig, restore: Restore
) -> Parts[Checkpoint]:
    """Where a run stood at a step, if a fork can go on from there.

    From a step after which the schedule could not go on, it can with another one, or one that begins anew.

    Raises:
        ConfigError: Naming what has to change.
    """
    reached = yield from _reached(parent, checkpoint, step)
    if reached.ended is None:
        return reached
    if reached.ended.reason is Reason.DIVERGED:
        raise ConfigError.at("/step", say("no_going_on_from", step=step, end=reached.ended.said))
    if restore.lr_scheduler and config.lr_scheduler == parent.lr_scheduler:
        pointer = str(reached.ended.said.params["pointer"])
        raise ConfigError.at(pointer, say("no_going_on_unchanged", end=reached.ended.said))
    return replace(reached, ended=None)


def checkpoint_file(config: str, checkpoint: bytes | None, step: int) -> Parts[bytes]:
    """The file of a checkpoint at ``step``; the arguments are those of :func:`fork_at`."""
    run = RunConfig.model_validate_json(config)
    return write_checkpoint(run, (yield from _replayed(run, checkpoint, step)))


def anatomy_at(
    config: str,
    checkpoint: bytes | None,
    step: int,
    parameters: Sequence[str] | None,
    limits: Limits,
    iteration: int | None = None,
) -> Parts[Anatomy]:
    """One step taken apart.

    Args:
        config: Of the run.
        checkpoint: The last one of it before ``step``; what lies between is trained again.
        step: Which, from the one after the first record on.
        parameters: Whose updates are told; all of them, unless given.
        limits: Bound the numbers of updates.
        iteration: Which inner iteration the updates are of; the last one, unless given.
    """
    run = RunConfig.model_validate_json(config)
    return anatomy(run, (yield from _replayed(run, checkpoint, step - 1)), parameters, limits, iteration)


def anatomies_at(config: str, steps: Sequence[int], limits: Limits) -> Parts[list[Anatomy]]:
    """Several steps of a run taken apart, which is trained once.

    Args:
        config: Of the run.
        steps: Which, in their order.
        limits: Bound the numbers of updates.
    """
    run = RunConfig.model_validate_json(config)
    reached: Checkpoint | None = None
    found = []
    for step in steps:
        reached = yield from _gone_on(run, reached, step - 1)
        found.append(anatomy(run, reached, None, limits))
        yield
    return found


def read_upload(data: bytes, limits: Limits, seconds: float) -> tuple[str, Piece]:
    """The config and the first record of a run that begins at a checkpoint somebody sent.

    What can be refused without building anything is refused here; the rest is done in a process that gets no
    more than the memory and the time that it is given.

    Raises:
        CheckpointFileError: If it is not one, or not whole, or takes too much memory.
    """
    repacked(data, limits.max_upload_bytes)
    bound = limits.max_checkpoint_memory_bytes
    try:
        return call_bounded(opened_upload, data, limits, nbytes=bound, seconds=seconds)
    except (WorkerDiedError, MemoryError) as error:
        raise CheckpointFileError(say("file_memory", bound=bound)) from error


def opened_upload(data: bytes, limits: Limits) -> tuple[str, Piece]:
    """The same, in this process. At its last step the run has come to its end."""
    config, checkpoint, blocks = read_checkpoint(data, limits)
    if checkpoint.step >= config.steps:
        end_loss = float(blocks[-1].loss[-1])  # such a record's loss is at its own parameters
        checkpoint = replace(checkpoint, ended=replace(completed(checkpoint.step), end_loss=end_loss))
    return config.canonical(), _piece(blocks, checkpoint, None)


def _opened(checkpoint: bytes | None) -> Checkpoint | None:
    """Where a run stands; one that had completed its steps goes on once it has more of them."""
    return None if checkpoint is None else replace(Checkpoint.from_bytes(checkpoint), ended=None)


def look_ahead(config: str, checkpoint: bytes | None, most: int) -> Parts[None]:
    """Refuse to extend a run to more steps than its schedule can make.

    Args:
        config: Of the run, with all its steps.
        checkpoint: Where it stands.
        most: How many steps to look ahead.

    Raises:
        ConfigError: If the schedule would end it earlier.
    """
    return try_schedule(RunConfig.model_validate_json(config), _opened(checkpoint), most)


def _replayed(config: RunConfig, checkpoint: bytes | None, step: int) -> Parts[Checkpoint]:
    """Where a run stood at a step, if it can go on from there."""
    reached = yield from _reached(config, checkpoint, step)
    if reached.ended is not None:
        raise ConfigError.at("/step", say("no_going_on_from", step=step, end=reached.ended.said))
    return reached


def _reached(config: RunConfig, checkpoint: bytes | None, step: int) -> Parts[Checkpoint]:
    """Where a run stood at a step; with its end, if it has diverged or failed there."""
    return (yield from _gone_on(config, _opened(checkpoint), step))


def _gone_on(config: RunConfig, checkpoint: Checkpoint | None, step: int) -> Parts[Checkpoint]:
    """The same from a checkpoint that is open."""
    _, reached = advance(config, checkpoint, 0)
    while reached.ended is None and reached.step < step:
        yield
        _, reached = advance(config, reached, step - reached.step, _PART_SECONDS)
    return reached if _is_over(reached) else replace(reached, ended=None)


def _is_over(reached: Checkpoint) -> bool:
    """Whether a run has diverged or failed there."""
    return reached.ended is not None and reached.ended.reason is not Reason.COMPLETED


def _piece(blocks: Sequence[Block], reached: Checkpoint, result: Result | None) -> Piece:
    """What there is to keep; from where a run diverged or failed there is no going on, so no checkpoint."""
    return Piece(
        first=blocks[0].first if blocks else reached.step + 1,
        last=reached.step,
        data=encode_blocks(blocks) if blocks else b"",
        result=losses_of(blocks, result, reached.ended),
        checkpoint=None if _is_over(reached) else reached.to_bytes(),
        ended=reached.ended,
    )
