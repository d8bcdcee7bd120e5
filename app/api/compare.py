"""``POST /api/compare``: several runs in one stream. For the page."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, Field, ValidationInfo

from optiscope.api import stream_examples
from optiscope.api.body import documented, json_body
from optiscope.api.events import COMPUTING, BlockOfSteps, Queued, RunEnded, RunStarted, event_lines, stream_of
from optiscope.api.state import Bounds, training
from optiscope.api.streams import JSONLinesResponse
from optiscope.api.wire import ARRAYS, Record
from optiscope.engine.core.config import Config, RunConfig
from optiscope.engine.core.findings import refusal
from optiscope.engine.core.limits import limits_of
from optiscope.engine.core.words import say
from optiscope.runs.description import Description, describe_all
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.service import Event

router = APIRouter(tags=["runs"])


def _few_enough(runs: tuple[RunConfig, ...], info: ValidationInfo) -> tuple[RunConfig, ...]:
    """Runs of which only some numbers a step are sent may be many more than those that are drawn."""
    record = info.data.get("record")
    is_narrow = record is not None and ARRAYS.isdisjoint(record)
    limits = limits_of(info)
    bound = limits.max_streamed_runs if is_narrow else limits.max_compared_runs
    if len(runs) > bound:
        raise refusal(say("at_most_entries", field="runs", count=bound, value=len(runs)))
    return runs


Runs = Annotated[
    tuple[RunConfig, ...],
    Field(min_length=1, max_length=1024, strict=False),
    AfterValidator(_few_enough),
]


class Comparison(Config):
    """Runs to train side by side."""

    record: Record | None = Field(
        None,
        description="The columns to send, such as `loss`; all, unless given. Without params, grads, state "
        "and average there may be `max_streamed_runs` runs.",
    )
    runs: Runs = Field(description="A RunConfig each, over one problem and one start to be comparable.")


def _run(name: str, **hyperparameters: float) -> dict[str, Any]:
    optimizer = {"name": name, "hyperparameters": hyperparameters}
    return {"problem": {"name": "moons"}, "optimizer": optimizer, "steps": 200}


EXAMPLES = {
    "Four optimizers from one initialisation": {
        "runs": [
            _run("SGD", lr=0.1),
            _run("SGD", lr=0.1, momentum=0.9),
            _run("Adam", lr=0.01),
            _run("AdamW", lr=0.01),
        ]
    }
}


async def accepted(
    comparison: Annotated[Comparison, Depends(json_body(Comparison))], limits: Bounds
) -> list[Description]:
    """The runs of the body, all found possible before the first byte is sent."""
    configs = {f"/runs/{index}": config for index, config in enumerate(comparison.runs)}
    return await in_engine_thread(describe_all, configs, limits)


@router.post(
    "/compare",
    summary="Train several runs side by side in one stream",
    response_class=JSONLinesResponse,
    openapi_extra=documented(Comparison, EXAMPLES),
    responses=COMPUTING
    | stream_of(RunStarted, Queued, BlockOfSteps, RunEnded, example=stream_examples.COLUMNS),
)
async def compare(
    comparison: Annotated[Comparison, Depends(json_body(Comparison))],
    runs: Annotated[list[Description], Depends(accepted)],
    events: Annotated[AsyncGenerator[list[Event]], Depends(training(accepted))],
) -> AsyncIterator[bytes]:
    """Trains the runs at the same time and streams their records as blocks of columns.

    The events are those of `/api/train?layout=columns`, each with `run`, the index of its run; blocks of
    different runs arrive interleaved, as workers finish them. The stream ends with the last `run_ended`.
    With `queue=true` a run that waits for its first turn says where, as `queued`.
    """
    marks = [{"run": index} for index in range(len(runs))]
    async for line in event_lines(runs, events, "columns", marks, comparison.record):
        yield line
