"""Figures of runs and sweeps for Plotly, in the colours of the page."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from plotly import graph_objects as go  # type: ignore[import-untyped]

from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.core.parts import whole
from optiscope.engine.lens.curvature import curvature_in_parts
from optiscope.engine.lens.loss_surface import surface_in_parts
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.loop.plain import plain_torch
from optiscope.local import described
from optiscope.naming import labels_of, names_of
from optiscope.pictures import COLORS
from optiscope.records import Run
from optiscope.swept import Sweep, losses_of

LOSSES = ("#f2f6f6", "#c3d3d6", "#8fb0bd", "#5c8aa3", "#33607f")
"""Of the surface, from high to low."""

RESOLUTION = 101


def figure(of: Run | Iterable[Run] | Sweep, kind: str = "loss") -> go.Figure:
    """A Plotly figure.

    Args:
        of: A run, several, or a sweep.
        kind: Of runs ``loss``, ``schedule``, ``state``, ``curvature``, or ``paths`` over the loss surface; of
            a sweep ``map``: a curve for each optimizer along one axis; along more of the first optimizer and
            the first values of a third axis, as its title says.

    Raises:
        ValueError: If there is no such figure of it.

    Example:
        >>> from optiscope import figure, train
        >>> run = train({"problem": {"name": "rosenbrock"}, "optimizer": {"name": "Adam"}, "steps": 5})
        >>> [len(trace.y) for trace in figure(run, "loss").data]
        [6]
    """
    drawn: Mapping[str, Callable[[Any], go.Figure]] = _OF_SWEEPS if isinstance(of, Sweep) else _OF_RUNS
    if kind not in drawn:
        raise ValueError(f"kind must be one of {', '.join(drawn)}, got {kind!r}")
    given = of if isinstance(of, Sweep) else [of] if isinstance(of, Run) else list(of)
    return drawn[kind](given).update_layout(template="plotly_white", colorway=COLORS)


def _loss(runs: Sequence[Run]) -> go.Figure:
    lines = (_line(run, run.loss, name) for run, name in zip(runs, _names(runs), strict=True))
    return _lines(lines, "loss").update_yaxes(type=_scale([run.loss for run in runs]))


def _schedule(runs: Sequence[Run]) -> go.Figure:
    lines = (
        _line(run, run.lr[:, group], name if run.lr.shape[1] == 1 else f"{name}, group {group}")
        for run, name in zip(runs, _names(runs), strict=True)
        for group in range(run.lr.shape[1])
    )
    return _lines(lines, "lr")


def _state(runs: Sequence[Run]) -> go.Figure:
    lines = (
        _line(run, np.linalg.norm(values.reshape(len(values), -1), axis=1), f"{name}: {parameter} {key}")
        for run, name in zip(runs, _names(runs), strict=True)
        for parameter, state in run.state.items()
        for key, values in state.items()
    )
    return _lines(lines, "2-norm of the optimizer's state").update_yaxes(type="log")


def _curvature(runs: Sequence[Run]) -> go.Figure:
    known = list(_again(runs))
    with plain_torch():
        found = [whole(curvature_in_parts(*of, None, None, 0, DEFAULT_LIMITS)) for of in known]
    lines = (
        go.Scatter(x=one.steps, y=one.eigenvalues[:, 0], name=name)
        for one, name in zip(found, _names(runs), strict=True)
    )
    return _lines(lines, "largest eigenvalue of the Hessian")


def _paths(runs: Sequence[Run]) -> go.Figure:
    configs, blocks = zip(*_again(runs), strict=True)
    with plain_torch():
        surface = whole(surface_in_parts(configs, blocks, None, RESOLUTION, None, DEFAULT_LIMITS))
    z = np.log10(np.maximum(surface.z - np.nanmin(surface.z), 1e-12 + 1e-4 * np.nanmedian(surface.z)))
    scale = [[k / (len(LOSSES) - 1), color] for k, color in enumerate(reversed(LOSSES))]
    drawn = go.Figure(go.Contour(x=surface.x, y=surface.y, z=z, colorscale=scale, showscale=False))
    for path, name, color in zip(surface.paths, _names(runs), cycle(COLORS), strict=False):
        drawn.add_scatter(x=path.xy[:, 0], y=path.xy[:, 1], name=name, mode="lines", line_color=color)
    return drawn.update_xaxes(title=surface.axes[0].label).update_yaxes(title=surface.axes[1].label)


def _map(found: Sweep) -> go.Figure:
    losses = losses_of(found)
    axes = found.axes
    labels = labels_of([axis.path for axis in axes])
    if found.seeds is not None:
        losses = np.median(losses, axis=-1)
    losses = losses.reshape(len(found.optimizers), *(len(axis.values) for axis in axes))
    if len(axes) == 1:
        lines = (
            go.Scatter(x=list(axes[0].values), y=values, name=name, mode="lines+markers")
            for name, values in zip(found.optimizers, losses, strict=True)
        )
        drawn = _titled(go.Figure(list(lines)), labels[0], "end_loss")
        return drawn.update_xaxes(type=_spread(axes[0].values)).update_yaxes(type=_scale([losses]))
    *others, y, x = axes
    held = [f"{label} {axis.values[0]}" for label, axis in zip(labels, others, strict=False)]
    cells = losses.reshape(-1, *losses.shape[-2:])[0]
    is_log = _scale([cells]) == "log"
    heat = go.Heatmap(
        x=[str(value) for value in x.values],
        y=[str(value) for value in y.values],
        z=np.log10(cells) if is_log else cells,
        colorbar_title="log10 end_loss" if is_log else "end_loss",
        colorscale=list(reversed(LOSSES)),
    )
    drawn = _titled(go.Figure(heat), labels[-1], labels[-2])
    return drawn.update_layout(title=", ".join([found.optimizers[0], *held]))


_OF_RUNS: Mapping[str, Callable[[Sequence[Run]], go.Figure]] = {
    "loss": _loss,
    "paths": _paths,
    "state": _state,
    "schedule": _schedule,
    "curvature": _curvature,
}
_OF_SWEEPS: Mapping[str, Callable[[Sweep], go.Figure]] = {"map": _map}


def _again(runs: Sequence[Run]) -> Iterator[tuple[Any, Any]]:
    """The config and the blocks of each run, from which views are computed."""
    with plain_torch():
        known = described({f"/{index}": run.config for index, run in enumerate(runs)})
        advanced = advance_together([run.config for run in known])
    for run, (blocks, _) in zip(known, advanced, strict=True):
        yield run.config, blocks


def _names(runs: Sequence[Run]) -> Sequence[str]:
    return names_of([run.config for run in runs])


def _scale(losses: Iterable[Any]) -> str:
    """Of an axis: logarithmic, unless some loss lies below zero."""
    return "linear" if any((loss < 0).any() for loss in losses) else "log"


def _spread(values: Sequence[Any]) -> str | None:
    """Of an axis: logarithmic where positive numbers cover a decade; else as Plotly has it."""
    is_wide = all(isinstance(v, int | float) and v > 0 for v in values) and max(values) >= 10 * min(values)
    return "log" if is_wide else None


def _line(run: Run, values: Any, name: str) -> go.Scatter:
    return go.Scatter(x=run.steps, y=values, name=name, mode="lines")


def _lines(lines: Iterable[go.Scatter], what: str) -> go.Figure:
    return _titled(go.Figure(list(lines)), "step", what)


def _titled(drawn: go.Figure, x: str, y: str) -> go.Figure:
    return drawn.update_xaxes(title=x).update_yaxes(title=y)
