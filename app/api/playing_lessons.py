"""A lesson of a file that plays it: told in every language, with what each of its pages shows."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from fastapi import Request
from pydantic import TypeAdapter

from optiscope.api.computed import GivenRun
from optiscope.api.lessons import lesson_document
from optiscope.api.recording import Scene
from optiscope.api.taken import Export, LessonPage
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import UNLIMITED, in_context
from optiscope.engine.core.words import say
from optiscope.languages import languages_in
from optiscope.lessons.folder import Told, lessons_in
from optiscope.lessons.lesson import Lesson
from optiscope.lessons.shown import SHOWN


class PlayedLesson(NamedTuple):
    """What a file plays of a lesson.

    Attributes:
        runs: Of all its pages, each once.
        scenes: What each page shows.
        documents: The lesson in every language, by the address that it is asked for at.
    """

    runs: Sequence[GivenRun]
    scenes: Sequence[Scene]
    documents: dict[str, Any]


def lesson_of(request: Request, asked: Export) -> PlayedLesson:
    """The lesson that is asked for.

    Raises:
        ConfigError: If there is none of that name, or it is not said what its pages show.
    """
    folder = request.app.state.languages
    languages = [language.code for language in languages_in(folder)]
    told = {code: _told(lessons_in(folder, code), asked.lesson, code) for code in languages}
    steps = next(iter(told.values())).lesson.steps
    pages = asked.pages or _known(tuple(step.address for step in steps))
    if len(pages) != len(steps):
        raise ConfigError.at("/pages", say("lesson_pages", count=len(steps), value=len(pages)))
    runs: list[GivenRun] = []
    for run in (run for page in pages for run in page.runs):
        if run not in runs:
            runs.append(run)
    scenes = [
        Scene(step.address, [runs.index(run) for run in page.runs], page.plane)
        for step, page in zip(steps, pages, strict=True)
    ]
    documents = {f"/api/lessons?language={code}": [lesson_document(*one)] for code, one in told.items()}
    return PlayedLesson(runs, scenes, documents)


def _told(lessons: Sequence[Told], wanted: Lesson | str | None, language: str) -> Told:
    """The lesson in a language; somebody's own is as it is written."""
    if isinstance(wanted, Lesson):
        return Told(wanted, language)
    found = {one.lesson.id: one for one in lessons}
    if wanted not in found:
        raise ConfigError.at("/lesson", say("no_lesson", value=str(wanted), names=list(found)))
    return found[wanted]


@cache
def _known(addresses: tuple[str, ...]) -> Sequence[LessonPage]:
    """What addresses of lessons that come with Optiscope show; nothing of others."""
    shown = json.loads(SHOWN.read_text(encoding="utf-8"))
    documents = json.dumps([shown[address] for address in addresses if address in shown])
    pages = TypeAdapter(tuple[LessonPage, ...])
    return pages.validate_json(documents, context=in_context(UNLIMITED))
