"""The lessons over HTTP: in the language that is asked for, and one of somebody's own."""

import json

from optiscope.api.lessons import EXAMPLES

EXAMPLE = next(iter(EXAMPLES.values()))


async def test_lessons_come_in_the_language_that_is_asked_for(client):
    """By name, else as Accept-Language prefers; what is not known is English."""
    titles = {}
    for how in ("?language=zh", "?language=en", "?language=xx", ""):
        answer = await client.get(f"/api/lessons{how}", headers={"accept-language": "zh-CN"})
        titles[how] = [lesson["title"] for lesson in answer.json()]
    plain = await client.get("/api/lessons")
    assert titles["?language=zh"] == titles[""] == titles["?language=xx"] != titles["?language=en"]
    assert [lesson["title"] for lesson in plain.json()] == titles["?language=en"]
    assert plain.headers["vary"] == "Accept-Language"


async def test_the_right_choice_is_not_told(client):
    """A question says its choices, and how a run tells the right one; no text holds a mark."""
    for lesson in (await client.get("/api/lessons")).json():
        for step in lesson["steps"]:
            assert set(step["question"] or {}) <= {"text", "choices", "because", "because_parts"}
            assert "|" not in json.dumps([step["text"], (step["question"] or {}).get("because")])


async def test_a_lesson_of_ones_own_is_read_as_the_others_are(client):
    """The answer is what ``GET`` would hold of it."""
    answer = await client.post("/api/lessons?language=zh", json=EXAMPLE)
    assert (answer.status_code, answer.json()["language"]) == (200, "zh")
    (step,) = answer.json()["steps"]
    assert step["text"] == "Two runs of SGD, one at 0.01."
    assert step["parts"][1]["quantity"] == "config/optimizer/hyperparameters/lr"


async def test_a_wrong_lesson_is_refused_under_the_pointer_of_its_field(client):
    """All faults at once."""
    wrong = EXAMPLE | {"id": "No Name", "steps": [EXAMPLE["steps"][0] | {"address": "x"}]}
    answer = await client.post("/api/lessons", json=wrong)
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/id", "/steps/0/address"}
