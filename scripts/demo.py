"""Write ``docs/demo.html``: the page with the comparison that it opens with, as one file that plays."""

from pathlib import Path

from optiscope import show
from optiscope.engine.advice.defaults import DEFAULT_COMPARISON

DEMO = Path(__file__).parents[1] / "docs" / "demo.html"


def main() -> None:
    """Train the runs, record them, and write the file."""
    page = show(DEFAULT_COMPARISON)
    page.save(DEMO)
    print(f"{DEMO}: {page.caption}, {len(page.file) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
