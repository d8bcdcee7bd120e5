"""One HTML file, opened from the disk: it plays, and asks for nothing."""

import pytest
from playwright.sync_api import Page, expect

from optiscope import show
from tests.browser.conftest import is_advice

XOR = {"problem": {"name": "xor"}, "model": {"seed": 44}, "steps": 60}
RUNS = [XOR | {"optimizer": {"name": name, "hyperparameters": {"lr": 0.1}}} for name in ("SGD", "Adam")]
STEP = 20


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Two runs, looked at in the middle."""
    return show(RUNS, address=f"?v=2&step={STEP}").save(tmp_path_factory.mktemp("file") / "runs.html")


@pytest.fixture
def page(browser, file):
    """The file, open; what it logged or asked for fails the test at its end."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US", offline=True)
    opened = context.new_page()
    noted = []
    opened.on("console", lambda message: is_advice(message) or noted.append(message.text))
    opened.on("pageerror", lambda error: noted.append(str(error)))
    opened.on("request", lambda request: noted.append(request.url))
    opened.goto(file.as_uri())
    expect(opened.locator(".timeline-step")).to_have_text(str(STEP))
    yield opened
    context.close()
    own = (file.as_uri(), "data:", "blob:")
    assert [text for text in noted if not text.startswith(own)] == []


def test_it_plays_and_is_scrubbed(page: Page):
    """From its step, with surface, charts, a step taken apart, both languages and both themes."""
    expect(page.locator("#surface canvas").first).to_be_visible()
    expect(page.locator("#runs .card")).to_have_count(2)
    page.locator("[data-action=forward]").click()
    expect(page.locator(".timeline-step")).to_have_text(str(STEP + 1))
    page.locator("#tab-step").click()
    expect(page.locator("#step")).to_contain_text("optimizer.step()")
    page.locator("[data-action=play]").click()
    expect(page.locator(".timeline-step")).to_have_text("60")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#runs")).to_contain_text("运行")
    for _ in ("light", "dark"):  # after the system's own
        page.get_by_role("button", name="主题").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_what_takes_torch_is_grey_and_says_what_starts_it(page: Page):
    """It does nothing, and tells of the command."""
    three = page.locator('[data-mode="3d"]')
    expect(three).to_have_attribute("aria-disabled", "true")
    three.click(force=True)
    expect(page.locator("#recorded")).to_contain_text("in the folder of its source")
    expect(page.locator("#recorded code")).to_have_text("pip install .\noptiscope serve")
    expect(page.locator("#recorded")).to_have_attribute("open", "")
    expect(page.locator('[data-mode="contour"]')).to_have_attribute("aria-pressed", "true")


def test_on_a_phone_its_header_has_two_rows(page: Page):
    """Of what can be used; the rest is grey where there is room for it."""
    header = page.locator(".header")
    grey = header.locator("[aria-disabled=true]:visible:not(.picker-button)")
    expect(grey).not_to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(grey).to_have_count(0)
    box = header.bounding_box()
    assert box is not None
    assert box["height"] <= 110
    header.get_by_text("Recorded").click()
    expect(page.locator(".recorded-how")).to_be_in_viewport(ratio=1)
    header.get_by_text("Recorded").click()
