"""Sweeps and races that are awaited."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, suppress
from typing import Any

import httpx

from optiscope import lr_range, racing
from optiscope.client import calls, sweep_calls
from optiscope.client.async_connection import AsyncConnection
from optiscope.client.async_sweep import AsyncSweep
from optiscope.client.call import awaits
from optiscope.client.following import FollowedSweep
from optiscope.client.kept_sweep import KeptSweep
from optiscope.client.stream import Stream, begun, cells_of
from optiscope.lr_range import LRRange
from optiscope.racing import Race
from optiscope.records import Record
from optiscope.swept import Sweep


class AsyncSweepsClient(AsyncConnection):
    """What a server does with many runs at once."""

    kept_sweep = awaits(sweep_calls.kept_sweep)
    pause_sweep = awaits(sweep_calls.pause_sweep)
    resume_sweep = awaits(sweep_calls.resume_sweep)
    rename_sweep = awaits(sweep_calls.rename_sweep)
    pin_sweep = awaits(sweep_calls.pin_sweep)
    delete_sweep = awaits(sweep_calls.delete_sweep)
    export_sweep = awaits(sweep_calls.export_sweep)
    plan_sweep = awaits(sweep_calls.plan_sweep)

    async def train(
        self, config: Mapping[str, Any], *, record: Sequence[str] | None = None
    ) -> AsyncIterator[Record]:
        """Train a run and give every record as it comes; see :meth:`optiscope.Client.train`."""
        async with aclosing(self._taken(Stream(), calls.trained(config, record))) as blocks:
            async for block in blocks:
                for found in block.records():
                    yield found

    async def sweep(
        self, config: Mapping[str, Any], *, keep: bool = False, name: str | None = None
    ) -> AsyncSweep:
        """Train a run along one to three axes; see :meth:`optiscope.Client.sweep`."""
        events = self.events(sweep_calls.swept(config, keep=keep, name=name))
        return AsyncSweep(begun(await anext(events, None)), config.get("seeds"), _until_broken(events))

    def sweeps(self, search: str = "") -> AsyncIterator[KeptSweep]:
        """All kept sweeps, newest first; see :meth:`optiscope.Client.sweeps`."""
        return self._listed(lambda before: sweep_calls.sweeps_page(search, before))

    async def follow_sweep(self, id_: str) -> AsyncSweep:
        """The cells of a kept sweep, live or replayed; see :meth:`optiscope.Client.follow_sweep`."""
        kept = await self.kept_sweep(id_)
        events = self._followed(FollowedSweep(id_))
        return AsyncSweep(begun(await anext(events, None)), kept.document["sweep"]["seeds"], events)

    async def lr_range_test(
        self,
        run: Mapping[str, Any],
        *,
        seeds: Sequence[int] | None = lr_range.SEEDS,
        between: tuple[float, float] = lr_range.BETWEEN,
        count: int = lr_range.COUNT,
    ) -> LRRange:
        """Look for a learning rate among real runs; see :meth:`optiscope.Client.lr_range_test`."""
        found = await self._swept(lr_range.sweep_config(run, seeds, between, count))
        ramp = [record async for record in self.train(lr_range.ramp_config(run, between))]
        return lr_range.read(found, ramp)

    async def race(self, config: Mapping[str, Any], judge_seeds: Sequence[int]) -> Race:
        """Tune optimizers on some seeds, judge them on others; see :meth:`optiscope.Client.race`."""
        asking = racing.whole_race(config, judge_seeds)
        asked = next(asking)
        while True:
            found = await self._swept(asked)
            try:
                asked = asking.send(found)
            except StopIteration as end:
                result: Race = end.value
                return result

    async def _swept(self, config: Mapping[str, Any]) -> Sweep:
        async with await self.sweep(config) as begun_sweep:
            return await begun_sweep.whole()


async def _until_broken(events: AsyncGenerator[dict[str, Any]]) -> AsyncGenerator[dict[str, Any]]:
    """Events of a sweep, until the connection breaks: a sweep says by itself whether it is whole."""
    async with aclosing(events):
        with suppress(httpx.TransportError):
            async for event in events:
                yield cells_of(event)
