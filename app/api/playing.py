"""Runs as one HTML file that plays them: found or trained, recorded, and put into the page."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from fastapi import Request, Response

from optiscope.api.computed import GivenRun, accepted, telling_of, trained
from optiscope.api.recording import Look, Played, record
from optiscope.api.state import get_kept_runs
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import say
from optiscope.engine.lens.anatomy import Anatomy
from optiscope.runs.cache import FinishedRun
from optiscope.runs.service import RunService

MEDIA_TYPE = "text/html"


class Page(Protocol):
    """Makes the page that plays a recording."""

    def __call__(self, recording: Mapping[str, Any], *, accepts: str) -> bytes:
        """The file, in the language that its reader prefers."""


async def played_file(
    request: Request, runs: Sequence[GivenRun], look: Look, service: RunService, name: str
) -> Response:
    """The answer that is the file."""
    options, page = request.app.state.options, request.app.state.one_file
    given = {f"/runs/{index}": run for index, run in enumerate(runs)}
    found = await accepted(request, given)
    recorded = await trained(service, found)
    require_small(recorded, options.limits)
    told = [
        Played(_as_asked(run, config), config, records, await _anatomies(request, run))
        for run, (config, _), records in zip(runs, found.values(), recorded, strict=True)
    ]
    with telling_of(found):
        recording = await record(told, look, service, options)
    file = await asyncio.to_thread(page, recording, accepts=request.headers.get("accept-language", ""))
    headers = {"Content-Disposition": f'attachment; filename="{name}.html"'}
    return Response(file, headers=headers, media_type=MEDIA_TYPE)


def require_small(records: Sequence[FinishedRun], limits: Limits) -> None:
    """Refuse runs whose records are too much for one file.

    Raises:
        ConfigError: Saying how much they are.
    """
    size = sum(run.nbytes for run in records)
    if size > limits.max_file_bytes:
        said = say("one_file_too_large", value=size, bound=limits.max_file_bytes)
        raise ConfigError.at("/runs", said)


def _as_asked(run: GivenRun, config: RunConfig) -> dict[str, Any]:
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
