"""Runs without a database: trained, tried, taken apart."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from optiscope.client.connection import Connection
from optiscope.records import Record


class TrainingClient(Connection):
    """What a server does with a config."""

    def catalog(self) -> dict[str, Any]:
        """Everything that a run can be made of."""
        return self._json("GET", "/api/catalog")

    def train(self, config: Mapping[str, Any]) -> Iterator[Record]:
        """Train a run and give every record as it comes; leaving the loop stops the training.

        Raises:
            RequestRefusedError: If the config cannot be run; ``errors`` names every field.
        """
        for block in self.blocks("POST", "/api/train", json=dict(config)):
            yield from block.records()

    def lint(self, config: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What is likely not meant in a recipe: ``code``, ``params``, ``pointer`` and ``detail`` of each.

        Raises:
            RequestRefusedError: If the config cannot be run; ``errors`` names every field.
        """
        found: list[dict[str, Any]] = self._json("POST", "/api/lint", json=dict(config))["warnings"]
        return found

    def anatomy(
        self,
        run: str | Mapping[str, Any],
        step: int,
        parameters: Sequence[str] | None = None,
        iteration: int | None = None,
    ) -> dict[str, Any]:
        """A step taken apart: what each line of the loop did; ``/docs`` describes the fields.

        Args:
            run: The id of a kept run, or a config.
            step: Which.
            parameters: Layers or parameters whose updates are told; all of them, unless given.
            iteration: Of LBFGS: the inner iteration that they are of; the last one, unless given.
        """
        named = {"id": run} if isinstance(run, str) else run
        body = {"run": named, "step": step, "parameters": parameters, "iteration": iteration}
        return self._request("POST", "/api/anatomy", json=body).json()  # type: ignore[no-any-return]
