"""The stream of a kept run: its records as lines, encoded once for all who follow it."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from functools import lru_cache

from optiscope.api import wire
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.limits import UNLIMITED
from optiscope.engine.loop.checkpoint import Ended
from optiscope.runs.description import describe
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.keeping.following import Records
from optiscope.runs.keeping.run import Run

Lines = list[bytes]


class EncodedRecords:
    """Lines of records that were just read, within a number of bytes: many follow the same run.

    Records are encoded one after the other, so that whoever waits for the same ones finds them encoded; and
    line by line, so that a large chunk holds up nobody who asks for something else.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.nbytes = 0
        self._kept: OrderedDict[tuple[int, int, int, wire.Layout], Lines] = OrderedDict()
        self._encoding = asyncio.Lock()

    async def get(self, records: Records, layout: wire.Layout) -> Lines:
        """The lines of records."""
        key = (records.serial, records.since, records.last, layout)
        async with self._encoding:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            lines = await _encoded(records, layout)
            self._keep(key, lines)
            return lines

    def _keep(self, key: tuple[int, int, int, wire.Layout], lines: Lines) -> None:
        self._kept[key] = lines
        self.nbytes += sum(map(len, lines))
        while self.nbytes > self.max_bytes:
            _, dropped = self._kept.popitem(last=False)
            self.nbytes -= sum(map(len, dropped))


async def _encoded(records: Records, layout: wire.Layout) -> Lines:
    lines: Lines = []
    for block in records.blocks():
        for line in wire.event_lines(block, layout, {}):
            lines.append(line)
            await asyncio.sleep(0)
    return lines


@lru_cache(maxsize=256)
def _started(config: str, id_: str, layout: wire.Layout) -> bytes:
    return wire.started(describe(RunConfig.model_validate_json(config), UNLIMITED), layout, {"id": id_})


async def _lines_of(event: Records | Ended, layout: wire.Layout, encoded: EncodedRecords) -> Iterable[bytes]:
    return (
        wire.event_lines(event, layout, {}) if isinstance(event, Ended) else await encoded.get(event, layout)
    )


async def compared_lines(
    runs: Sequence[Run], events: AsyncGenerator[tuple[int, Records | Ended]], encoded: EncodedRecords
) -> AsyncIterator[bytes]:
    """The stream of several runs as columns, each event with the index of its run."""
    for index, run in enumerate(runs):
        yield _marked(await in_engine_thread(_started, run.config_json, run.id, "columns"), index)
    async for index, event in events:
        for line in await _lines_of(event, "columns", encoded):
            yield _marked(line, index)


def _marked(line: bytes, index: int) -> bytes:
    """An event with the index of its run behind its name."""
    name, _, rest = line.partition(b",")
    return b'%b,"run":%d,%b' % (name, index, rest)


async def followed_lines(
    run: Run, events: AsyncGenerator[Records | Ended], layout: wire.Layout, encoded: EncodedRecords
) -> AsyncIterator[bytes]:
    """The stream of a run: its beginning, its records as they become durable, its end."""
    if run.stored_config is None:
        first = await anext(events)
        blocks = [] if isinstance(first, Ended) else first.piece.blocks()
        yield wire.started_without_config(blocks, run.source, {"id": run.id})
        for line in await _lines_of(first, layout, encoded):
            yield line
    else:
        yield await in_engine_thread(_started, run.config_json, run.id, layout)
    async for event in events:
        for line in await _lines_of(event, layout, encoded):
            yield line
