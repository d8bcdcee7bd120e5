"""A film of ten seconds, made in the real page: how long that takes, and how large it is.

    python -m benchmarks film

It is of the loss surface with four paths over 300 steps, with the second that the last picture stays. Seconds
are those of the clock; beside them the processor time of the browser, which other work on the machine hardly
changes: half of it is what two cores need at least.
"""

import os
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.frame import CHROMIUM, SOFTWARE
from tests.server import running_server

PAGE = "/?v=2&problem=xor&steps=300&step=0"
KINDS = tuple(os.environ.get("KINDS", "MP4,WebM,GIF").split(","))
LONGEST_MS = 900_000
BUDGET_SECONDS = 25.0
BUDGET_BYTES = 1_000_000
"""Of a GIF of 640 by 360 pixels."""


def processor_seconds(browser: Browser) -> float:
    """What all processes of the browser have used so far."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return float(sum(process["cpuTime"] for process in found))


def film(browser: Browser, page: Page, kind: str) -> tuple[float, float, int, str]:
    """Seconds, processor seconds, bytes and the name of a film of all steps."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=kind, exact=True).click()
    button = dialog.get_by_role("button", name="Make the film")
    before, began = processor_seconds(browser), time.perf_counter()
    with page.expect_download(timeout=LONGEST_MS) as download:
        button.click()
    seconds = time.perf_counter() - began
    used = processor_seconds(browser) - before
    return seconds, used, Path(download.value.path()).stat().st_size, download.value.suggested_filename


def main() -> None:
    """Print each kind of film in a line."""
    with running_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page.goto(address + PAGE)
        page.locator("#surface .surface-plot .main-svg").first.wait_for()
        page.keyboard.press("s")
        page.get_by_role("dialog").get_by_role("button", name="Film", exact=True).click()
        for kind in KINDS:
            seconds, used, size, name = film(browser, page, kind)
            budget = f"{BUDGET_BYTES} bytes" if kind == "GIF" else f"{BUDGET_SECONDS:.0f} s"
            print(
                f"{name}: {seconds:.1f} s, {used:.1f} s of processors, {size} bytes (aimed at: {budget})",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
