"""Sweeps and races."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from typing import Any

import httpx

from optiscope import lr_range, racing
from optiscope.client import sweep_calls
from optiscope.client.call import waits
from optiscope.client.following import FollowedSweep
from optiscope.client.kept_sweep import KeptSweep
from optiscope.client.stream import begun, cells_of
from optiscope.client.training import TrainingClient
from optiscope.lr_range import LRRange
from optiscope.racing import Race
from optiscope.swept import Sweep


class SweepsClient(TrainingClient):
    """What a server does with many runs at once."""

    kept_sweep = waits(sweep_calls.kept_sweep)
    pause_sweep = waits(sweep_calls.pause_sweep)
    resume_sweep = waits(sweep_calls.resume_sweep)
    rename_sweep = waits(sweep_calls.rename_sweep)
    pin_sweep = waits(sweep_calls.pin_sweep)
    delete_sweep = waits(sweep_calls.delete_sweep)
    export_sweep = waits(sweep_calls.export_sweep)
    plan_sweep = waits(sweep_calls.plan_sweep)

    def sweep(self, config: Mapping[str, Any], *, keep: bool = False, name: str | None = None) -> Sweep:
        """Train a run along one to three axes, for several optimizers and seeds; closing it stops that.

        Args:
            config: ``run``, ``axes``, and what else ``POST /api/sweeps`` takes.
            keep: Whether the server keeps it, and trains it whether it is followed or not; it has an ``id``.
            name: Of one that is kept.

        Raises:
            RequestRefusedError: If it cannot be run or is too much; ``errors`` names every field.
        """
        events = self.events(sweep_calls.swept(config, keep=keep, name=name))
        return Sweep(begun(next(events, None)), config.get("seeds"), _until_broken(events))

    def sweeps(self, search: str = "") -> Iterator[KeptSweep]:
        """All kept sweeps, newest first; only those with all words of ``search``."""
        return self._listed(lambda before: sweep_calls.sweeps_page(search, before))

    def follow_sweep(self, id_: str) -> Sweep:
        """The cells of a kept sweep, live or replayed, each once.

        A connection that breaks, or a server that is started again, is waited for. The sweep ends when it is
        complete, or with a :class:`~optiscope.swept.SweepBrokenError` when it is paused or was deleted.
        """
        seeds = self.kept_sweep(id_).document["sweep"]["seeds"]
        events = self._followed(FollowedSweep(id_))
        return Sweep(begun(next(events, None)), seeds, events)

    def lr_range_test(
        self,
        run: Mapping[str, Any],
        *,
        seeds: Sequence[int] | None = lr_range.SEEDS,
        between: tuple[float, float] = lr_range.BETWEEN,
        count: int = lr_range.COUNT,
    ) -> LRRange:
        """Look for a learning rate among real runs of the same budget, and by the classic ramp of one run.

        Args:
            run: The run whose rate is looked for.
            seeds: Of the network; None for a test function.
            between: The smallest and the largest rate to try.
            count: How many rates, in equal ratios.

        Raises:
            RequestRefusedError: If it cannot be run or is too much; ``errors`` names every field.
            NoRateError: If no rate ends lower than where it began.
        """
        return lr_range.lr_range_test(self.sweep, self.train, run, seeds, between, count)

    def race(self, config: Mapping[str, Any], judge_seeds: Sequence[int]) -> Race:
        """Tune every optimizer of a sweep on its seeds, and judge each at its best cell on others.

        Args:
            config: The sweep that tunes; it has ``seeds``.
            judge_seeds: Those to judge on; none of the others.

        Raises:
            RequestRefusedError: If the sweep cannot be run or is too much; ``errors`` names every field.
            ValueError: If there are no seeds of one kind, or one is of both.
        """
        return racing.race(self.sweep, config, judge_seeds)


def _until_broken(events: Generator[dict[str, Any]]) -> Generator[dict[str, Any]]:
    """Events of a sweep, until the connection breaks: a sweep says by itself whether it is whole."""
    with closing(events), suppress(httpx.TransportError):
        yield from map(cells_of, events)
