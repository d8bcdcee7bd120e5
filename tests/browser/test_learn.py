"""The place Learn: lessons by keyboard and by touch, and the way to Compare and back."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from optiscope.api.lessons import EXAMPLES
from tests.browser.accessible import assert_accessible
from tests.browser.test_page import OpenPage

FOLDER = Path(__file__).parents[2] / "static" / "languages"
FIRST_FOUR = ("01-requires-grad", "02-backward-and-step", "03-order-of-the-loop", "04-freezing-fc2")


def lesson(language: str, name: str) -> dict:
    """What the file of a lesson says."""
    return json.loads((FOLDER / language / "lessons" / f"{name}.json").read_text(encoding="utf-8"))


def focused_text(page: Page) -> str:
    """What has the focus, as it reads."""
    return page.evaluate("document.activeElement.textContent.trim()")


def press_until(page: Page, text: str) -> None:
    """Tab on until the focus is on what reads so."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if focused_text(page) == text:
            return
    raise AssertionError(text)


def test_the_first_lessons_by_keyboard_alone(open_page: OpenPage) -> None:
    """Chosen from the list, answered, told by the run, and gone through to the end."""
    page = open_page("/?v=2&place=learn")
    for name in FIRST_FOUR:
        told = lesson("en", name)
        entry = page.get_by_role("button", name=told["title"])
        expect(entry).to_be_visible()
        entry.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=told["title"])).to_be_visible()
        for number, step in enumerate(told["steps"], 1):
            expect(page.locator(".lesson-at")).to_have_text(f"{number} of {len(told['steps'])}")
            if "question" in step:
                expect(page.locator(".lesson-ways").get_by_role("button", name="Play")).to_be_disabled()
                page.locator(".lesson-choice input").first.focus()
                page.keyboard.press("Space")
                expect(page.locator(".lesson-choice[data-right]")).to_have_count(1)
                expect(page.locator(".lesson-verdict")).not_to_be_empty()
            on = "Finish" if number == len(told["steps"]) else "Next"
            press_until(page, on)
            page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=told["title"])).to_contain_text("Done")


def test_a_lesson_by_touch_on_a_phone_in_chinese(open_page: OpenPage) -> None:
    """The verdict is the run's; what is pointed at follows the lesson; nothing is wider than the screen."""
    page = open_page(
        "/?v=2&place=learn&lesson=freezing-fc2&language=zh",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        locale="zh-CN",
    )
    told = lesson("zh", "04-freezing-fc2")
    expect(page.locator("#network")).to_be_hidden()
    page.get_by_text(told["steps"][0]["question"]["choices"][0].replace("`", "")).tap()
    expect(page.locator(".lesson-verdict strong")).to_contain_text("不对")
    expect(page.locator(".lesson-choice[data-right]")).to_contain_text("穿过")
    expect(page.locator("#network")).to_have_attribute("data-pointed", "")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="下一步").tap()
    expect(page.locator(".lesson-number").first).to_have_text("\u22120.0760")
    assert_accessible(page)


def test_between_the_places_nothing_is_lost(open_page: OpenPage) -> None:
    """Comparison and lesson are as they were left, over a reload; a lesson can be gone on with in Compare."""
    page = open_page("/?v=2&problem=booth&steps=7&runs=[SGD(lr:0.07)]")
    places = page.get_by_role("navigation", name="What to do here")
    places.get_by_role("button", name="Learn").click()
    page.get_by_role("button", name="Freezing fc2").click()
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".lesson-at")).to_have_text("2 of 4")
    page.wait_for_url("**lesson=freezing-fc2&page=1**")
    page.reload()
    places.get_by_role("button", name="Compare").click()
    expect(page.locator(".picker-value")).to_have_text("Booth's function")
    page.wait_for_url("**lr:0.07**")
    places.get_by_role("button", name="Learn").click()
    expect(page.locator(".lesson-at")).to_have_text("2 of 4")
    page.get_by_role("button", name="Go on with this in Compare").click()
    expect(page.locator(".picker-value")).to_have_text("One sample")
    expect(page.locator("#runs .card")).to_have_count(1)


def test_a_lesson_of_ones_own_is_opened_from_a_file_and_a_wrong_one_told(
    open_page: OpenPage, tmp_path: Path
) -> None:
    """By the field that is wrong."""
    written = next(iter(EXAMPLES.values()))
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(written))
    bad.write_text(json.dumps(written | {"id": "No Name"}))
    page = open_page("/?v=2&place=learn")
    page.locator(".lesson-file").set_input_files(bad)
    expect(page.get_by_role("alert")).to_contain_text("/id")
    page.locator(".lesson-file").set_input_files(good)
    expect(page.get_by_role("heading", name=written["title"])).to_be_visible()
