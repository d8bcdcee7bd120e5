"""The place Your loops: a recording brought here, and looked at by keys alone."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.watching.recorded import trained
from tests.watching.test_tensorboard import event_file, scalar

OpenPage = Callable[..., Page]


def test_a_recording_is_opened_and_a_wrong_file_is_told(open_page: OpenPage, tmp_path: Path) -> None:
    """It is called after its file, opened twice it is one run, and what is no recording is said so."""
    trained(tmp_path / "mine.optiscope")
    (tmp_path / "other.csv").write_text("step,loss\n")
    page = open_page("/?v=2&place=loops")
    chosen = page.locator("#loops input[type=file]")
    for _ in range(2):
        with page.expect_response("**/api/runs/import?*") as answered:
            chosen.set_input_files(tmp_path / "mine.optiscope")
        assert answered.value.ok
        expect(page.get_by_role("heading", name="mine.optiscope", level=2)).to_be_visible()
    expect(page.locator("[data-loop]").filter(has_text="mine.optiscope")).to_have_count(1)
    chosen.set_input_files(tmp_path / "other.csv")
    expect(page.locator("#loops").get_by_role("alert")).to_contain_text("not an Optiscope recording")
    assert_accessible(page)


def test_layers_are_read_by_keys(open_page: OpenPage, tmp_path: Path) -> None:
    """The map of layers says what it shows where the keys are, and Enter shows the curve of the layer."""
    trained(tmp_path / "keys.optiscope", steps=8, around=True)
    page = open_page("/?v=2&place=loops")
    page.locator("#loops input[type=file]").set_input_files(tmp_path / "keys.optiscope")
    expect(page.get_by_role("heading", name="0 · Linear(2, 3)")).to_be_visible()
    page.locator(".layer-map-area").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#loops [role=status]").last).to_contain_text("2 · Linear(3, 1) · step 8: grad_norm")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 · Linear(3, 1)")).to_be_visible()
    expect(page.locator(".loop-surface")).to_have_count(1)
    assert_accessible(page)
    page.set_viewport_size({"width": 1440, "height": 800})
    page.wait_for_function("() => document.documentElement.scrollHeight <= innerHeight")


def test_a_small_run_stands_among_those_of_compare(open_page: OpenPage, tmp_path: Path) -> None:
    """It has a card and its numbers; what cannot be known is told with its code; a link shows the same."""
    trained(tmp_path / "small.optiscope", steps=8)
    page = open_page("/?v=2&problem=xor&steps=20&place=loops")
    page.locator("#loops input[type=file]").set_input_files(tmp_path / "small.optiscope")
    page.locator("#loops").get_by_role("button", name="Compare", exact=True).click()
    card = page.get_by_role("article", name="small.optiscope")
    expect(card).to_contain_text("your loop")
    expect(card).to_contain_text("no_config")
    expect(page.locator(".legend-run", has_text="small.optiscope")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#story")).to_contain_text("Your loops said last: small.optiscope")
    expect(page.locator("#surface .surface-reading")).to_be_visible()
    page.get_by_role("tab", name="Step").click()
    expect(page.locator("#step")).to_contain_text("Your loop said that the loss of step 8 is")
    page.get_by_role("tab", name="Curvature").click()
    expect(page.locator("#curvature")).to_contain_text("(no_config)")
    assert_accessible(page)
    page.reload()
    expect(page.get_by_role("article", name="small.optiscope")).to_contain_text("Adam")
    others = page.get_by_role("article").filter(has_not_text="your loop")
    while others.count() > 0:
        if others.first.get_by_role("button", name="Remove").count() == 0:
            others.first.get_by_role("button").first.click()
        others.first.get_by_role("button", name="Remove").click()
    told = page.locator("#surface").get_by_text("No surface: ")
    expect(told).to_be_visible()
    assert told.evaluate("told => parseFloat(getComputedStyle(told).paddingLeft)") > 0
    expect(page.locator("#surface")).to_contain_text("no_config")
    expect(page.locator("#story")).not_to_contain_text("○")
    expect(page.locator("#offers")).to_contain_text("trained elsewhere")
    expect(page.locator(".setup-summary")).to_contain_text("of a run that you add")
    expect(page.locator("#problem-picker")).to_contain_text("Your loops")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("article")).to_have_count(2)
    expect(page.locator("#problem-picker")).not_to_contain_text("Your loops")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("article", name="small.optiscope")).to_contain_text("你的循环")


def test_a_run_by_layer_says_why_it_is_not_compared(open_page: OpenPage, tmp_path: Path) -> None:
    """The button that would put it among the others stands there, and beside it why it cannot be pressed."""
    trained(tmp_path / "layers.optiscope", steps=8, every=2)
    page = open_page("/?v=2&place=loops")
    page.locator("#loops input[type=file]").set_input_files(tmp_path / "layers.optiscope")
    compare = page.locator(".loop-compare")
    expect(compare.get_by_role("button")).to_be_disabled()
    expect(compare).to_contain_text("Not every step was recorded")
    (tmp_path / "events").write_bytes(event_file(*(scalar(step, "loss", 1.0) for step in range(3))))
    page.locator("#loops input[type=file]").set_input_files(tmp_path / "events")
    expect(compare).to_contain_text("scalars alone and no parameters")
