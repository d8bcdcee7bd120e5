"""What lessons say, held to the runs they speak of by the page's own code."""

from optiscope.api.lessons import EXAMPLES
from tests.lessons.asking import answers, records_of


async def lessons_of(client, language):
    """The lessons as the page gets them."""
    return (await client.get("/api/lessons", params={"language": language})).json()


async def test_every_number_is_that_of_the_run_and_every_question_has_one_right_choice(client):
    """In both languages, as many digits as are written."""
    english, chinese = await lessons_of(client, "en"), await lessons_of(client, "zh")
    records = await records_of(client, [step["address"] for lesson in english for step in lesson["steps"]])
    for lessons in (english, chinese):
        for lesson, found in zip(lessons, answers(lessons, records), strict=True):
            for step, said in zip(lesson["steps"], found, strict=True):
                place = (lesson["language"], lesson["id"], step["address"])
                assert [n for n in said["numbers"] if n["shown"] != n["is"]] == [], place
                if step["question"]:
                    assert said["right"] is not None, place


async def test_the_lesson_that_the_documentation_shows_is_true_too(client):
    """Its number is the run's, and one choice is right."""
    (lesson,) = [(await client.post("/api/lessons", json=one)).json() for one in EXAMPLES.values()]
    records = await records_of(client, [step["address"] for step in lesson["steps"]])
    ((said,),) = answers([lesson], records)
    assert (said["right"], [n["is"] for n in said["numbers"]]) == (1, ["0.01", "62"])


async def test_the_right_choice_follows_from_the_run_and_not_from_the_file(client):
    """Of the same question on networks of other seeds, another choice is right."""
    lessons = await lessons_of(client, "en")
    (lesson,) = (one for one in lessons if one["id"] == "freezing-fc2")
    step = next(one for one in lesson["steps"] if one["check"] and one["check"]["run"] == [0, 1])
    seeded = [
        step | {"address": without_weights(step["address"]) + f"&seed={seed}"} for seed in (204, 3, 5, 9)
    ]
    records = await records_of(client, [one["address"] for one in seeded])
    (found,) = answers([lesson | {"steps": seeded}], records)
    assert {0, 1} <= {said["right"] for said in found}


def without_weights(address):
    """An address whose network is drawn from its seed."""
    return "&".join(part for part in address.split("&") if not part.startswith("weights="))
