"""One pool of warm workers for all tests of the run service."""

from collections.abc import Iterator

import pytest

from optiscope.runs.workers.pool import ProcessPool
from optiscope.runs.workers.warm_up import warm_up


@pytest.fixture(scope="session")
def warm_pool() -> Iterator[ProcessPool]:
    pool = ProcessPool(2, warm_up=warm_up)
    yield pool
    pool.shutdown()
