"""The page, and the files that it loads: templates, static files, plotly.js."""

import asyncio
from functools import cache, lru_cache
from importlib import resources
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from optiscope import __version__
from optiscope.languages import Language, preferred_language
from optiscope.pages import languages, styles
from optiscope.pages.files import (
    REVALIDATE,
    Files,
    Packed,
    answer,
    edition,
    pack,
    static_dir,
    static_root,
)
from optiscope.pages.languages import offered
from optiscope.pages.packs import ENTRIES, packs
from optiscope.pages.styles import styles_url
from optiscope.settings import asset_dir

router = APIRouter(include_in_schema=False)

PLOTLY_VERSION = version("plotly")


@cache
def templates() -> Environment:
    """The templates of the page."""
    folder = asset_dir("templates")
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)


def _offered_now() -> tuple[str, list[Language]]:
    """The edition of our files as they are now, and the languages in it."""
    name = edition()
    return name, offered(name)


@router.get("/")
async def workbench(request: Request, language: str = "") -> HTMLResponse:
    """The one page, with the words of the language that it begins in."""
    name, known = await asyncio.to_thread(_offered_now)
    preferred = preferred_language(request.headers.get("accept-language", ""), known)
    shown = next((one for one in known if one.code == language), preferred)
    page = _rendered(name, shown, preferred)
    return HTMLResponse(page, headers={"Cache-Control": REVALIDATE, "Vary": "Accept-Language"})


@lru_cache(maxsize=16)
def _rendered(edition: str, shown: Language, preferred: Language) -> str:
    known = offered(edition)
    context: dict[str, Any] = {
        "version": __version__,
        "recorded": False,
        "static": static_root(edition),
        "styles": styles_url(edition),
        "packs": {name: packs(static_dir(), static_root(edition)).address(name) for name in ENTRIES},
        "plotly_version": PLOTLY_VERSION,
        "plotly_url": _plotly_url("plotly-cartesian.min.js"),
        "whole_plotly_url": _plotly_url("plotly.min.js"),
        "language": shown,
        "preferred": preferred.code,
        "languages": [one._asdict() | {"address": one.address(edition)} for one in known],
        "words": dict.fromkeys(one.address(edition) for one in (known[0], shown)),
    }
    return templates().get_template("index.html").render(context)


def _whole_plotly() -> bytes:
    return resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()


def _plotly_for_two_dimensions() -> bytes:
    """The script with its body in parentheses, which a browser compiles as it arrives, in another thread."""
    script = (static_dir() / "vendor" / "plotly" / "plotly-cartesian.min.js").read_bytes()
    return b"(() => {".join(script.split(b"() => {", 1)).removesuffix(b"));") + b")));"


PLOTLY = {"plotly.min.js": _whole_plotly, "plotly-cartesian.min.js": _plotly_for_two_dimensions}
"""plotly.js of the installed package, and the third of it that the page begins with."""


@cache
def plotly_script(name: str) -> Packed:
    """One of the scripts of :data:`PLOTLY`."""
    return pack(PLOTLY[name]())


def _plotly_url(name: str) -> str:
    return f"/plotly/{name}?v={PLOTLY_VERSION}"


@router.get("/plotly/{name}")
async def plotly(request: Request, name: str, v: str = "") -> Response:
    """A script of plotly.js; for good under an address that names its version."""
    if name not in PLOTLY:
        raise HTTPException(404)
    script = await asyncio.to_thread(plotly_script, name)
    return answer(request, script, "text/javascript", for_good=v == PLOTLY_VERSION)


def install(app: FastAPI) -> None:
    """Add the page and its files to ``app``."""
    app.include_router(router)
    app.include_router(languages.router)
    app.include_router(styles.router)
    app.mount("/static", Files(directory=static_dir()), name="static")
