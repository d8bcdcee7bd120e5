"""A sweep whose cells are awaited."""

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Mapping, Sequence
from typing import Any, Self

from optiscope.swept import Columns, Sweep


class AsyncSweep(AsyncIterator[Columns]):
    """The cells of a sweep as they come; ``await sweep.whole()`` gives all of them.

    Args:
        started: The first event, as on the wire.
        seeds: Those of the request.
        events: Those after it, with arrays as columns.

    Attributes:
        found: What has come, with ``shape``, ``axes``, ``members`` and all else that a :class:`Sweep` says.
    """

    def __init__(
        self, started: Mapping[str, Any], seeds: Sequence[int] | None, events: AsyncGenerator[dict[str, Any]]
    ) -> None:
        self.found = Sweep(started, seeds, _nothing())
        self._events = events

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Give up what has not come yet, which stops the training of a sweep that is not kept."""
        await self._events.aclose()

    async def __anext__(self) -> Columns:
        async for event in self._events:
            if (columns := self.found.take(event)) is not None:
                return columns
        self.found.require_whole()
        raise StopAsyncIteration

    async def whole(self) -> Sweep:
        """The sweep, once all of its cells have come.

        Raises:
            SweepBrokenError: If not all of them come.
        """
        async for _ in self:
            pass
        return self.found


def _nothing() -> Generator[dict[str, Any]]:
    yield from ()
