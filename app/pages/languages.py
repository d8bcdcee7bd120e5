"""The languages of the page: each is a folder of JSON files, and is served as one document.

``language.json`` says what the language is called, ``said.json`` what the server says by its codes,
``catalog.json`` the texts of the catalog by where they stand. All other files are words of the page:
``views/step.json`` holds those whose keys begin with ``views.step``. A language needs nothing but its folder;
what it lacks is shown in English.
"""

import asyncio
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request, Response

from optiscope.pages.files import Packed, answer, edition, pack, static_dir

router = APIRouter(include_in_schema=False)

BASE = "en"
"""The language that stands in for what another lacks."""

_BY_ITSELF = ("language", "said", "catalog")


class Language(NamedTuple):
    """One that the page can be read in.

    Attributes:
        code: The name of its folder.
        name: What it calls itself.
        short: The same in two or three characters.
        tag: For the ``lang`` of a document.
    """

    code: str
    name: str
    short: str
    tag: str

    def address(self, edition: str) -> str:
        """Where it is loaded from, for as long as our files are those of ``edition``."""
        return f"/languages/{self.code}.json?v={edition}"


def languages_in(folder: Path) -> list[Language]:
    """Those that have a folder in ``folder``, :data:`BASE` first."""
    codes = [file.parent.name for file in folder.glob("*/language.json")]
    return [
        Language(code=code, **_read(folder / code / "language.json"))
        for code in sorted(codes, key=lambda code: (code != BASE, code))
    ]


def document_of(folder: Path) -> dict[str, Any]:
    """All files of the ``folder`` of a language in one."""
    document: dict[str, Any] = {"words": {}}
    for file in sorted(folder.rglob("*.json")):
        *path, name = file.relative_to(folder).with_suffix("").parts
        place = document if not path and name in _BY_ITSELF else document["words"]
        for part in path:
            place = place.setdefault(part, {})
        place[name] = _read(file)
    return document


def preferred_language(accept_language: str, languages: list[Language]) -> Language:
    """The first of ``languages`` that an Accept-Language header names, by its weights; else the first.

    >>> english, chinese = Language("en", "English", "EN", "en"), Language("zh", "简体中文", "中文", "zh-CN")
    >>> preferred_language("de;q=0.9, zh-CN;q=0.8, en;q=0.1", [english, chinese]).code
    'zh'
    """
    known = {language.code.lower(): language for language in languages}
    weighted = []
    for position, entry in enumerate(accept_language.split(",")):
        tag, _, weight = entry.partition(";q=")
        code = tag.strip().lower()
        found = known.get(code) or known.get(code.partition("-")[0])
        if found is not None and weight.strip() != "0":
            weighted.append((-_weight(weight), position, found))
    return min(weighted)[2] if weighted else languages[0]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def offered(edition: str) -> list[Language]:  # noqa: ARG001 - a folder may have come
    """The languages of our files as they are now."""
    return languages_in(static_dir() / "languages")


@lru_cache(maxsize=16)
def _packed(edition: str, code: str) -> Packed:  # noqa: ARG001 - a file may have changed
    text = json.dumps(
        document_of(static_dir() / "languages" / code), ensure_ascii=False, separators=(",", ":")
    )
    return pack(text.encode())


@router.get("/languages/{code}.json")
async def language(request: Request, code: str, v: str = "") -> Response:
    """The words of a language; for good under an address that names the edition."""
    now = await asyncio.to_thread(edition)
    if code not in {language.code for language in await asyncio.to_thread(offered, now)}:
        raise HTTPException(404)
    packed = await asyncio.to_thread(_packed, now, code)
    return answer(request, packed, "application/json", for_good=v == now)
