"""``advance``: the training loop, as the PyTorch tutorial writes it, in chunks that leave no trace."""

import logging
import math
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from optiscope.engine.loop.failing import OPTIMIZER_PARTS, PROBLEM, SCHEDULED, SCHEDULER, failure
from optiscope.engine.loop.late_gradients import LateGradients
from optiscope.engine.loop.lines import precision_of
from optiscope.engine.loop.one_pass import Pass
from optiscope.engine.loop.recorder import Recorder
from optiscope.engine.recipe.batches import Batches
from optiscope.engine.recipe.clipping import build_clip
from optiscope.engine.recipe.draws import Draws
from optiscope.engine.recipe.drift import drift_of
from optiscope.engine.recipe.freezing import Freezing
from optiscope.engine.recipe.hyperparameters import HyperparameterSchedules
from optiscope.engine.recipe.lr_schedulers import Unknown, build_lr_scheduler, calling
from optiscope.engine.recipe.lr_schedulers.parts import needs_metric
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.optimizers import OPTIMIZERS, build_optimizers
from optiscope.engine.recipe.optimizers.places import LaterGroups
from optiscope.engine.recipe.order import is_cleared
from optiscope.engine.recipe.parameters import replace_parameters
from optiscope.engine.recipe.problems import build_problem

log = logging.getLogger(__name__)

_MOST_WARNINGS = 20


class Training:
    """Everything that one run needs, alive: problem, model, optimizers, schedulers and the rest.

    Attributes:
        called: The part of it that was called last, as a pointer into the config.
        calls: How the loop calls each scheduler.
        needs_closure: Whether the optimizer evaluates the loss itself.
        again: What a closure gives it once there are gradients, if it needs one.
        keeps_graph: Whether ``backward`` keeps the graph of the gradients for it.
        replaced: The parameters that the optimizers hold where the model has others, by name.
        limits: What the config is held to; one that was accepted before is held to nothing.
        torch_warnings: What torch warned of while they were made.
    """

    def __init__(self, config: RunConfig, limits: Limits = UNLIMITED) -> None:
        with listening() as heard:
            self._build(config, limits)
        self.torch_warnings = texts_of(heard)

    def _build(self, config: RunConfig, limits: Limits) -> None:
        dtype = torch.float32 if config.dtype == "float32" else torch.float64
        self.config = config
        self.limits = limits
        self.step = 0
        self.called = PROBLEM
        self.problem = build_problem(config.problem, dtype, limits)
        self.model = build_model(self.problem, config.model, dtype, limits)
        self.freezing = Freezing(self.model, config.freeze, config.steps)
        refuse_what_it_lacks(config)
        self._build_optimizers()
        self.replaced: dict[str, nn.Parameter] = replace_parameters(
            self.model, config.loop.replaced or (), "/loop/replaced"
        )
        if self.replaced:
            self.freezing = Freezing(self.model, config.freeze, config.steps)
        self.one = torch.ones((), dtype=dtype)
        self.clip = build_clip(list(self.model.parameters()), config.clip_grad)
        draw, seed = self.problem.draw, config.order_seed
        self.batches = Draws(draw, seed) if draw else Batches(self.problem.samples, config.batch_size, seed)
        info = OPTIMIZERS[config.optimizer.name]
        self.needs_closure, self.again, self.keeps_graph = info.closure, info.again, info.keeps_graph
        looks_again = self.needs_closure or self.again == "gradients"
        if looks_again and config.loop.gradient_delay:
            said = say("delay_of_closure", optimizer=config.optimizer.name)
            raise ConfigError.at("/loop/gradient_delay", said)
        self.late = LateGradients(self.model, config.loop.gradient_delay)
        self.drift = drift_of(config.loop.drift, self.problem, dtype)
        self.needs_metric = needs_metric(config.lr_scheduler) is not None
        self.average = average_of(self.model, self.optimizers, config, self.loss_of_all)
        self.one_pass = Pass(self)

    def loss_of_all(self, model: nn.Module) -> Tensor:
        """The loss of all training samples, by a model like that of the run, in the precision of its loop."""
        with precision_of(self.config.loop):
            return self.problem.loss(model, None)

    def _build_optimizers(self) -> None:
        """Make optimizers and schedulers over the parameters that the model has."""
        scheduler, limits = self.config.lr_scheduler, self.limits
        self.replaced = {}
        self.optimizers = build_optimizers(self.model, self.config.optimizer, limits=limits)
        self.later_groups = LaterGroups(self.model, self.optimizers, self.config.optimizer)
        self.hyperparameters = HyperparameterSchedules(self.optimizers, self.config, limits)
        self.optimized = self._optimized()
        self.lr_schedulers = (
            [build_lr_scheduler(o, scheduler, limits=limits) for o in self.optimizers] if scheduler else []
        )
        self.calls = [calling(made, scheduler) for made in self.lr_schedulers] if scheduler else []

    def _optimized(self) -> list[nn.Parameter]:
        """What is in a param group now."""
        return [p for o in self.optimizers for group in o.param_groups for p in group["params"]]

    def _build_optimizers_anew(self) -> None:
        """Make them in the place of others, whose own average goes with them."""
        self._build_optimizers()
        self.__dict__.pop("optimizer_steps", None)
        if self.config.average is None:
            self.average = average_of(self.model, self.optimizers, self.config, self.loss_of_all)

    @cached_property
    def optimizer_steps(self) -> list[Callable[[], Any]]:
        """``optimizer.step()`` of each optimizer, as the loop calls them."""
        return [private_torch.WAY.step_of(optimizer) for optimizer in self.optimizers]

    def recorder(self, first: int) -> Recorder:
        """What watches it from a step on."""
        rate = OPTIMIZERS[self.config.optimizer.name].own_rate
        in_groups = [rate.key] if rate and rate.in_group else []
        recorder = Recorder(self.model, self.optimizers, first, in_groups, self.average, self.replaced)
        recorder.regroup(self.later_groups.groups(), self.hyperparameters.names)
        return recorder

    def add_groups(self, step: int) -> None:
        """Add the param groups that are added after so many steps, or before."""
        self.later_groups.add_until(step)
        self.optimized = self._optimized()

    def stand_at(self, step: int) -> None:
        """Count as done so many steps, with the optimizers that there are by then."""
        self.step = step
        if self.config.loop.restart is not None and step > self.config.loop.restart.step:
            self._build_optimizers_anew()

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to where ``checkpoint`` was taken."""
        self.stand_at(checkpoint.step)
        self.model.load_state_dict(checkpoint.model)
        self.add_groups(checkpoint.step - 1)
        for optimizer, state in zip(self.optimizers, checkpoint.optimizers, strict=True):
            restore_optimizer(optimizer, state)
        for scheduler, state in zip(self.lr_schedulers, checkpoint.lr_schedulers, strict=True):
            scheduler.load_state_dict(cloned(state))
        for name, param in self.model.named_parameters():
            param.grad = checkpoint.grads[name].clone() if name in checkpoint.grads else None
        self.batches.load_state_dict(checkpoint.batches)
        self.late.load(checkpoint.late_grads)
        if self.average is not None:
            self.average.load_state_dict(checkpoint.average)

    def checkpoint(self, ended: Ended | None = None) -> Checkpoint:
        """Where the run stands now, independent of what comes after."""
        cleared = set(map(id, self.optimized)) if is_cleared(self.config.loop) else set()
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
            late_grads=self.late.state(),
        )

    def train_step(self, recorder: Recorder) -> None:
        """One pass of the loop."""
        self.one_pass.take(recorder)

    def step_on(self, loss: float, recorder: Recorder) -> None:
        """What the loop does once there are gradients, of the forward pass that gave ``loss``."""
        self.one_pass.go_on(loss, recorder)

    def release(self) -> None:
        """Take no more steps: its pass holds it, and without it all is freed as soon as nobody looks."""
        del self.one_pass

    def loss(self) -> Tensor:
        """The loss of all training samples, computed as the loop computes that of a step."""
        self.carry_on()
        return self.loss_of_all(self.model)

    def add_due_groups(self, recorder: Recorder) -> None:
        """Add the param groups whose step has come."""
        if self.step >= self.later_groups.next_step:
            self.called = OPTIMIZER_PARTS[self.later_groups.next_optimizer]
            self.add_groups(self.step)
            recorder.regroup(self.later_groups.groups(), self.hyperparameters.names)

    def carry_on(self) -> None:
        """Carry the function to where it stands in the step that follows, if its optimum moves."""
        if self.drift is not None:
            self.problem = self.drift.problem_at(self.step)

    def move_hyperparameters(self) -> None:
        """Give the param groups what a script would set by hand before ``optimizer.step()``."""
        self.called = SCHEDULED
        self.hyperparameters.apply(self.step)

    def restart(self, recorder: Recorder) -> None:
        """Begin again from the model, where the step for it has come: what is not restored is made anew."""
        restart = self.config.loop.restart
        if restart is None or restart.step != self.step:
            return
        optimizers = [optimizer.state_dict() for optimizer in self.optimizers]
        lr_schedulers = [scheduler.state_dict() for scheduler in self.lr_schedulers]
        for param in self.model.parameters():
            param.grad = None
        self.late.clear()
        self._build_optimizers_anew()
        self.add_groups(self.step - 1)
        if restart.optimizer:
            for optimizer, state in zip(self.optimizers, optimizers, strict=True):
                optimizer.load_state_dict(cloned(state))
        if restart.lr_scheduler:
            for scheduler, scheduled in zip(self.lr_schedulers, lr_schedulers, strict=True):
                scheduler.load_state_dict(cloned(scheduled))
        recorder.watch(self.optimizers, self.average)
        recorder.regroup(self.later_groups.groups(), self.hyperparameters.names)

    def schedule(self, step: int, loss: float | Unknown | None = None) -> None:
        """Call the schedulers, if a step is one that they are called at."""
        scheduler = self.config.lr_scheduler
        if scheduler is None or step % scheduler.interval:
            return
        self.called = SCHEDULER
        for call in self.calls:
            call(step // scheduler.interval - 1, loss)


def refuse_what_it_lacks(config: RunConfig) -> None:
    """Refuse a precision, or a schedule, that the optimizer of a run has nothing for.

    Raises:
        ConfigError: Naming the field.
    """
    info = OPTIMIZERS.get(config.optimizer.name)
    if info is None:
        return
    if info.float32_only and config.dtype != "float32":
        raise ConfigError.at("/dtype", say("float32_only", optimizer=info.name, value=config.dtype))
    if config.lr_scheduler is not None and not info.takes("lr") and info.unavailable is None:
        raise ConfigError.at("/lr_scheduler", say("no_rate_to_schedule", optimizer=info.name))


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
    with listening() as heard:
        training, blocks, ended = _advance(config, checkpoint, steps, until)
        bad = first_non_finite(blocks)
        last = training.step if bad is None else bad
        in_a_step = ended is not None and ended.reason is Reason.FAILED and ended.said.params["step"] != last
        if last < training.step or in_a_step:
            training, blocks, _ = _advance(config, checkpoint, last - begun)
        if bad is not None:
            ended = _diverged(blocks[-1], bad)
        after = training.checkpoint(measured(training, ended))
    said = texts_of(heard, checkpoint.torch_warnings if checkpoint is not None else ())
    return blocks, replace(after, torch_warnings=said) if said else after


def _advance(
    config: RunConfig, checkpoint: Checkpoint | None, steps: int, until: float = math.inf
) -> tuple[Training, list[Block], Ended | None]:
    """Take the steps; the run, what it recorded, and its end, if it failed or no step is left."""
    with quiet():
        training, recorder = begin(config, checkpoint)
    ended = taken(training, recorder, min(training.step + steps, config.steps), until)
    training.release()
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
            recorder.initial(training.loss())
        except Exception as error:
            raise ConfigError.at(PROBLEM, failure(config, PROBLEM, 0, error)) from error
    return training, recorder


def _failed(training: Training, error: Exception) -> Ended:
    """The end of a run by an error; a step after which only the schedule could not go on has its record."""
    said = failure(training.config, training.called, training.one_pass.begun + 1, error)
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
            loss = training.loss().item()
    except Exception:  # noqa: BLE001 - a function of another package, which may be what the run failed by
        return ended
    return replace(ended, end_loss=loss)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep torch's warnings off the worker's stderr: the linter tells them to the one who asked."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def listening() -> Iterator[list[warnings.WarningMessage]]:
    """Note torch's warnings, each text once, however often the process has heard it before."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("default")  # entering makes Python forget what it has shown
        yield heard


def texts_of(heard: Iterable[warnings.WarningMessage], before: Sequence[str] = ()) -> tuple[str, ...]:
    """What was said, each text once, behind what was said before; some are enough."""
    return tuple(dict.fromkeys([*before, *(str(warning.message) for warning in heard)]))[:_MOST_WARNINGS]


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
