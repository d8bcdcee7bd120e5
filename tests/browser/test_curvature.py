"""The curvature tab, driven as a person would."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.test_page import pause_at_end
from tests.waiting import until

OpenPage = Callable[..., Page]


def inks(chart: Locator) -> int:
    """How many pixels of a chart have a colour, not only a grey of its axes."""
    return chart.locator("canvas").evaluate(
        """canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let coloured = 0;
          for (let i = 0; i < data.length; i += 4)
            coloured += data[i + 3] > 200 && Math.abs(data[i] - data[i + 2]) > 60;
          return coloured;
        }"""
    )


def test_sharpness_is_seen_against_its_bound(open_page: OpenPage) -> None:
    """The open tab draws sharpness and bound, follows the clock and the selected run, and is accessible."""
    asked: list[str] = []
    page = open_page()
    page.on("request", lambda request: asked.append(request.url) if "curvature" in request.url else None)
    pause_at_end(page)
    api = re.compile(r"/api/curvature$")
    assert not any(map(api.search, asked))

    page.get_by_role("tab", name="Curvature").click()
    panel = page.get_by_role("tabpanel", name="Curvature")
    verdict = panel.locator(".curvature-verdict")
    expect(verdict).to_have_text(re.compile(r"step 300: Sharpness λ_max \S+ is below 2\s/\slr = 6\.67"))
    charts = panel.locator(".line-chart:visible")
    expect(charts).to_have_count(5)
    bound = charts.first.locator(".line-chart-label", has_text="2 / lr")
    expect(bound).to_contain_text("6.6667")
    for chart in charts.all():
        until(lambda chart=chart: inks(chart) > 50)

    before = verdict.inner_text()
    page.keyboard.press("Home")
    expect(verdict).to_contain_text("step 0:")
    assert verdict.inner_text() != before
    charts.first.locator(".line-chart-area").click(position={"x": 60, "y": 20})
    expect(verdict).not_to_contain_text("step 0:")

    page.locator("#legend").get_by_role("button", name=re.compile(r"^Adam\b")).click()
    expect(verdict).to_contain_text("Preconditioned sharpness")
    page.wait_for_url(re.compile("plots=curvature"))
    assert_accessible(page)
    assert len([url for url in asked if api.search(url)]) == 4


def test_the_central_flow_is_switched_on_and_named_wherever_it_is_drawn(open_page: OpenPage) -> None:
    """As a prediction: in the legend, over the charts and in sentences; and the link holds it."""
    smooth = "problem=regression-2d&samples=16&hidden=4&activation=tanh&seed=0&steps=12"
    page = open_page(f"/?v=2&{smooth}&runs=[SGD(lr:0.4)]&step=12&plots=curvature&language=en")
    panel = page.get_by_role("tabpanel", name="Curvature")
    switch = panel.get_by_role("button", name="Central flow (predicted)")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(page).to_have_url(re.compile("central_flow=on"))
    expect(page.locator("#legend")).to_contain_text("central flow (predicted)")
    expect(panel).to_contain_text("no number of it is PyTorch's")
    expect(panel.locator('[data-series="flow_loss"]')).to_be_visible()
    switch.click()
    expect(page.locator("#legend")).not_to_contain_text("central flow")
