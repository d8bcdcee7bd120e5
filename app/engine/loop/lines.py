"""The lines of the training loop, each as a call: what they do to a run that is alive."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from optiscope.engine.core.config import LoopConfig, RunConfig
from optiscope.engine.loop import private_torch
from optiscope.engine.loop.failing import CLIPPING, FREEZING, OPTIMIZER_PARTS, ORDER, PROBLEM
from optiscope.engine.loop.recorder import Recorder
from optiscope.engine.recipe.lr_schedulers import Unknown

if TYPE_CHECKING:
    from optiscope.engine.loop.training import Training

Call = Callable[[], None]


class Lines:
    """The lines of one step of one training, and what they leave for each other.

    Attributes:
        recorder: What watches the step.
        loss: Of the last forward pass.
        losses: Of each pass of an accumulated step.
        value: The loss that is recorded; NaN before it is known.
        norm: 2-norm of the gradients before they were clipped; None if nothing clips them before the step.
    """

    recorder: Recorder
    loss: Tensor

    def __init__(self, training: "Training") -> None:
        self.training = training
        self.losses: list[Tensor] = []
        self.value = float("nan")
        self.norm: Tensor | None = None
        self._loop = training.config.loop
        self._drawn: list[Tensor | None] = []
        self._rows: Tensor | None = None
        self._prediction: Tensor
        self._blamed = _blamed(training.config)
        self._no_grad = torch.no_grad()  # to make one takes as long as to enter it

    def freeze(self) -> None:
        """Freeze and thaw what the rules say."""
        self.training.freezing.apply(self.training.step)

    def restart(self) -> None:
        """Begin again from the model, at the step for which that is asked."""
        self.training.restart(self.recorder)

    def add_groups(self) -> None:
        """``optimizer.add_param_group(…)``, at the steps for which that is asked."""
        self.training.add_due_groups(self.recorder)

    def move_hyperparameters(self) -> None:
        """What a script sets in the param groups by hand."""
        self.training.move_hyperparameters()

    def carry_on(self) -> None:
        """Carry the function on, whose optimum moves."""
        self.training.carry_on()

    def delay(self) -> None:
        """Give the parameters the gradients that arrive now, and keep those that were just computed."""
        self.training.late.exchange()

    def draw(self) -> None:
        """``rows = next(batches)``."""
        self._rows = self.training.batches.next()

    def draw_several(self) -> None:
        """The rows of each pass of an accumulated step."""
        self._drawn = [self.training.batches.next() for _ in range(self._loop.accumulate)]

    def accumulate(self, passes: Sequence[Call]) -> None:
        """``for rows in …``: the passes of an accumulated step."""
        self.losses = []
        for rows in self._drawn:
            self._rows = rows
            for call in passes:
                call()
            self.losses.append(self.loss.detach())

    def zero_grad_to_none(self) -> None:
        """All that ``optimizer.zero_grad()`` does, without its profiler's range, which costs more."""
        for param in self.training.optimized:
            param.grad = None

    def zero_grad_to_zeros(self) -> None:
        """``optimizer.zero_grad(set_to_none=False)``."""
        for optimizer in self.training.optimizers:
            optimizer.zero_grad(set_to_none=False)

    def forward(self) -> None:
        """``prediction = model(x)``."""
        training = self.training
        training.called = PROBLEM
        with precision_of(self._loop):
            self._prediction = training.problem.predict(training.model, self._rows)

    def compare(self) -> None:
        """``loss = loss_fn(prediction, y)``."""
        training = self.training
        training.called = PROBLEM
        with precision_of(self._loop):
            self.loss = training.problem.compare(self._prediction, self._rows)

    def forward_and_loss(self) -> None:
        """``loss = loss_fn(model(x), y)``."""
        training = self.training
        training.called = PROBLEM
        self.loss = training.problem.loss(training.model, self._rows)

    def forward_and_loss_in_low_precision(self) -> None:
        """The same under ``torch.autocast``."""
        with precision_of(self._loop):
            self.forward_and_loss()

    def backward(self) -> None:
        """``loss.backward()``."""
        self.training.called = self._blamed
        private_torch.WAY.backward(self.loss, self.training.one)

    def backward_scaled(self) -> None:
        """``(loss / accumulate).backward()``."""
        self.training.called = self._blamed
        private_torch.WAY.backward(self.loss / self._loop.accumulate, self.training.one)

    def backward_with_graph(self) -> None:
        """``loss.backward(create_graph=True)``."""
        self.training.called = self._blamed
        self.loss.backward(create_graph=True)

    def backward_scaled_with_graph(self) -> None:
        """``(loss / accumulate).backward(create_graph=True)``."""
        self.training.called = self._blamed
        (self.loss / self._loop.accumulate).backward(create_graph=True)

    def clip(self) -> None:
        """Clip the gradients; the norm before that is not what is recorded."""
        training = self.training
        training.called = CLIPPING
        if training.clip is not None:
            training.clip()

    def clip_recorded(self) -> None:
        """Clip the gradients that the step is given."""
        training = self.training
        training.called = CLIPPING
        self.norm = training.clip() if training.clip is not None else None

    def optimizer_step(self) -> None:
        """``optimizer.step()`` of each optimizer."""
        training = self.training
        with self._no_grad:
            for part, optimizer_step in zip(OPTIMIZER_PARTS, training.optimizer_steps, strict=False):
                training.called = part
                optimizer_step()

    def optimizer_step_again(self, passes: Sequence[Call]) -> None:
        """``optimizer.step(closure)``, which makes the gradients anew by some calls within its step."""
        training, value, norm = self.training, self.value, self.norm

        def closure() -> Tensor:
            for call in passes:
                call()
            training.called = OPTIMIZER_PARTS[0]
            return self.objective()

        training.called = OPTIMIZER_PARTS[0]
        (optimizer,) = training.optimizers
        optimizer.step(closure)  # type: ignore[arg-type] # a closure may return a tensor
        self.value, self.norm = value, norm

    def optimizer_step_by_loss(self) -> None:
        """``optimizer.step(lambda: loss.item())``."""
        training = self.training
        training.called = OPTIMIZER_PARTS[0]
        (optimizer,) = training.optimizers
        optimizer.step(lambda: self.value)

    def schedule_within(self) -> None:
        """``scheduler.step()`` of the step that is being taken, which may know no loss yet."""
        self.training.schedule(self.training.step + 1, Unknown.LOSS)

    def schedule_within_by_loss(self) -> None:
        """``scheduler.step(loss)`` of the step that is being taken."""
        self.training.schedule(self.training.step + 1, self.value)

    def schedule(self) -> None:
        """``scheduler.step()`` of the step that was taken."""
        self.training.schedule(self.training.step, self.value)

    def read(self) -> None:
        """``loss.item()``."""
        self.value = self.loss.item()

    def read_mean(self) -> None:
        """The mean of the passes of an accumulated step."""
        self.value = torch.stack(self.losses).mean().item()

    def objective(self) -> Tensor:
        """What the passes of a step minimise together."""
        if self._loop.accumulate == 1:
            return self.loss
        losses = torch.stack(self.losses)
        return losses.mean() if self._loop.scale_loss else losses.sum()

    def note(self) -> None:
        """Record what the step is given."""
        self.recorder.before_step(self.value, self.norm)

    def note_loss(self) -> None:
        """Record a loss that is computed only after the step."""
        self.recorder.loss_of_step(self.value)

    def average(self) -> None:
        """Let what is averaged follow the step."""
        training = self.training
        training.called = PROBLEM
        if training.average is not None:
            training.average.update(training.step + 1)

    def close(self) -> None:
        """Record what the step has left."""
        self.recorder.after_step()
        self.training.step += 1


def precision_of(loop: LoopConfig) -> AbstractContextManager[object]:
    """What a forward pass and its loss are computed under."""
    return torch.autocast("cpu", torch.bfloat16) if loop.autocast else nullcontext()


def _blamed(config: RunConfig) -> str:
    """The part of a config that a failing ``backward()`` is told of."""
    if config.loop.order is not None:
        return ORDER
    return FREEZING if any(rule.by != "requires_grad" for rule in config.freeze) else PROBLEM
