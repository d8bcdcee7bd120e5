"""The languages that there are, and which of them a person wants."""

import json
from pathlib import Path
from typing import NamedTuple

BASE = "en"
"""The language that stands in for what another lacks."""


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
    files = {file.parent.name: file for file in folder.glob("*/language.json")}
    return [
        Language(code=code, **json.loads(files[code].read_text(encoding="utf-8")))
        for code in sorted(files, key=lambda code: (code != BASE, code))
    ]


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
