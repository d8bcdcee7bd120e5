"""Lessons: those that come with the page, and one of somebody's own, checked and cut at its numbers."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field, RootModel

from optiscope.api import wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import answers
from optiscope.api.events import COMPUTING, problems
from optiscope.api.state import take_place
from optiscope.languages import languages_in, preferred_language
from optiscope.lessons.folder import Told, lessons_in
from optiscope.lessons.lesson import Check, Lesson, Question, WrittenStep
from optiscope.lessons.marks import Number, parts_of, plain

router = APIRouter(tags=["lessons"])


class LessonNumber(BaseModel):
    """A number of a text: as it is written, and where a run has it."""

    shown: str = Field(description="As the text writes it.")
    run: int = Field(description="The index of the run.")
    quantity: str = Field(description="What is meant, as a record has it.")
    step: int | str | None = Field(
        description="The record, or the last one as `end`; null of what has no step."
    )


Parts = list[str | LessonNumber]


class LessonQuestion(BaseModel):
    """A question to answer before Play. The right choice is not in it: `check` says how the run tells."""

    text: str = Field(description="What is asked.")
    choices: list[str] = Field(description="What may be answered.")
    because: str = Field(description="Why that is so, as a text.")
    because_parts: Parts = Field(description="The same, with the numbers of the run apart.")


class LessonStep(BaseModel):
    """A text, what the workbench shows beside it, and what it points at."""

    text: str = Field(description="The text as it reads: **strong**, and `code` between backticks.")
    parts: Parts = Field(description="The same, cut at the numbers that come from a run.")
    address: str = Field(description="What the workbench shows: a query of the page's address.")
    points_at: str | None = Field(description="The view or control that it speaks of.")
    question: LessonQuestion | None = Field(description="null where nothing is asked.")
    check: Check | None = Field(
        description="How the run tells which choice is right; null without a question."
    )


class LessonDocument(BaseModel):
    """A lesson as it is told."""

    id: str = Field(description="By which an address names it.")
    title: str = Field(description="What it is called.")
    summary: str = Field(description="What it is about, in a line.")
    language: str = Field(description="What it is told in; English where there is no translation.")
    steps: list[LessonStep] = Field(description="Its pages.")


class Lessons(RootModel[list[LessonDocument]]):
    """The lessons, in their order."""


EXAMPLES: dict[str, Any] = {
    "A question that the run answers": {
        "id": "too-fast",
        "title": "How fast is too fast?",
        "summary": "What a rate does that is too high.",
        "steps": [
            {
                "text": "Two runs of SGD, one at {0.01|config/optimizer/hyperparameters/lr}.",
                "address": "?v=2&problem=quadratic-bowl&steps=100&runs=[SGD(lr:0.01),SGD(lr:0.05)]",
                "points_at": "surface",
                "question": {
                    "text": "Which of the two diverges?",
                    "choices": ["The slow one", "The fast one"],
                    "because": "It ends at step {62|1:last_step}.",
                },
                "check": {"run": [0, 1], "quantity": "ended", "step": "end", "is": {"equals": "diverged"}},
            }
        ],
    }
}


@router.get(
    "/lessons",
    summary="The lessons",
    response_class=Response,
    responses=answers(Lessons, "The lessons.") | problems(422),
)
async def lessons(
    request: Request,
    language: Annotated[
        str, Query(description="A code such as `en`; else what `Accept-Language` prefers.", max_length=64)
    ] = "",
) -> Response:
    """Each lesson is a few steps of text over a workbench, with a question that the real run answers."""
    told = await asyncio.to_thread(_told, request, language)
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
    document = [lesson_document(*one) for one in told]
    return Response(wire.dumps(document), media_type="application/json", headers=headers)


def _told(request: Request, language: str) -> list[Told]:
    folder = request.app.state.languages
    known = languages_in(folder)
    preferred = preferred_language(request.headers.get("accept-language", ""), known).code
    return lessons_in(folder, language if language in {one.code for one in known} else preferred)


@router.post(
    "/lessons",
    summary="Read a lesson of one's own",
    response_class=Response,
    openapi_extra=documented(Lesson, EXAMPLES),
    responses=answers(LessonDocument, "The lesson as it is told.") | COMPUTING,
    dependencies=[Depends(take_place)],
)
async def read_lesson(
    lesson: Annotated[Lesson, Depends(json_body(Lesson))],
    language: Annotated[str, Query(description="What it is written in.", max_length=64)] = "en",
) -> Response:
    """Checks the file of a lesson and tells it; nothing of it is kept."""
    return Response(wire.dumps(lesson_document(lesson, language)), media_type="application/json")


def lesson_document(lesson: Lesson, language: str) -> dict[str, Any]:
    """A lesson as it is told, as JSON."""
    steps = [_step(step) for step in lesson.steps]
    return {
        "id": lesson.id,
        "title": lesson.title,
        "summary": lesson.summary,
        "language": language,
        "steps": steps,
    }


def _step(step: WrittenStep) -> dict[str, Any]:
    return {
        "text": plain(step.text),
        "parts": _parts(step.text),
        "address": step.address,
        "points_at": step.points_at,
        "question": step.question and _question(step.question),
        "check": step.check and step.check.model_dump(mode="json"),
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "text": plain(question.text),
        "choices": [plain(choice) for choice in question.choices],
        "because": plain(question.because),
        "because_parts": _parts(question.because),
    }


def _parts(text: str) -> list[Any]:
    return [part._asdict() if isinstance(part, Number) else part for part in parts_of(text)]
