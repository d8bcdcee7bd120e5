"""Sweeps and races."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from optiscope import lr_range, racing
from optiscope.client.kept_sweep import KeptSweep
from optiscope.client.stream import cells_of
from optiscope.client.training import TrainingClient
from optiscope.lr_range import LRRange
from optiscope.racing import Race
from optiscope.swept import Sweep


class SweepsClient(TrainingClient):
    """What a server does with many runs at once."""

    def sweep(self, config: Mapping[str, Any], *, keep: bool = False, name: str | None = None) -> Sweep:
        """Train a run along one to three axes, for several optimizers and seeds; closing it stops that.

        Args:
            config: ``run``, ``axes``, and what else ``POST /api/sweeps`` takes.
            keep: Whether the server keeps it, and trains it whether it is followed or not; it has an ``id``.
            name: Of one that is kept.

        Raises:
            RequestRefusedError: If it cannot be run or is too much; ``errors`` names every field.
        """
        query = {"keep": keep} | ({} if name is None else {"name": name}) if keep else {}
        events = self._events("POST", "/api/sweeps", {"json": dict(config), "params": query})
        return Sweep(next(events), config.get("seeds"), cells_of(events))

    def sweeps(self, search: str = "") -> Iterator[KeptSweep]:
        """All kept sweeps, newest first; only those with all words of ``search``."""
        return map(KeptSweep.of, self._listed("/api/sweeps", "sweeps", search))

    def kept_sweep(self, id_: str) -> KeptSweep:
        """One kept sweep as it is now, with what is swept and what it comes to."""
        return KeptSweep.of(self._json("GET", _path(id_)))

    def follow_sweep(self, id_: str) -> Sweep:
        """The cells of a kept sweep, live or replayed, each once.

        A connection that breaks, or a server that is started again, is waited for. The sweep ends when it is
        complete, or with a :class:`~optiscope.swept.SweepBrokenError` when it is paused or was deleted.
        """
        seeds = self.kept_sweep(id_).document["sweep"]["seeds"]
        events = self._followed(id_)
        return Sweep(next(events), seeds, events)

    def _followed(self, id_: str) -> Generator[dict[str, Any]]:
        """The events of a kept sweep, each once, over all interruptions."""
        part = 0
        patience = self._patience()
        while True:
            query = {"params": {"from": part}}
            for event in cells_of(self._events("GET", f"{_path(id_)}/cells", query)):
                if event["event"] == "cells":
                    part, patience = event.pop("part") + 1, self._patience()
                elif event["event"] == "sweep_started" and part:
                    continue
                elif event["event"] == "sweep_ended" and event["reason"] == "stopped":
                    break
                yield event
                if event["event"] == "sweep_ended":
                    return
            self._wait_for_server(patience)
            self.kept_sweep(id_)  # raises if it was deleted

    def pause_sweep(self, id_: str) -> KeptSweep:
        """Stop training a kept sweep; what is done stays."""
        return KeptSweep.of(self._json("POST", f"{_path(id_)}/pause"))

    def resume_sweep(self, id_: str) -> KeptSweep:
        """Go on with what is missing of a paused sweep."""
        return KeptSweep.of(self._json("POST", f"{_path(id_)}/resume"))

    def rename_sweep(self, id_: str, name: str) -> KeptSweep:
        """Call a kept sweep something else."""
        return KeptSweep.of(self._json("PATCH", _path(id_), json={"name": name}))

    def pin_sweep(self, id_: str, *, pinned: bool = True) -> KeptSweep:
        """Keep a sweep whatever the quota says, or no longer."""
        return KeptSweep.of(self._json("PATCH", _path(id_), json={"pinned": pinned}))

    def delete_sweep(self, id_: str) -> None:
        """Delete a kept sweep and its cells."""
        self._request("DELETE", _path(id_))

    def export_sweep(self, id_: str, format: str = "csv") -> bytes:  # noqa: A002 - as in the address
        """The cells of a kept sweep as a file: ``csv``, ``jsonl``, ``npz`` or ``parquet``."""
        return self._request("GET", f"{_path(id_)}/export", params={"format": format}).content

    def plan_sweep(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """What a sweep comes to without training it: ``shape``, ``members``, ``ways`` and their ``seconds``.

        Args:
            config: As for :meth:`sweep`.

        Raises:
            RequestRefusedError: If it cannot be run or is too much; ``errors`` names every field.
        """
        return self._json("POST", "/api/sweeps/plan", json=dict(config))

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


def _path(id_: str) -> str:
    """Where a kept sweep is; an id that is none leads nowhere else."""
    return f"/api/sweeps/{quote(id_, safe='')}"
