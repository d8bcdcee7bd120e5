"""Documents read, and all that is wrong with one: what pydantic finds, and what the engine finds then."""

from collections.abc import Iterator

from pydantic import BaseModel, ValidationError

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.findings import Place, explain, pointer_to
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits, in_context
from optiscope.engine.core.salvage import Salvage
from optiscope.engine.loop.judging import problems_of


def parse_config(data: bytes | str, limits: Limits = DEFAULT_LIMITS) -> RunConfig:
    """The config that a JSON text describes, within limits.

    Raises:
        ConfigError: Naming every field that is missing, unknown, of the wrong type or out of bounds, and what
            is wrong with the rest then.
    """
    try:
        return RunConfig.model_validate_json(data, context=in_context(limits))
    except ValidationError as error:
        raise refused(error, data, RunConfig, limits) from None


def refused(error: ValidationError, data: bytes | str, model: type[BaseModel], limits: Limits) -> ConfigError:
    """The error of a JSON text that pydantic refuses, naming also what is wrong with the runs in it."""
    told = explain(error, data, model).problems
    return ConfigError([*told, *_further(Salvage(model, data, error, limits), limits)])


def _further(salvage: Salvage[BaseModel], limits: Limits) -> Iterator[FieldProblem]:
    for place, config in salvage.configs():
        here = salvage.original(place)
        inside = (gone[len(here) :] for gone in salvage.removed if _is_inside(gone, here))
        doubt = {str(gone[0]) for gone in inside if not _is_option(gone)}
        for problem in problems_of(config, limits, doubt):
            where = salvage.original((*place, *_place(problem.pointer)))
            if not salvage.touches(where):
                yield FieldProblem(pointer_to(where), problem.said)


def _is_inside(place: Place, outer: Place) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _is_option(place: Place) -> bool:
    """Whether a field of a run is only an option of its problem: without it, it still is that problem."""
    return place[0] == "problem" and place[1:] not in {(), ("name",)}


def _place(pointer: str) -> Place:
    """The place of a JSON pointer."""
    tokens = (token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])
    return tuple(int(token) if token.isdecimal() else token for token in tokens)
