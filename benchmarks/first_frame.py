"""From the address to the first animated frame, on a warm server, with a cold and with a warm browser cache.

    python -m benchmarks.first_frame

The frame counts in which paths lie over the drawn surface and the clock has begun to move.
"""

import statistics
from pathlib import Path

import httpx
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.frame import CHROMIUM, SOFTWARE
from tests.server import running_server

ROUNDS = 5
BUDGET_MS = 2000
WATCH = Path(__file__).with_suffix(".js").read_text()
MILESTONES = ("catalog", "plotly", "records", "surface", "animated")


def opened(context: BrowserContext, address: str) -> dict[str, float]:
    """Milliseconds from the beginning of the navigation to each milestone of one visit."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("() => 'animated' in milestones", polling=50)
    reached: dict[str, float] = page.evaluate("milestones")
    page.close()
    return reached


def visits(browser: Browser, address: str) -> dict[str, dict[str, float]]:
    """A first visit and one more with what the browser has kept of it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    found = {"cold": opened(context, address), "warm": opened(context, address)}
    context.close()
    return found


def main() -> None:
    """Print the median milliseconds to each milestone."""
    with running_server() as address, sync_playwright() as playwright:
        httpx.get(address)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE)
        visits(browser, address)
        rounds = [visits(browser, address) for _ in range(ROUNDS)]
        browser.close()
    print(f"first frame: milliseconds from the navigation's start, medians of {ROUNDS}; budget {BUDGET_MS}")
    for cache in ("cold", "warm"):
        times = (f"{name} {statistics.median(r[cache][name] for r in rounds):5.0f}" for name in MILESTONES)
        print(f"  {cache} cache   " + "   ".join(times))


if __name__ == "__main__":
    main()
