"""The file of a lesson: what belongs together, and what it may hold."""

import json

import pytest
from pydantic import ValidationError

from optiscope.lessons.lesson import Lesson

CHECK = {"run": [0, 1], "quantity": "end_loss", "is": "least"}
QUESTION = {"text": "Which?", "choices": ["this", "that"], "because": "It is {0.1|loss@end}."}


def lesson(**step):
    """A lesson of one step."""
    told = {"text": "Look.", "address": "?v=2&problem=booth"} | step
    return json.dumps({"id": "one", "title": "One", "summary": "One thing.", "steps": [told]})


def test_a_question_comes_with_its_check():
    """A list of the check has an entry for each choice; what is no list is for all of them."""
    read = Lesson.model_validate_json(lesson(question=QUESTION, check=CHECK))
    assert read.steps[0].check.model_dump(mode="json") == CHECK | {"run": [0, 1], "step": "end"}


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"question": QUESTION}, "lesson_question_alone"),
        ({"check": CHECK}, "lesson_question_alone"),
        ({"question": QUESTION, "check": CHECK | {"run": 0}}, "lesson_check_choices"),
        ({"question": QUESTION, "check": CHECK | {"run": [0, 1, 2]}}, "lesson_check_choices"),
        ({"text": "It is {0.1|loss@never}."}, "lesson_mark"),
        ({"text": "It is {0.1|change/change/loss@2}."}, "lesson_mark"),
    ],
)
def test_what_does_not_belong_together_is_refused(step, code):
    """A question without a check, a check for other choices, a number without a place."""
    with pytest.raises(ValidationError) as refused:
        Lesson.model_validate_json(lesson(**step))
    assert refused.value.errors()[0]["ctx"]["said"].code == code


@pytest.mark.parametrize(
    "step",
    [
        {"address": "http://example.com"},
        {"address": "?problem=booth"},
        {"points_at": "The Network"},
        {"question": QUESTION | {"choices": ["one"]}, "check": CHECK},
        {"question": QUESTION, "check": CHECK | {"is": "lowest"}},
        {"question": QUESTION, "check": CHECK | {"quantity": "weight"}},
        {"question": QUESTION, "check": CHECK | {"is": {"near": 1}}},
        {"extra": 1},
    ],
)
def test_a_step_holds_nothing_else(step):
    """An address is a query with its version; names and conditions are those that there are."""
    with pytest.raises(ValidationError):
        Lesson.model_validate_json(lesson(**step))
