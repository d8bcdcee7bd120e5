"""From the address to the first animated frame, on a warm server, with a cold and with a warm browser cache.

    python -m benchmarks start

The frame counts in which paths lie over the drawn surface and the clock has begun to move. Beside it when its
lines and axes are there, too; the same of an earlier commit, in pairs that take turns, in one run; and how
much of the catalog is read until that frame.
"""

import os
import statistics
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import httpx
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks._versions import BASELINE, served, versions
from benchmarks.frame import CHROMIUM, SOFTWARE

PAIRS = int(os.environ.get("PAIRS", "9"))
BUDGET = 0.6
BUDGET_BYTES = 60_000
WATCH = Path(__file__).with_suffix(".js").read_text()
MILESTONES = ("catalog", "plotly", "records", "surface", "animated", "axes")
CATALOG = """performance.getEntriesByType("resource")
  .filter(({ name }) => new URL(name).pathname.startsWith("/api/catalog"))
  .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)"""

Visit = Mapping[str, float]


def opened(context: BrowserContext, address: str) -> Visit:
    """Milliseconds from the beginning of the navigation to each milestone of one visit."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("() => 'animated' in milestones", polling=20)
    read: float = page.evaluate(CATALOG)
    page.wait_for_function("() => 'animated' in milestones && 'axes' in milestones", polling=50)
    reached: dict[str, float] = page.evaluate("milestones")
    page.close()
    return reached | {"bytes": read}


def visits(browser: Browser, address: str) -> Mapping[str, Visit]:
    """A first visit and one more with what the browser has kept of it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    found = {"cold": opened(context, address), "warm": opened(context, address)}
    context.close()
    return found


def pairs(number: int) -> list[tuple[Mapping[str, Visit], Mapping[str, Visit]]]:
    """Visits of the baseline and of what lies here, in turn, each of a server that has had one already."""
    with ExitStack() as stack:
        addresses = [stack.enter_context(served(version)) for version in stack.enter_context(versions())]
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=CHROMIUM, args=SOFTWARE
        )
        for address in addresses:
            httpx.get(address)
            visits(browser, address)
        found = [(visits(browser, addresses[0]), visits(browser, addresses[1])) for _ in range(number)]
        browser.close()
    return found


def main() -> None:
    """Print the median milliseconds to each milestone, and the ratio of the last."""
    found = pairs(PAIRS)
    print(f"first frame: milliseconds from the navigation's start, medians of {PAIRS} pairs that take turns")
    for cache in ("cold", "warm"):
        for side, name in enumerate((BASELINE, "here")):
            reached = (statistics.median(pair[side][cache][mile] for pair in found) for mile in MILESTONES)
            times = "   ".join(f"{mile} {ms:5.0f}" for mile, ms in zip(MILESTONES, reached, strict=True))
            print(f"  {cache} cache, {name:<8} {times}")
        ratio = statistics.median(
            here[cache]["animated"] / before[cache]["animated"] for before, here in found
        )
        print(f"  {cache} cache, ratio {ratio:.2f}; budget {BUDGET}")
    before, here = (found[0][side]["cold"]["bytes"] for side in (0, 1))
    print(f"  catalog before that frame: {before:.0f} bytes, here {here:.0f}; budget {BUDGET_BYTES}")
