"""Dragging the start of 8 optimizers over a test function, in the real page, over a real server.

    python -m benchmarks.drag

A drag of single moves waits until each is answered; a steady one goes on at the rate of a hand. A move takes
from the pointer's event to the end of the frame in which all 8 paths, whole, lead away from the start that it
made. Beside it: the same 8 loops written by hand, one after the other, which keep nothing and draw nothing.
"""

import statistics
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import torch
from playwright.sync_api import Page, sync_playwright

from benchmarks.frame import CHROMIUM, SOFTWARE
from tests.server import running_server

RUNS: tuple[tuple[str, dict[str, float]], ...] = (
    ("SGD", {"lr": 0.005}),
    ("SGD", {"lr": 0.005, "momentum": 0.9}),
    ("Adam", {"lr": 0.1}),
    ("AdamW", {"lr": 0.1}),
    ("RMSprop", {"lr": 0.05}),
    ("Adagrad", {"lr": 0.5}),
    ("NAdam", {"lr": 0.1}),
    ("RAdam", {"lr": 0.003}),
)
STEPS = 150
MOVES = 40
STEADY_MOVES = 120
BUDGET_MS = 100
WATCH = Path(__file__).with_suffix(".js").read_text()


def by_hand() -> float:
    """Milliseconds that the plain loops take."""
    begun = time.perf_counter()
    for name, arguments in RUNS:
        xy = torch.zeros(2, requires_grad=True)
        optimizer = getattr(torch.optim, name)([xy], **arguments)
        for _ in range(STEPS):
            optimizer.zero_grad()
            x, y = xy.unbind()
            loss = (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2
            loss.backward()
            optimizer.step()
    return 1000 * (time.perf_counter() - begun)


def query() -> str:
    """The address of the page with these runs, on the same function."""
    runs = ",".join(
        f"{name}({','.join(f'{key}:{value}' for key, value in arguments.items())})"
        for name, arguments in RUNS
    )
    return f"/?problem=himmelblau&steps={STEPS}&step={STEPS}&runs=[{quote(runs, safe=':,()')}]"


def dragged(page: Page) -> dict[str, Any]:
    """Milliseconds from a move to its paths: of single moves, and of those that a steady drag has shown."""
    handle = page.locator(".start-handle")
    box = handle.bounding_box()
    if box is None:
        raise RuntimeError("the page shows no start to drag")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for number in range(MOVES):
        page.evaluate("watch.expect()")
        page.mouse.move(x - 3 * (number + 1), y + 2 * (number % 7))
        page.evaluate("watch.next()")
    single = page.evaluate("watch.shown.splice(0)")
    begun = time.perf_counter()
    for number in range(STEADY_MOVES):
        page.mouse.move(x - 3 * MOVES + number, y + number % 5)
        page.evaluate("() => new Promise(requestAnimationFrame)")
    steady = page.evaluate("watch.shown.splice(0)")
    seconds = time.perf_counter() - begun
    page.mouse.up()
    return {"single": single, "steady": steady, "rate": len(steady) / seconds}


def main() -> None:
    """Print medians and 95th percentiles."""
    torch.set_num_threads(1)
    hand = statistics.median(by_hand() for _ in range(5))
    with running_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address + query())
        page.wait_for_function(
            "runs => document.querySelectorAll('.paths-start').length === runs", arg=len(RUNS)
        )
        page.evaluate(WATCH)
        measured = dragged(page)
        browser.close()
    hand = (hand + statistics.median(by_hand() for _ in range(5))) / 2
    print(
        f"drag: {len(RUNS)} optimizers x {STEPS} steps, from the pointer's event to the frame of their paths"
    )
    for kind in ("single", "steady"):
        times = sorted(measured[kind])
        p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
        print(
            f"  {kind} moves: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms ({len(times)} shown)"
        )
    print(f"  a steady drag shows {measured['rate']:.1f} starts a second; the budget is {BUDGET_MS} ms")
    single = statistics.median(measured["single"])
    print(f"  the loops by hand take {hand:.0f} ms: a single move takes {single / hand:.2f} of that")


if __name__ == "__main__":
    main()
