"""Kept runs, told to whoever makes files of them."""

from optiscope.export.about import About
from optiscope.runs.keeping.files import ToldRun, told_end
from optiscope.runs.keeping.store import Store


class Exports:
    """What there is of the runs of one database, whatever state they are in.

    Args:
        store: Where they are kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def told(self, id_: str) -> ToldRun:
        """A run up to its last whole record.

        Raises:
            UnknownRunError: If there is none.
        """
        run, pieces = await self._store.whole(id_)
        config = None if run.stored_config is None else run.config.model_dump(mode="json")
        ended = told_end(run.stopped or run.ended)
        return ToldRun(About(run.name, config, ended, run.id, run.source), [piece.data for piece in pieces])
