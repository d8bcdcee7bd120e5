"""``advance``: the training loop, as the PyTorch tutorial writes it, in chunks that leave no trace."""

import logging
import math
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.tree import cloned
from optiscope.engine.core.words import say
from optiscope.engine.loop import private_torch
from optiscope.engine.loop.averages import average_of
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint, Ended, Reason, restore_optimizer
from optiscope.engine.loop.failing import CLIPPING, OPTIMIZER_PARTS, PROBLEM, SCHEDULER, failure
from optiscope.engine.loop.recorder import Recorder
from optiscope.engine.recipe.batches import Batches
from optiscope.engine.recipe.clipping import build_clip
from optiscope.engine.recipe.freezing import Freezing
from optiscope.engine.recipe.lr_schedulers import build_lr_scheduler, calling
from optiscope.engine.recipe.lr_schedulers.parts import needs_metric
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.optimizers import OPTIMIZERS, build_optimizers
from optiscope.engine.recipe.problems import build_problem

log = logging.getLogger(__name__)


class Training:
    """Everything that one run needs, alive: problem, model, optimizers, schedulers and the rest.

    Attributes:
        called: The part of it that was called last, as a pointer into the config.
        calls: How the loop calls each scheduler.
        limits: What the config is held to; one that was accepted before is held to nothing.
        torch_warnings: What torch warned of while they were made.
    """

    def __init__(self, config: RunConfig, limits: Limits = UNLIMITED) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self._build(config, limits)
        self.torch_warnings = tuple(dict.fromkeys(str(warning.message) for warning in caught))

    def _build(self, config: RunConfig, limits: Limits) -> None:
        dtype = torch.float32 if config.dtype == "float32" else torch.float64
        self.config = config
        self.limits = limits
        self.step = 0
        self.called = PROBLEM
        self.problem = build_problem(config.problem, dtype, limits)
        self.model = build_model(self.problem, config.model, dtype, limits)
        self.freezing = Freezing(self.model, config.freeze, config.steps)
        self.optimizers = build_optimizers(self.model, config.optimizer, limits=limits)
        self.optimized = [p for o in self.optimizers for group in o.param_groups for p in group["params"]]
        scheduler = config.lr_scheduler
        self.lr_schedulers = (
            [build_lr_scheduler(o, scheduler, limits=limits) for o in self.optimizers] if scheduler else []
        )
        self.calls = [calling(made, scheduler) for made in self.lr_schedulers] if scheduler else []
        self._one = torch.ones((), dtype=dtype)
        self.clip = build_clip(list(self.model.parameters()), config.clip_grad)
        self.batches = Batches(self.problem.samples, config.batch_size, config.order_seed)
        self.needs_closure = OPTIMIZERS[config.optimizer.name].closure
        waiting = needs_metric(scheduler)
        self.needs_metric = waiting is not None
        if waiting and config.loop.scheduler_first:
            said = say("scheduler_first_without_loss", scheduler=waiting.name)
            raise ConfigError.at("/loop/scheduler_first", said)
        self.average = average_of(self.model, self.optimizers, config, self.loss_of_all)

    def loss_of_all(self, model: nn.Module) -> Tensor:
        """The loss of all training samples, by a model like that of the run."""
        return self.problem.loss(model, None)

    @cached_property
    def optimizer_steps(self) -> list[Callable[[], Any]]:
        """``optimizer.step()`` of each optimizer, as the loop calls them."""
        return [private_torch.WAY.step_of(optimizer) for optimizer in self.optimizers]

    def recorder(self, first: int) -> Recorder:
        """What watches it from a step on."""
        rate = OPTIMIZERS[self.config.optimizer.name].own_rate
        in_groups = [rate.key] if rate and rate.in_group else []
        return Recorder(self.model, self.optimizers, first, in_groups, self.average)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to where ``checkpoint`` was taken."""
        self.step = checkpoint.step
        self.model.load_state_dict(checkpoint.model)
        for optimizer, state in zip(self.optimizers, checkpoint.optimizers, strict=True):
            restore_optimizer(optimizer, state)
        for scheduler, state in zip(self.lr_schedulers, checkpoint.lr_schedulers, strict=True):
            scheduler.load_state_dict(cloned(state))
        for name, param in self.model.named_parameters():
            param.grad = checkpoint.grads[name].clone() if name in checkpoint.grads else None
        self.batches.load_state_dict(checkpoint.batches)
        if self.average is not None:
            self.average.load_state_dict(checkpoint.average)

    def checkpoint(self, ended: Ended | None = None) -> Checkpoint:
        """Where the run stands now, independent of what comes after."""
        loop = self.config.loop
        cleared = set(map(id, self.optimized)) if loop.zero_grad and loop.set_to_none else set()
        grads = {
            n: p.grad for n, p in self.model.named_parameters() if id(p) not in cleared and p.grad is not None
        }
        return Checkpoint(
            step=self.step,
            model=cloned(dict(self.model.state_dict())),
            optimizers=[cloned(optimizer.state_dict()) for optimizer in self.optimizers],
            lr_schedulers=[cloned(scheduler.state_dict()) for scheduler in self.lr_schedulers],
            grads=cloned(grads),
            batches=cloned(self.batches.state_dict()),
            ended=ended,
            average=cloned(self.average.state_dict()) if self.average is not None else None,
        )

    def train_step(self, recorder: Recorder) -> None:
        """One pass of the loop."""
        self.freezing.apply(self.step)
        rows = self.batches.next()
        if self.config.loop.scheduler_first:
            self.schedule(self.step + 1)
        if self.needs_closure:
            self._note_step(recorder, self._closure_step(rows, recorder))
        else:
            self._zero_grad()
            self.called = PROBLEM
            loss = self.problem.loss(self.model, rows)
            private_torch.WAY.backward(loss, self._one)
            self.step_on(loss.item(), recorder)

    def step_on(self, loss: float, recorder: Recorder) -> None:
        """What the loop does once there are gradients, of the forward pass that gave ``loss``."""
        norm = self._clipped()
        recorder.before_step(loss, norm)
        with torch.no_grad():
            for part, optimizer_step in zip(OPTIMIZER_PARTS, self.optimizer_steps, strict=False):
                self.called = part
                optimizer_step()
        self._note_step(recorder, loss)

    def _note_step(self, recorder: Recorder, loss: float) -> None:
        if self.average is not None:
            self.called = PROBLEM
            self.average.update(self.step + 1)
        recorder.after_step()
        self.step += 1
        if not self.config.loop.scheduler_first:
            self.schedule(self.step, loss)

    def _closure_step(self, rows: Tensor | None, recorder: Recorder) -> float:
        """A step of an optimizer that evaluates the loss itself; the first evaluation is the one recorded."""
        evaluations: list[float] = []
        (optimizer,) = self.optimizers

        def closure() -> Tensor:
            self._zero_grad()
            self.called = PROBLEM
            loss = self.problem.loss(self.model, rows)
            loss.backward()
            norm = self._clipped()
            if not evaluations:
                evaluations.append(loss.item())
                recorder.before_step(evaluations[0], norm)
            self.called = OPTIMIZER_PARTS[0]
            return loss

        self.called = OPTIMIZER_PARTS[0]
        optimizer.step(closure)  # type: ignore[arg-type]
        return evaluations[0]

    def _clipped(self) -> Tensor | None:
        """Clip the gradients; their norm before that, None where nothing clips."""
        if self.clip is None:
            return None
        self.called = CLIPPING
        return self.clip()

    def _zero_grad(self) -> None:
        loop = self.config.loop
        if not loop.zero_grad:
            return
        if (
            loop.set_to_none
        ):  # all that optimizer.zero_grad() does, without its profiler's range, which costs more
            for param in self.optimized:
                param.grad = None
        else:
            for optimizer in self.optimizers:
                optimizer.zero_grad(set_to_none=False)

    def schedule(self, step: int, loss: float | None = None) -> None:
        """Call the schedulers, if a step is one that they are called at."""
        scheduler = self.config.lr_scheduler
        if scheduler is None or step % scheduler.interval:
            return
        self.called = SCHEDULER
        for call in self.calls:
            call(step // scheduler.interval - 1, loss)


def advance(
    config: RunConfig, checkpoint: Checkpoint | None, steps: int, seconds: float = math.inf
) -> tuple[list[Block], Checkpoint]:
    """Train a run some steps further, recording every one.

    Args:
        config: The run.
        checkpoint: Where it stands; None to begin it, which also records step 0.
        steps: How many steps to go at most; it never goes beyond ``config.steps``.
        seconds: When to stop before that: after the step, but for the first, at which they have passed.

    Returns:
        What was recorded, and where the run stands. Chunks of any size give the same records, bit for bit.
        ``ended`` of the checkpoint says that the run is over: completed, diverged or failed.

    Raises:
        ConfigError: If ``config`` cannot be run.
    """
    if checkpoint is not None and checkpoint.ended is not None:
        return [], checkpoint
    begun = checkpoint.step if checkpoint is not None else 0
    until = time.perf_counter() + seconds
    training, blocks, ended = _advance(config, checkpoint, steps, until)
    bad = first_non_finite(blocks)
    last = training.step if bad is None else bad
    in_a_step = ended is not None and ended.reason is Reason.FAILED and ended.said.params["step"] != last
    if last < training.step or in_a_step:
        training, blocks, _ = _advance(config, checkpoint, last - begun)
    if bad is not None:
        ended = _diverged(blocks[-1], bad)
    return blocks, training.checkpoint(measured(training, ended))


def _advance(
    config: RunConfig, checkpoint: Checkpoint | None, steps: int, until: float = math.inf
) -> tuple[Training, list[Block], Ended | None]:
    """Take the steps; the run, what it recorded, and its end, if it failed or no step is left."""
    with quiet():
        training, recorder = begin(config, checkpoint)
        ended = taken(training, recorder, min(training.step + steps, config.steps), until)
    return training, recorder.blocks(), ended or completion(training)


def taken(training: Training, recorder: Recorder, last: int, until: float = math.inf) -> Ended | None:
    """Take steps up to ``last``, or until a time is past; the end of the run, if one raises an error."""
    try:
        while training.step < last:
            training.train_step(recorder)
            if time.perf_counter() >= until:
                break
    except Exception as error:  # noqa: BLE001 - whatever an optimizer raises, of torch or not, ends the run
        return _failed(training, error)
    return None


def restored(config: RunConfig, checkpoint: Checkpoint | None) -> Training:
    """A run where ``checkpoint`` left it, or where it begins."""
    training = Training(config)
    if checkpoint is not None:
        training.restore(checkpoint)
    training.freezing.apply(training.step, resumed=True)
    return training


def begin(config: RunConfig, checkpoint: Checkpoint | None) -> tuple[Training, Recorder]:
    """A run that stands there, and a recorder that watches it and, at the beginning, has record 0.

    Raises:
        ConfigError: If the run cannot even begin.
    """
    training = restored(config, checkpoint)
    recorder = training.recorder(checkpoint.step + 1 if checkpoint else 0)
    if checkpoint is None:
        try:
            recorder.initial(training.problem.loss(training.model, None))
        except Exception as error:
            raise ConfigError.at(PROBLEM, failure(config, PROBLEM, 0, error)) from error
    return training, recorder


def _failed(training: Training, error: Exception) -> Ended:
    """The end of a run by an error; a step after which only the schedule could not go on has its record."""
    is_recorded = training.called == SCHEDULER and not training.config.loop.scheduler_first
    said = failure(training.config, training.called, training.step + (not is_recorded), error)
    log.info("%s", said, exc_info=error)
    return Ended(Reason.FAILED, training.step, said)


def completed(step: int) -> Ended:
    """The end of a run that has taken all its steps."""
    return Ended(Reason.COMPLETED, step, say("completed", count=step))


def completion(training: Training) -> Ended | None:
    """The end of a run that has taken all its steps; None of one that has not."""
    return completed(training.step) if training.step >= training.config.steps else None


def measured(training: Training, ended: Ended | None) -> Ended | None:
    """An end with the loss of all training samples where the run stands: one forward pass."""
    if ended is None or ended.reason is Reason.DIVERGED:
        return ended and replace(ended, end_loss=math.nan)
    try:
        with torch.no_grad():
            loss = training.problem.loss(training.model, None).item()
    except Exception:  # noqa: BLE001 - a function of another package, which may be what the run failed by
        return ended
    return replace(ended, end_loss=loss)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep torch's warnings off the worker's stderr: the linter tells them to the one who asked."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def first_non_finite(blocks: list[Block]) -> int | None:
    """The first step at which a parameter is not finite or the loss is not a number."""
    for block in blocks:
        good = ~np.isnan(block.loss)
        for values in block.params.values():
            good &= np.isfinite(values).reshape(len(block), -1).all(axis=1)
        if not good.all():
            return block.steps[int(np.argmin(good))]
    return None


def _diverged(block: Block, step: int) -> Ended:
    if np.isnan(block.loss[-1]):
        return Ended(Reason.DIVERGED, step, say("diverged_loss", step=step))
    bad = next(name for name, values in block.params.items() if not np.isfinite(values[-1]).all())
    return Ended(Reason.DIVERGED, step, say("diverged_parameter", step=step, parameter=bad))
