"""One step of the loop: the calls that the order of a run comes to, chosen once and made in turn."""

import math
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from torch import Tensor

from optiscope.engine.core.config import PhaseName
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import say
from optiscope.engine.loop.failing import OPTIMIZER_PARTS
from optiscope.engine.loop.lines import Call, Lines
from optiscope.engine.loop.recorder import Recorder
from optiscope.engine.recipe.order import is_one_with_its_loss, order_of, parts_of

if TYPE_CHECKING:
    from optiscope.engine.loop.training import Training


class Pass:
    """The step of one training, taken again and again.

    A record is of the loss that the passes of a step leave, and of what the first ``optimizer.step()`` is
    given; where there is none, of the gradients that stand at the end. It is complete before the calls of the
    scheduler that end a step.

    Args:
        training: Which takes the step.
        lines: Its lines, where they are others than those of every run.

    Attributes:
        begun: How many steps were done when this one began.

    Raises:
        ConfigError: If the order has no loss where the run needs one.
    """

    def __init__(self, training: "Training", lines: Lines | None = None) -> None:
        self.begun = 0
        self._training = training
        self._lines = lines or Lines(training)
        self._loop = training.config.loop
        self._order = order_of(self._loop)
        self._first_step = self._order.index("optimizer_step") if "optimizer_step" in self._order else None
        self._read = self._lines.read if self._loop.accumulate == 1 else self._lines.read_mean
        self._in_closure: Sequence[Call] = ()
        until, rest = self._calls_of_closure() if self._has_closure else self._calls_in_line()
        self._rest = tuple(rest)
        self._calls = (*self._preparations(), *until, *rest)

    @property
    def _has_closure(self) -> bool:
        return self._training.needs_closure and self._first_step is not None

    def take(self, recorder: Recorder) -> None:
        """Take a step."""
        self._lines.recorder = recorder
        self.begun = self._training.step
        for call in self._calls:
            call()

    def go_on(self, loss: float, recorder: Recorder) -> None:
        """Do what comes once there are gradients, of the forward pass that gave ``loss``."""
        self._lines.recorder, self._lines.value = recorder, loss
        for call in self._rest:
            call()

    def _preparations(self) -> list[Call]:
        """What comes before all lines of the loop."""
        calls = [self._lines.freeze] if self._training.config.freeze else []
        if self._loop.restart is not None:
            calls.append(self._lines.restart)
        if self._loop.drift is not None:
            calls.append(self._lines.carry_on)
        if self._training.later_groups.next_step < math.inf:
            calls.append(self._lines.add_groups)
        if self._loop.accumulate > 1:
            calls.append(self._lines.draw_several)
        elif self._training.config.batch_size is not None or self._training.problem.draw is not None:
            calls.append(self._lines.draw)
        return calls

    @property
    def _moving(self) -> list[Call]:
        """What comes right before ``optimizer.step()``."""
        return [self._lines.move_hyperparameters] if self._training.hyperparameters.scheduled else []

    def _closing(self) -> list[Call]:
        """What comes once a step is taken, before its schedule."""
        return [*([self._lines.average] if self._training.average else ()), self._lines.close]

    def _calls_in_line(self) -> tuple[list[Call], list[Call]]:
        """The calls up to where the loss is read, and the rest."""
        closes = len(self._order) - len(parts_of(self._order).schedule)
        until, rest = self._calls_of(range(closes))
        if self._loop.gradient_delay:
            rest.insert(0, self._lines.delay)
        if self._first_step is None:
            rest.append(self._lines.note)
        elif self._first_step < self._order.index("loss"):
            rest.append(self._lines.note_loss)
        return [*until, self._read], [*rest, *self._closing(), *self._made(range(closes, len(self._order)))]

    def _calls_of_closure(self) -> tuple[list[Call], list[Call]]:
        """The calls of an optimizer that evaluates the loss itself.

        What comes before its step is its closure; only the schedulers are called outside.
        """
        at, closes = self._first_step or 0, len(self._order) - len(parts_of(self._order).schedule)
        if "loss" not in self._order[:at]:
            said = say("order_of_closure", optimizer=self._training.config.optimizer.name)
            raise ConfigError.at("/loop/order", said)
        outside = [i for i in range(at) if self._order[i] == "scheduler_step"]
        until, rest = self._calls_of([i for i in range(at) if i not in outside])
        self._in_closure = (*until, *rest)
        after = [*self._closing(), *self._made(range(closes, len(self._order)))]
        return self._made(outside), [self._closure_step, *self._made(range(at + 1, closes)), *after]

    def _calls_of(self, lines: Sequence[int]) -> tuple[list[Call], list[Call]]:
        """The calls of some lines: up to where all passes are through and there is a loss, and the rest."""
        phases = [self._order[i] for i in lines]
        parts = parts_of(phases)
        begins, ends = len(parts.before), len(parts.before) + len(parts.passed)
        passes = self._made(lines[begins:ends])
        if self._loop.accumulate > 1:
            if "loss" not in parts.passed:
                raise ConfigError.at("/loop/order", say("order_of_passes"))
            passes = [partial(self._lines.accumulate, passes)]
        reads = max(ends, phases.index("loss") + 1)
        until = [*self._made(lines[:begins]), *passes, *self._made(lines[ends:reads])]
        return until, self._made(lines[reads:])

    def _made(self, lines: Iterable[int]) -> list[Call]:
        """The calls that some lines come to."""
        return [call for i in lines for call in self._made_of(i, self._order[i])]

    def _made_of(self, i: int, phase: PhaseName) -> list[Call]:
        """The calls of one line; none of what the run has not, or what another line does, too."""
        lines, loop, calls = self._lines, self._loop, list[Call]()
        match phase:
            case "zero_grad":
                calls = [lines.zero_grad_to_none if loop.set_to_none else lines.zero_grad_to_zeros]
            case "forward" if not is_one_with_its_loss(self._order, i):
                calls = [lines.forward]
            case "loss" if self._order[i - 1] != "forward" or not is_one_with_its_loss(self._order, i - 1):
                calls = [lines.compare]
            case "loss":
                calls = [lines.forward_and_loss_in_low_precision if loop.autocast else lines.forward_and_loss]
            case "backward":
                calls = [self._backward()]
            case "clip" if self._training.clip is not None:
                calls = [lines.clip_recorded if i == self._recorded_clip() else lines.clip]
            case "optimizer_step":
                noted = [lines.note] if i == self._first_step else []
                calls = [*self._moving, *noted, self._step_at(i)]
            case "scheduler_step" if self._training.lr_schedulers:
                calls = [self._schedule_of(i)]
        return calls

    def _backward(self) -> Call:
        lines, loop = self._lines, self._loop
        is_scaled = loop.accumulate > 1 and loop.scale_loss
        if self._training.keeps_graph:
            return lines.backward_scaled_with_graph if is_scaled else lines.backward_with_graph
        return lines.backward_scaled if is_scaled else lines.backward

    def _step_at(self, i: int) -> Call:
        """The call of ``optimizer.step``, with the lines before it as a closure where it makes them again."""
        match self._training.again:
            case None:
                return self._lines.optimizer_step
            case "loss":
                return self._lines.optimizer_step_by_loss
            case "gradients":
                again = [j for j in range(i) if self._order[j] not in {"optimizer_step", "scheduler_step"}]
                if "loss" not in (self._order[j] for j in again):
                    said = say("order_of_closure", optimizer=self._training.config.optimizer.name)
                    raise ConfigError.at("/loop/order", said)
                until, rest = self._calls_of(again)
                return partial(self._lines.optimizer_step_again, (*until, *rest))

    def _schedule_of(self, i: int) -> Call:
        """The call of a scheduler: at the end of a step, which is then counted, or within it."""
        if set(self._order[i:]) == {"scheduler_step"}:
            return self._lines.schedule
        is_outside = self._has_closure and i < (self._first_step or 0)
        knows = "loss" in self._order[:i] and not is_outside
        return self._lines.schedule_within_by_loss if knows else self._lines.schedule_within

    def _recorded_clip(self) -> int | None:
        """The first line that clips what the first step is given; None if nothing does."""
        given = self._order if self._first_step is None else self._order[: self._first_step]
        last = max((i for i, phase in enumerate(given) if phase == "backward"), default=-1)
        return next((i for i in range(last + 1, len(given)) if given[i] == "clip"), None)

    def _closure_step(self) -> None:
        """``optimizer.step(closure)``; the first evaluation is the one recorded."""
        lines, training = self._lines, self._training
        is_noted = False

        def closure() -> Tensor:
            nonlocal is_noted
            for call in self._in_closure:
                call()
            if not is_noted:
                self._read()
                lines.note()
                is_noted = True
            training.called = OPTIMIZER_PARTS[0]
            return lines.objective()

        for call in self._moving:
            call()
        training.called = OPTIMIZER_PARTS[0]
        (optimizer,) = training.optimizers
        optimizer.step(closure)  # type: ignore[arg-type]
