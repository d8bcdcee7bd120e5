"""What is shown as one HTML file that plays it: found or trained, recorded, and put into the page."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from fastapi import Request, Response

from optiscope.api.playing_lessons import lesson_of
from optiscope.api.playing_loops import loops_of, watched_among
from optiscope.api.playing_maps import maps_of
from optiscope.api.playing_runs import runs_of
from optiscope.api.recording import Scene
from optiscope.api.taken import Export
from optiscope.runs.service import RunService

MEDIA_TYPE = "text/html"


class Page(Protocol):
    """Makes the page that plays a recording."""

    def __call__(self, recording: Mapping[str, Any], *, accepts: str) -> bytes:
        """The file, in the language that its reader prefers."""


async def played_file(request: Request, asked: Export, service: RunService, name: str) -> Response:
    """The answer that is the file."""
    page: Page = request.app.state.one_file
    recording = {"address": asked.address} | await _recorded(request, asked, service)
    file = await asyncio.to_thread(page, recording, accepts=request.headers.get("accept-language", ""))
    headers = {"Content-Disposition": f'attachment; filename="{name}.html"'}
    return Response(file, headers=headers, media_type=MEDIA_TYPE)


async def _recorded(request: Request, asked: Export, service: RunService) -> dict[str, Any]:
    """``Contents`` of ``static/js/onefile/recording.js``, without the address."""
    if asked.sweeps:
        return {"place": "tune"} | await maps_of(request, asked, service)
    if asked.lesson is not None:
        lesson = await asyncio.to_thread(lesson_of, request, asked)
        found = await runs_of(request, lesson.runs, lesson.scenes, service)
        return {"place": "learn", **found, "documents": found["documents"] | lesson.documents}
    if watched := await watched_among(request, asked.runs):
        return {"place": "loops"} | await loops_of(request, watched, service)
    scene = Scene(asked.address, range(len(asked.runs)), asked.plane)
    return {"place": "compare"} | await runs_of(request, asked.runs, [scene], service)
