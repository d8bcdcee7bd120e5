"""One step of the loop that is watched: what each of its lines leaves, in the order in which they ran.

Torch's own hooks look on at the inputs and outputs of layers, and at the gradients that flow through them;
the lines themselves are those of every run. Nothing that is computed changes by a bit.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.hooks import RemovableHandle

from optiscope.engine.core.config import PhaseName
from optiscope.engine.lens.spectra import Iterates, iterates_of
from optiscope.engine.lens.update.moves import Moves
from optiscope.engine.lens.update.sheet import plain
from optiscope.engine.loop.block import Array
from optiscope.engine.loop.lines import Call, Lines
from optiscope.engine.loop.training import Training


@dataclass(frozen=True, slots=True)
class Event:
    """A line that has run.

    Attributes:
        phase: Which.
        values: What stood there after it, by name.
    """

    phase: PhaseName | Literal["delay"]
    values: dict[str, Any] = field(default_factory=dict)


class WatchedLines(Lines):
    """The lines of one step, each of which is noted once it has run.

    An optimizer with a closure passes some of them several times; those of its first evaluation are noted.

    Args:
        training: Which takes the step.
        until: After how many inner iterations an optimizer that makes some is to end it; None for its own.

    Attributes:
        events: In order.
        evaluations: The loss of each forward pass.
        rows: The samples of the first minibatch.
        moves: What the optimizers found.
        iterates: What Muon made of each matrix on the way, by the identity of the parameter.
    """

    def __init__(self, training: Training, until: int | None = None) -> None:
        super().__init__(training)
        self.events: list[Event] = []
        self.evaluations: list[float] = []
        self.rows: tuple[int, ...] | None = None
        self.moves = Moves(training, is_cut=until is not None)
        self.iterates: dict[int, list[Tensor]] = {}
        self._until = until
        self._is_muted = False
        self._layers: list[dict[str, Any]] = []
        self._output: Tensor | None = None
        self._handles: list[RemovableHandle] = []

    @contextmanager
    def hooked(self) -> Iterator[None]:
        """Look on while the step is trained."""
        model = self.training.model
        self._handles = [
            model.register_forward_pre_hook(self._at_forward),
            model.register_forward_hook(self._after_forward),
            *(layer.register_forward_hook(self._after_layer) for layer in model.children()),
        ]
        self._hook_closures()
        try:
            yield
        finally:
            for handle in self._handles:
                handle.remove()

    def _hook_closures(self) -> None:
        """An optimizer with a closure calls the lines itself, within its step."""
        if self.training.needs_closure:
            for optimizer in self.training.optimizers:
                self._handles.append(optimizer.register_step_pre_hook(self._before_search))
                self._handles.append(optimizer.register_step_post_hook(self._after_search))

    def _before_search(self, optimizer: Optimizer, *_: object) -> None:
        self.moves.note(optimizer)
        if self._until is not None:
            optimizer.param_groups[0]["max_iter"] = self._until

    def _after_search(self, *_: object) -> None:
        self._is_muted = False
        self._note_step()

    def _at_forward(self, _model: nn.Module, _inputs: object) -> None:
        self.moves.note_point()
        self._layers = []

    def _after_layer(self, layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        name = next(name for name, child in self.training.model.named_children() if child is layer)
        flow: dict[str, Array | None] = {"grad_input": None, "grad_output": None}
        for part, tensor in (("grad_input", inputs[0]), ("grad_output", output)):
            if tensor.requires_grad:
                tensor.register_hook(partial(_note_flow, flow, part))
        seen = {"name": name, "input": plain(inputs[0]), "output": plain(output)}
        self._layers.append(seen | {"flow": flow})

    def _after_forward(self, _model: nn.Module, _inputs: object, output: Tensor) -> None:
        self._output = output

    def _note(self, phase: PhaseName | Literal["delay"], **values: Any) -> None:
        if not self._is_muted:
            self.events.append(Event(phase, values))

    def _gradients(self) -> dict[str, Array | None]:
        named = self.training.model.named_parameters()
        return {name: None if param.grad is None else array_of(param.grad) for name, param in named}

    def _note_forward(self) -> None:
        if self._output is not None and self._layers:
            seen = [{key: layer[key] for key in ("name", "input", "output")} for layer in self._layers]
            self._note("forward", layers=seen, prediction=plain(self._output))

    def _note_loss(self) -> None:
        loss = array_of(self.loss)
        self.evaluations.append(float(loss))
        self._note("loss", loss=loss, **self._seen_besides())

    def _seen_besides(self) -> dict[str, Array]:
        """What the pass was given that is no choice of samples, and where the optimum stood."""
        training, drawn = self.training, self._rows
        seen = {} if training.drift is None else {"origin": array_of(training.drift.origin(training.step))}
        if drawn is None or training.problem.draw is None:
            return seen
        return seen | {"noise" if training.problem.kind == "function" else "drawn": array_of(drawn)}

    def _listed(self, rows: Tensor | None) -> tuple[int, ...] | None:
        return None if rows is None or self.training.problem.draw is not None else tuple(rows.tolist())

    def draw(self) -> None:
        """And remember the rows."""
        super().draw()
        self.rows = self._listed(self._rows)

    def draw_several(self) -> None:
        """And remember those of the first pass."""
        super().draw_several()
        self.rows = self._listed(self._drawn[0])

    def restart(self) -> None:
        """And look on at optimizers that are made anew."""
        super().restart()
        self._hook_closures()

    def zero_grad_to_none(self) -> None:
        """And note the gradients."""
        super().zero_grad_to_none()
        self._note("zero_grad", grads=self._gradients())

    def zero_grad_to_zeros(self) -> None:
        """And note the gradients."""
        super().zero_grad_to_zeros()
        self._note("zero_grad", grads=self._gradients())

    def forward(self) -> None:
        """And note what went through the layers."""
        super().forward()
        self._note_forward()

    def compare(self) -> None:
        """And note the loss."""
        super().compare()
        self._note_loss()

    def forward_and_loss(self) -> None:
        """And note both."""
        super().forward_and_loss()
        self._note_forward()
        self._note_loss()

    def backward(self) -> None:
        """And note the gradients."""
        super().backward()
        self._note_backward()

    def backward_with_graph(self) -> None:
        """And note the gradients."""
        super().backward_with_graph()
        self._note_backward()

    def backward_scaled_with_graph(self) -> None:
        """And note the gradients."""
        super().backward_scaled_with_graph()
        self._note_backward()

    def backward_scaled(self) -> None:
        """And note the gradients."""
        super().backward_scaled()
        self._note_backward()

    def _note_backward(self) -> None:
        flows = [
            {"name": layer["name"], **layer["flow"], "norm": _norm(layer["flow"])} for layer in self._layers
        ]
        self._note("backward", grads=self._gradients(), **({"layers": flows} if flows else {}))

    def delay(self) -> None:
        """And note the gradients that have arrived, and how many wait."""
        super().delay()
        self._note("delay", grads=self._gradients(), waiting=self.training.late.waiting)

    def clip(self) -> None:
        """And note the gradients."""
        super().clip()
        self._note("clip", grads=self._gradients())

    def clip_recorded(self) -> None:
        """And note the gradients."""
        super().clip_recorded()
        self._note("clip", grads=self._gradients())

    def note(self) -> None:
        """Record what the step is given; from here on a closure is only evaluated again."""
        super().note()
        self._is_muted = self.training.needs_closure

    def optimizer_step(self) -> None:
        """And note what it found and what it left."""
        self._note_found()
        if any(isinstance(optimizer, torch.optim.Muon) for optimizer in self.training.optimizers):
            with Iterates() as heard:
                super().optimizer_step()
            found = iterates_of(self.training.optimizers, heard)
            self.iterates = {id(param): iterates for param, iterates in found}
        else:
            super().optimizer_step()
        self._note_step()

    def optimizer_step_again(self, passes: Sequence[Call]) -> None:
        """The same of one that makes the gradients anew within its step, of which nothing is noted."""
        self._note_found()
        self._is_muted = True
        super().optimizer_step_again(passes)
        self._is_muted = False
        self._note_step()

    def optimizer_step_by_loss(self) -> None:
        """The same of one that asks for the loss."""
        self._note_found()
        super().optimizer_step_by_loss()
        self._note_step()

    def _note_found(self) -> None:
        for optimizer in self.training.optimizers:
            self.moves.note(optimizer)

    def _note_step(self) -> None:
        named = self.training.model.named_parameters()
        self._note("optimizer_step", params={name: array_of(param) for name, param in named})

    def schedule_within(self) -> None:
        """And note the rates."""
        self._note_schedule(super().schedule_within, self.training.step + 1)

    def schedule_within_by_loss(self) -> None:
        """And note the rates."""
        self._note_schedule(super().schedule_within_by_loss, self.training.step + 1)

    def schedule(self) -> None:
        """And note the rates."""
        self._note_schedule(super().schedule, self.training.step)

    def _note_schedule(self, call: Any, step: int) -> None:
        """A call that fails is noted as well: it ends the run."""
        scheduler = self.training.config.lr_scheduler
        try:
            call()
        finally:
            if scheduler is not None and step % scheduler.interval == 0:
                groups = self.training.later_groups.groups()
                self._note("scheduler_step", lr=np.array([group["lr"] for group in groups]))


def array_of(tensor: Tensor) -> Array:
    """A copy of a tensor as an array."""
    array: Array = np.asarray(plain(tensor))
    return array


def _note_flow(flow: dict[str, Array | None], part: str, grad: Tensor) -> None:
    flow[part] = array_of(grad)


def _norm(flow: Mapping[str, Array | None]) -> float | None:
    """The size of the gradient that comes to a layer."""
    grad = flow["grad_output"]
    return None if grad is None else float(np.linalg.norm(grad))
