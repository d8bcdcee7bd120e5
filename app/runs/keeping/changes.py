"""Who waits for something new of a run, and how they are told."""

import asyncio
from weakref import WeakValueDictionary


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
