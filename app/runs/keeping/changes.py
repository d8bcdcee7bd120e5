"""Who waits for something new of a run or a sweep, and how they are told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

from optiscope.runs.service import RunService

P = ParamSpec("P")
T = TypeVar("T")


class Change:
    """What those wait for who follow one run."""

    def __init__(self) -> None:
        self.pending: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def tell(self) -> None:
        """Wake all who wait."""
        came, self.pending = self.pending, asyncio.get_running_loop().create_future()
        came.set_result(None)


class Changes:
    """The changes of every run that somebody waits for, by id."""

    def __init__(self) -> None:
        self._awaited: WeakValueDictionary[str, Change] = WeakValueDictionary()

    def of(self, id_: str) -> Change:
        """The change of a run; whoever waits for it holds it, and all who wait hold the same."""
        return self._awaited.setdefault(id_, Change())

    def tell(self, id_: str) -> None:
        """Wake all who wait for a change of a run."""
        change = self._awaited.get(id_)
        if change is not None:
            change.tell()


async def first_found(
    change: Change,
    service: RunService,
    look: Callable[P, Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | None:
    """What ``look`` finds, once that is not None; None once the service stops.

    Args:
        change: Told whenever there may be something new.
        service: Waiting ends when it stops.
        look: Looks for it.
        args: Of ``look``.
        kwargs: Of ``look``.
    """
    while not service.stopping:
        pending = change.pending  # taken before looking, so that no change is missed
        found = await look(*args, **kwargs)
        if found is not None:
            return found
        await service.any_of(pending)
    return None
