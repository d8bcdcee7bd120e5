"""The first minute: what a newcomer reads and is offered to try, and what is folded until it is wanted."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import FITS

OpenPage = Callable[..., Page]


def newcomer(open_page: OpenPage) -> Page:
    """The bare page, with its offers, at its last step."""
    page = open_page("/")
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    expect(page.locator(".offer")).to_have_count(4)
    return page


def test_a_sentence_says_what_is_seen_and_how_it_ended(open_page: OpenPage) -> None:
    """It follows the step, moves nothing below it, and ends with who reached what and that rates differed."""
    page = newcomer(open_page)
    story = page.locator(".story")
    ending = r"^Step 150, the end\. Losses reached: SGD .*with the same budget\.$"
    expect(story).to_have_text(re.compile(ending))
    expect(story).to_have_attribute("aria-live", "polite")
    top = page.locator("#surface").bounding_box()
    page.keyboard.press("Home")
    expect(story).to_have_text("Four optimizers start from the same place ○. Dark is low.")
    page.get_by_role("slider", name="Step", exact=True).fill("40")
    expect(story).to_contain_text("Step 40: SGD leads, at a loss of")
    assert page.locator("#surface").bounding_box() == top


def test_on_a_phone_the_offers_lie_above_the_timeline(open_page: OpenPage) -> None:
    """The header takes two rows, nothing is wider than the screen, and no offer is covered."""
    page = open_page("/", viewport={"width": 390, "height": 844}, has_touch=True)
    offer = page.get_by_role("button", name="Drop the start elsewhere")
    expect(offer).to_be_visible()
    assert page.locator(".header").bounding_box()["height"] < 110
    page.wait_for_function(FITS)
    foot = offer.bounding_box()
    assert foot["y"] + foot["height"] < page.locator("#timeline").bounding_box()["y"]
    for width in (768, 1024):
        page.set_viewport_size({"width": width, "height": 1024})
        page.wait_for_function(FITS)


def test_offers_do_what_they_say_and_are_undone_by_one_press(open_page: OpenPage) -> None:
    """A rate explodes, a start is dropped, a layer freezes: each tells where to look, and goes back."""
    page = newcomer(open_page)
    told = page.locator(".offers-told")
    selected = page.get_by_role("article").first
    page.get_by_role("button", name="Raise lr until it explodes").click()
    expect(told).to_contain_text(re.compile(r"SGD at lr [\d.]+: .* until it diverges at step \d+\. At lr"))
    expect(page.locator(".story")).to_contain_text(re.compile(r"SGD lr [\d.]+ diverged at step"))
    assert_accessible(page)
    told.get_by_role("button", name="Undo").click()
    expect(selected).to_contain_text("lr 0.01")
    page.get_by_role("button", name="Drop the start elsewhere").click()
    page.wait_for_url(re.compile("start="))
    expect(told).to_contain_text("All start again from")
    told.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Freeze a layer").click()
    expect(page.locator("#network")).to_contain_text("fc2 is frozen: its .grad is None")
    expect(told).to_contain_text("A function has no layers")
    assert_accessible(page)
    told.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("banner")).to_contain_text("Himmelblau")
    expect(page.get_by_role("button", name="Undo", exact=True).first).to_have_attribute(
        "aria-disabled", "true"
    )
    page.get_by_role("button", name="On to a network").click()
    expect(page.locator("#network .network-svg")).to_be_visible()
    expect(page.locator(".network-key")).to_contain_text("the thicker a line, the larger its weight")
    reading = page.locator(".surface-reading")
    expect(reading).to_have_text(re.compile("^A map of 37 weights in only two directions"))
    page.get_by_role("button", name="Why so?").click()
    expect(reading).to_contain_text("of the variance of all paths")
    page.get_by_role("button", name="Back to a function").click()
    expect(page.get_by_role("banner")).to_contain_text("Himmelblau")


def test_what_is_folded_is_found_as_it_was_left(open_page: OpenPage) -> None:
    """Four cards and one chart at first; what is opened stays open, and ○ asks to be dragged until it was."""
    page = newcomer(open_page)
    handle = page.locator(".start-handle")
    card = page.get_by_role("article").first.get_by_role("button").first
    rates = page.locator("[data-series=lr]")
    expect(handle).to_have_attribute("data-invitation", "drag me")
    expect(card).to_have_attribute("aria-expanded", "false")
    expect(rates).to_be_hidden()
    card.click()
    page.get_by_role("button", name="Learning rate and gradient norm").click()
    expect(rates).to_be_visible()
    handle.press("ArrowRight")
    expect(handle).not_to_have_attribute("data-invitation", "drag me")
    page.goto("/")
    expect(card).to_have_attribute("aria-expanded", "true")
    expect(rates).to_be_visible()
    expect(handle).to_be_visible()
    expect(handle).not_to_have_attribute("data-invitation", "drag me")
