"""The pictures and the film of the README, made with a running Optiscope in Chromium: ``make screenshots``.

Usage: python scripts/screenshots.py FOLDER
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import launch_options
from tests.server import running_server


@dataclass(frozen=True)
class Picture:
    """One picture: its file's name, and the window and the preferences of the person who looks."""

    name: str
    width: int
    height: int
    color_scheme: Literal["light", "dark"] = "light"
    locale: str = "en"


PICTURES = (
    Picture("light", 1440, 900),
    Picture("dark", 1440, 900, color_scheme="dark"),
    Picture("phone", 390, 844),
    Picture("chinese", 1440, 900, locale="zh-CN"),
)


def take(browser: Browser, address: str, picture: Picture, folder: Path) -> Path:
    """Open the page, wait until its runs have ended and its surface is there, and write the picture.

    With reduced motion asked for, the page shows whole paths instead of playing them.
    """
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=1,
        color_scheme=picture.color_scheme,
        locale=picture.locale,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    file = folder / f"{picture.name}.png"
    page.screenshot(path=file)
    context.close()
    return file


FILM = "/?v=2&problem=himmelblau&steps=150&step=0"


def film(browser: Browser, address: str, folder: Path) -> Path:
    """The GIF that the page makes of its paths over the surface."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page.goto(address + FILM, wait_until="networkidle")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog")
    for name in ("Film", "GIF"):
        dialog.get_by_role("button", name=name, exact=True).click()
    dialog.get_by_label("Pictures a second").select_option("20")
    with page.expect_download(timeout=600_000) as download:
        dialog.get_by_role("button", name="Make the film").click()
    file = folder / "paths.gif"
    download.value.save_as(file)
    page.close()
    return file


def main(folder: Path) -> None:
    """Write every picture into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with running_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for picture in PICTURES:
            print(take(browser, address, picture, folder))
        print(film(browser, address, folder))
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 (the program's name and the folder)
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
