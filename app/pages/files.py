"""How our files travel: for good under a name that changes with them, compressed once."""

import asyncio
import gzip
import hashlib
import mimetypes
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fastapi import Request, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from optiscope.pages.packs import packs
from optiscope.settings import asset_dir

FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
EDITION = re.compile(r"@[0-9a-f]{16}")
TEXTS = frozenset({"text/javascript", "text/css", "image/svg+xml"})


def static_dir() -> Path:
    """Where the files of the page lie."""
    return asset_dir("static")


def edition() -> str:
    """A name of our files as they are now: it changes with any of them, so an edited one is seen at once."""
    stats = sorted(_stats(str(static_dir()), ""))
    text = "\n".join(f"{name} {modified} {size}" for name, modified, size in stats)
    return "@" + hashlib.sha256(text.encode()).hexdigest()[:16]


def static_root(edition: str) -> str:
    """The address under which our files lie as they are in an edition."""
    return f"/static/{edition}"


def _stats(folder: str, inside: str) -> Iterator[tuple[str, int, int]]:
    """The name, the time and the size of each file in a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _stats(entry.path, f"{inside}{entry.name}/")
            else:
                stat = entry.stat()
                yield f"{inside}{entry.name}", stat.st_mtime_ns, stat.st_size


class Files(StaticFiles):
    """Our own files: kept for good under the edition that the page names, else asked about each time.

    Modules import each other by relative addresses, so all of them are loaded under the page's edition. There
    those that the page begins with are packed.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 304 if the browser's is still the same."""
        edition, _, rest = path.partition("/")
        if not EDITION.fullmatch(edition):
            response = await super().get_response(path, scope)
            response.headers.setdefault("Cache-Control", REVALIDATE)
            return response
        media_type = mimetypes.guess_type(rest)[0] or ""
        if media_type in TEXTS:
            text = kept_text(edition, rest) or await asyncio.to_thread(keep_text, edition, rest)
            if text is not None:
                return answer(Request(scope), text, media_type, for_good=True)
        response = await super().get_response(rest, scope)
        response.headers.setdefault("Cache-Control", FOREVER)
        return response


class Packed(NamedTuple):
    """A text as it is, compressed once, and its entity tag."""

    plain: bytes
    compressed: bytes
    tag: str


def pack(plain: bytes) -> Packed:
    """``plain``, ready to be sent."""
    return Packed(plain, gzip.compress(plain, 6, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:32]}"')


_TEXTS: dict[tuple[str, str], Packed] = {}
"""Texts of the page as they were in an edition: a page asks for a hundred of them at once."""

MOST_TEXTS = 1000


def kept_text(edition: str, path: str) -> Packed | None:
    """A text that has been asked for before under this edition."""
    return _TEXTS.get((edition, path))


def keep_text(edition: str, path: str) -> Packed | None:
    """Read a text for all who ask for it under this edition; None where there is no such file of ours."""
    plain = _packed(edition, path) or _on_disk(path)
    if plain is None:
        return None
    if len(_TEXTS) >= MOST_TEXTS:
        _TEXTS.clear()
    _TEXTS[edition, path] = text = pack(plain)
    return text


def _packed(edition: str, path: str) -> bytes | None:
    text = packs(static_dir(), static_root(edition)).text_at(path)
    return None if text is None else text.encode()


def _on_disk(path: str) -> bytes | None:
    folder = static_dir().resolve()
    file = (folder / path).resolve()
    return file.read_bytes() if file.is_relative_to(folder) and file.is_file() else None


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
