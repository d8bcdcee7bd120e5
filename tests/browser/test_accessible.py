"""axe-core and the keyboard, in every state that a person can bring the page into."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import let_news_stay

OpenPage = Callable[..., Page]


def drawn(page: Page) -> Page:
    """The page, once the surface or what stands for it is there."""
    expect(
        page.locator("#surface .surface-plot .main-svg, #surface .surface-plot canvas").first
    ).to_be_visible()
    return page


ADDRESSES = {
    "a test function": "/?problem=himmelblau",
    "its optimizer's state": "/?problem=himmelblau&plots=state",
    "its landscape": "/?problem=himmelblau&view=3d",
    "a function of one's own": "/?problem=expression&dtype=float64",
    "a landscape": "/?view=3d",
    "arrows, and markers that are off the plane": "/?problem=seed-example&arrows=on&step=20",
    "noise, over samples seen": "/?batch=8&plots=noise&axis=samples&step=5",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_shown_is_accessible(open_page: OpenPage, scheme: str) -> None:
    """Every view of a test function and of a network, one after the other in one page."""
    page = open_page("about:blank", color_scheme=scheme)
    for address in ADDRESSES.values():
        page.goto(address)
        drawn(page)
        assert_accessible(page)
    page.get_by_role("button", name="Data", exact=True).click()
    expect(page.locator(".data-canvas").first).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_refused_is_accessible(open_page: OpenPage, scheme: str) -> None:
    """A setup that no run can have, and a window without a finite loss, are said; the console is silent."""
    page = open_page("/?steps=999999999", color_scheme=scheme)
    expect(page.locator("#runs").get_by_role("alert")).to_have_text(
        "steps must be at most 100000, got 999999999"
    )
    expect(page.locator("#surface")).to_contain_text("There is nothing to draw")
    assert_accessible(page)
    page.goto("/?window=0,1e300,0,1")
    expect(drawn(page).locator("#surface").get_by_role("status")).to_contain_text("no finite loss")
    assert_accessible(page)


def opens(page: Page, button: Locator, what: Locator) -> None:
    """A press of Enter opens it, it is accessible, Escape closes it, and the focus is back on the button."""
    button.focus()
    page.keyboard.press("Enter")
    expect(what).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(what).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_can_be_closed_by_the_keyboard(open_page: OpenPage, scheme: str) -> None:
    """Both popovers and every dialog open, are accessible, close with Escape and give the focus back."""
    page = drawn(open_page(color_scheme=scheme, prepare=let_news_stay))
    card = page.get_by_role("article").first
    card.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("SGD on xor")
    for panel in ("problem-panel", "surface-panel"):
        opens(page, page.locator(f"[popovertarget={panel}]"), page.locator(f"#{panel}"))
    for name in ("Copy as PyTorch", "Schedule studio", "Fork from here"):
        opens(page, card.get_by_role("button", name=name), page.get_by_role("dialog"))
    opens(page, page.get_by_role("button", name="Kept", exact=True).first, page.get_by_role("dialog"))


def test_the_start_of_a_function_moves_by_the_keyboard(open_page: OpenPage) -> None:
    """The start is a button of its own beside the picture; arrow keys move it, and the clock stays."""
    page = drawn(open_page("/?problem=himmelblau"))
    handle = page.locator(".start-handle")
    expect(handle).to_have_accessible_name(re.compile(r"^Start \(0.5, 4\)"))
    step = page.get_by_role("slider", name="Step", exact=True).input_value()
    handle.press("ArrowRight")
    expect(handle).not_to_have_accessible_name(re.compile(r"^Start \(0.5, 4\)"))
    assert page.get_by_role("slider", name="Step", exact=True).input_value() == step
