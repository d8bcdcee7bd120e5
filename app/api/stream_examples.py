"""Streams as the documentation shows them: a short run over Rosenbrock's function, as it was recorded."""

from collections.abc import Mapping
from typing import Any

import orjson

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import say

CONFIG: dict[str, Any] = {
    "problem": {"name": "rosenbrock"},
    "model": {"start": [-1.5, 2.0]},
    "optimizer": {
        "name": "SGD",
        "hyperparameters": {
            "lr": 0.0005,
            "momentum": 0.0,
            "dampening": 0.0,
            "weight_decay": 0.0,
            "nesterov": False,
            "maximize": False,
        },
    },
    "steps": 1,
}

_STARTED: dict[str, Any] = {
    "event": "run_started",
    "config": RunConfig.model_validate(CONFIG).model_dump(mode="json"),
    "parameters": [{"name": "xy", "shape": [2], "layer": None}],
    "data": None,
    "warnings": [],
    "torch": "2.13.0",
}

_STEPS: tuple[dict[str, Any], ...] = (
    {
        "event": "step",
        "step": 0,
        "loss": 12.5,
        "lr": [0.0005],
        "momentum": [0.0],
        "grad_norm": None,
        "params": {"xy": [-1.5, 2.0]},
        "grads": None,
        "state": {},
    },
    {
        "event": "step",
        "step": 1,
        "loss": 12.5,
        "lr": [0.0005],
        "momentum": [0.0],
        "grad_norm": 162.86497497558594,
        "params": {"xy": [-1.4225000143051147, 2.0250000953674316]},
        "grads": {"xy": [-155.0, -50.0]},
        "state": {},
    },
)

_BLOCK: dict[str, Any] = {
    "event": "block",
    "first": 0,
    "count": 1,
    "loss": {"dtype": "f4", "shape": "1", "bdata": "AABIQQ=="},
    "lr": {"dtype": "f8", "shape": "1, 1", "bdata": "/Knx0k1iQD8="},
    "momentum": {"dtype": "f8", "shape": "1, 1", "bdata": "AAAAAAAAAAA="},
    "grad_norm": None,
    "params": {"xy": {"dtype": "f4", "shape": "1, 2", "bdata": "AADAvwAAAEA="}},
    "grads": None,
    "state": {},
}

_ENDED: dict[str, Any] = {
    "event": "run_ended",
    "reason": "completed",
    "step": 1,
    **say("completed", count=1).document(),
    "end_loss": 5.868730068206787,
}

SWEEP: dict[str, Any] = {
    "run": {**CONFIG, "steps": 2},
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.0005]}],
}

_SWEEP: tuple[dict[str, Any], ...] = (
    {
        "event": "sweep_started",
        "shape": [1],
        "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.0005]}],
        "members": 1,
        "reasons": ["completed", "diverged", "failed"],
        "ways": [
            {
                "members": 1,
                "way": "one by one",
                "seconds": 0.0008,
                "because": None,
                "because_code": None,
                "because_params": {},
            }
        ],
        "runs": [RunConfig.model_validate(CONFIG | {"steps": 2}).model_dump(mode="json")],
        "notes": [],
        "warnings": [],
        "torch": "2.13.0",
    },
    {
        "event": "cells",
        "members": {"dtype": "f8", "shape": "1", "bdata": "AAAAAAAAAAA="},
        "initial_loss": {"dtype": "f8", "shape": "1", "bdata": "AAAAAAAAKUA="},
        "final_loss": {"dtype": "f8", "shape": "1", "bdata": "AAAAYJR5F0A="},
        "end_loss": {"dtype": "f8", "shape": "1", "bdata": "AAAAwH50F0A="},
        "best_loss": {"dtype": "f8", "shape": "1", "bdata": "AAAAYJR5F0A="},
        "last_step": {"dtype": "f8", "shape": "1", "bdata": "AAAAAAAAAEA="},
        "ended": {"dtype": "f8", "shape": "1", "bdata": "AAAAAAAAAAA="},
        "end": {"dtype": "f8", "shape": "1, 2", "bdata": "AAAAwGC69r8AAADg5DIAQA=="},
    },
    {
        "event": "sweep_ended",
        "reason": "completed",
        **say("sweep_completed", count=1).document(),
        "summary": [
            {
                "optimizer": 0,
                "name": "SGD",
                "best": {
                    "at": [0],
                    "members": [0],
                    "values": {"/optimizer/hyperparameters/lr": 0.0005},
                    "quantiles": [5.863764762878418] * 7,
                    "test_loss": None,
                    "steps_to_target": None,
                    "reached": None,
                    "diverged": 0.0,
                },
                "initial_loss": 12.5,
                "tolerance": {
                    "path": "/optimizer/hyperparameters/lr",
                    "decades": 0.0,
                    "at_most": None,
                    "between": [0.0005, 0.0005],
                    "bound": 6.527388286590576,
                },
                "diverged": 0.0,
            }
        ],
    },
)


def _lines(mark: Mapping[str, Any], *events: Mapping[str, Any]) -> str:
    """Events as JSON Lines; ``mark`` names the run of each, as on the wire behind its kind."""
    marked = ({"event": event["event"], **mark, **event} for event in events)
    return b"".join(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE) for event in marked).decode()


ROWS = _lines({}, _STARTED, *_STEPS, _ENDED)
"""What ``/api/train`` answers."""

FOLLOWED = _lines({}, {**_STARTED, "id": "3f9a0c7d21be"}, *_STEPS, _ENDED)
"""What ``/api/runs/{id}/steps`` answers."""

COLUMNS = _lines({"run": 0}, _STARTED, _BLOCK, _ENDED)
"""What ``/api/compare`` answers."""

_WATCHED_RUN: dict[str, Any] = {
    "event": "run_started",
    "config": None,
    "name": "SGD on Linear",
    "source": {"program": "train.py", "model": "Linear"},
    "parameters": [{"name": "xy", "shape": [2], "layer": None}],
    "layers": [{"name": "xy", "parameters": ["xy"], "numel": 2, "group": 0}],
    "data": None,
    "warnings": [],
    "torch": "2.13.0",
}

WATCHED = _lines({}, _WATCHED_RUN, _BLOCK, {**_ENDED, "step": 0})
"""What ``/api/runs/import`` takes."""

WATCHED_ON = _lines({}, {**_BLOCK, "first": 1}, _ENDED)
"""What ``/api/runs/{id}/steps`` takes."""

SWEPT = _lines({}, *_SWEEP)
"""What ``/api/sweeps`` answers."""

FOLLOWED_COLUMNS = _lines({"run": 0}, {**_STARTED, "id": "3f9a0c7d21be"}, _BLOCK, _ENDED)
"""What ``/api/runs/follow`` answers."""
