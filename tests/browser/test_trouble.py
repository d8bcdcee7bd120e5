"""What the page says when something cannot be done: plainly, and with a silent console."""

from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.accessible import assert_accessible
from tests.endless import ENDLESS
from tests.server import PATIENT_S, running_server

OpenPage = Callable[..., Page]


def kept_runs(page: Page) -> Locator:
    """The dialog of kept runs."""
    page.get_by_role("button", name="Kept", exact=True).first.click()
    return page.get_by_role("dialog", name="Kept runs")


class Once:
    """Answers the first request of its kind; whatever is asked after it waits for ever."""

    def __init__(self) -> None:
        self.is_over = False

    def __call__(self, route: Route) -> None:
        """Answer, or do not."""
        if not self.is_over:
            self.is_over = True
            route.continue_()


def test_two_tabs_command_one_run(open_page: OpenPage, live_server: str) -> None:
    """A command for a run that was changed elsewhere is not done; the page says so and looks again."""
    contested = {"config": ENDLESS, "name": "contested"}
    run = httpx.post(f"{live_server}/api/runs", json=contested, timeout=PATIENT_S).json()
    try:
        page = open_page()
        page.route("**/api/runs?*", Once())  # the list does not look again by itself
        dialog = kept_runs(page)
        dialog.get_by_role("button", name="contested", exact=True).click()
        httpx.post(f"{live_server}/api/runs/{run['id']}/pause", timeout=PATIENT_S).raise_for_status()
        dialog.get_by_role("button", name="Pause").click()
        expect(dialog.get_by_role("alert")).to_contain_text("changed elsewhere")
        assert_accessible(page)
        dialog.get_by_role("button", name="Resume").click()
        expect(dialog.get_by_role("button", name="Pause")).to_be_visible()
        expect(dialog.get_by_role("alert")).to_have_count(0)
    finally:
        httpx.delete(f"{live_server}/api/runs/{run['id']}", timeout=PATIENT_S)


def test_a_file_that_is_no_checkpoint(open_page: OpenPage) -> None:
    """A file that cannot be gone on from is refused in words, one that is too large without being sent."""
    page = open_page()
    dialog = kept_runs(page)
    chosen = {"name": "a.pt", "mimeType": "application/octet-stream"}
    dialog.locator("input[type=file]").set_input_files(chosen | {"buffer": b"nothing"})
    expect(dialog.get_by_role("alert")).to_contain_text("not a whole archive")
    dialog.locator("input[type=file]").set_input_files(chosen | {"buffer": b"." * (2**22 + 1)})
    expect(dialog.get_by_role("alert")).to_contain_text("at most 4.2 MB")


def test_runs_cannot_be_kept(open_page: OpenPage, tmp_path: Path) -> None:
    """With a damaged database the page trains and draws; what is kept says why it cannot be had."""
    (tmp_path / "runs.sqlite").write_bytes(b"no database" * 1000)
    lost = "(optimizer:Adam(lr:0.01),kept:(id:abcdefabcdef,first:0,without:[]))"
    with running_server(OPTISCOPE_DATA_DIR=str(tmp_path)) as address:
        page = open_page(address=address, path=f"/?problem=moons&runs=[SGD(lr:0.1),{lost}]")
        expect(page.locator("#surface .main-svg").first).to_be_visible()
        dialog = kept_runs(page)
        expect(dialog.get_by_role("alert")).to_contain_text("the database of runs is damaged")
        assert_accessible(page)
        page.keyboard.press("Escape")
        page.get_by_role("article").first.get_by_role("button", name="Keep", exact=True).click()
        expect(page.get_by_role("article").first.get_by_role("alert")).to_contain_text("damaged")
        second = page.get_by_role("article").nth(1)
        second.get_by_role("button").first.click()
        expect(second.get_by_role("status")).to_contain_text("cannot be read just now")
        assert_accessible(page)
        page.close()  # before its server ends


def test_a_server_that_is_busy(open_page: OpenPage) -> None:
    """Without a free place the page says so, asks again by itself, and forgets it once it is answered."""
    with running_server(OPTISCOPE_MAX_STREAMS="1", OPTISCOPE_STALL_SECONDS="300") as address:
        body = {"json": ENDLESS, "timeout": PATIENT_S}
        with httpx.stream("POST", f"{address}/api/train", **body) as taken:
            lines = taken.iter_lines()
            next(lines)
            page = open_page(address=address)
            expect(page.locator(".notice")).to_contain_text("The server is busy")
            assert_accessible(page)
        expect(page.locator("#surface .main-svg").first).to_be_visible()
        expect(page.locator(".notice")).to_have_count(0)
        page.close()  # before its server ends


def test_plotly_cannot_be_loaded(browser: Browser, live_server: str) -> None:
    """The paths move over the surface all the same, and what is missing is said."""
    context = browser.new_context(base_url=live_server, locale="en-US")
    page = context.new_page()
    page.route("**/plotly/**", lambda route: route.abort())
    page.goto("/")
    expect(page.locator("#surface .paths-head").first).to_be_visible()
    expect(page.locator("#surface [role=status]", has_text="lines and axes are missing")).to_be_visible()
    context.close()
