"""The stylesheets of the page: a file a component, sent as one.

``layers.css`` comes first and says the order of the layers. The place of every other file does not matter to
those of other layers, so a new one needs no line anywhere.
"""

import asyncio
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from optiscope.pages.files import Packed, answer, edition, pack, static_dir

router = APIRouter(include_in_schema=False)

FIRST = "layers.css"


def combined(folder: Path) -> str:
    """All stylesheets in ``folder``, the order of their layers first."""
    files = sorted(folder.rglob("*.css"), key=lambda file: (file.name != FIRST, file.as_posix()))
    return "".join(file.read_text(encoding="utf-8") for file in files)


def styles_url(edition: str) -> str:
    """Where they are loaded from, for as long as our files are those of ``edition``."""
    return f"/styles.css?v={edition}"


@lru_cache(maxsize=1)
def _packed(edition: str) -> Packed:  # noqa: ARG001 - a file may have changed
    return pack(combined(static_dir() / "css").encode())


@router.get("/styles.css")
async def styles(request: Request, v: str = "") -> Response:
    """The page's stylesheet; for good under an address that names the edition."""
    now = await asyncio.to_thread(edition)
    return answer(request, await asyncio.to_thread(_packed, now), "text/css", for_good=v == now)
