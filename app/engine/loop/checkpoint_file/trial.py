"""A few steps from the state of a file: where nothing is known of what an optimizer keeps, it must work."""

from dataclasses import replace

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import say
from optiscope.engine.loop.checkpoint import Checkpoint, Ended, Reason
from optiscope.engine.loop.checkpoint_file.misfits import CheckpointFileError
from optiscope.engine.loop.training import Training, advance

_STEPS = 3

_REPLAYED = 2_000
"""Steps that are trained anew to see whether the run fails by itself."""


def try_steps(config: RunConfig, checkpoint: Checkpoint) -> None:
    """Refuse a state that raises an error, if the run does not do so by itself.

    Raises:
        CheckpointFileError: With the error.
    """
    failure = _failure(config, checkpoint, _STEPS)
    if failure is None or _fails_anyway(config, checkpoint, failure.step):
        return
    raise CheckpointFileError(say("file_fails", why=failure.said))


def _fails_anyway(config: RunConfig, checkpoint: Checkpoint, step: int) -> bool:
    """Whether it fails without the state of the file, too, or the whole run does after that step."""
    anew = replace(checkpoint, optimizers=Training(config).checkpoint().optimizers)
    if _failure(config, anew, _STEPS) is not None:
        return True
    if step > _REPLAYED:
        return False
    failure = _failure(config, None, step + 1)
    return failure is not None and failure.step == step


def _failure(config: RunConfig, checkpoint: Checkpoint | None, steps: int) -> Ended | None:
    ended = advance(config, checkpoint, steps)[1].ended
    return ended if ended is not None and ended.reason is Reason.FAILED else None
