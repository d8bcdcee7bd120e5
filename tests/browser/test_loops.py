"""Broken loops, accumulation and gradient noise, as a person meets them."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible

OpenPage = Callable[..., Page]

BATCHES = "/?v=2&batch=16&steps=40&runs=[SGD(lr:0.3)]"


def test_a_mistake_is_made_beside_the_correct_run(open_page: OpenPage) -> None:
    """Its lines are marked, PyTorch's own words stand on its card, and it can be taken out again."""
    page = open_page(BATCHES)
    card = page.get_by_role("article").first
    card.locator("summary", has_text="Training loop").click()
    card.get_by_role("button", name="Break the loop").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile(r"backward\(\) twice")).check()
    expect(dialog.locator(".loop-code ins")).to_have_text("    loss.backward()\n")
    assert_accessible(page)
    dialog.get_by_role("button", name="Make it in a run beside").click()
    broken = page.get_by_role("article").nth(1)
    expect(broken).to_contain_text("Trying to backward through the graph a second time")
    expect(broken).to_contain_text("backward twice")
    expect(page).to_have_url(re.compile(r"backward,backward"))
    broken.locator("summary", has_text="Training loop").click()
    broken.get_by_role("button", name="Take the mistake out").click()
    expect(broken).not_to_contain_text("backward twice")


def test_runs_that_see_different_numbers_of_samples_are_read_at_equal_ones(open_page: OpenPage) -> None:
    """The axis is in the address, and the values beside a chart are of the steps that have seen as many."""
    runs = "[SGD(lr:0.3),(optimizer:SGD(lr:0.3),loop:(accumulate:4))]"
    page = open_page(f"/?v=2&batch=16&steps=40&step=8&runs={runs}")
    page.get_by_role("button", name="samples seen").click()
    expect(page.locator("#training .line-chart-axis")).to_contain_text("Read at equal samples")
    expect(page).to_have_url(re.compile("axis=samples"))
    page.get_by_role("tab", name="Noise").click()
    panel = page.get_by_role("tabpanel", name="Noise")
    expect(panel).to_contain_text("A step of this run sees 16 samples")
    expect(panel.locator("tbody tr")).to_have_count(8)


def test_each_inner_iteration_of_a_step_is_told(open_page: OpenPage) -> None:
    """The last one until another is chosen, which begins where the step did; another step tells its last."""
    page = open_page("/?problem=seed-example&steps=6&step=3&plots=step&runs=[LBFGS(lr:0.3,max_iter:4)]")
    choice = page.get_by_label("Inner iteration")
    expect(choice).to_have_value("4")
    update = page.locator("#step .update").first
    expect(update.locator("math").filter(has_text="(3)")).not_to_have_count(0)
    choice.select_option("1")
    expect(update.locator("math").filter(has_text="(3)")).to_have_count(0)
    expect(update.locator(".update-line").last).to_contain_text("= torch's bits")
    page.get_by_role("slider", name="Step", exact=True).fill("2")
    expect(choice).to_have_value("4")
