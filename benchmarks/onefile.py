"""One file of 8 runs of 300 steps: its size, and how soon it plays from the disk.

    python -m benchmarks onefile

Beside it the page that a server of an earlier commit serves to a cold browser, in pairs that take turns, in
one run.
"""

import os
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from benchmarks._first_frame import opened
from benchmarks._versions import BASELINE, served, versions
from benchmarks.frame import CHROMIUM, SOFTWARE
from optiscope import show

PAIRS = int(os.environ.get("PAIRS", "9"))
BUDGET = 1.3
BUDGET_BYTES = 3_000_000
RATES = (0.003, 0.01, 0.03, 0.1)
RUNS = [
    {
        "problem": {"name": "xor"},
        "model": {"seed": 44},
        "optimizer": {"name": name, "hyperparameters": {"lr": rate}},
        "steps": 300,
    }
    for name in ("SGD", "Adam")
    for rate in RATES
]


def first_frame(browser: Browser, address: str) -> float:
    """Milliseconds to the first animated frame of somebody who has never been here."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        return opened(context, address)["animated"]


def main() -> None:
    """Print the size, the medians and their ratio."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file = show(RUNS).save(folder / "runs.html")
        before, _ = stack.enter_context(versions())
        address = stack.enter_context(served(before))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE)
        httpx.get(address)
        for warm_up in (address, file.as_uri()):
            first_frame(browser, warm_up)
        pairs = [(first_frame(browser, address), first_frame(browser, file.as_uri())) for _ in range(PAIRS)]
        browser.close()
        size = file.stat().st_size
    was, now = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(now / was for was, now in pairs)
    print(f"one file of {len(RUNS)} runs: {size / 1e6:.2f} MB; budget {BUDGET_BYTES / 1e6:.0f}")
    print(f"first frame: milliseconds, medians of {PAIRS} pairs that take turns")
    print(f"  {BASELINE}, served to a cold cache {was:5.0f}, file:// here {now:5.0f}")
    print(f"  ratio {ratio:.2f}; budget {BUDGET}")


if __name__ == "__main__":
    main()
