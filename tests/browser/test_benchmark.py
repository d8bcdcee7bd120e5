"""The page that frames are measured on."""

from playwright.sync_api import Browser, expect

from benchmarks.frame import served


def test_the_measured_page_draws_every_view(browser: Browser) -> None:
    """What views are given more, the benchmark has, too; its frames have a freeze bar, a ghost and arrows."""
    with served() as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator("body[data-ready]")).to_be_attached()
        expect(page.locator(".freeze-bar.is-drifting")).to_be_visible()
        assert page.evaluate("measure.canvas(3).then(({ main }) => main.length)") == 3
