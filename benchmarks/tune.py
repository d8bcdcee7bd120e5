"""Maps that follow the hand, in the real page, over a real server, with kernels compiled.

    python -m benchmarks tune

A change takes from its event to the end of the frame with all cells of what it asked for. Beside it the
processor time that the server and the page took, which other work on the machine changes less. The frames of
the page are counted in as many changes of their own: to count them costs it some. What is aimed at for a
whole change is milliseconds of a machine that takes a step of a plain loop in 415 µs; that loop is timed
before and after each case, and with it the aim gets longer or shorter. A page that shows a notice, a trouble
or another number of maps than were asked for ends it with an error. ``MOVES=3`` is a quick look, and kernels
stay for the next one in ``OPTISCOPE_DATA_DIR``, if that is set.
"""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import torch
from playwright.sync_api import FloatRect, Locator, Page, sync_playwright

from benchmarks.frame import CHROMIUM, SOFTWARE
from benchmarks.sweep import PLAIN_MEMBERS, PLAIN_STEPS, Taken, plain
from optiscope.runs.workers.processor_time import processor_seconds
from tests.processes import children
from tests.server import running_server

MOVES = int(os.environ.get("MOVES", "15"))
WARM_SECONDS = 900.0
IDLE_MS = 6000
PLACES = 97
"""Of a slider's handle: a sweep that is there already is not asked for again."""
CLOCK_GRAIN_MS = 0.1
"""Of the times of a page: a frame of 60 a second, none lost, is told as 16.6 to 16.8 ms."""

FRAME_BUDGET_MS = 16.7 + CLOCK_GRAIN_MS

PLAIN_STEP_MS = 0.415
PLAIN_TRIES = 3
WATCH = Path(__file__).with_suffix(".js").read_text()

EIGHT = "SGD(lr:0.1,momentum:0.9),Adam,AdamW,RMSprop,Adagrad,NAdam,RAdam,Adamax"
"""Their own rates are of no account: the axis goes over all."""
NETWORK = "/?v=2&problem=xor&samples=64&place=tune&hidden=2,2&activation=relu"
SWEEP = (
    f"{NETWORK}&steps=300&tune=map&tune_x=lr,0.0001,1,32,log&tune_seeds=8&runs=[{quote(EIGHT, safe=':,()')}]"
)
EDGE = f"{NETWORK}&steps=200&tune=edge&runs=[SGD(lr:0.1)]"


@dataclass(frozen=True, slots=True)
class Hand:
    """What it holds, and what it does there, again and again.

    Attributes:
        find: Where on the page that is.
        move: A change, by its number.
    """

    find: Callable[[Page], FloatRect]
    move: Callable[[Page, FloatRect, int], None]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that is dragged.

    Attributes:
        title: What it is.
        address: Of the page.
        hand: What does so.
        maps: How many follow it.
        aim: Milliseconds of a whole change that are aimed at, where a plain step takes ``PLAIN_STEP_MS``.
        budgets: The same of other things, on whatever machine.
    """

    title: str
    address: str
    hand: Hand
    maps: int = 1
    aim: float | None = None
    budgets: Mapping[str, float] = field(default_factory=dict)


def place_of(part: Locator) -> FloatRect:
    """Where a part of the page is: asked once, as to look for it costs the page more than many a change.

    Raises:
        RuntimeError: nowhere.
    """
    box = part.bounding_box()
    if box is None:
        raise RuntimeError(f"the page shows no {part}")
    return box


def dragging(part: str, name: str) -> Hand:
    """Moves the handle of a slider, never to where it was the time before."""

    def find(page: Page) -> FloatRect:
        slider = page.locator(part).get_by_role("slider", name=name).first
        slider.scroll_into_view_if_needed()
        return place_of(slider)

    def move(page: Page, box: FloatRect, number: int) -> None:
        place = 0.1 + 0.8 * (number * 38 % PLACES) / PLACES
        page.mouse.move(box["x"] + box["width"] * place, box["y"] + box["height"] / 2)
        if number == 0:
            page.mouse.down()

    return Hand(find, move)


def zooming() -> Hand:
    """Turns the wheel over the middle of the map, in and out."""

    def move(page: Page, box: FloatRect, number: int) -> None:
        if number == 0:
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.wheel(0, -120 if number % 8 < 4 else 110)  # noqa: PLR2004 - so that no window comes twice

    return Hand(lambda page: place_of(page.locator(".map-area")), move)


CASES = (
    Case(
        "8 optimizers x 32 rates x 8 seeds x 300 steps, the network's seed dragged",
        SWEEP,
        dragging(".setup", "Seed, slider"),
        8,
        250,
        {"frames": FRAME_BUDGET_MS},
    ),
    Case(
        "basins of Himmelblau, 101 x 101 starts x 150 steps, lr dragged",
        "/?v=2&problem=himmelblau&steps=150&place=tune&tune=basins&runs=[Adam(lr:0.1)]",
        dragging("#runs", "lr, slider"),
        aim=200,
        budgets={"frames": FRAME_BUDGET_MS},
    ),
    Case(
        "edge of trainability, 256 x 256 x 200 steps, relu, float32",
        EDGE,
        zooming(),
        aim=1500,
        budgets={"first": 300, "frames": FRAME_BUDGET_MS},
    ),
    Case("the same with tanh", EDGE.replace("relu", "tanh"), zooming()),
    Case("the same in float64", f"{EDGE}&dtype=float64", zooming()),
)


def descendants(pid: int) -> list[int]:
    """All processes that one started, and those that they started."""
    return [one for child in children(pid) for one in (child, *descendants(child))]


def used() -> dict[str, float]:
    """Milliseconds of a processor that the server and the browser took so far, with all that they started."""
    taken = {"server": 0.0, "browser": 0.0}
    for pid in children(os.getpid()):
        what = "server" if b"optiscope" in Path(f"/proc/{pid}/cmdline").read_bytes() else "browser"
        taken[what] += 1000 * sum(processor_seconds(one) or 0.0 for one in (pid, *descendants(pid)))
    return taken


def checked(page: Page, case: Case) -> None:
    """That the page shows what was asked for, and has nothing to complain of.

    Raises:
        RuntimeError: it does not, or has.
    """
    told = page.locator("#notices > *, .tune-trouble").all_inner_texts()
    maps = page.locator(".map-chart:not([aria-busy='true'], [aria-busy='true'] *)").count()
    if told or maps != case.maps:
        raise RuntimeError(f"{case.title}: {maps} maps of {case.maps}; the page says: {told}")


def changed(page: Page, case: Case, box: FloatRect, number: int) -> dict[str, float]:
    """Milliseconds of one change, and those that the server and the page took of a processor."""
    page.evaluate("watch.expect()")
    before = used()
    case.hand.move(page, box, number)
    found: dict[str, float] = page.evaluate("watch.next()")
    after = used()
    checked(page, case)
    return found | {what: after[what] - before[what] for what in after}


def warm(page: Page, case: Case, box: FloatRect) -> int:
    """Change it until no more is stacked for want of a kernel; how often that took.

    Raises:
        RuntimeError: it never was.
    """
    end = time.monotonic() + WARM_SECONDS
    number = 0
    while time.monotonic() < end:
        changed(page, case, box, number)
        number += 1
        if number > 1 and "stacked" not in " ".join(page.locator(".tune-note").all_inner_texts()):
            return number
        page.wait_for_timeout(IDLE_MS)  # kernels are compiled when nothing else is asked for
    raise RuntimeError(f"no kernel after {WARM_SECONDS:.0f} s: {case.title}")


def plain_step() -> float:
    """Milliseconds of the clock that a step of a plain loop takes now, at least."""
    tries = [Taken.by(plain) for _ in range(PLAIN_TRIES)]
    return 1000 * Taken.least(tries).clock / (PLAIN_MEMBERS * PLAIN_STEPS)


def measured(page: Page, case: Case) -> dict[str, Any]:
    """Of each change how long it took, the frames meanwhile, and a plain step before and after."""
    page.wait_for_selector(".map-chart")
    page.wait_for_selector(".tune-progress progress", state="detached")
    checked(page, case)
    page.evaluate("for (const part of document.querySelectorAll('.setup')) part.open = true")
    page.evaluate(WATCH)
    box = case.hand.find(page)
    begun = warm(page, case, box)
    before = plain_step()
    changes = [changed(page, case, box, begun + number) for number in range(MOVES)]
    step = min(before, plain_step())
    page.evaluate("watch.count()")
    for number in range(MOVES):
        changed(page, case, box, begun + MOVES + number)
    return {"changes": changes, "frames": page.evaluate("watch.frames()"), "plain": step}


def main() -> None:
    """Print medians and the frames' 95th percentile."""
    torch.set_num_threads(1)
    kept = {name: os.environ[name] for name in ("OPTISCOPE_DATA_DIR",) if name in os.environ}
    with running_server(OPTISCOPE_WORKERS="0", **kept) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE)
        for case in CASES:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(1000 * WARM_SECONDS)
            page.goto(address + case.address)
            tell(case, measured(page, case))
            page.close()
        browser.close()


def tell(case: Case, found: Mapping[str, Any]) -> None:
    """One case, in a few lines."""
    changes = found["changes"]
    told = {key: statistics.median(change[key] for change in changes) for key in changes[0]}
    told["frames"] = statistics.quantiles(found["frames"], n=20, method="inclusive")[-1]
    told["frames"] = round(told["frames"], 1)  # the clock of a page has no more digits
    print(case.title)
    print(
        f"  first cells {told['first']:.0f} ms, all {told['whole']:.0f} ms, median of {len(changes)}; of a "
        f"processor the server {told['server']:.0f} ms, the browser {told['browser']:.0f} ms"
    )
    print(f"  frames meanwhile: p95 {told['frames']:.1f} ms of {len(found['frames'])}")
    slower, budgets = found["plain"] / PLAIN_STEP_MS, dict(case.budgets)
    print(f"  a step of a plain loop {1000 * found['plain']:.0f} µs: {slower:.2f} x that of the aims")
    if case.aim is not None:
        budgets["whole"] = case.aim * slower
    for key, most in budgets.items():
        of_aim = f" ({case.aim:g} x {slower:.2f})" if key == "whole" else ""
        held = "held" if told[key] <= most else "MISSED"
        print(f"  aimed at: {key} <= {most:.4g} ms{of_aim}: {held}", flush=True)


if __name__ == "__main__":
    main()
