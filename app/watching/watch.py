"""``watch()``: a training loop that is not ours, seen by one line."""

import atexit
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, get_args

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.pictures import bundle, curves_png
from optiscope.watching import asked
from optiscope.watching.advice import Finding, Report, report_of
from optiscope.watching.audit import audit
from optiscope.watching.beginning import beginning_of, is_resumed, steps_taken
from optiscope.watching.blocks import Blocks
from optiscope.watching.events import Beginning
from optiscope.watching.file import RunFile, found_in
from optiscope.watching.landscape import Around, Landscape
from optiscope.watching.layers import Watched, scheduling, stepping
from optiscope.watching.live import Live
from optiscope.watching.passes import Closure, Passes
from optiscope.watching.recorder import Plan, Recorder
from optiscope.watching.rows import kept
from optiscope.watching.scaling import Scaler
from optiscope.watching.short import ShortRecorder, is_short
from optiscope.watching.sinks import Memory, Sink
from optiscope.watching.surface import Plane
from optiscope.watching.writer import Writer

log = logging.getLogger(__name__)

SMALL = 512
"""A model of no more parameters is recorded whole."""

EVERY_LARGE = 10
"""The distance of records of a larger one, unless it is given."""

UNSEEN = 20
"""Losses that were said without a step that was seen, from which on that is said."""

CLOSE_SECONDS = 10.0
"""How long closing waits for what is still to be written."""

Quantities = Literal["all", "norms"]


@dataclass(frozen=True, slots=True)
class Options:
    """How a loop is watched; see :func:`watch`."""

    to: str | os.PathLike[str]
    params: Sequence[str] | None
    every: int | None
    quantities: Quantities
    scaler: Scaler | None
    name: str | None
    resume: bool | None
    token: str | None
    steps: int | None
    closure: Closure | None
    around: Around

    def __post_init__(self) -> None:
        asked.is_address(self.to)
        asked.one_of("quantities", self.quantities, get_args(Quantities))
        if self.params is not None:
            asked.names("params", self.params)
        if self.every is not None:
            asked.whole("every", self.every, 1)
        if self.scaler is not None and not hasattr(self.scaler, "state_dict"):
            raise TypeError(f"scaler must be a torch.amp.GradScaler, got {self.scaler!r}")
        if self.closure is not None and not callable(self.closure):
            raise TypeError(f"closure must be a function that returns a loss, got {self.closure!r}")
        for name, given in {"name": self.name, "token": self.token}.items():
            if given is not None:
                asked.text(name, given)


def watch(  # noqa: PLR0913 - each is a word of its own
    model: nn.Module,
    optimizer: Optimizer | Sequence[Optimizer],
    scheduler: Any = None,
    *,
    to: str | os.PathLike[str],
    params: Sequence[str] | None = None,
    every: int | None = None,
    quantities: Quantities = "all",
    scaler: Scaler | None = None,
    name: str | None = None,
    resume: bool | None = None,
    token: str | None = None,
    steps: int | None = None,
    closure: Closure | None = None,
    surfaces_at: Sequence[int] = (),
    surface: Plane = "random",
    resolution: int = 21,
    critical_every: int | None = None,
) -> "Watch":
    """Record a training loop from now on, by torch's own hooks; its numbers do not change by a bit.

    Args:
        model: What is trained.
        optimizer: What steps; several in the order in which records are to count: one closes with each step
            of the first.
        scheduler: What moves the rates, if anything does, or several of them.
        to: A file, ``mine.optiscope``; or the address of a server, ``http://127.0.0.1:8000``, which shows
            the run while it is made.
        params: The names of parameters to record whole; unless given, all of a model of up to 512 numbers.
            The others are measured by layer.
        every: The distance of records: 1 of a small model, 10 of a large one, unless it is given.
        quantities: What to measure by layer: ``all``, or ``norms`` of gradient, weight and update alone.
        scaler: What scales the loss in mixed precision, so that the steps that it skips are counted.
        name: What to call the run.
        resume: Whether to go on with the run that the file holds; unless given, whether the optimizer has
            state already, as after ``load_state_dict``.
        token: What lets one in to the server; unless given, ``OPTISCOPE_TOKEN`` of the environment.
        steps: How many there will be, if that is known: the rates of all of them are drawn ahead. Schedulers
            take some 5 µs a step for that, before the first one: a million steps are some 5 seconds.
        closure: The loss of some samples, the same ones each time: ``lambda: criterion(model(xb), yb)``. With
            it the critical rate is looked for, by 7 forward passes at a step (12 the first time).
        surfaces_at: Steps at which the loss around the parameters is computed, by ``resolution``² forward
            passes, and the largest eigenvalue of its Hessian, by 32 passes through the gradient at most.
        surface: What a surface lies along: two ``random`` directions, or the ``update`` and the gradient.
        resolution: Points along each of its axes.
        critical_every: The distance of the steps at which the critical rate is looked for; unless given, 128
            or a little more.

    Raises:
        TypeError: If what is given is no model, optimizer, scheduler, or closure.
        ValueError: If there is no optimizer, no such parameter, nothing to look around with, no such number
            of steps, or ``to`` is neither a file nor an address.

    Example:
        >>> import torch
        >>> model = torch.nn.Linear(2, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> with watch(model, optimizer, to=os.devnull) as seen:  # a file, such as mine.optiscope
        ...     for _ in range(3):
        ...         optimizer.zero_grad()
        ...         loss = model(torch.ones(4, 2)).square().mean()
        ...         loss.backward()
        ...         optimizer.step()
        ...         seen.loss(loss)
        >>> seen.step
        3
    """
    optimizers = stepping(optimizer)
    schedulers = scheduling(scheduler)
    around = Around(asked.steps("surfaces_at", surfaces_at), surface, resolution, critical_every)
    for what, given in {
        "surfaces_at": bool(around.surfaces_at),
        "critical_every": critical_every is not None,
    }.items():
        if given and closure is None:
            raise ValueError(f"{what} needs closure=lambda: criterion(model(xb), yb)")
    token = token or os.environ.get("OPTISCOPE_TOKEN")
    options = Options(to, params, every, quantities, scaler, name, resume, token, steps, closure, around)
    return Watch(model, optimizers, [one for one in schedulers if hasattr(one, "last_epoch")], options)


class Watch:
    """A loop that is being watched; made by :func:`watch`.

    Attributes:
        path: The file that it is written to; None where it goes to a server.
        ended: Its end, once it is closed.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizers: Sequence[Optimizer],
        schedulers: Sequence[Any],
        options: Options,
    ) -> None:
        self._recorder: Recorder | None = None
        self._writer: Writer | None = None
        self._error = ""
        self._dropped = 0
        self._told = 0
        self._unseen: Said | None = None
        self.path = None if asked.is_address(options.to) else Path(options.to)
        self.ended: Ended | None = None
        self._memory = Memory()
        self._landscape: Landscape | None = None
        if not _is_first_rank():
            return
        watched = Watched(model, optimizers)
        plan = _plan(watched, options)
        self._landscape = _landscape(model, options, plan.every)
        around = None if self._landscape is None else self._landscape.document()
        self.beginning = beginning_of(
            model, watched, schedulers, plan.whole, options.name, around, every=plan.every
        )
        if options.steps is not None:
            drawn = audit(model, optimizers, schedulers, options.steps).document()
            self.beginning = replace(self.beginning, source={**self.beginning.source, "audit": drawn})
        resumed = is_resumed(watched, schedulers) if options.resume is None else options.resume
        sink, taken = self._sink(options, steps_taken(watched) if resumed else 0, resumed=resumed)
        numels = {name: param.numel() for name, param in watched.named.items()}
        blocks = Blocks(watched.layers(), numels, plan.whole, taken, is_around=around is not None)
        self._writer = Writer(blocks, (sink, self._memory))
        if self._landscape is not None:
            self._landscape.taken = taken
        take, scaler = self._writer.take, options.scaler
        self._recorder = (
            ShortRecorder(watched, plan, schedulers, take, self._fail)
            if self._landscape is None and scaler is None and is_short(watched, plan)
            else Recorder(watched, plan, schedulers, scaler, take, self._fail, landscape=self._landscape)
        )
        if not taken:
            self._recorder.initial()
        atexit.register(self._stop)

    def loss(self, value: Tensor | float, samples: int | Tensor | None = None) -> None:
        """Say the loss of the step that comes next, or of a part of it: their mean is recorded.

        Said after ``optimizer.step()``, it is that of the step before.

        Args:
            value: The loss; a tensor is not waited for.
            samples: How many samples it is of; a tensor of that is waited for.

        Raises:
            ValueError: If the loss is no number, or the samples are no whole number.
        """
        told = samples.tolist() if isinstance(samples, Tensor) else samples
        count = None if told is None else asked.whole("samples", told, 0)
        if self._recorder is not None:
            self._told += 1
            self._recorder.say_loss(kept("loss", value))
            if count is not None:
                self._recorder.say_samples(count)

    def log(self, name: str, value: Tensor | float) -> None:
        """Say another number, such as a validation loss; it stands at the record that comes next."""
        asked.text("the name of a number", name)
        if self._recorder is not None:
            self._recorder.log(name, kept(name, value))

    def clipped(self, norm: Tensor | float) -> None:
        """Say what ``clip_grad_norm_`` returned: the norm of all gradients before it clipped."""
        if self._recorder is not None:
            self._recorder.clip_norm = kept("clipped", norm)

    def epoch(self) -> None:
        """Say that an epoch is over."""
        if self._recorder is not None:
            self._recorder.epoch = (self._recorder.epoch or 0) + 1

    @property
    def step(self) -> int:
        """The step of the last record that was written."""
        return -1 if self._writer is None else self._writer.step

    @property
    def trouble(self) -> str:
        """What went wrong, if something did, or what detail was dropped: the loop is never held up for it."""
        if self._error or self._writer is None:
            return self._error
        dropped = self._recorder.dropped if self._recorder is not None else self._dropped
        around = self._landscape.trouble if self._landscape is not None else None
        said = self._writer.trouble or around or self._no_step()
        said = said or (say("watch_dropped", count=dropped) if dropped else None)
        return str(said) if said else ""

    def _no_step(self) -> Said | None:
        """That losses were said, and no step was seen: another optimizer steps."""
        if self._recorder is not None:
            is_unseen = self._told >= UNSEEN and not self._recorder.steps
            name = self.beginning.source["optimizers"][0]["name"]
            self._unseen = say("watch_no_step", count=self._told, optimizer=name) if is_unseen else None
        return self._unseen

    def report(self) -> Report:
        """What an expert would say of the loop so far; printed as lines, or as a table."""
        if self._writer is None:
            return Report(())
        unseen = self._no_step()
        if unseen is not None:
            return Report((Finding(unseen),))
        return report_of(self.beginning, self.records(), is_complete=self._recorder is None)

    def records(self) -> Sequence[Block]:
        """What was recorded so far; of a long run, less of what is long past."""
        if self._writer is not None and self._recorder is not None:
            self._writer.drain(CLOSE_SECONDS)
            self._recorder.flush()
            self._writer.drain(CLOSE_SECONDS)
        return self._memory.blocks

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The losses as a picture, and what an expert would say; ``optiscope.show`` has all of it."""
        losses = np.concatenate([block.loss for block in self.records()] or [np.zeros(0)])
        text = f"{self.step} steps watched. {self.report()}"
        return bundle(curves_png([losses]), text, self.report()._repr_html_())

    def close(self) -> None:
        """Look no more, and write the end."""
        self._close(Reason.COMPLETED)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._close(Reason.COMPLETED if kind is None else Reason.STOPPED)

    def _stop(self) -> None:
        """The program ends, and nobody has closed it."""
        self._close(Reason.STOPPED)

    def _close(self, reason: Reason) -> None:
        recorder, writer = self._recorder, self._writer
        if recorder is None or writer is None:
            return
        recorder.remove_hooks()
        self._no_step()
        self._recorder, self._dropped = None, recorder.dropped
        atexit.unregister(self._stop)
        writer.close(recorder.rest(), lambda: _end(reason, writer.step), CLOSE_SECONDS)
        self.ended = _end(reason, writer.step)
        if self.trouble:
            log.warning("%s", self.trouble)

    def _fail(self, error: Exception) -> None:
        """The recorder itself failed: it is taken off, and the loop goes on."""
        if self._error:
            return
        self._error = str(say("watch_failed", why=f"{type(error).__name__}: {error}"))
        log.warning("%s", self._error, exc_info=error)
        if self._recorder is not None:
            self._recorder.remove_hooks()

    def _sink(self, options: Options, taken: int, *, resumed: bool) -> tuple[Sink, int]:
        """Where it goes, and how many steps were taken before."""
        if self.path is None:
            live = Live(str(options.to), options.token, self.beginning)
            return live, taken or (live.reached() if resumed else 0)
        found = found_in(self.path) if resumed else None
        before = taken
        if found is not None and (not taken or _is_of_another(found.beginning, self.beginning)):
            before = found.step
        return RunFile(self.path, self.beginning, found), before


def _is_of_another(before: Beginning, now: Beginning) -> bool:
    """Whether a run began with another optimizer, so that this one counts fewer steps than there were."""
    told, ours = (beginning.source.get("optimizers") for beginning in (before, now))
    names = [one.get("name") for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return names != [one["name"] for one in ours or []]


def _end(reason: Reason, step: int) -> Ended:
    return Ended(reason, step, say("watched_ended", reason=str(reason), step=step))


def _plan(watched: Watched, options: Options) -> Plan:
    """What is recorded of a model: all of a small one, of a large one what is named, and the rest by layer.

    Raises:
        ValueError: If there is no parameter of a name.
    """
    params = list(options.params or ())
    if options.params is None and watched.numel <= SMALL:
        params = list(watched.named)
    if unknown := [name for name in params if name not in watched.named]:
        raise ValueError(f"the model has no parameter {unknown[0]!r}: it has {', '.join(watched.named)}")
    is_large = len(params) < len(watched.named)
    return Plan(
        [name for name in watched.named if name in params],
        {"all": "full", "norms": "norms"}[options.quantities] if is_large else None,
        options.every or (EVERY_LARGE if is_large else 1),
    )


def _landscape(model: nn.Module, options: Options, every: int) -> Landscape | None:
    """What looks around, if there is a closure; its first step is told later."""
    if options.closure is None:
        return None
    return Landscape(Passes(model, options.closure), options.around.at_records(every), is_alone=_ranks() == 1)


def _is_first_rank() -> bool:
    return _ranks() == 1 or torch.distributed.get_rank() == 0


def _ranks() -> int:
    distributed = torch.distributed
    is_several = distributed.is_available() and distributed.is_initialized()
    return distributed.get_world_size() if is_several else 1
