"""Changes that are made whole or not at all, whoever stops waiting for them."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def uninterrupted(change: Coroutine[Any, Any, T]) -> T:
    """What ``change`` returns; whoever cancels this does so once it is made.

    Example:
        >>> async def made():
        ...     return 1
        >>> asyncio.run(uninterrupted(made()))
        1
    """
    making = asyncio.ensure_future(change)
    try:
        return await asyncio.shield(making)
    finally:
        while not making.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([making])
