"""Averaged weights on the page, driven as a person would."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_page import wait_for_step

OpenPage = Callable[..., Page]

AVERAGED = "(optimizer:SGD(lr:0.001,momentum:0.9),average:(name:EMA,decay:0.95))"
TWO = f"/?v=2&problem=rosenbrock&steps=120&runs=[{AVERAGED},Adam(lr:0.05)]"


def at_the_end(page: Page) -> Locator:
    """The legend, once everything is drawn and stands at the last step."""
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    page.keyboard.press("End")
    wait_for_step(page, 120)
    return page.locator(".legend")


def test_an_average_is_drawn_told_and_taken_apart(open_page: OpenPage) -> None:
    """A pale path and a second loss; for all runs at a click; its values and its line in the step."""
    page = open_page(TWO)
    legend = at_the_end(page)
    expect(legend).to_contain_text(re.compile(r"EMA 0\.\d+"))
    pale = page.locator(".paths-head[data-other$='average']")
    expect(pale).to_have_count(1)
    losses = page.locator("div.lines").first
    expect(losses).to_contain_text("dotted: of the average")
    losses.locator("canvas").first.hover(force=True)
    expect(page.locator(".tooltip:visible")).to_contain_text("SGD, at the average")

    page.get_by_role("button", name="Average the same in all runs").click()
    expect(legend.get_by_text("EMA")).to_have_count(2)
    at_the_end(page)
    expect(pale).to_have_count(2)

    page.get_by_role("tab", name="Step", exact=True).click()
    line = page.get_by_role("listitem").filter(has_text="averaged.update_parameters(model)").last
    expect(line).to_contain_text("average.lerp(param, 1 - decay)")
    expect(line).to_contain_text("= torch's bits")
    expect(page.get_by_label("Inner iteration")).to_be_hidden()
    page.get_by_role("tab", name="Optimizer state").click()
    page.locator(".state select").nth(1).select_option("param")
    expect(page.locator(".state")).to_contain_text("pale: the average")


def test_the_held_out_loss_is_a_curve_beside_the_loss(open_page: OpenPage) -> None:
    """Turned on by a button and in the address; where nothing is held out the chart says why."""
    page = open_page("/?v=2&problem=moons&steps=20&runs=[SGD(lr:0.3)]")
    chart = page.locator("#training .line-chart").first
    button = chart.get_by_role("button", name="held-out")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(chart).to_contain_text("thin dashes: held-out")
    expect(page).to_have_url(re.compile("held_out=on"))
    chart.locator("canvas").hover(force=True)
    expect(page.locator(".tooltip:visible")).to_contain_text("SGD, held-out")
    page.goto(page.url.replace("problem=moons", "problem=seed-example"))
    expect(chart.locator(".line-chart-aside")).to_contain_text("nothing is held out")
    expect(chart.locator(".line-chart-aside")).to_have_attribute(
        "data-hint", re.compile("trains on all samples")
    )
