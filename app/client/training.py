"""Runs without a database: trained, compared, looked at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from optiscope.client import calls
from optiscope.client.call import waits
from optiscope.client.connection import Connection
from optiscope.client.stream import ComparedBlock, Comparison
from optiscope.records import Record


class TrainingClient(Connection):
    """What a server does with configs, and what it computes of runs."""

    catalog = waits(calls.catalog)
    lessons = waits(calls.lessons)
    lint = waits(calls.lint)
    code = waits(calls.code)
    lr_schedule = waits(calls.lr_schedule)
    loss_surface = waits(calls.loss_surface)
    curvature = waits(calls.curvature)
    gradient_noise = waits(calls.gradient_noise)
    decision_boundary = waits(calls.decision_boundary)
    anatomy = waits(calls.anatomy)
    export_runs = waits(calls.export_runs)

    def train(self, config: Mapping[str, Any], *, record: Sequence[str] | None = None) -> Iterator[Record]:
        """Train a run and give every record as it comes; leaving the loop stops the training.

        Args:
            config: The run.
            record: The columns that are wanted, such as ``["loss"]``; all, unless given.

        Raises:
            RequestRefusedError: If the config cannot be run; ``errors`` names every field.
        """
        query = {} if record is None else {"record": list(record)}
        for block in self.blocks("POST", "/api/train", json=dict(config), params=query):
            yield from block.records()

    def compare(
        self, configs: Sequence[Mapping[str, Any]], *, record: Sequence[str] | None = None
    ) -> Iterator[ComparedBlock]:
        """Train several runs in one stream: blocks as they come, each with the index of its run.

        Args:
            configs: The runs.
            record: The columns that are wanted, such as ``["loss"]``; all, unless given.

        Raises:
            RequestRefusedError: If one cannot be run; ``errors`` names every field.
        """
        body = calls.comparison(configs, record)
        return Comparison(len(configs), self._events("POST", "/api/compare", {"json": body}))
