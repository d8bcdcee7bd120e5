"""``/api/export`` and ``/api/runs/{id}/export``: the records of runs as files."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from optiscope.api.body import documented, json_body
from optiscope.api.events import COMPUTING, problems
from optiscope.api.playing import MEDIA_TYPE, played_file
from optiscope.api.runs import FOLLOWING, Id
from optiscope.api.state import Bounds, Kept, Service, get_kept_runs, take_place
from optiscope.api.streams import unless_left
from optiscope.api.taken import FILE_TYPES, Export, PageOrFile
from optiscope.api.train import EXAMPLES as CONFIGS
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import say
from optiscope.export.about import About
from optiscope.export.choosing import ExportError
from optiscope.export.files import SUFFIXES, Format
from optiscope.runs.cache import FinishedRun
from optiscope.runs.description import describe_all
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.keeping.codec import encode_blocks
from optiscope.runs.keeping.files import ToldRun, file_of, told_end
from optiscope.runs.service import RunService

router = APIRouter()

_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The records, and what run they are of.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in (*FILE_TYPES.values(), MEDIA_TYPE)
        },
    }
}


async def _file(
    service: RunService, runs: Sequence[ToldRun], kind: Format, name: str, *, held_out: bool
) -> Response:
    try:
        data = await service.compute(file_of, [replace(run, held_out=held_out) for run in runs], kind)
    except ExportError as error:
        raise HTTPException(501, say("as_written", text=str(error))) from error
    is_one = len(runs) == 1
    suffix, media_type = (SUFFIXES[kind], FILE_TYPES[kind]) if is_one else (".zip", "application/zip")
    headers = {"Content-Disposition": f'attachment; filename="{name}{suffix}"'}
    return Response(data, headers=headers, media_type=media_type)


@router.get(
    "/runs/{id}/export",
    summary="Take the records of a run away as a file",
    tags=["kept runs"],
    response_class=Response,
    responses=FOLLOWING | problems(501) | _FILE,
    dependencies=[Depends(take_place)],
)
async def export_run(
    request: Request,
    id: Id,  # noqa: A002 - the word that a person reads in /docs
    kept: Kept,
    service: Service,
    format: Annotated[PageOrFile, Query(description="Of the file.")] = "csv",  # noqa: A002
    held_out: Annotated[  # noqa: FBT002 - a parameter of the address
        bool, Query(description="Whether the loss on held-out samples is one more column.")
    ] = False,
) -> Response:
    """Writes what is recorded, whatever the state of the run.

    Its name, config, end and the versions are in the metadata of `parquet` and `safetensors`, in the text
    `optiscope` of `npz` and `tensorboard`, in the first cell of the column `optiscope` of `csv`, and in
    `run_started` and `run_ended` of `jsonl`. `tensorboard` is a zip of one folder; `html` is the
    page, which plays the run without a server.
    """
    if format == "html":
        asked = Export.model_validate({"runs": [{"id": id}], "format": format})
        return await unless_left(request, played_file(request, asked, service, id))
    told = await kept.exports.told(id)
    return await unless_left(request, _file(service, [told], format, id, held_out=held_out))


@router.post(
    "/export",
    summary="Take the records of runs away as a file",
    tags=["runs"],
    response_class=Response,
    openapi_extra=documented(
        Export,
        {
            "A run as CSV": {"runs": [next(iter(CONFIGS.values()))], "format": "csv"},
            "All of them for TensorBoard": {"runs": list(CONFIGS.values()), "format": "tensorboard"},
            "A page that plays without a server": {"runs": [next(iter(CONFIGS.values()))], "format": "html"},
            "A lesson as a page": {"lesson": "freezing-fc2", "format": "html"},
        },
    ),
    responses=COMPUTING | problems(404, 501) | _FILE,
    dependencies=[Depends(take_place)],
)
async def export_runs(
    request: Request,
    asked: Annotated[Export, Depends(json_body(Export))],
    service: Service,
    limits: Bounds,
) -> Response:
    """Trains the configs to their ends, and writes all that is recorded of each run; several as a zip.

    `html` is one file for all of them: the page itself, which plays them without a server; of `sweeps` it
    shows the map, of a `lesson` all its pages, of watched runs their charts.
    """
    return await unless_left(request, _exported(request, asked, service, limits))


async def _exported(request: Request, asked: Export, service: RunService, limits: Limits) -> Response:
    if asked.format == "html":
        return await played_file(request, asked, service, _name(asked))
    told = await _told(request, asked, service, limits)
    return await _file(service, told, asked.format, "runs", held_out=asked.held_out)


def _name(asked: Export) -> str:
    """What a page is called."""
    if asked.lesson is not None:
        return asked.lesson if isinstance(asked.lesson, str) else asked.lesson.id
    return "sweeps" if asked.sweeps else "runs"


async def _told(request: Request, asked: Export, service: RunService, limits: Limits) -> list[ToldRun]:
    configs = {f"/runs/{i}": run for i, run in enumerate(asked.runs) if isinstance(run, RunConfig)}
    described = await in_engine_thread(describe_all, configs, limits)
    kept = {
        index: await (await get_kept_runs(request)).exports.told(run.id)
        for index, run in enumerate(asked.runs)
        if not isinstance(run, RunConfig)
    }
    finished = zip(described, await service.finished([run.config for run in described]), strict=True)
    trained = iter([await in_engine_thread(_told_config, run.config, found) for run, found in finished])
    return [kept[index] if index in kept else next(trained) for index in range(len(asked.runs))]


def _told_config(config: RunConfig, found: FinishedRun) -> ToldRun:
    name = f"{config.optimizer.name} on {config.problem.name}"
    about = About(name, config.model_dump(mode="json"), told_end(found.ended))
    return ToldRun(about, [encode_blocks(found.blocks)])
