"""How our files travel: for good under a name that changes with them, compressed once."""

import gzip
import hashlib
from pathlib import Path
from typing import NamedTuple

from fastapi import Request, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from optiscope.settings import asset_dir

FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
EDITION_MARK = "@"


def static_dir() -> Path:
    """Where the files of the page lie."""
    return asset_dir("static")


def edition() -> str:
    """A name of our files as they are now: it changes with any of them, so an edited one is seen at once."""
    folder = static_dir()
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    stats = [(file.relative_to(folder).as_posix(), file.stat()) for file in files]
    text = "\n".join(f"{name} {stat.st_mtime_ns} {stat.st_size}" for name, stat in stats)
    return EDITION_MARK + hashlib.sha256(text.encode()).hexdigest()[:16]


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


class Packed(NamedTuple):
    """A text as it is, compressed once, and its entity tag."""

    plain: bytes
    compressed: bytes
    tag: str


def pack(plain: bytes) -> Packed:
    """``plain``, ready to be sent."""
    return Packed(plain, gzip.compress(plain, 6, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:32]}"')


def answer(request: Request, packed: Packed, media_type: str, *, for_good: bool) -> Response:
    """What ``request`` gets: compressed if it takes that, or 304 if it has it.

    Args:
        request: What was asked.
        packed: What it asks for.
        media_type: Its type.
        for_good: Whether the address names this version of it.
    """
    headers = {
        "Cache-Control": FOREVER if for_good else REVALIDATE,
        "ETag": packed.tag,
        "Vary": "Accept-Encoding",
    }
    if packed.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(packed.compressed, media_type=media_type, headers=headers)
    return Response(packed.plain, media_type=media_type, headers=headers)
