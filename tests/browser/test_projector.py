"""The projector's view, and the list of keys."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import FITS

OpenPage = Callable[..., Page]

SIZE = "element => parseFloat(getComputedStyle(element).fontSize)"
LARGER = f"least => ({SIZE})(document.querySelector('#surface .xtick text')) > least"


@pytest.mark.parametrize(("width", "height", "larger"), [(1920, 1080, 1.75), (1280, 720, 1.4)])
def test_a_projector_shows_the_surface_alone_and_larger(
    open_page: OpenPage, width: int, height: int, larger: float
) -> None:
    """P enlarges texts, those of Plotly too, and hides the panels; a link has it; Escape takes it back."""
    size = {"viewport": {"width": width, "height": height}}
    page = open_page("/?v=2&problem=himmelblau", **size)
    label = page.locator("#surface .xtick text").first
    expect(label).to_be_visible()
    before = label.evaluate(SIZE)
    page.keyboard.press("p")
    page.wait_for_url(re.compile("projector=on"))
    for panel in ("#runs", "#network", "#plots"):
        expect(page.locator(panel)).to_be_hidden()
    page.wait_for_function(LARGER, arg=before * larger - 0.5)
    page.wait_for_function(FITS)
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#runs")).to_be_visible()
    expect(page).not_to_have_url(re.compile("projector"))


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_the_keys_are_listed(open_page: OpenPage, locale: str) -> None:
    """A question mark opens them; what is open keeps P; Escape closes, and gives the keys back."""
    page = open_page("/?v=2&problem=himmelblau", locale=locale)
    expect(page.locator(".legend-run").first).to_be_visible()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("kbd").first).to_be_visible()
    assert dialog.locator(".keys-scope").count() > 10
    assert_accessible(page)
    page.keyboard.press("p")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("data-projector", "off")
