"""What a lesson is: the file that one writes, field by field."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from optiscope.engine.core.config import Config, Finite
from optiscope.engine.core.findings import refusal
from optiscope.engine.core.words import say
from optiscope.lessons.marks import QUANTITY, MarkError, parts_of

MAX_STEPS = 12
MAX_CHOICES = 6


def _marked(text: str) -> str:
    try:
        parts_of(text)
    except MarkError as error:
        raise refusal(say("lesson_mark", value=str(error))) from None
    return text


Text = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_marked)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,64}$")]
Index = Annotated[int, Field(ge=0, le=99)]
Quantity = Annotated[str, Field(pattern=f"^{QUANTITY}$", max_length=200)]
Record = Annotated[int, Field(ge=0, le=10**9)] | Literal["end"]


class Equals(Config):
    """It is this number or text, to the last bit."""

    equals: Finite | str = Field(description="The number.")


class Below(Config):
    """It is below this number."""

    below: Finite = Field(description="The number.")


class Above(Config):
    """It is above this number."""

    above: Finite = Field(description="The number.")


Condition = Literal["none", "zero", "not zero", "least", "greatest"] | Equals | Below | Above
"""``none``: ``.grad`` is None. ``least`` and ``greatest``: among the choices; NaN counts as infinite."""


def _each(kind: Any) -> Any:
    """One for all choices, or a list with one for each."""
    return kind | Annotated[tuple[kind, ...], Field(strict=False, min_length=2, max_length=MAX_CHOICES)]


class Check(Config):
    """Which choice is right, as the real run says it: the one whose number is as ``is`` says.

    Each field is one for all choices, or a list with one for each choice.
    """

    model_config = ConfigDict(serialize_by_alias=True, validate_by_alias=True, validate_by_name=False)

    run: _each(Index) = Field(0, description="The index of the run.")  # type: ignore[valid-type]
    quantity: _each(Quantity) = Field(  # type: ignore[valid-type]
        description="A number of a record by its path (`loss`, `lr/0`, `grads/fc2.weight/0/1`), `ended`, or "
        "one of `config/…`; `norm/…` is the 2-norm of an array, "
        "`singular/0/…` a matrix's largest singular value, `change/…` what a step has added."
    )
    step: _each(Record) = Field("end", description="The record; `end` is the last.")  # type: ignore[valid-type]
    is_: _each(Condition) = Field(alias="is", description="What is true there.")  # type: ignore[valid-type]

    def lengths(self) -> set[int]:
        """How many choices its lists are for."""
        values = (self.run, self.quantity, self.step, self.is_)
        return {len(value) for value in values if isinstance(value, tuple)}


class Question(Config):
    """A question to answer before Play."""

    text: Text = Field(description="What is asked.")
    choices: Annotated[tuple[Text, ...], Field(strict=False, min_length=2, max_length=MAX_CHOICES)] = Field(
        description="What may be answered."
    )
    because: Text = Field(description="Why the right choice is right; shown after the answer.")


class WrittenStep(Config):
    """A text, what the workbench shows beside it, and what it points at."""

    text: Text = Field(description="What is told.")
    address: Annotated[str, Field(pattern=r"^\?v=\d+(&\S*)?$", max_length=8000)] = Field(
        description="What the workbench shows: a query of the page's address, with its version."
    )
    points_at: Name | None = Field(None, description="A view or control of the page.")
    question: Question | None = Field(None, description="null where nothing is asked.")
    check: Check | None = Field(
        None, description="How the run tells which choice is right; only with a question."
    )

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if (self.question is None) != (self.check is None):
            raise refusal(say("lesson_question_alone"))
        if self.question is not None and self.check is not None:
            count = len(self.question.choices)
            if self.check.lengths() != {count}:
                raise refusal(say("lesson_check_choices", count=count))
        return self


class Lesson(Config):
    """A lesson as its file says it."""

    id: Name = Field(description="By which an address names it.")
    title: Line = Field(description="What it is called.")
    summary: Line = Field(description="What one knows after it, in a sentence.")
    steps: Annotated[tuple[WrittenStep, ...], Field(strict=False, min_length=1, max_length=MAX_STEPS)] = (
        Field(description="Its pages.")
    )
