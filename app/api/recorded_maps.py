"""What the page asks for while it shows maps, answered ahead: for a file that shows them without a server."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from optiscope.api.recording import common, events_of
from optiscope.engine.core.config import RunConfig
from optiscope.runs.cache import FinishedRun
from optiscope.settings import Settings


class Mapped(NamedTuple):
    """A run whose optimizer is on a map.

    Attributes:
        given: Its config as it was asked for.
        config: The same with all defaults filled in.
        found: Its records, where its path is drawn over the map.
    """

    given: dict[str, Any]
    config: RunConfig
    found: FinishedRun | None


class Swept(NamedTuple):
    """A sweep that was trained.

    Attributes:
        body: As it is asked for, as JSON.
        runs: Which of the runs its optimizers are; none where it is asked for after the others.
        events: All that came, a line each.
    """

    body: dict[str, Any]
    runs: Sequence[int]
    events: str


def record_maps(runs: Sequence[Mapped], sweeps: Sequence[Swept], options: Settings) -> dict[str, Any]:
    """The part of ``Contents`` of ``static/js/onefile/recording.js`` that is of maps."""
    return {
        "runs": [_told(run) for run in runs],
        "scenes": [],
        "sweeps": [sweep._asdict() for sweep in sweeps],
        **common([run.config for run in runs], options),
    }


def _told(run: Mapped) -> dict[str, Any]:
    """A ``RecordedRun`` of which no view is shown."""
    events = "" if run.found is None else events_of(run.config, run.found)
    return {"config": run.given, "events": events, "anatomies": {}, "warnings": [], "code": ""}
