"""Sweeps as the page that shows their map."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from optiscope.api import wire
from optiscope.api.playing_runs import require_few
from optiscope.api.recorded_maps import Mapped, Swept, record_maps
from optiscope.api.security import STYLE_HASHES
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import say
from optiscope.engine.loop.block import mapped
from optiscope.engine.loop.typed_arrays import typed
from optiscope.local import described
from optiscope.pages.onefile import one_file
from optiscope.settings import Settings
from optiscope.showing.shown import Shown
from optiscope.swept import Sweep

MOST_AXES = 2


def shown_sweep(sweep: Sweep, address: str, height: int) -> Shown:
    """The map of a sweep, once all of its cells are there."""
    options = Settings()
    if len(sweep.axes) > MOST_AXES:
        raise ConfigError.at("/axes", say("one_file_axes", value=len(sweep.axes)))
    runs = sweep.started["runs"]
    events = _events(sweep)
    require_few(len(events), options.limits)
    known = described({f"/runs/{index}": run for index, run in enumerate(runs)})
    recording = record_maps(
        [Mapped(dict(run), one.config, None) for run, one in zip(runs, known, strict=True)],
        [Swept(_body(sweep), list(range(len(runs))), events)],
        options,
    )
    told = {"place": "tune", "address": address, **recording}
    file = one_file(told, style_hashes=STYLE_HASHES)
    return Shown(file, repr(sweep), sweep.picture(), height)


def _body(sweep: Sweep) -> dict[str, Any]:
    """The sweep as it is asked for."""
    runs = sweep.started["runs"]
    axes = [{"path": axis.path, "values": list(axis.values)} for axis in sweep.axes]
    body = {"run": runs[0], "axes": axes, "optimizers": [run["optimizer"] for run in runs]}
    return body if sweep.seeds is None else {**body, "seeds": list(sweep.seeds)}


def _events(sweep: Sweep) -> str:
    """Its stream: all cells at once."""
    ways = [{"because_code": None, "because_params": {}, **way} for way in sweep.started["ways"]]
    inner = len(sweep.shape)
    cells = {name: values.reshape(-1, *values.shape[inner:]) for name, values in sweep.columns.items()}
    members = {"members": np.arange(sweep.members), **cells}
    events: list[Mapping[str, Any]] = [
        {"event": "sweep_started", "warnings": [], "torch": "", **sweep.started, "ways": ways},
        {"event": "cells", **mapped(typed, members)},
        {"event": "sweep_ended", "reason": "completed", "detail": sweep.detail, "summary": sweep.summary},
    ]
    return b"".join(wire.dumps(wire.spelled(event)) for event in events).decode()
