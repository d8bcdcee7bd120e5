"""The documentation page, tried as a person would."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_execute_shows_a_stream(open_page: Callable[..., Page]) -> None:
    """The events of a run are there to read, and what is shortened is said."""
    page = open_page("/docs")
    operation = page.locator("#operations-runs-train")
    operation.locator(".opblock-summary-control").click()
    operation.locator(".execute").click()
    answer = operation.locator(".live-responses-table")
    expect(answer).to_contain_text("103 lines, an event each")
    expect(answer).to_contain_text('"event": "run_started"')
    expect(answer).to_contain_text("… 91 more lines …")
    expect(answer).to_contain_text('"reason": "completed"')
    expect(page.locator("body")).not_to_contain_text("can't parse JSON")
