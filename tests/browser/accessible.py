"""What axe-core finds on a page."""

import json
from pathlib import Path

from playwright.sync_api import Page

SETTLED = """() => Promise.allSettled(
    document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)
)"""
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing, and nothing of ours is told by a title, which keys and touch do not reach."""
    page.evaluate(AXE.read_text())
    page.evaluate(SETTLED)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    brief = [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found]
    assert brief == [], json.dumps(brief, indent=1)
    titled = "[...document.querySelectorAll('body [title]')].map((e) => e.outerHTML)"
    assert page.evaluate(titled) == []
