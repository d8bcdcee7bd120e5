"""The page, and the files that it loads: templates, static files, plotly.js."""

import asyncio
import gzip
import hashlib
from functools import cache
from importlib import resources
from importlib.metadata import version
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from optiscope import __version__
from optiscope.pages.modules import imported_by
from optiscope.settings import asset_dir

router = APIRouter(include_in_schema=False)

LANGUAGES = ("en", "zh")
PLOTLY_VERSION = version("plotly")

FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
EDITION_MARK = "@"


class Files(StaticFiles):
    """Our own files: kept for good under the edition that the page names, else asked about each time.

    Modules import each other by relative addresses, so all of them are loaded under the page's edition.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 304 if the browser's is still the same."""
        edition, _, rest = path.partition("/")
        is_edition = edition.startswith(EDITION_MARK)
        response = await super().get_response(rest if is_edition else path, scope)
        response.headers.setdefault("Cache-Control", FOREVER if is_edition else REVALIDATE)
        return response


def edition() -> str:
    """A name of our files as they are now: it changes with any of them, so an edited one is seen at once."""
    folder = asset_dir("static")
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    stats = [(file.relative_to(folder).as_posix(), file.stat()) for file in files]
    text = "\n".join(f"{name} {stat.st_mtime_ns} {stat.st_size}" for name, stat in stats)
    return EDITION_MARK + hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def modules(edition: str) -> tuple[str, ...]:  # noqa: ARG001 - an edited file may import others
    """What the page's entry module loads."""
    return tuple(imported_by(asset_dir("static"), "js/main.js"))


@cache
def _templates() -> Environment:
    folder = asset_dir("templates")
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)


def preferred_language(accept_language: str) -> str:
    """The first of our languages that an Accept-Language header names, by its weights; English otherwise.

    >>> preferred_language("de;q=0.9, zh-CN;q=0.8, en;q=0.1")
    'zh'
    """
    weighted = []
    for position, entry in enumerate(accept_language.split(",")):
        tag, _, weight = entry.partition(";q=")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES and weight.strip() != "0":
            weighted.append((-_weight(weight), position, language))
    return min(weighted)[2] if weighted else LANGUAGES[0]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


@router.get("/")
async def workbench(request: Request) -> HTMLResponse:
    """The one page."""
    name = await asyncio.to_thread(edition)
    context: dict[str, Any] = {
        "version": __version__,
        "static": f"/static/{name}",
        "modules": modules(name),
        "plotly_version": PLOTLY_VERSION,
        "plotly_url": _plotly_url("plotly-cartesian.min.js"),
        "whole_plotly_url": _plotly_url("plotly.min.js"),
        "language": preferred_language(request.headers.get("accept-language", "")),
    }
    page = _templates().get_template("index.html").render(context)
    return HTMLResponse(page, headers={"Cache-Control": REVALIDATE, "Vary": "Accept-Language"})


class Script(NamedTuple):
    """A script as it is, compressed once, and its entity tag."""

    plain: bytes
    compressed: bytes
    tag: str


def _whole_plotly() -> bytes:
    return resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()


def _plotly_for_two_dimensions() -> bytes:
    return (asset_dir("static") / "vendor" / "plotly" / "plotly-cartesian.min.js").read_bytes()


PLOTLY = {"plotly.min.js": _whole_plotly, "plotly-cartesian.min.js": _plotly_for_two_dimensions}
"""plotly.js of the installed package, and the third of it that the page begins with."""


@cache
def plotly_script(name: str) -> Script:
    """One of the scripts of :data:`PLOTLY`."""
    plain = PLOTLY[name]()
    return Script(plain, gzip.compress(plain, 6, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:32]}"')


def _plotly_url(name: str) -> str:
    return f"/plotly/{name}?v={PLOTLY_VERSION}"


@router.get("/plotly/{name}")
async def plotly(request: Request, name: str, v: str = "") -> Response:
    """A script of plotly.js; for good under an address that names its version."""
    if name not in PLOTLY:
        raise HTTPException(404)
    script = await asyncio.to_thread(plotly_script, name)
    headers = {
        "Cache-Control": FOREVER if v == PLOTLY_VERSION else REVALIDATE,
        "ETag": script.tag,
        "Vary": "Accept-Encoding",
    }
    if script.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(script.compressed, media_type="text/javascript", headers=headers)
    return Response(script.plain, media_type="text/javascript", headers=headers)


def install(app: FastAPI) -> None:
    """Add the page and its files to ``app``."""
    app.include_router(router)
    app.mount("/static", Files(directory=asset_dir("static")), name="static")
