"""Hints of controls: by pointer, by keys and by touch, and in nobody's way."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import assert_accessible

OpenPage = Callable[..., Page]


def middle(what: Locator) -> tuple[float, float]:
    """Where the middle of something is, once it keeps its place."""
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_hint_can_be_read_and_lets_presses_through(open_page: OpenPage) -> None:
    """It stays under the pointer and goes when that leaves; a press reaches what lies below."""
    page = open_page()
    hint = page.get_by_role("tooltip")
    page.get_by_role("button", name="Keep", exact=True).first.hover()
    expect(hint).to_be_visible()
    at = middle(hint)
    page.mouse.move(*at, steps=5)
    assert not page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('#hint')", at)
    expect(hint).to_be_visible()
    page.mouse.move(5, 5, steps=5)
    expect(hint).to_be_hidden()


def test_a_hint_comes_with_the_focus_and_goes_with_escape(open_page: OpenPage) -> None:
    """It describes the control that has the focus, and does not keep Escape from a dialog."""
    page = open_page()
    hint = page.get_by_role("tooltip")
    keys = page.get_by_role("button", name="Keys", exact=True)
    expect(keys).to_be_visible()
    page.keyboard.press("Tab")
    keys.focus()
    expect(hint).to_be_visible()
    expect(keys).to_have_attribute("aria-describedby", "hint")
    assert_accessible(page)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_keys_come_to_what_parts_of_a_button_tell(open_page: OpenPage) -> None:
    """In the legend the whole name and which loss it is; what describes no control has a stop of its own."""
    page = open_page("/?v=2&problem=xor&step=20&batch=8&runs=[(optimizer:SGD(lr:0.3),freeze:[fc1])]")
    page.keyboard.press("Tab")
    hint = page.get_by_role("tooltip")
    page.locator(".legend-run").first.focus()
    expect(hint).to_contain_text("minibatch")
    expect(page.locator(".legend-run").first).to_have_accessible_description(re.compile("minibatch"))
    expect(page.locator(".paths-head[data-other='ghost unfrozen']")).to_be_attached()
    expect(page.locator(".legend-ghost")).to_be_visible()
    expect(page.locator(".legend-run").first).to_be_focused()  # though the ghost came to the legend
    page.locator(".badge-lock").first.focus()
    expect(hint).to_contain_text("fc1")


def test_a_long_touch_asks_and_does_nothing(open_page: OpenPage) -> None:
    """A finger that rests on a button shows its hint alone; a tap on a label with help shows that."""
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    hint = page.get_by_role("tooltip")
    lock = page.get_by_role("button", name="Freeze fc1").first
    finger = page.context.new_cdp_session(page)
    x, y = middle(lock)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    expect(hint).to_be_visible()
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(hint).to_be_visible()
    expect(lock).to_have_attribute("aria-pressed", "false")
    page.locator(".card-button").first.tap()
    label = page.locator("#run-0-settings .hint-button").first
    label.tap()
    expect(hint).to_have_text("Learning rate: the size of a step. Default: 0.001.")
    label.tap()
    expect(hint).to_be_hidden()
