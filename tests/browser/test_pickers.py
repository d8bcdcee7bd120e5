"""The lists of problems and of optimizers, by keyboard and by touch."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.choosing import choose_optimizer

OpenPage = Callable[..., Page]


def test_an_optimizer_is_found_and_its_rate_comes_back(open_page: OpenPage) -> None:
    """By keys: SGD, LBFGS, Adam, and SGD at the rate chosen for it; the list is made anew at each opening."""
    page = open_page("/?v=2&problem=booth&runs=[SGD(lr:0.07)]")
    card = page.get_by_role("article").first
    lr = card.get_by_role("textbox", name="lr", exact=True)
    button = card.get_by_role("combobox", name="Optimizer", exact=True)
    expect(card).to_contain_text("Set by hand.")
    choose_optimizer(card, "LBFGS")
    choose_optimizer(card, "Adam")
    expect(lr).to_have_value("0.3")
    expect(card).to_contain_text("chosen by looking at runs")
    choose_optimizer(card, "SGD")
    expect(lr).to_have_value("0.07")
    card.get_by_role("button", name="Use the suggested 0.05").click()
    expect(lr).to_have_value("0.05")
    button.press("ArrowDown")
    search = page.get_by_role("combobox", name="Name, idea or paper")
    expect(search).to_be_focused()
    search.fill("adam")
    page.locator(".optimizer-panel").evaluate("panel => (panel.hidePopover(), panel.showPopover())")
    expect(search).to_have_value("")
    expect(search).to_be_focused()
    expect(page.get_by_role("option", name=re.compile("^SGD")).first).to_have_attribute(
        "aria-selected", "true"
    )
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_the_list_of_problems_closes_when_one_is_tapped(open_page: OpenPage) -> None:
    """On a phone, in Chinese: a tap chooses and closes; one's own function leaves it open."""
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, locale="zh-CN")
    page.locator("#problem-picker").tap()
    page.locator(".picker-option[data-name=moons]").tap()
    expect(page.locator("#problem-panel")).to_be_hidden()
    page.wait_for_url(re.compile("problem=moons"))
    page.locator("#problem-picker").tap()
    assert_accessible(page)
    page.locator(".picker-option[data-name=expression]").tap()
    written = page.locator("#problem-expression")
    expect(written).to_be_focused()
    card = page.locator(".card").first
    page.keyboard.press("Escape")
    card.locator(".card-button").tap()
    expect(card).to_contain_text("看过若干运行后")
    page.locator("#problem-picker").tap()
    written.fill("x**2 + y**2")
    written.press("Enter")
    expect(card).to_contain_text("并非针对你写的函数")
