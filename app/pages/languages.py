"""The languages of the page: each is a folder of JSON files, and is served as one document.

``language.json`` says what the language is called, ``said.json`` what the server says by its codes, and
``catalog.json`` the texts of the catalog by where they stand. ``quoted.json`` has those of other packages by
their English, and how the rest of them is marked; what lies in ``lessons`` is served by itself. All other
files are words of the page: ``views/step.json`` holds those whose keys begin with ``views.step``. A language
needs nothing but its folder; what it lacks is shown in English.
"""

import asyncio
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from optiscope.languages import Language, languages_in
from optiscope.pages.files import Packed, answer, edition, pack, static_dir

router = APIRouter(include_in_schema=False)

_BY_ITSELF = ("language", "said", "catalog", "quoted")

_LESSONS = "lessons"


def languages_dir() -> Path:
    """The folder that holds one for each language."""
    return static_dir() / "languages"


def document_of(folder: Path) -> dict[str, Any]:
    """All files of the ``folder`` of a language in one."""
    document: dict[str, Any] = {"words": {}}
    for file in sorted(folder.rglob("*.json")):
        *path, name = file.relative_to(folder).with_suffix("").parts
        if path[:1] == [_LESSONS]:
            continue
        place = document if not path and name in _BY_ITSELF else document["words"]
        for part in path:
            place = place.setdefault(part, {})
        place[name] = _read(file)
    return document


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def offered(edition: str) -> list[Language]:  # noqa: ARG001 - a folder may have come
    """The languages of our files as they are now."""
    return languages_in(languages_dir())


@lru_cache(maxsize=16)
def _packed(edition: str, code: str) -> Packed:  # noqa: ARG001 - a file may have changed
    text = json.dumps(document_of(languages_dir() / code), ensure_ascii=False, separators=(",", ":"))
    return pack(text.encode())


@router.get("/languages/{code}.json")
async def language(request: Request, code: str, v: str = "") -> Response:
    """The words of a language; for good under an address that names the edition."""
    now = await asyncio.to_thread(edition)
    if code not in {language.code for language in await asyncio.to_thread(offered, now)}:
        raise HTTPException(404)
    packed = await asyncio.to_thread(_packed, now, code)
    return answer(request, packed, "application/json", for_good=v == now)
