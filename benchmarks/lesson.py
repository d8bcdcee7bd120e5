"""How long a lesson takes to open beside the bare page: first visits on one server, in pairs that take turns.

    python -m benchmarks lesson

A page is open once paths lie over the drawn surface; a lesson, once its text is there, too. It is opened by a
link that names it and no more.
"""

import os
import statistics

import httpx
from playwright.sync_api import Browser, sync_playwright

from benchmarks._versions import here, served
from benchmarks.frame import CHROMIUM, SOFTWARE

PAIRS = int(os.environ.get("PAIRS", "9"))
BUDGET = 1.1
BARE = ""
LESSON = "?v=2&place=learn&lesson=freezing-fc2"
WATCH = """(() => {
  const isThere = (...selectors) => selectors.every((one) => document.querySelector(one) !== null);
  const text = location.search.includes("lesson=") ? [".lesson-text p"] : [];
  const look = () => {
    if (!isThere("#surface :is(.surface-colors, .main-svg)", "#surface .paths-head", ...text))
      return requestAnimationFrame(look);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (globalThis.openedAt = performance.now());
    port2.postMessage(null);
  };
  requestAnimationFrame(look);
})();"""


def opened(browser: Browser, address: str) -> float:
    """Milliseconds from the beginning of the navigation, with an empty cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("() => 'openedAt' in globalThis", polling=20)
    reached: float = page.evaluate("openedAt")
    context.close()
    return reached


def main() -> None:
    """Print the medians, and that of the ratios of the pairs."""
    with served(here()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE)
        httpx.get(address)
        addresses = [f"{address}/{query}" for query in (BARE, LESSON)]
        for one in addresses:
            opened(browser, one)
        pairs = [tuple(opened(browser, one) for one in addresses) for _ in range(PAIRS)]
        browser.close()
    bare, lesson = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
    print(f"lesson: milliseconds until it is open, medians of {PAIRS} pairs that take turns")
    print(f"  bare page {bare:.0f}   lesson {lesson:.0f}   ratio {ratio:.2f}; budget {BUDGET}")


if __name__ == "__main__":
    main()
