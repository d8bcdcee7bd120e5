"""The place Your loops: a recording brought here, and looked at by keys alone."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.watching.recorded import trained

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
