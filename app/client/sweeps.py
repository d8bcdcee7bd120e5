"""Sweeps and races."""

from collections.abc import Mapping, Sequence
from typing import Any

from optiscope import racing
from optiscope.client.connection import Connection
from optiscope.client.stream import cells_of
from optiscope.racing import Race
from optiscope.swept import Sweep


class SweepsClient(Connection):
    """What a server does with many runs at once."""

    def sweep(self, config: Mapping[str, Any]) -> Sweep:
        """Train a run along one to three axes, for several optimizers and seeds; closing it stops that.

        Args:
            config: ``run``, ``axes``, and what else ``POST /api/sweeps`` takes.

        Raises:
            RequestRefusedError: If it cannot be run or is too much; ``errors`` names every field.
        """
        events = self._events("POST", "/api/sweeps", {"json": dict(config)})
        return Sweep(next(events), config.get("seeds"), cells_of(events))

    def plan_sweep(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """What a sweep comes to without training it: ``shape``, ``members``, ``ways`` and their ``seconds``.

        Args:
            config: As for :meth:`sweep`.

        Raises:
            RequestRefusedError: If it cannot be run or is too much; ``errors`` names every field.
        """
        return self._json("POST", "/api/sweeps/plan", json=dict(config))

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
