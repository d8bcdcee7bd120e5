"""The stream of a kept run: its records as lines, encoded once for all who follow it."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from optiscope.api import wire
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.limits import UNLIMITED
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended
from optiscope.runs.description import describe
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.keeping.following import Records
from optiscope.runs.keeping.run import Run

Lines = list[bytes]


class Form(NamedTuple):
    """How records are sent.

    Attributes:
        layout: A line for each, or blocks of typed arrays.
        record: The columns that are wanted; all, unless given.
    """

    layout: wire.Layout
    record: tuple[str, ...] | None = None


class EncodedRecords:
    """Lines of records that were just read, within a number of bytes: many follow the same run.

    Records are encoded one after the other, so that whoever waits for the same ones finds them encoded; and
    line by line, so that a large chunk holds up nobody who asks for something else.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.nbytes = 0
        self._kept: OrderedDict[tuple[int, int, int, Form], Lines] = OrderedDict()
        self._encoding = asyncio.Lock()

    async def get(self, records: Records, form: Form) -> Lines:
        """The lines of records."""
        key = (records.serial, records.since, records.last, form)
        async with self._encoding:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            lines = await _encoded(records, form)
            self._keep(key, lines)
            return lines

    def _keep(self, key: tuple[int, int, int, Form], lines: Lines) -> None:
        self._kept[key] = lines
        self.nbytes += sum(map(len, lines))
        while self.nbytes > self.max_bytes:
            _, dropped = self._kept.popitem(last=False)
            self.nbytes -= sum(map(len, dropped))


async def _encoded(records: Records, form: Form) -> Lines:
    lines: Lines = []
    is_unsaid = records.is_watched and form.layout == "rows"
    for block in records.blocks():
        for line in (
            wire.watched_row_lines(block, form.record)
            if is_unsaid
            else wire.event_lines(block, form.layout, {}, form.record)
        ):
            lines.append(line)
            await asyncio.sleep(0)
    return lines


async def started_line(run: Run, layout: wire.Layout, blocks: Callable[[], Sequence[Block]]) -> bytes:
    """The line that any run begins with, whether it has a config or not.

    Args:
        run: The run.
        layout: Of what follows.
        blocks: Its first records; a run that nobody described says by them what parameters it has.
    """
    if run.stored_config is not None:
        return await in_engine_thread(_started, run.stored_config, run.id, layout)
    return wire.started_without_config(run.source or {}, blocks, {"id": run.id})


@lru_cache(maxsize=256)
def _started(config: str, id_: str, layout: wire.Layout) -> bytes:
    return wire.started(describe(RunConfig.model_validate_json(config), UNLIMITED), layout, {"id": id_})


async def _lines_of(event: Records | Ended, form: Form, encoded: EncodedRecords) -> Iterable[bytes]:
    if isinstance(event, Ended):
        return wire.event_lines(event, form.layout, {})
    return await encoded.get(event, form)


async def compared_lines(
    runs: Sequence[Run],
    events: AsyncGenerator[tuple[int, Records | Ended]],
    encoded: EncodedRecords,
    record: tuple[str, ...] | None = None,
) -> AsyncIterator[bytes]:
    """The stream of several runs as columns, each event with the index of its run."""
    form = Form("columns", record)
    for index, run in enumerate(runs):
        yield _marked(await started_line(run, "columns", list), index)
    async for index, event in events:
        for line in await _lines_of(event, form, encoded):
            yield _marked(line, index)


def _marked(line: bytes, index: int) -> bytes:
    """An event with the index of its run behind its name."""
    name, _, rest = line.partition(b",")
    return b'%b,"run":%d,%b' % (name, index, rest)


async def followed_lines(
    run: Run, events: AsyncGenerator[Records | Ended], form: Form, encoded: EncodedRecords
) -> AsyncIterator[bytes]:
    """The stream of a run: its beginning, its records as they become durable, its end."""
    first = await anext(events) if run.stored_config is None and not is_told(run) else None
    blocks = first.piece.blocks() if isinstance(first, Records) else []
    yield await started_line(run, form.layout, lambda: blocks)
    if first is not None:
        for line in await _lines_of(first, form, encoded):
            yield line
    async for event in events:
        for line in await _lines_of(event, form, encoded):
            yield line


def is_told(run: Run) -> bool:
    """Whether a run without a config says itself how it begins."""
    return "started" in (run.source or {})
