"""What the page asks for while it shows runs, answered ahead: for a file that plays without a server.

The answers are those of the routes, word for word.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import parse_qs

import orjson

from optiscope.api import wire
from optiscope.api.anatomy import anatomy_document
from optiscope.api.catalog import EntryKind, entry_document, summary_document
from optiscope.api.central_flow import central_flow_document
from optiscope.api.computed import parameters_of
from optiscope.api.curvature import curvature_document
from optiscope.api.held_out_loss import held_out_document
from optiscope.api.loss_surface import surface_document
from optiscope.engine.advice import linter
from optiscope.engine.advice.codegen import script
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.words import Said, say
from optiscope.engine.lens.anatomy import Anatomy
from optiscope.engine.lens.central_flow import WINDOW
from optiscope.engine.lens.others import drawn_of
from optiscope.engine.lens.planes import PlaneConfig
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.runs.cache import FinishedRun
from optiscope.runs.description import describe
from optiscope.runs.keeping.jobs import anatomies_at
from optiscope.runs.workers.jobs import central_flow_of, curvature_of, held_out_loss_of, surface_of
from optiscope.settings import Settings

MOST_STEPS_APART = 160
MOST_BYTES_APART = 2_000_000
"""Steps of all runs together that are taken apart, and what they may come to as JSON."""

RESOLUTION = {"function": 161, "dataset": 101, "matrix": 101}
"""Points along each side of a surface, as the page asks for them."""


class Computing(Protocol):
    """Who computes: workers, or this process."""

    async def compute(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a function comes to; of one that returns a generator, what that returns."""


@dataclass(frozen=True)
class Played:
    """A run that a file is to play.

    Attributes:
        given: Its config as it was asked for.
        config: The same with all defaults filled in.
        found: Its records.
        anatomies: Takes steps of it apart, unless they are to be computed from the config alone.
        ghost: The run without what it freezes, which the page draws beside it.
    """

    given: Mapping[str, Any]
    config: RunConfig
    found: FinishedRun
    anatomies: Callable[[Sequence[int]], Awaitable[list[Anatomy]]] | None = None
    ghost: FinishedRun | None = None

    @property
    def first(self) -> int:
        """The step of its first record."""
        return self.found.blocks[0].first

    @property
    def last(self) -> int:
        """That of its last one."""
        return self.found.blocks[-1].steps[-1]


@dataclass(frozen=True)
class Scene:
    """Runs that the page compares at once: those of a comparison, or of a page of a lesson.

    Attributes:
        address: How the page looks at them: a query of its own.
        runs: Which of all runs they are.
        plane: That the surface is drawn on; as for ``/api/loss-surface``.
    """

    address: str
    runs: Sequence[int]
    plane: PlaneConfig | None = None

    @property
    def step(self) -> int | None:
        """The step that is shown; None where it plays from the beginning."""
        named = self._said("step")
        return int(named[:15]) if named.isdecimal() else None

    @property
    def has_flow(self) -> bool:
        """Whether the central flow is drawn."""
        return self._said("central_flow") == "on"

    def _said(self, key: str) -> str:
        """What the address says of something, or nothing."""
        [value] = parse_qs(self.address.removeprefix("?")).get(key, [""])[-1:]
        return value


async def record(
    runs: Sequence[Played], scenes: Sequence[Scene], computing: Computing, options: Settings
) -> dict[str, Any]:
    """The part of ``Contents`` of ``static/js/onefile/recording.js`` that is of runs.

    Raises:
        ConfigError: If a surface cannot be drawn.
    """
    drawn = [await _drawn(runs, scene, computing, options.limits) for scene in scenes]
    shown = {index: scene.step for scene in reversed(scenes) for index in scene.runs}
    told = [
        await _told(run, len(runs), shown[index], computing, options.limits) for index, run in enumerate(runs)
    ]
    for index in {index for scene in scenes if scene.has_flow for index in scene.runs}:
        told[index] |= await _flow(runs[index], computing, options.limits)
    steps = sorted({int(step) for run in told for step in run["anatomies"]})
    configs = [run.config for run in runs]
    return {"runs": told, "scenes": drawn, **common(configs, options, steps)}


def common(configs: Iterable[RunConfig], options: Settings, steps: Sequence[int] = ()) -> dict[str, Any]:
    """What the page reads of the catalog where it shows such runs, and how all else is refused.

    Args:
        configs: Of the runs.
        options: Of the server.
        steps: Those that are taken apart.
    """
    refused = {"call": say("one_file_plays"), "step": say("one_file_steps", steps=steps)}
    return {
        "documents": _documents(configs, options),
        "refused": {name: _refusal(said) for name, said in refused.items()},
    }


async def _drawn(
    runs: Sequence[Played], scene: Scene, computing: Computing, limits: Limits
) -> dict[str, Any]:
    """A ``Scene`` of the same module."""
    those = [runs[index] for index in scene.runs]
    surface = await computing.compute(
        surface_of,
        [run.config.canonical() for run in those],
        [drawn_of(run.config, run.found.blocks) for run in those],
        scene.plane,
        RESOLUTION[PROBLEMS[those[0].config.problem.name].kind],
        None,
        limits,
    )
    return {
        "address": scene.address,
        "runs": list(scene.runs),
        "surface": surface_document(surface, "base64"),
    }


async def _told(
    run: Played, runs: int, shown: int | None, computing: Computing, limits: Limits
) -> dict[str, Any]:
    """A ``RecordedRun`` of the same module; one of so many."""
    warnings = await computing.compute(linter.in_parts, run.config, limits)
    return {
        "config": run.given,
        "events": events_of(run.config, run.found),
        **({} if run.ghost is None else {"ghost": events_of(unfrozen(run.config), run.ghost)}),
        **await _curvature(run, computing, limits),
        "held_out": await _held_out(run, computing, limits),
        "anatomies": await _anatomies(run, runs, shown, computing, limits),
        "warnings": [warning.document() for warning in warnings],
        "code": script(run.config, limits),
    }


async def _anatomies(
    run: Played, runs: int, shown: int | None, computing: Computing, limits: Limits
) -> dict[str, Any]:
    """The step that is shown, taken apart, and as many others at even distances as there is room for."""

    async def taken(steps: Sequence[int]) -> dict[int, bytes]:
        if run.anatomies is None:
            found = await computing.compute(anatomies_at, run.config.canonical(), steps, limits)
        else:
            found = await run.anatomies(steps)
        return {one.step: wire.dumps(anatomy_document(one)) for one in found}

    first, last = run.first + 1, run.last
    if first > last:
        return {}
    told = await taken([min(max(first, last if shown is None else shown), last)])
    size = len(next(iter(told.values())))
    count = min(MOST_STEPS_APART, MOST_BYTES_APART // size) // runs
    even = {first + (last - first) * k // max(1, count - 1) for k in range(count)}
    told |= await taken(sorted(even - told.keys()))
    return {str(step): orjson.Fragment(text) for step, text in sorted(told.items())}


def unfrozen(config: RunConfig) -> RunConfig:
    """A run without what it freezes."""
    return config.model_copy(update={"freeze": RunConfig.model_fields["freeze"].get_default()})


def events_of(config: RunConfig, found: FinishedRun) -> str:
    """A run as its stream: a line for each event."""
    return b"".join(_lines(config, found)).decode()


def _lines(config: RunConfig, found: FinishedRun) -> Iterable[bytes]:
    yield wire.started(describe(config, UNLIMITED), "columns", {})
    for block in found.blocks:
        yield from wire.column_lines(block, {})
    yield from wire.event_lines(found.ended, "columns", {})


async def _curvature(run: Played, computing: Computing, limits: Limits) -> dict[str, Any]:
    """``curvature``, unless the network is too large for it."""
    try:
        found = await computing.compute(
            curvature_of, run.config.canonical(), run.found.blocks, None, None, 0, limits
        )
    except ConfigError:
        return {}
    return {"curvature": curvature_document(found, "base64")}


async def _flow(run: Played, computing: Computing, limits: Limits) -> dict[str, Any]:
    """``flow``, or in it why there is none; nothing of a network that is too large for it."""
    try:
        found = await computing.compute(
            central_flow_of, run.config.canonical(), run.found.blocks, None, None, WINDOW, limits
        )
    except ConfigError:
        return {}
    return {"flow": central_flow_document(found, "base64")}


async def _held_out(run: Played, computing: Computing, limits: Limits) -> dict[str, Any]:
    """Its loss on held-out samples, or why there are none."""
    found = await computing.compute(
        held_out_loss_of, run.config.canonical(), parameters_of(run.found.blocks), None, None, limits
    )
    return held_out_document(found, "base64")


def _documents(configs: Iterable[RunConfig], options: Settings) -> dict[str, Any]:
    """What is read of the catalog, by its addresses."""
    entries = {f"/api/catalog/{kind}/{name}": entry_document(kind, name) for kind, name in _entries(configs)}
    told = {"/api/catalog/summary": summary_document(options)} | entries
    return {address: orjson.Fragment(document.content) for address, document in told.items()}


def _entries(configs: Iterable[RunConfig]) -> Iterator[tuple[EntryKind, str]]:
    """The entries that the runs are made of."""
    for config in configs:
        yield "problems", config.problem.name
        yield "activations", config.model.activation
        for optimizer in filter(None, (config.optimizer, config.optimizer.rest)):
            yield "optimizers", optimizer.name
        if config.lr_scheduler is not None:
            yield "lr_schedulers", config.lr_scheduler.name
        if config.clip_grad is not None:
            yield "clipping", config.clip_grad.name


def _refusal(said: Said) -> dict[str, Any]:
    """What is not in the file, as ``application/problem+json`` has it."""
    status = HTTPStatus.NOT_IMPLEMENTED
    return {"type": "about:blank", "title": status.phrase, "status": status, **said.document(), "errors": []}
