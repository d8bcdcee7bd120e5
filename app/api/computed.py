"""What routes that compute a view from runs have in common: their runs, and how they hand out arrays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from app.api import wire
from app.api.events import PROBLEMS, Nested, TypedArray
from app.engine.checkpoint import Reason
from app.engine.config import Finite, Lax, RunConfig
from app.engine.errors import ConfigError
from app.engine.recorder import Block
from app.runs.service import RunService

Encoding = Literal["list", "base64"]
Array = list[Nested] | TypedArray
Range = Annotated[tuple[Finite, Finite], Lax]
Window = Annotated[tuple[Range, Range], Lax]

ENCODERS: Mapping[Encoding, Callable[[Any], Any]] = {"list": wire.spelled, "base64": wire.typed}


def answers(model: type[BaseModel], description: str) -> dict[int | str, dict[str, Any]]:
    """``responses`` of a route that answers with ``model``."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return PROBLEMS | {200: {"description": description, "content": {"application/json": {"schema": schema}}}}


async def recorded(service: RunService, runs: Mapping[str, RunConfig]) -> list[tuple[Block, ...]]:
    """The records of each run, trained to its end or recalled.

    Args:
        service: Trains them.
        runs: Accepted runs by the JSON pointer under which the request holds them.

    Raises:
        ConfigError: For a run that a worker could not train.
    """
    finished = await service.finished(list(runs.values()))
    for pointer, run in zip(runs, finished, strict=True):
        if run.ended.reason is Reason.FAILED:
            raise ConfigError.at(pointer, f"this run has nothing to show: it {run.ended.detail}")
    return [run.blocks for run in finished]


def parameters_of(blocks: Sequence[Block]) -> list[Block]:
    """The part of blocks that a path is made of: what else was recorded need not travel to a worker."""
    return [replace(block, grads=None, state={}) for block in blocks]
