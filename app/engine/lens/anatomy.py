"""One step taken apart: what each line of the training loop did, phase by phase, and the update line by line.

The step is trained by the same ``Training`` that trains whole runs, in the run's own order; its lines are
watched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.words import say
from optiscope.engine.lens.spectra import Spectrum, spectrum_of
from optiscope.engine.lens.update.averaged import Averaged
from optiscope.engine.lens.update.moves import Update
from optiscope.engine.lens.watched import Event, WatchedLines, array_of
from optiscope.engine.loop.block import Array, Block
from optiscope.engine.loop.checkpoint import Checkpoint, Ended
from optiscope.engine.loop.one_pass import Pass
from optiscope.engine.loop.training import Training, quiet, restored, taken
from optiscope.engine.recipe.lr_schedulers import call_text
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.parameters import resolve_names
from optiscope.engine.recipe.problems.datasets import DatasetProblem
from optiscope.engine.recipe.problems.matrices import MatrixProblem

Values = Mapping[str, Any]
"""Arrays by name, nested as in a record."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One line of the loop.

    Attributes:
        name: ``zero_grad``, ``forward``, ``loss``, ``backward``, ``delay``, ``clip``, ``optimizer_step`` or
            ``scheduler_step``.
        code: The line as the tutorial writes it.
        values: What stood there after it; arrays as in a record.
    """

    name: str
    code: str
    values: Values


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A step, phase by phase, in the order of the run's own loop.

    Attributes:
        step: Which; its record holds the same numbers.
        frozen: The parameters that it leaves out.
        rows: [batch_size] the samples of its first minibatch; None for all of them, or for a test function.
        evaluations: [n] the loss of each forward pass: several of an accumulated step, and of an optimizer
            with a closure, of which the phases show the first.
        phases: In order.
        updates: What ``optimizer.step()`` did to each parameter, line by line.
        averages: The same of the average beside each; none in a run without one.
        spectra: Singular values of each matrix, where the problem or the optimizer is about matrices.
        iterations: How many inner iterations the optimizer made; None for one that makes none by design.
        iteration: Which of them the updates are of; None where there is none.
    """

    step: int
    frozen: tuple[str, ...]
    rows: tuple[int, ...] | None
    evaluations: tuple[float, ...]
    phases: tuple[Phase, ...]
    updates: tuple[Update, ...]
    averages: tuple[Update, ...]
    spectra: tuple[Spectrum, ...]
    iterations: int | None
    iteration: int | None


def anatomy(
    config: RunConfig,
    checkpoint: Checkpoint | None,
    parameters: Sequence[str] | None = None,
    limits: Limits = UNLIMITED,
    iteration: int | None = None,
) -> Anatomy:
    """The step that follows ``checkpoint``; None is the first one.

    Args:
        config: Of the run.
        checkpoint: Where it stood.
        parameters: Layers or parameters whose updates are told; all of them, unless given.
        limits: Bound the numbers of updates.
        iteration: Which inner iteration the updates are of, counted from 1; the last one, unless given.

    Raises:
        ConfigError: If ``config`` cannot be run, the step cannot be taken, or it has no such iteration.
    """
    step = _watched(config, checkpoint)
    training, lines, block = step.training, step.lines, step.block
    names = list(step.before)
    told = names if parameters is None else resolve_names(parameters, names, "/parameters")
    iterations = lines.moves.iterations
    most = limits.max_anatomy_values
    updates = tuple(lines.moves.updates(told, most))
    if iteration is not None:
        _require_iteration(config, iteration, iterations)
        if iteration != iterations:
            cut = _watched(config, checkpoint, iteration).lines.moves.updates(told, most)
            updates = tuple(replace(part, result=of.result) for part, of in zip(cut, updates, strict=True))
    return Anatomy(
        step=block.first,
        frozen=tuple(name for name in names if name in step.frozen),
        rows=lines.rows,
        evaluations=tuple(lines.evaluations),
        phases=tuple(_Phases(training, block, step.before, step.ended).told(lines.events)),
        updates=updates,
        averages=tuple(step.averaged.updates(told, block.first, most)),
        spectra=tuple(_spectra(step)),
        iterations=iterations,
        iteration=(iteration or iterations) or None,
    )


@dataclass(frozen=True, slots=True)
class _Watched:
    """A step that was watched, and what was found before it."""

    training: Training
    lines: WatchedLines
    averaged: Averaged
    before: Mapping[str, Array]
    frozen: Mapping[str, bool]
    block: Block
    ended: Ended | None


def _watched(config: RunConfig, checkpoint: Checkpoint | None, until: int | None = None) -> _Watched:
    """Take the step that follows; cut after ``until`` inner iterations, if that is given."""
    with quiet():
        training = restored(config, checkpoint)
        frozen = training.freezing.frozen(training.step)
        before = {name: array_of(param) for name, param in training.model.named_parameters()}
        lines, averaged = WatchedLines(training, until), Averaged(training)
        training.one_pass = Pass(training, lines)
        recorder = training.recorder(training.step + 1)
        with lines.hooked():
            ended = taken(training, recorder, training.step + 1)
    if not (blocks := recorder.blocks()):
        assert ended is not None  # noqa: S101 - that is why there is no record
        raise ConfigError.at("/step", ended.said)
    return _Watched(training, lines, averaged, before, frozen, blocks[-1], ended)


def _spectra(step: _Watched) -> Iterator[Spectrum]:
    """Of all matrices that got a gradient."""
    training, block = step.training, step.block
    is_of_matrices = OPTIMIZERS[training.config.optimizer.name].idea == "matrices"
    if not is_of_matrices and not isinstance(training.problem, MatrixProblem):
        return
    for name, param in training.model.named_parameters():
        grad = None if block.grads is None else block.grads.get(name)
        if grad is None or len(param.shape) != 2:  # noqa: PLR2004 - a matrix
            continue
        state = {key: column[0] for key, column in block.state.get(name, {}).items()}
        iterates = step.lines.iterates.get(id(param), [])
        after = block.params[name][0]
        yield spectrum_of(name, grad[0], state, iterates, after - step.before[name], after)


def _require_iteration(config: RunConfig, iteration: int, count: int | None) -> None:
    """Refuse an inner iteration that the step has not."""
    if not count:
        said = say("no_inner_iteration", optimizer=config.optimizer.name)
        raise ConfigError.at("/iteration", said)
    if not 1 <= iteration <= count:
        said = say("between", field="iteration", low=1, high=count, value=iteration)
        raise ConfigError.at("/iteration", said)


class _Phases:
    """Tells the lines that ran, with what the record of the step holds of them."""

    def __init__(
        self, training: Training, block: Block, before: Mapping[str, Array], ended: Ended | None
    ) -> None:
        self._training = training
        self._block = block
        self._before = before
        self._ended = ended

    def told(self, events: Sequence[Event]) -> Iterator[Phase]:
        """The phases, in order."""
        recorded = _recorded(events)
        last = events[-1] if events else None
        for i, event in enumerate(events):
            match event.phase:
                case "optimizer_step":
                    yield self._optimizer_step(event, is_recorded=i == recorded["optimizer_step"])
                case "scheduler_step":
                    yield self._scheduler_step(event, is_last=event is last)
                case phase:
                    more = self._of_record(phase) if i == recorded[phase] else {}
                    yield Phase(phase, self._code(phase), {**event.values, **more})

    def _of_record(self, phase: str) -> Values:
        """What the record says of a line: of the last one that it can be of."""
        if phase == ("delay" if self._training.config.loop.gradient_delay else "backward"):
            return {"grad_norm": _first(self._block.grad_norm)}
        if phase == "clip":
            return {"clipped_grad_norm": _first(self._block.optional.get("clipped_grad_norm"))}
        return {}

    def _code(self, phase: str) -> str:
        config, problem = self._training.config, self._training.problem
        clip = config.clip_grad
        match phase:
            case "zero_grad":
                return f"optimizer.zero_grad({'' if config.loop.set_to_none else 'set_to_none=False'})"
            case "forward":
                return "matrix = model()" if isinstance(problem, MatrixProblem) else "prediction = model(x)"
            case "loss":
                return f"loss = {_loss_of(self._training)}"
            case "delay":
                return "p.grad = late.pop(0)"
            case "clip" if clip is not None:
                bounds = clip.model_dump(exclude={"name"})
                written = ", ".join(f"{name}={value!r}" for name, value in bounds.items())
                return f"torch.nn.utils.{clip.name}(model.parameters(), {written})"
        loop = config.loop
        is_scaled = loop.accumulate > 1 and loop.scale_loss
        argument = "create_graph=True" if self._training.keeps_graph else ""
        loss = f"(loss / {loop.accumulate})" if is_scaled else "loss"
        return f"{loss}.backward({argument})"

    def _optimizer_step(self, event: Event, *, is_recorded: bool) -> Phase:
        block, params = self._block, event.values["params"]
        values = {
            "lr": block.lr[0],
            "momentum": _first(block.momentum),
            "update": {name: after - self._before[name] for name, after in params.items()},
            "params": params,
            "state": {name: _record(keys) for name, keys in block.state.items()} if is_recorded else {},
        }
        self._before = params
        argument = OPTIMIZERS[self._training.config.optimizer.name].argument
        return Phase("optimizer_step", f"optimizer.step({argument})", values)

    def _scheduler_step(self, event: Event, *, is_last: bool) -> Phase:
        scheduler = self._training.config.lr_scheduler
        assert scheduler is not None  # noqa: S101 - it was called
        code = call_text(scheduler, self._block.first // scheduler.interval - 1)
        failed = {"failed": self._ended.said.document()} if self._ended and is_last else {}
        return Phase("scheduler_step", code, event.values | failed)


def _recorded(events: Sequence[Event]) -> dict[str, int]:
    """Which line of each phase the record is of: the last step, and what came last before the first one."""
    phases: list[str] = [event.phase for event in events]
    first = phases.index("optimizer_step") if "optimizer_step" in phases else len(phases)
    given = {phase: i for i, phase in enumerate(phases[:first])}
    last = {phase: i for i, phase in enumerate(phases)}
    return last | given


def _record(columns: Mapping[str, Any] | None) -> dict[str, Any]:
    """The only record of some columns."""
    return {name: _first(values) for name, values in (columns or {}).items()}


def _first(values: Any) -> Any:
    return None if values is None else np.asarray(values[0])


def _loss_of(training: Training) -> str:
    """The loss as a script writes it, behind the forward pass."""
    problem = training.problem
    if isinstance(problem, DatasetProblem):
        return f"{problem.info.loss.name}(prediction, y)"
    if isinstance(problem, MatrixProblem):
        if problem.info.sampled is not None:
            return f"{problem.info.sampled.__name__}(matrix, data, drawn)"
        return f"{problem.info.loss.__name__}(matrix, data)"
    noise = "" if problem.draw is None else " + (noise * xy).sum(-1)"
    point = "xy" if training.drift is None else "xy - origin"
    return f"{problem.name.replace('-', '_')}({point}){noise}"
