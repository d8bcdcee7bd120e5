"""Watched runs: kept as they are sent, whole or while their loop goes on somewhere else."""

import asyncio
import hashlib
import logging
import secrets
import time

from optiscope.engine.core.words import say
from optiscope.runs.keeping.changes import Changes
from optiscope.runs.keeping.errors import BusyError, ConflictError, StorageError, UnknownRunError
from optiscope.runs.keeping.intake import Intake, end_piece, stopped, thinned_pieces
from optiscope.runs.keeping.pieces import Piece
from optiscope.runs.keeping.quota import Quota
from optiscope.runs.keeping.reading import StoredPiece
from optiscope.runs.keeping.run import Run, State
from optiscope.runs.keeping.store import NewRun, Store
from optiscope.runs.keeping.uninterrupted import uninterrupted
from optiscope.settings import Settings
from optiscope.watching.events import Beginning, script_of
from optiscope.watching.thinning import PAST, strides

log = logging.getLogger(__name__)

_RECENT = 0.25
"""The part of a full run that keeps every record."""


class WatchedRuns:
    """The watched runs of one database.

    Args:
        store: Where they are kept.
        options: Limits.
        changes: Who is told of what is new.
        quota: How much may be kept.
    """

    def __init__(self, store: Store, options: Settings, changes: Changes, quota: Quota) -> None:
        self._store = store
        self._options = options
        self._changes = changes
        self._quota = quota
        self._heard: dict[str, float] = {}
        self._strides: dict[str, int] = {}
        self._listening: asyncio.Task[None] | None = None
        self._adding = asyncio.Lock()

    async def add(
        self, intake: Intake, name: str | None, file: str | None = None, key: str | None = None
    ) -> tuple[Run, bool]:
        """Keep a run that was read whole; one of which only the beginning was sent is live from now on.

        Args:
            intake: What was read.
            name: What a person calls it.
            file: The name of the file it was read from, which a run is called that nobody named; one without
                a file is called after its script.
            key: Of a live run: its beginning sent again with the same key is the same run.

        Returns:
            The run, and whether it is new: the same bytes are the same run, found by their digest.

        Raises:
            BusyError: If too many are live.
            StorageError: If it cannot be kept.
        """
        beginning = intake.beginning
        assert beginning is not None  # noqa: S101 - it is finished
        is_live = not intake.pieces and intake.ended is None
        id_ = _live_id(intake, key) if is_live else intake.digest[:12]
        if (known := await self._known(id_)) is not None:
            return known, False
        if is_live and len(self._heard) >= self._options.max_active_runs:
            raise BusyError(say("too_many_trained", count=len(self._heard)))
        own = beginning.name if beginning.is_named else file or script_of(beginning.source)
        called = name or own or beginning.name or "?"
        new = NewRun(
            id_,
            called[: self._options.limits.max_run_name],
            None,
            source=kept_source(beginning),
            pieces=tuple(intake.pieces),
        )
        await self._quota.require_space()
        return await uninterrupted(self._added(new, intake, is_live=is_live))

    async def _known(self, id_: str) -> Run | None:
        try:
            return await self._store.get(id_)
        except UnknownRunError:
            return None

    async def _added(self, new: NewRun, intake: Intake, *, is_live: bool) -> tuple[Run, bool]:
        async with self._adding:
            if (known := await self._known(new.id)) is not None:  # whoever asked first did not wait for it
                return known, False
            run = await self._store.create(new)
        if not is_live:
            return await self._end(run, intake), True
        self._hear(run.id)
        self._quota.tidy()
        return run, True

    async def get(self, id_: str, since: int) -> Run:
        """A watched run that goes on from a step.

        Raises:
            UnknownRunError: If there is no such run.
            ConflictError: If it is trained here, or records are missing before that step.
        """
        run = await self._store.get(id_)
        if run.source is None:
            raise ConflictError(say("not_watched"))
        if since > run.step + 1:
            raise ConflictError(say("import_gap", step=run.step, value=since))
        return run

    async def append(self, run: Run, intake: Intake) -> Run:
        """Keep what was sent of a live run, which may have been silent for a while.

        Raises:
            ConflictError: If another request has gone on with it meanwhile.
            StorageError: If it cannot be kept.
        """
        return await uninterrupted(self._appended(run, intake))

    async def _appended(self, run: Run, intake: Intake) -> Run:
        if run.state is not State.RUNNING:
            run = await self._store.reopen(run)
        self._hear(run.id)
        for piece in intake.pieces:
            run = await self._store.append(run.serial, piece)
        if intake.ended is not None:
            return await self._end(run, intake)
        if run.nbytes > self._options.max_import_bytes:
            run = await self._thin(run)
        self._changes.tell(run.id)
        return run

    async def give_up(self, run: Run) -> Run:
        """End a run of which nothing more has come."""
        self._forget(run.id)
        ended = await self._store.append(run.serial, end_piece(run, stopped(run.step)))
        self._changes.tell(run.id)
        self._quota.tidy()
        return ended

    async def close(self) -> None:
        """Listen no more."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])

    async def _end(self, run: Run, intake: Intake) -> Run:
        if intake.ended is None:
            return await self.give_up(run)
        self._forget(run.id)
        ended = await self._store.append(run.serial, end_piece(run, intake.ended))
        self._changes.tell(run.id)
        self._quota.tidy()
        return ended

    def _hear(self, id_: str) -> None:
        self._heard[id_] = time.monotonic()
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen(), name="listening to watched runs")

    def _forget(self, id_: str) -> None:
        self._heard.pop(id_, None)
        self._strides.pop(id_, None)

    async def _listen(self) -> None:
        """End what is silent for too long, as long as there is anything to listen to."""
        while self._heard:
            longest = self._options.stall_seconds
            await asyncio.sleep(max(min(self._heard.values()) + longest - time.monotonic(), 0.01))
            for id_, heard in list(self._heard.items()):
                if time.monotonic() - heard >= longest:
                    await self._end_silent(id_)

    async def _end_silent(self, id_: str) -> None:
        try:
            run = await self._store.get(id_)
            if run.state is State.RUNNING:
                await self.give_up(run)
        except (UnknownRunError, ConflictError):
            log.info("run %s is no longer live", id_)
        except StorageError as error:
            log.warning("the end of run %s could not be written: %s", id_, error)
        self._forget(id_)

    async def _thin(self, run: Run) -> Run:
        """Drop records of what is long past."""
        old = await self._past_of(run)
        if not old:
            return run
        blocks = [piece.blocks() for piece in old]
        made: list[Piece] = []

        def fits() -> bool:
            return sum(len(piece.data) for piece in made) <= PAST * self._options.max_import_bytes

        for stride in strides(self._strides.get(run.id, 1), fits):
            self._strides[run.id] = stride
            made = await asyncio.to_thread(thinned_pieces, blocks, run.first, stride)
        await self._store.replace(run.serial, made)
        return await self._store.get(run.id)

    async def _past_of(self, run: Run) -> list[StoredPiece]:
        """Its pieces but for those of the latest records."""
        found: list[StoredPiece] = []
        since, nbytes = run.first, 0
        while piece := await self._store.piece_at(run, since):
            nbytes += len(piece.data)
            if nbytes > (1 - _RECENT) * run.nbytes:
                break
            found.append(piece)
            since = piece.last + 1
        return found


def _live_id(intake: Intake, key: str | None) -> str:
    """The id of a run that goes on: of its beginning and its key, or any."""
    if key is None:
        return secrets.token_hex(6)
    return hashlib.sha256(f"{key} {intake.digest}".encode()).hexdigest()[:12]


def kept_source(beginning: Beginning) -> dict[str, object]:
    """What is kept of how a run begins: the source, and all else that its stream begins with."""
    document = beginning.document()
    told = {name: document[name] for name in ("name", "parameters", "layers", "warnings", "torch")}
    return {**beginning.source, "started": told}
