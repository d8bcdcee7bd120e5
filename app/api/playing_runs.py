"""Runs of a file that plays them: found or trained, and recorded."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import Request

from optiscope.api.computed import GivenRun, accepted, telling_of, trained
from optiscope.api.recording import Played, Scene, record, unfrozen
from optiscope.api.state import get_kept_runs
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import say
from optiscope.engine.lens.anatomy import Anatomy
from optiscope.runs.cache import FinishedRun
from optiscope.runs.service import RunService


async def runs_of(
    request: Request, runs: Sequence[GivenRun], scenes: Sequence[Scene], service: RunService
) -> dict[str, Any]:
    """What is recorded of runs, and of what is compared of them."""
    options = request.app.state.options
    found = await accepted(request, {f"/runs/{index}": run for index, run in enumerate(runs)})
    records = await trained(service, found)
    require_small(records, options.limits)
    frozen = [config for config, finished in found.values() if config.freeze and not _is_fork(finished)]
    ghosts = dict(zip(map(id, frozen), await service.finished(list(map(unfrozen, frozen))), strict=True))
    played = [
        Played(as_asked(run, config), config, done, await _anatomies(request, run), ghosts.get(id(config)))
        for run, (config, _), done in zip(runs, found.values(), records, strict=True)
    ]
    with telling_of(found):
        return await record(played, scenes, service, options)


def _is_fork(kept: FinishedRun | None) -> bool:
    """Whether a run does not begin with its config."""
    return kept is not None and kept.blocks[0].first > 0


def require_small(records: Sequence[FinishedRun], limits: Limits) -> None:
    """Refuse runs whose records are too much for one file.

    Raises:
        ConfigError: Saying how much they are.
    """
    require_few(sum(run.nbytes for run in records), limits)


def require_few(nbytes: int, limits: Limits) -> None:
    """Refuse records of so many bytes, if that is too much for one file.

    Raises:
        ConfigError: Saying how much they are.
    """
    if nbytes > limits.max_file_bytes:
        said = say("one_file_too_large", value=nbytes, bound=limits.max_file_bytes)
        raise ConfigError.at("/runs", said)


def as_asked(run: GivenRun, config: RunConfig) -> dict[str, Any]:
    """The config of a run, without what was left out of it."""
    if isinstance(run, RunConfig):
        return run.model_dump(mode="json", exclude_unset=True)
    return config.model_dump(mode="json")


async def _anatomies(
    request: Request, run: GivenRun
) -> Callable[[Sequence[int]], Awaitable[list[Anatomy]]] | None:
    """What takes steps of a kept run apart, which goes on from its checkpoints."""
    if isinstance(run, RunConfig):
        return None
    kept, id_ = await get_kept_runs(request), run.id

    async def taken(steps: Sequence[int]) -> list[Anatomy]:
        return [await kept.anatomy(id_, step, None) for step in steps]

    return taken
