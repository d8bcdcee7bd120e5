"""The place Learn: lessons by keyboard and by touch, and the way to Compare and back."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from optiscope.api.lessons import EXAMPLES
from tests.browser.accessible import assert_accessible
from tests.browser.test_page import OpenPage

FOLDER = Path(__file__).parents[2] / "static" / "languages"
FIRST_FOUR = ("01-requires-grad", "02-backward-and-step", "03-order-of-the-loop", "04-freezing-fc2")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def told(language: str, path: str) -> str:
    """A word of the page."""
    name, *keys = path.split(".")
    words = json.loads((FOLDER / language / f"{name}.json").read_text(encoding="utf-8"))
    for key in keys:
        words = words[key]
    return words


def lessons_in(language: str) -> list[dict]:
    """What the files of all lessons say, in their order."""
    files = sorted((FOLDER / language / "lessons").glob("*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def focused_text(page: Page) -> str:
    """What has the focus, as it reads."""
    return page.evaluate("document.activeElement.textContent.trim()")


def tab_to(page: Page, *texts: str) -> None:
    """Tab on until the focus is on what reads so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused_text(page) in texts:
            return
    raise AssertionError(texts)


def expect_page(page: Page, number: int, count: int) -> None:
    """The page of the lesson, of so many, that is open."""
    numbers = page.locator(".lesson-bar [data-now]")
    expect(numbers).to_have_count(number)
    expect(page.locator(".lesson-bar i")).to_have_count(count)


@pytest.mark.parametrize(("language", "motion"), [("en", "no-preference"), ("zh", "reduce")])
def test_the_first_lessons_by_keyboard_alone(open_page: OpenPage, language: str, motion: str) -> None:
    """Chosen from the list, guessed, played to the answer of the run, and gone through one by one."""
    page = open_page(f"/?v=2&place=learn&language={language}", reduced_motion=motion)
    words = {name: told(language, f"controls/lesson.{name}") for name in ("next", "play", "nextLesson")}
    lessons = lessons_in(language)
    entry = page.get_by_role("button", name=lessons[0]["title"])
    expect(entry).to_be_visible()
    tab_to(page, entry.text_content() or "")
    page.keyboard.press("Enter")
    for lesson, after in pairwise(lessons[:5]):
        expect(page.get_by_role("heading", name=lesson["title"])).to_be_focused()
        count = len(lesson["steps"])
        for number, step in enumerate(lesson["steps"], 1):
            expect_page(page, number, count)
            if "question" in step:
                play = page.locator(".lesson-ways button").nth(1)
                expect(play).to_be_disabled()
                while page.evaluate("document.activeElement.name") != "lesson-choice":
                    page.keyboard.press("Shift+Tab" if number > 1 else "Tab")
                page.keyboard.press("Space")
                expect(play).to_be_enabled()
                tab_to(page, words["play"])
                page.keyboard.press("Enter")
                expect(page.locator(".lesson-choice[data-right]")).to_have_count(1)
                expect(page.locator(".lesson-verdict")).to_contain_text(
                    step["question"]["because"].split("{")[0].replace("`", "").strip()
                )
            onward = words["nextLesson"].replace("{title}", after["title"])
            if focused_text(page) not in {words["next"], onward}:
                tab_to(page, words["next"], onward)
            page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_lesson_by_touch_on_a_phone(open_page: OpenPage, language: str) -> None:
    """The run alone tells the right choice; all fits the screen; axe finds nothing in any lesson."""
    page = open_page(f"/?v=2&place=learn&lesson=requires-grad&language={language}", **PHONE)
    for lesson in lessons_in(language):
        expect(page.get_by_role("heading", name=lesson["title"])).to_be_visible()
        for number, step in enumerate(lesson["steps"], 1):
            expect_page(page, number, len(lesson["steps"]))
            back, play, onward = (page.locator(".lesson-ways button").nth(i) for i in range(3))
            expect(back).to_be_enabled() if number > 1 else expect(back).to_be_disabled()
            if "question" in step:
                for telling in (".surface-note", ".surface-key", ".timeline-marks"):
                    expect(page.locator(telling)).to_be_hidden()
                page.locator(".lesson-choice").last.tap()
                play.tap()
                page.keyboard.press("End")
                expect(page.locator(".lesson-choice[data-right]")).to_have_count(1)
                assert "|" not in page.locator(".lesson").inner_text()
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
            points_at_tab = step.get("points_at") in {"state", "step"}
            if points_at_tab:
                choice = page.locator("#plots .state-choice:visible select").first
                expect(choice).to_have_accessible_name(re.compile(r"\S"))
            if number == 1 or points_at_tab:
                assert_accessible(page)
            onward.tap()
    expect(page.locator(".lesson-entry[data-done]")).to_have_count(len(lessons_in(language)))


def test_between_the_places_nothing_is_lost(open_page: OpenPage) -> None:
    """Each is as it was left, over a reload and by the browser's own way back and forward."""
    page = open_page("/?v=2&problem=booth&steps=7&runs=[SGD(lr:0.07)]")
    places = page.get_by_role("navigation", name="What to do here")
    places.get_by_role("button", name="Learn").click()
    page.get_by_role("button", name="Freezing fc2").click()
    page.locator(".lesson-ways").get_by_role("button", name="Next", exact=True).click()
    expect_page(page, 2, 4)
    page.wait_for_url("**lesson=freezing-fc2&page=1**")
    page.go_back()
    expect_page(page, 1, 4)
    page.go_back()
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    page.go_back()
    expect(page.locator(".picker-value")).to_have_text("Booth's function")
    for _ in range(3):
        page.go_forward()
    expect_page(page, 2, 4)
    page.reload()
    expect_page(page, 2, 4)
    places.get_by_role("button", name="Compare").click()
    expect(page.locator(".picker-value")).to_have_text("Booth's function")
    page.wait_for_url("**lr:0.07**")
    places.get_by_role("button", name="Learn").click()
    expect_page(page, 2, 4)
    page.get_by_role("button", name="Go on with this in Compare").click()
    expect(page.locator(".picker-value")).to_have_text("One sample")
    expect(page.locator("#runs .card")).to_have_count(1)


def test_a_lesson_of_ones_own_is_opened_from_a_file_and_a_wrong_one_told(
    open_page: OpenPage, tmp_path: Path
) -> None:
    """By the field that is wrong, wherever that is found; a good one is there after a reload, too."""
    written = next(iter(EXAMPLES.values()))
    (step,) = written["steps"]
    address = step["address"]
    page = open_page("/?v=2&place=learn")

    def opened(text: str) -> None:
        (tmp_path / "lesson.json").write_text(text)
        page.locator(".lesson-own input").set_input_files(tmp_path / "lesson.json")

    for text, trouble in (
        ("{", "The file is not JSON"),
        (json.dumps(written | {"steps": [step | {"address": f"{address}&seed=many"}]}), "/steps/0/address: "),
        (json.dumps(written | {"steps": [step | {"text": "{1|9:loss@0}"}]}), "/steps/0/text: "),
        (json.dumps(written | {"steps": [step | {"points_at": "moon"}]}), "/steps/0/points_at: "),
    ):
        opened(text)
        expect(page.get_by_role("alert")).to_contain_text(trouble)
    opened(json.dumps(written))
    expect(page.get_by_role("heading", name=written["title"])).to_be_visible()
    page.wait_for_url("**lesson=too-fast**")
    page.reload()
    expect(page.get_by_role("heading", name=written["title"])).to_be_visible()


def test_over_other_runs_a_lesson_does_not_speak_as_of_its_own(open_page: OpenPage) -> None:
    """What it would say of them is left out, no guess is struck, and its own runs can be brought back."""
    page = open_page(
        "/?v=2&place=learn&lesson=clipping&problem=quadratic-bowl&steps=20&runs=[SGD(lr:0.01)]&utm_source=x"
    )
    changed, verdict = page.locator(".lesson-changed"), page.locator(".lesson-verdict")
    expect(changed).to_contain_text(told("en", "controls/lesson.changed"))
    expect(page.locator(".lesson-number").first).to_have_text("232.9")
    page.locator(".lesson-choice").first.click()
    page.locator(".lesson-ways button").nth(1).click()
    page.keyboard.press("End")
    expect(verdict).to_have_text(told("en", "controls/lesson.undecided"))
    expect(page.locator(".lesson-choice[data-wrong]")).to_have_count(0)
    changed.get_by_role("button").click()
    expect(verdict).to_contain_text("It ends at step 5")
    expect(changed).to_have_count(0)


def test_a_link_to_a_lesson_that_is_not_there_leads_to_the_list(open_page: OpenPage) -> None:
    """It says so, and the address does not go on to name it."""
    page = open_page("/?place=learn&lesson=nope")
    expect(page.locator("#notices")).to_contain_text("The link names the lesson nope")
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    page.wait_for_url(lambda address: "place=learn" in address and "nope" not in address)
