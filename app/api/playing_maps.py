"""Maps of a file that shows them: their sweeps, found or trained."""

import json
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any, NamedTuple

from fastapi import Request

from optiscope.api.computed import accepted, trained
from optiscope.api.kept_sweeps import followed_lines
from optiscope.api.playing_runs import as_asked, require_few
from optiscope.api.recorded_maps import Mapped, Swept, record_maps
from optiscope.api.state import get_kept_sweeps
from optiscope.api.sweep_lines import lines_of_sweep
from optiscope.api.taken import DrawnSweep, Export
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import say
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.engine.sweep.judging import plan_of
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.runs.cache import FinishedRun
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.keeping.sweeps.kept_sweep import KeptSweep
from optiscope.runs.service import RunService

MOST_AXES = 2
"""A map has no more; neither has a page."""


class Found(NamedTuple):
    """A sweep that can be shown.

    Attributes:
        sweep: What is swept.
        runs: Which runs its optimizers are.
        source: The sweep that is kept, or the plan of one that is to be trained.
    """

    sweep: SweepConfig
    runs: Sequence[int]
    source: KeptSweep | Plan


async def maps_of(request: Request, asked: Export, service: RunService) -> dict[str, Any]:
    """What is recorded of the sweeps, and of the runs that they vary."""
    options = request.app.state.options
    await request.app.state.kernels.ready()
    sources = [await _source(request, drawn, index) for index, drawn in enumerate(asked.sweeps)]
    runs = asked.runs or tuple(run for sweep, _ in sources for run in _bases(sweep))
    found = [
        Found(sweep, _runs_of(drawn, index, sweep, sources, len(runs), is_given=bool(asked.runs)), source)
        for index, (drawn, (sweep, source)) in enumerate(zip(asked.sweeps, sources, strict=True))
    ]
    configs = await accepted(request, {f"/runs/{index}": run for index, run in enumerate(runs)})
    records = await _records(service, configs)
    mapped = [
        Mapped(as_asked(run, config), config, one)
        for run, (config, _), one in zip(runs, configs.values(), records, strict=True)
    ]
    swept = []
    for one in found:
        events = await _events(request, service, one.source, options.limits)
        body = one.sweep.model_dump(mode="json", exclude_unset=True, exclude_none=True, by_alias=True)
        swept.append(Swept(body, one.runs, events))
        require_few(sum(len(sweep.events) for sweep in swept), options.limits)
    return record_maps(mapped, swept, options)


async def _source(request: Request, drawn: DrawnSweep, index: int) -> tuple[SweepConfig, KeptSweep | Plan]:
    """What is swept, and where its cells come from.

    Raises:
        ConfigError: If a page cannot draw it.
        UnknownSweepError: If it is not kept.
    """
    pointer = f"/sweeps/{index}/sweep"
    if isinstance(drawn.sweep, SweepConfig):
        try:
            source: KeptSweep | Plan = await in_engine_thread(plan_of, drawn.sweep, request.app.state.limits)
        except ConfigError as error:
            raise ConfigError([problem.under(pointer) for problem in error.problems]) from error
        sweep = drawn.sweep
    else:
        source = await (await get_kept_sweeps(request)).get(drawn.sweep.id)
        sweep = source.config
    if len(sweep.axes) > MOST_AXES:
        raise ConfigError.at(f"{pointer}/axes", say("one_file_axes", value=len(sweep.axes)))
    return sweep, source


def _bases(sweep: SweepConfig) -> Sequence[RunConfig]:
    """The runs that a sweep varies, one for each optimizer."""
    if sweep.optimizers is None:
        return [sweep.run]
    given = [sweep.run.model_copy(update={"optimizer": optimizer}) for optimizer in sweep.optimizers]
    return [RunConfig.model_validate_json(run.model_dump_json()) for run in given]


def _runs_of(
    drawn: DrawnSweep,
    index: int,
    sweep: SweepConfig,
    sources: Sequence[tuple[SweepConfig, Any]],
    count: int,
    *,
    is_given: bool,
) -> Sequence[int]:
    """Which of the runs the optimizers of a sweep are.

    Raises:
        ConfigError: If they are none of them, or not as many.
    """
    optimizers = len(sweep.optimizers or (None,))
    first = 0 if is_given else sum(len(before.optimizers or (None,)) for before, _ in sources[:index])
    runs = range(first, first + optimizers) if drawn.runs is None else drawn.runs
    if (runs and len(runs) != optimizers) or any(run >= count for run in runs):
        said = say("one_file_sweep_runs", count=optimizers, last=count - 1)
        raise ConfigError.at(f"/sweeps/{index}/runs", said)
    return list(runs)


async def _records(
    service: RunService, runs: Mapping[str, tuple[RunConfig, FinishedRun | None]]
) -> Sequence[FinishedRun | None]:
    """The records of runs whose paths are drawn over a map: those of test functions."""
    if any(PROBLEMS[config.problem.name].kind != "function" for config, _ in runs.values()):
        return [None] * len(runs)
    return await trained(service, runs)


async def _events(request: Request, service: RunService, source: KeptSweep | Plan, limits: Limits) -> str:
    """All lines of a sweep."""
    lines = (
        lines_of_sweep(service, request.app.state.kernels, source, limits)
        if isinstance(source, Plan)
        else followed_lines(await get_kept_sweeps(request), source, 0, limits)
    )
    async with aclosing(lines):
        events = b"".join([line async for line in lines])
    end = json.loads(events.splitlines()[-1])
    if end["reason"] in {"failed", "cancelled"}:
        raise ConfigError.at("/sweeps", say("as_written", text=end["detail"]))
    return events.decode()
