"""What a frame costs: 8 paths of 2000 steps, every view moving, in software rendering, in 2-D and in 3-D.

Beside it the way it is done today: the same paths as traces of the Plotly figure that holds the surface.

    python -m benchmarks.frame
"""

import contextlib
import functools
import http.server
import json
import statistics
import threading
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "benchmarks" / "frame_page"
PLOTLY = Path(str(resources.files("plotly").joinpath("package_data")))
CHROMIUM = "/usr/bin/chromium"

SOFTWARE = ["--no-sandbox", "--disable-gpu"]
"""The compositor and every canvas draw on the processor, as on a machine without a graphics card."""

UNLIMITED = ["--disable-frame-rate-limit", "--disable-gpu-vsync"]
"""Frames follow each other as fast as they can be drawn, so the time between two is the whole cost of one."""

FRAMES = {"canvas": 300, "landscape": 150, "plotly": 40}
BUDGET_MS = {"canvas": 16.7, "landscape": 33.0}


class Files(http.server.SimpleHTTPRequestHandler):
    """The page of the benchmark, the page's own modules and plotly.js."""

    def translate_path(self, path: str) -> str:
        """The file behind a URL path."""
        path = path.partition("?")[0]
        for prefix, folder in (("/static/", ROOT / "static"), ("/plotly/", PLOTLY)):
            if path.startswith(prefix):
                return str(folder / path.removeprefix(prefix))
        return str(PAGE / (path.lstrip("/") or "index.html"))

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of a server on the loopback interface, for as long as the context lasts."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def percentile(values: list[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def measure() -> dict[str, dict[str, list[float]]]:
    """What frames take: ours over contours and over a landscape, and those of Plotly's traces.

    Returns:
        For ``canvas``, ``landscape`` and ``plotly`` the milliseconds of each frame, on the main thread
        (``main``) and from one frame to the next (``interval``); and the mean processor time of one on the
        main thread (``processor``), which waiting for other programs does not lengthen.
    """
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE + UNLIMITED)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        inspector = page.context.new_cdp_session(page)
        inspector.send("Performance.enable", {"timeDomain": "threadTicks"})
        measured = {name: run(page, inspector, name, frames) for name, frames in FRAMES.items()}
        browser.close()
    if errors:
        raise RuntimeError(errors[0])
    return measured


def run(page: Page, inspector: CDPSession, name: str, frames: int) -> dict[str, list[float]]:
    """The frames of one way of drawing."""
    before = task_seconds(inspector)
    times: dict[str, list[float]] = page.evaluate("([name, frames]) => measure[name](frames)", [name, frames])
    return times | {"processor": [1000 * (task_seconds(inspector) - before) / frames]}


def task_seconds(inspector: CDPSession) -> float:
    """Seconds of processor time that the tasks of the page's main thread have taken so far."""
    metrics = inspector.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")


def summary() -> dict[str, Any]:
    """Median and 95th percentile in milliseconds, and the ratio of the medians."""
    rows = {
        name: {"processor_ms": round(times.pop("processor")[0], 2)}
        | {
            f"{kind}_{label}_ms": round(percentile(values, percent), 2)
            for kind, values in times.items()
            for label, percent in (("p50", 50), ("p95", 95))
        }
        for name, times in measure().items()
    }
    ratio = rows["plotly"]["interval_p50_ms"] / rows["canvas"]["interval_p50_ms"]
    return {
        **rows,
        "ratio": round(ratio, 1),
        "within_budget": {name: rows[name]["interval_p95_ms"] <= most for name, most in BUDGET_MS.items()},
    }


def main() -> None:
    """Print the summary as JSON."""
    print(json.dumps(summary(), indent=2))


if __name__ == "__main__":
    main()
