"""What a frame costs: 8 paths of 2000 steps, every view of the page moving, in software rendering.

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

from playwright.sync_api import CDPSession, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "benchmarks" / "frame_page"
PLOTLY = Path(str(resources.files("plotly").joinpath("package_data")))
CHROMIUM = "/usr/bin/chromium"

SOFTWARE = ["--no-sandbox", "--disable-gpu"]
"""The compositor and every canvas draw on the processor, as on a machine without a graphics card."""

UNLIMITED = ["--disable-frame-rate-limit", "--disable-gpu-vsync"]
"""Frames follow each other as fast as they can be drawn, so the time between two is the whole cost of one."""

FRAMES = 300
PLOTLY_FRAMES = 40
BUDGET_MS = 16.7


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


def percentile(values: list[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def measure() -> tuple[dict[str, dict[str, list[float]]], float]:
    """What frames take, ours and with Plotly's traces, and the processor time of one of ours.

    Returns:
        For ``canvas`` and ``plotly`` the milliseconds of each frame, on the main thread (``main``) and from
        one frame to the next (``interval``); and the mean milliseconds of processor time that ours take on
        the main thread, which waiting for other programs does not lengthen.
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
        before = task_seconds(inspector)
        canvas = page.evaluate("frames => measure(frames)", FRAMES)
        processor = 1000 * (task_seconds(inspector) - before) / FRAMES
        plotly = page.evaluate("frames => measurePlotly(frames)", PLOTLY_FRAMES)
        browser.close()
    if errors:
        raise RuntimeError(errors[0])
    return {"canvas": canvas, "plotly": plotly}, processor


def task_seconds(inspector: CDPSession) -> float:
    """Seconds of processor time that the tasks of the page's main thread have taken so far."""
    metrics = inspector.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")


def summary() -> dict[str, Any]:
    """Median and 95th percentile in milliseconds, and the ratio of the medians."""
    measured, processor = measure()
    rows = {
        name: {
            f"{kind}_{label}_ms": round(percentile(values, percent), 2)
            for kind, values in times.items()
            for label, percent in (("p50", 50), ("p95", 95))
        }
        for name, times in measured.items()
    }
    ratio = rows["plotly"]["interval_p50_ms"] / rows["canvas"]["interval_p50_ms"]
    return {
        **rows,
        "processor_ms": round(processor, 2),
        "ratio": round(ratio, 1),
        "within_budget": rows["canvas"]["interval_p95_ms"] <= BUDGET_MS,
    }


def main() -> None:
    """Print the summary as JSON."""
    print(json.dumps(summary(), indent=2))


if __name__ == "__main__":
    main()
