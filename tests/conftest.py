"""What all tests share: one thread a process, an order, a server and a browser."""

import os
import signal

os.environ.setdefault("OMP_NUM_THREADS", "1")  # torch reads it when it is imported
os.environ.setdefault("OPTISCOPE_COMPILE_AHEAD", "false")  # a server that a test leaves alone stays idle

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # as in a shell's background; what tests start would, too
    signal.signal(signal.SIGINT, signal.default_int_handler)

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import torch

from tests import checkout

if advice := checkout.advice():
    pytest.exit(advice, returncode=4)

from tests.chromium import launch_options
from tests.server import running_server

BROWSER_TESTS = Path(__file__).parent / "browser"

# A shared machine has slow moments, which are no failures; and what failed must fail again in the next run.
hypothesis.settings.register_profile("optiscope", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("optiscope")
torch.set_num_threads(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lives in tests/browser, and run it last.

    Playwright's synchronous API leaves its event loop running in the main thread, in which no asynchronous
    test can start another.
    """
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def live_server() -> Iterator[str]:
    """The address of one ``optiscope serve`` that all tests of the session talk to."""
    with running_server() as address:
        yield address


@pytest.fixture(scope="session")
def base_url(live_server: str) -> str:
    """What pytest-playwright puts before a path: ``page.goto("/")`` opens the live server's page."""
    return live_server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The options that pytest-playwright starts Chromium with."""
    return browser_type_launch_args | launch_options()
