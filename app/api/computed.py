"""What routes that compute a view from runs have in common: their runs, and how they hand out arrays."""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Request
from pydantic import BaseModel, Discriminator, Field, Tag

from optiscope.api import wire
from optiscope.api.body import MODELS
from optiscope.api.events import Nested, TypedArray
from optiscope.api.state import get_kept_runs, get_limits
from optiscope.engine.core.config import Config, Finite, JSONList, RunConfig, at_most
from optiscope.engine.core.errors import ConfigError, FieldProblem, OptiscopeError
from optiscope.engine.core.words import raw, say
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.typed_arrays import typed
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.runs.cache import FinishedRun
from optiscope.runs.description import describe_all
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.service import RunService

log = logging.getLogger(__name__)

T = TypeVar("T")

Encoding = Literal["list", "base64"]
Array = list[Nested] | TypedArray
Range = Annotated[tuple[Finite, Finite], JSONList]
Window = Annotated[tuple[Range, Range], JSONList]
Records = Annotated[
    tuple[Annotated[int, Field(ge=0)], ...], JSONList, Field(min_length=1, max_length=100_000)
]
"""Numbers of records, in any order."""


class KeptRun(Config):
    """A kept run, as far as it has come: a fork cannot be told by a config alone."""

    id: Annotated[str, Field(max_length=64)] = Field(description="Of a kept run.")


def _kind(run: Any) -> str:
    return "kept run" if isinstance(run, dict) and "id" in run and "problem" not in run else "run config"


GivenRun = Annotated[
    Annotated[RunConfig, Tag("run config")] | Annotated[KeptRun, Tag("kept run")], Discriminator(_kind)
]
"""A config or an id. It is decided first which of the two was meant, so that only its faults are told."""

GivenRuns = Annotated[
    tuple[GivenRun, ...],
    Field(min_length=1, max_length=1024, strict=False),
    at_most("max_compared_runs"),
]

Accepted = tuple[RunConfig, FinishedRun | None]
"""A run that can be computed from, with its records if they need no training."""

ENCODERS: Mapping[Encoding, Callable[[Any], Any]] = {"list": wire.spelled, "base64": typed}


def require_one_choice(every: int | None, steps: Sequence[int] | None) -> None:
    """Refuse records that are chosen in both ways.

    Raises:
        ConfigError: If they are.
    """
    if every is not None and steps is not None:
        raise ConfigError.at("/steps", say("either", first="every", second="steps"))


def answers(
    model: type[BaseModel], description: str, headers: Mapping[str, Any] | None = None
) -> dict[int | str, dict[str, Any]]:
    """``responses`` of a route that answers with ``model``."""
    MODELS.add(model)
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    answer = {"description": description, "content": {"application/json": {"schema": schema}}}
    return {200: answer | ({"headers": dict(headers)} if headers else {})}


async def accepted(request: Request, runs: Mapping[str, RunConfig | KeptRun]) -> dict[str, Accepted]:
    """The runs of a request, by the JSON pointers under which it holds them.

    Raises:
        ConfigError: Naming everything that is wrong with a config.
        UnknownRunError: If a run is not kept, or no longer.
    """
    configs = {pointer: run for pointer, run in runs.items() if isinstance(run, RunConfig)}
    limits = await get_limits(request)
    described = dict(zip(configs, await in_engine_thread(describe_all, configs, limits), strict=True))
    return {
        pointer: await (await get_kept_runs(request)).recorded(run.id)
        if isinstance(run, KeptRun)
        else (described[pointer].config, None)
        for pointer, run in runs.items()
    }


async def trained(service: RunService, runs: Mapping[str, Accepted]) -> list[FinishedRun]:
    """The runs, as far as they have come: those that are kept, and those of configs, trained or recalled.

    However a run ended, what it recorded is there to be looked at.

    Raises:
        ConfigError: For a run that has no record.
    """
    known = {pointer: found for pointer, (_, found) in runs.items() if found is not None}
    configs = {pointer: config for pointer, (config, found) in runs.items() if found is None}
    known |= dict(zip(configs, await service.finished(list(configs.values())), strict=True))
    if empty := [pointer for pointer in runs if not known[pointer].blocks]:
        ends = {pointer: say("nothing_to_show", end=known[pointer].ended.said) for pointer in empty}
        raise ConfigError(itertools.starmap(FieldProblem, ends.items()))
    return [known[pointer] for pointer in runs]


async def records_of(service: RunService, runs: Mapping[str, Accepted]) -> list[tuple[Block, ...]]:
    """The records of the runs that :func:`trained` finds."""
    return [run.blocks for run in await trained(service, runs)]


@contextmanager
def telling_of(runs: Mapping[str, Accepted]) -> Iterator[None]:
    """Tell what a problem of another package raises while a view of it is computed; ours are defects.

    Raises:
        ConfigError: Pointing to the problem.
    """
    try:
        yield
    except OptiscopeError:
        raise
    except Exception as error:
        for pointer, (config, _) in runs.items():
            name = config.problem.name
            if PROBLEMS[name].source:
                log.exception("a view of %s failed", name)
                said = say("view_failed", problem=name, why=raw(error))
                raise ConfigError.at(f"{pointer}/problem", said) from error
        raise


async def each_computed(runs: Mapping[str, Accepted], jobs: Iterable[Awaitable[T]]) -> list[T]:
    """What there is to compute of each run by itself, under the pointers of the request.

    Raises:
        ConfigError: Naming everything that kept any of the runs from being computed.
    """
    found = await asyncio.gather(*jobs, return_exceptions=True)
    with telling_of(runs):
        return _unless_refused(list(runs), found)


def _unless_refused(pointers: Sequence[str], found: Sequence[T | BaseException]) -> list[T]:
    computed: list[T] = []
    problems: list[FieldProblem] = []
    for pointer, outcome in zip(pointers, found, strict=True):
        if isinstance(outcome, ConfigError):
            problems += [
                problem if problem.pointer.startswith(("/every", "/steps")) else problem.under(pointer)
                for problem in outcome.problems
            ]
        elif isinstance(outcome, BaseException):
            raise outcome
        else:
            computed.append(outcome)
    if problems:
        raise ConfigError(dict.fromkeys(problems))
    return computed


def parameters_of(blocks: Sequence[Block]) -> list[Block]:
    """The part of blocks that a path is made of: what else was recorded need not travel to a worker."""
    return [replace(block, grads=None, state={}, optional={}) for block in blocks]
