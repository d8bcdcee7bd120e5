"""``POST /api/train``: one run, streamed. For scripts."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from optiscope.api import stream_examples
from optiscope.api.body import documented, json_body
from optiscope.api.events import (
    COMPUTING,
    BlockOfSteps,
    Queued,
    RunEnded,
    RunStarted,
    Step,
    event_lines,
    stream_of,
)
from optiscope.api.state import Bounds, training
from optiscope.api.streams import JSONLinesResponse
from optiscope.api.wire import ColumnName, Layout
from optiscope.engine.core.config import RunConfig
from optiscope.runs.description import Description, describe_all
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.service import Event

router = APIRouter(tags=["runs"])

WantedColumns = Annotated[
    list[ColumnName] | None,
    Query(max_length=32, description="The columns to send, once for each; the others are absent."),
]

EXAMPLES = {
    "Adam on two moons": {
        "problem": {"name": "moons"},
        "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.01}},
        "steps": 100,
    },
    "The notes: TinyNet with a frozen fc2": {
        "problem": {"name": "seed-example"},
        "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}},
        "freeze": [{"params": ["fc2"]}],
        "steps": 50,
    },
    "A learning rate that decays, on Rosenbrock's function": {
        "problem": {"name": "rosenbrock"},
        "model": {"start": [-1.5, 2.0]},
        "optimizer": {"name": "AdamW", "hyperparameters": {"lr": 0.05}},
        "lr_scheduler": {"name": "StepLR", "hyperparameters": {"step_size": 100, "gamma": 0.5}},
        "steps": 400,
    },
}


async def accepted(
    config: Annotated[RunConfig, Depends(json_body(RunConfig))], limits: Bounds
) -> list[Description]:
    """The run of the body, found possible before the first byte is sent."""
    return await in_engine_thread(describe_all, {"": config}, limits)


@router.post(
    "/train",
    summary="Train one run and stream every step",
    response_class=JSONLinesResponse,
    openapi_extra=documented(RunConfig, EXAMPLES),
    responses=COMPUTING
    | stream_of(RunStarted, Queued, Step, BlockOfSteps, RunEnded, example=stream_examples.ROWS),
)
async def train(
    runs: Annotated[list[Description], Depends(accepted)],
    events: Annotated[AsyncGenerator[list[Event]], Depends(training(accepted))],
    layout: Annotated[Layout, Query(description="A line for each step, or blocks of typed arrays.")] = "rows",
    record: WantedColumns = None,
) -> AsyncIterator[bytes]:
    """Trains with real PyTorch and streams every record as JSON Lines while it trains.

    The stream begins with `run_started`, sends a `step` for each record from step 0 (the initial state), and
    ends with `run_ended`. Everything that can be refused is refused before the first byte, with 422 and the
    fields that are wrong. Numbers are the exact doubles of what torch computed; those that JSON does not know
    are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`. Close the connection to stop the run.

    Requests take turns; with `queue=true` a run that waits for its first turn says where, as `queued`.
    """
    async for line in event_lines(runs, events, layout, [{}], record):
        yield line
