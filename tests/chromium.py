"""How Chromium is started, for the tests and for the pictures of the README."""

import os
import shutil
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")


def launch_options() -> dict[str, Any]:
    """Options of Playwright's ``launch``: the system's Chromium, drawing in software, quiet on the network.

    SwiftShader draws in three dimensions alone: all else is drawn without it in less than half the time.

    The environment variable CHROMIUM names another one; with none at all Playwright starts its own.
    """
    arguments = [
        "--disable-gpu",
        "--enable-unsafe-swiftshader",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to start its sandbox as root
    options: dict[str, Any] = {"args": arguments}
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        options["executable_path"] = found
    return options
