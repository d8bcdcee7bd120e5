"""Runs without a database: trained, compared, looked at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from optiscope.client import calls
from optiscope.client.call import waits
from optiscope.client.connection import Connection
from optiscope.client.stream import Comparison, Stream
from optiscope.records import Record


class TrainingClient(Connection):
    """What a server does with configs, and what it computes of runs."""

    health = waits(calls.health)
    catalog = waits(calls.catalog)
    catalog_summary = waits(calls.catalog_summary)
    catalog_entry = waits(calls.catalog_entry)
    optimizers = waits(calls.optimizers)
    loop_mistakes = waits(calls.loop_mistakes)
    lr_scheduler_presets = waits(calls.lr_scheduler_presets)
    lessons = waits(calls.lessons)
    read_lesson = waits(calls.read_lesson)
    lint = waits(calls.lint)
    code = waits(calls.code)
    lr_schedule = waits(calls.lr_schedule)
    loss_surface = waits(calls.loss_surface)
    curvature = waits(calls.curvature)
    central_flow = waits(calls.central_flow)
    gradient_noise = waits(calls.gradient_noise)
    held_out_loss = waits(calls.held_out_loss)
    decision_boundary = waits(calls.decision_boundary)
    anatomy = waits(calls.anatomy)
    export_runs = waits(calls.export_runs)
    export_html = waits(calls.export_html)

    def train(self, config: Mapping[str, Any], *, record: Sequence[str] | None = None) -> Iterator[Record]:
        """Train a run and give every record as it comes; leaving the loop stops the training.

        Args:
            config: The run.
            record: The columns that are wanted, such as ``["loss"]``; all, unless given.

        Raises:
            RequestRefusedError: If the config cannot be run; ``errors`` names every field.
        """
        for block in Stream(self.events(calls.trained(config, record))):
            yield from block.records()

    def compare(
        self, configs: Sequence[Mapping[str, Any]], *, record: Sequence[str] | None = None
    ) -> Comparison:
        """Train several runs in one stream: blocks as they come, each with the index of its run.

        ``ends`` of what is returned says by that index how those runs have ended that have.

        Args:
            configs: The runs.
            record: The columns that are wanted, such as ``["loss"]``; all, unless given.

        Raises:
            RequestRefusedError: If one cannot be run; ``errors`` names every field.
        """
        return Comparison(len(configs), self.events(calls.compared(configs, record)))
