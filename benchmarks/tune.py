"""Maps that follow the hand, in the real page, over a real server, with kernels compiled.

    python -m benchmarks tune

A change takes from its event to the end of the frame with all cells of what it asked for; so long the frames
of the page are counted, too. Beside it the processor time that the server took, which other work on the
machine hardly changes.
"""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from benchmarks.frame import CHROMIUM, SOFTWARE
from benchmarks.stored import seconds_of_all
from tests.processes import children
from tests.server import running_server

MOVES = int(os.environ.get("MOVES", "15"))
WARM_SECONDS = 180.0
IDLE_MS = 5000
FRAME_BUDGET_MS = 16.7
WATCH = Path(__file__).with_suffix(".js").read_text()

EIGHT = "SGD(lr:0.1,momentum:0.9),Adam,AdamW,RMSprop,Adagrad,NAdam,RAdam,Adamax"
NETWORK = "/?v=2&problem=xor&samples=64&place=tune&hidden=2,2&activation=relu"
SWEEP = f"{NETWORK}&steps=300&tune=map&tune_x=lr,0.0001,1,32,log&runs=[{quote(EIGHT, safe=':,()')}]"
EDGE = f"{NETWORK}&steps=200&tune=edge&runs=[SGD(lr:0.1)]"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that is dragged.

    Attributes:
        title: What it is.
        address: Of the page.
        change: What a hand does.
        budgets: Milliseconds that are aimed at, by what.
    """

    title: str
    address: str
    change: Callable[[Page, int], None]
    budgets: Mapping[str, float] = field(default_factory=dict)


def dragging(name: str) -> Callable[[Page, int], None]:
    """Moves the handle of the slider of a hyperparameter of the run that is open."""

    def move(page: Page, number: int) -> None:
        slider = page.locator("#runs").get_by_role("slider", name=name).first
        box = slider.bounding_box()
        if box is None:
            raise RuntimeError("the page shows no slider to drag")
        page.mouse.move(box["x"] + box["width"] * (0.3 + 0.02 * (number % 16)), box["y"] + box["height"] / 2)
        if number == 0:
            page.mouse.down()

    return move


def zooming(page: Page, number: int) -> None:
    """Turns the wheel over the middle of the map, in and out."""
    box = page.locator(".map-area").bounding_box()
    if box is None:
        raise RuntimeError("the page shows no map")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -120 if number % 8 < 4 else 110)  # noqa: PLR2004 - so that no window comes twice


CASES = (
    Case(
        "8 optimizers x 32 rates x 8 seeds x 300 steps, momentum dragged",
        SWEEP,
        dragging("momentum"),
        {"whole": 250},
    ),
    Case(
        "basins of Himmelblau, 101 x 101 starts x 150 steps, lr dragged",
        "/?v=2&problem=himmelblau&steps=150&place=tune&tune=basins&runs=[Adam(lr:0.1)]",
        dragging("lr"),
        {"whole": 200},
    ),
    Case(
        "edge of trainability, 256 x 256 x 200 steps, relu, float32",
        EDGE,
        zooming,
        {"whole": 1500, "first": 300},
    ),
    Case("the same with tanh", EDGE.replace("relu", "tanh"), zooming),
    Case("the same in float64", f"{EDGE}&dtype=float64", zooming),
)


def used() -> float:
    """Processor seconds of the server that was started here, and of its workers, so far."""
    own = children(os.getpid())
    servers = [pid for pid in own if b"optiscope" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return sum(map(seconds_of_all, servers))


def changed(page: Page, case: Case, number: int) -> dict[str, float]:
    """Milliseconds of one change, and the server's of a processor."""
    before = used()
    page.evaluate("watch.expect()")
    case.change(page, number)
    found: dict[str, float] = page.evaluate("watch.next()")
    return found | {"processor": 1000 * (used() - before)}


def warm(page: Page, case: Case) -> int:
    """Change it until no more is stacked for want of a kernel; how often that took."""
    end = time.monotonic() + WARM_SECONDS
    number = 0
    while time.monotonic() < end:
        changed(page, case, number)
        number += 1
        if number > 1 and "stacked" not in " ".join(page.locator(".tune-note").all_inner_texts()):
            return number
        page.wait_for_timeout(IDLE_MS)  # kernels are compiled when nothing else is asked for
    raise RuntimeError(f"no kernel after {WARM_SECONDS:.0f} s: {case.title}")


def measured(page: Page, case: Case) -> dict[str, Any]:
    """Of each change how long it took, and the frames meanwhile."""
    page.wait_for_selector(".map-chart")
    while page.locator(".tune-progress progress").count():
        page.wait_for_timeout(100)
    page.evaluate(WATCH)
    begun = warm(page, case)
    changes = [changed(page, case, begun + number) for number in range(MOVES)]
    return {"changes": changes, "frames": page.evaluate("watch.frames()")}


def main() -> None:
    """Print medians and the frames' 95th percentile."""
    with running_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE)
        for case in CASES:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address + case.address)
            tell(case, measured(page, case))
            page.close()
        browser.close()


def tell(case: Case, found: Mapping[str, Any]) -> None:
    """One case, in a few lines."""
    changes, frames = found["changes"], sorted(found["frames"])
    median = {key: statistics.median(change[key] for change in changes) for key in changes[0]}
    budgets = ", ".join(f"{key} <= {ms:.0f} ms" for key, ms in case.budgets.items()) or "none, reported"
    print(f"{case.title} (aimed at: {budgets})")
    print(
        f"  first cells {median['first']:.0f} ms, all {median['whole']:.0f} ms, median of {len(changes)}; "
        f"the server's processors {median['processor']:.0f} ms"
    )
    p95 = statistics.quantiles(frames, n=20, method="inclusive")[-1]
    print(f"  frames meanwhile: p95 {p95:.1f} ms of {len(frames)} (aimed at: {FRAME_BUDGET_MS} ms)")


if __name__ == "__main__":
    main()
