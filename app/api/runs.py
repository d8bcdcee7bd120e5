"""``/api/runs``: kept runs: create, list, follow, extend, pause, resume, fork."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import Field

from optiscope.api import stream_examples
from optiscope.api.body import documented, json_body
from optiscope.api.computed import answers
from optiscope.api.events import BlockOfSteps, RunEnded, RunStarted, Step, problems, stream_of
from optiscope.api.following import Form, compared_lines, followed_lines
from optiscope.api.run_documents import (
    Creation,
    Edit,
    Extension,
    Fork,
    RunDocument,
    RunPage,
    page_document,
    run_document,
)
from optiscope.api.state import Bounds, Client, Encoded, Kept, follow_place, take_place
from optiscope.api.streams import JSONLinesResponse, unless_left
from optiscope.api.train import EXAMPLES as CONFIGS
from optiscope.api.train import WantedColumns
from optiscope.api.wire import Layout
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.registry import shown
from optiscope.engine.core.words import say
from optiscope.engine.loop.checkpoint import Ended
from optiscope.runs.description import describe_all
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.keeping.branching import Branch
from optiscope.runs.keeping.following import Records
from optiscope.runs.keeping.kept_runs import KeptRuns
from optiscope.runs.keeping.listing import Wish
from optiscope.runs.keeping.run import Run, State

router = APIRouter(prefix="/runs", tags=["kept runs"])

LARGEST = 2**53

Id = Annotated[
    str,
    Path(
        description="The `id` of a run.",
        json_schema_extra={"pattern": "^[0-9a-f]{1,64}$"},
        examples=["3f9a0c7d21be"],
    ),
]

READING = problems(404, 422, 503)
FOLLOWING = READING | problems(429)
CHANGING = READING | problems(409, 507)
TRAINING = CHANGING | problems(413, 415, 429)

_TAG = {"description": "The version of the run, for `If-Match`.", "schema": {"type": "string"}}
_LOCATION = {"description": "The address of the new run.", "schema": {"type": "string"}}

ONE_RUN = answers(RunDocument, "The run as it is now.", {"ETag": _TAG})
NEW_RUN: dict[int | str, dict[str, Any]] = {
    201: answers(RunDocument, "The new run.", {"ETag": _TAG, "Location": _LOCATION})[200]
}


async def if_match(
    header: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The version of the run that is meant, as its ETag says it.",
            json_schema_extra={"pattern": r'^\s*(\*|(W/)?"?[0-9]{1,15}"?)\s*$'},
        ),
    ] = None,
) -> int | None:
    """The version that a command insists on: the ETag of the run, or `*` for any."""
    if header is None or header.strip() == "*":
        return None
    found = re.fullmatch(r'\s*(?:W/)?"?([0-9]{1,15})"?\s*', header)
    if found is None:
        raise ConfigError.at("/If-Match", say("no_version"))
    return int(found[1])


Version = Annotated[int | None, Depends(if_match)]


def answer(run: Run, status: int = 200) -> Response:
    """A run as the body, its version as the entity tag, and where it is if it is new."""
    headers = {"ETag": f'"{run.version}"', "Cache-Control": "no-cache"}
    if status == 201:  # noqa: PLR2004 - Created
        headers["Location"] = f"/api/runs/{run.id}"
    return Response(run_document(run), status, headers, media_type="application/json")


@router.post(
    "",
    status_code=201,
    summary="Create a kept run, and start it",
    openapi_extra=documented(
        Creation,
        {name: {"config": config} for name, config in CONFIGS.items()}
        | {"A config alone": next(iter(CONFIGS.values()))},
    ),
    responses=NEW_RUN | TRAINING,
)
async def create_run(
    asked: Annotated[Creation, Depends(json_body(Creation))], kept: Kept, client: Client, limits: Bounds
) -> Response:
    """Keeps the run in the database and trains it, whether somebody follows it or not.

    The body is a config, or a config with what to call the run and whether to pin it.

    Every step is on the disk before anybody is given it; what is interrupted goes on when the server is
    back.
    """
    new = asked.new
    [run] = await in_engine_thread(describe_all, {asked.pointer: new.config}, limits)
    return answer(await kept.create(run.config, name=new.name, pinned=new.pinned, client=client), 201)


def wish(
    search: Annotated[
        str, Query(max_length=200, description="Words in the name, problem, optimizer or scheduler.")
    ] = "",
    state: Annotated[State | None, Query(description="Only runs in this state.")] = None,
    watched: Annotated[
        bool | None, Query(description="Only watched runs; false: only those that are trained here.")
    ] = None,
) -> Wish:
    """Which runs are asked for."""
    return Wish(search, state, watched)


@router.get("", summary="List runs", responses=answers(RunPage, "Runs, newest first.") | problems(422, 503))
async def list_runs(
    request: Request,
    kept: Kept,
    asked: Annotated[Wish, Depends(wish)],
    before: Annotated[int | None, Query(ge=0, le=LARGEST, description="`next` of the last page.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Runs of a page.")] = 50,
) -> Response:
    """Lists runs, newest first, and says how much is kept and what the quota removed."""
    found = await kept.page(asked, before=before, limit=limit)
    return Response(
        page_document(found, request.app.state.options),
        media_type="application/json",
        headers={"Cache-Control": "no-cache"},
    )


Wanted = list[tuple[Run, int]]


async def all_found(
    kept: Kept,
    limits: Bounds,
    run: Annotated[
        list[Annotated[str, Field(json_schema_extra={"pattern": "^[0-9a-f]{1,64}(@[0-9]{1,15})?$"})]],
        Query(
            min_length=1,
            max_length=1024,
            description="An id, or `id@step` to begin at a step; once for each run.",
        ),
    ],
) -> Wanted:
    """The runs to follow and where to begin, found possible before the first byte is sent."""
    most = limits.max_compared_runs
    if len(run) > most:
        raise ConfigError.at("/run", say("at_most_entries", field="run", count=most, value=len(run)))
    return [await _place(kept, text) for text in run]


async def _place(kept: KeptRuns, text: str) -> tuple[Run, int]:
    named = re.fullmatch(r"([0-9a-f]{1,64})(?:@([0-9]{1,15}))?", text)
    if named is None:
        raise ConfigError.at("/run", say("no_id", value=shown(text)))
    return await found(named[1], kept, int(named[2] or 0))


async def following_all(
    wanted: Annotated[Wanted, Depends(all_found)],
    kept: Kept,
    _place: Annotated[None, Depends(follow_place)],
) -> AsyncIterator[AsyncGenerator[tuple[int, Records | Ended]]]:
    """The records of all of them; whatever ends the request ends the reading."""
    async with aclosing(kept.following.several([(run.id, since) for run, since in wanted])) as events:
        yield events


@router.get(
    "/follow",
    summary="Follow several runs in one stream",
    response_class=JSONLinesResponse,
    responses=stream_of(RunStarted, BlockOfSteps, RunEnded, example=stream_examples.FOLLOWED_COLUMNS)
    | FOLLOWING,
)
async def follow_runs(
    wanted: Annotated[Wanted, Depends(all_found)],
    events: Annotated[AsyncGenerator[tuple[int, Records | Ended]], Depends(following_all)],
    encoded: Encoded,
    record: WantedColumns = None,
) -> AsyncIterator[bytes]:
    """Sends what `/api/compare` would: columns, each event with `run`, the index of its run in the query.

    `?run=3f9a0c7d21be&run=77a1b2c3d4e5@120` follows the first run from its beginning and the second from
    step 120. The stream ends with the last `run_ended`; a browser has few connections, and this takes one.
    """
    columns = None if record is None else tuple(record)
    async for line in compared_lines([run for run, _ in wanted], events, encoded, columns):
        yield line


@router.get("/{id}", summary="Read a run", responses=ONE_RUN | READING)
async def read_run(id: Id, kept: Kept) -> Response:  # noqa: A002 - the word that a person reads in /docs
    """The run as it is now: state, steps, losses, where it comes from, its complete config."""
    return answer(await kept.get(id))


@router.patch(
    "/{id}",
    summary="Rename or pin a run",
    openapi_extra=documented(Edit, {"Rename": {"name": "SGD, warm-up"}, "Pin": {"pinned": True}}),
    responses=ONE_RUN | TRAINING,
)
async def edit_run(
    id: Id,  # noqa: A002
    changes: Annotated[Edit, Depends(json_body(Edit))],
    kept: Kept,
    version: Version,
) -> Response:
    """Changes what a person calls it, or whether it is kept whatever the quota says."""
    return answer(await kept.edit(id, version, name=changes.name, pinned=changes.pinned))


@router.delete("/{id}", status_code=204, summary="Delete a run", responses=CHANGING)
async def delete_run(id: Id, kept: Kept, version: Version) -> Response:  # noqa: A002
    """Deletes the run and its records; its forks stay."""
    await kept.delete(id, version)
    return Response(status_code=204)


@router.post(
    "/{id}/extend",
    summary="Add steps to a run",
    openapi_extra=documented(Extension, {"A hundred more": {"steps": 100}}),
    responses=ONE_RUN | TRAINING,
)
async def extend_run(
    request: Request,
    id: Id,  # noqa: A002
    extension: Annotated[Extension, Depends(json_body(Extension))],
    kept: Kept,
    version: Version,
    client: Client,
) -> Response:
    """Goes on with a run that has completed its steps, or lets one that has not go further."""
    return answer(await unless_left(request, kept.extend(id, extension.steps, version, client)))


@router.post("/{id}/pause", summary="Pause a run", responses=ONE_RUN | CHANGING)
async def pause_run(id: Id, kept: Kept, version: Version) -> Response:  # noqa: A002
    """Stops training after the last step that is on the disk."""
    return answer(await kept.pause(id, version))


@router.post("/{id}/resume", summary="Go on with a paused run", responses=ONE_RUN | CHANGING | problems(429))
async def resume_run(id: Id, kept: Kept, version: Version, client: Client) -> Response:  # noqa: A002
    """Goes on exactly where the run stands, as if it had never been paused."""
    return answer(await kept.resume(id, version, client))


@router.post(
    "/{id}/fork",
    status_code=201,
    summary="Fork a run at a step",
    openapi_extra=documented(
        Fork,
        {
            "A tenth of the learning rate": {
                "step": 50,
                "changes": {"optimizer": {"hyperparameters": {"lr": 0.001}}},
            },
            "The mistake: the optimizer begins anew": {"step": 50, "restore": {"optimizer": False}},
        },
    ),
    responses=NEW_RUN | TRAINING,
    dependencies=[Depends(take_place)],
)
async def fork_run(
    request: Request,
    id: Id,  # noqa: A002
    asked: Annotated[Fork, Depends(json_body(Fork))],
    kept: Kept,
    client: Client,
) -> Response:
    """Begins a new run where this one stood, with changes.

    Where neither optimizer nor scheduler changed, model, optimizer and scheduler are restored with
    `load_state_dict`; `restore` can leave out the last two, to see what that does. Where they changed, the
    hyperparameters are the new ones, the schedule stands where it would at this step, and optimizer state is
    taken over as far as it fits; `origin.notes` says what did not.
    """
    branch = Branch(asked.step, asked.changes, asked.restore, asked.name)
    return answer(await unless_left(request, kept.fork(id, branch, client)), 201)


async def found(
    id: Id,  # noqa: A002
    kept: Kept,
    since: Annotated[int, Query(alias="from", ge=0, le=LARGEST, description="The first step to send.")] = 0,
) -> tuple[Run, int]:
    """The run to follow and the step to begin with, found possible before the first byte is sent."""
    run = await kept.get(id)
    last = max(run.steps or 0, run.step + 1)
    if since > last:
        raise ConfigError.at("/from", say("at_most", field="from", bound=last, value=since))
    return run, since


async def following(
    place: Annotated[tuple[Run, int], Depends(found)],
    kept: Kept,
    _place: Annotated[None, Depends(follow_place)],
) -> AsyncIterator[AsyncGenerator[Records | Ended]]:
    """The records from that step on; whatever ends the request ends the reading."""
    run, since = place
    async with aclosing(kept.following.one(run.id, since)) as events:
        yield events


@router.get(
    "/{id}/steps",
    summary="Follow or replay a run",
    response_class=JSONLinesResponse,
    responses=stream_of(RunStarted, Step, BlockOfSteps, RunEnded, example=stream_examples.FOLLOWED)
    | FOLLOWING,
)
async def follow_run(
    place: Annotated[tuple[Run, int], Depends(found)],
    events: Annotated[AsyncGenerator[Records | Ended], Depends(following)],
    encoded: Encoded,
    layout: Annotated[Layout, Query(description="A line for each step, or blocks of typed arrays.")] = "rows",
    record: WantedColumns = None,
) -> AsyncIterator[bytes]:
    """Sends `run_started`, every record from step `from` on, and `run_ended`.

    Records that are there come at once, later ones as soon as they are on the disk. `run_ended` has the
    reason of the run's end, or `paused`, or `stopped` when the run was deleted or the server shuts down: then
    ask again from the step behind the last one.
    """
    form = Form(layout, None if record is None else tuple(record))
    async for line in followed_lines(place[0], events, form, encoded):
        yield line
