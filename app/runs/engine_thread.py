"""One thread beside the event loop, for what the engine does in the web process: checks of some milliseconds.

Done in the event loop, a check would hold up every other request for as long as it takes, and fifty at once
fifty times as long. It is one thread because checks use :func:`warnings.catch_warnings`, which is not made
for several. Work that takes longer belongs to the worker processes.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")

_THREAD = ThreadPoolExecutor(1, "engine")


async def in_engine_thread(function: Callable[..., T], *arguments: object) -> T:
    """What ``function(*arguments)`` returns; first come, first served."""
    here = copy_context()
    return await asyncio.get_running_loop().run_in_executor(_THREAD, here.run, function, *arguments)
