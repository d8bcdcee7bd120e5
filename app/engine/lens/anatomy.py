"""One step taken apart: what each line of the training loop did, phase by phase, and the update line by line.

The step is trained by the same ``Training`` that trains whole runs. Torch's own
hooks look on: at the inputs and outputs of layers, and at each ``.grad`` as backward fills it. They change no
bit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from torch import Tensor, nn
from torch.optim import Optimizer

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.lens.update.moves import Moves, Update
from optiscope.engine.loop.block import Array, Block
from optiscope.engine.loop.checkpoint import Checkpoint, Ended
from optiscope.engine.loop.training import Training, quiet, restored, taken
from optiscope.engine.recipe.lr_schedulers import call_text
from optiscope.engine.recipe.parameters import resolve_names
from optiscope.engine.recipe.problems.functions import FunctionProblem

Values = Mapping[str, Any]
"""Arrays by name, nested as in a record."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One line of the loop.

    Attributes:
        name: ``zero_grad``, ``forward``, ``loss``, ``backward``, ``clip``, ``optimizer_step`` or
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
        rows: [batch_size] the samples of its minibatch; None for all of them, or for a test function.
        evaluations: [n] the loss of each forward pass; an optimizer with a closure makes several, and the
            phases show the first.
        phases: In order.
        updates: What ``optimizer.step()`` did to each parameter, line by line.
    """

    step: int
    frozen: tuple[str, ...]
    rows: tuple[int, ...] | None
    evaluations: tuple[float, ...]
    phases: tuple[Phase, ...]
    updates: tuple[Update, ...]


def anatomy(
    config: RunConfig,
    checkpoint: Checkpoint | None,
    parameters: Sequence[str] | None = None,
    limits: Limits = UNLIMITED,
) -> Anatomy:
    """The step that follows ``checkpoint``; None is the first one.

    Args:
        config: Of the run.
        checkpoint: Where it stood.
        parameters: Layers or parameters whose updates are told; all of them, unless given.
        limits: Bound the numbers of updates.

    Raises:
        ConfigError: If ``config`` cannot be run, or the step cannot be taken.
    """
    with quiet():
        training = restored(config, checkpoint)
        watch = _Watch(training, parameters)
        recorder = training.recorder(training.step + 1)
        with watch.hooked():
            watch.ended = taken(training, recorder, training.step + 1)
    if not (blocks := recorder.blocks()):
        assert watch.ended is not None  # noqa: S101 - that is why there is no record
        raise ConfigError.at("/step", watch.ended.said)
    return watch.anatomy(blocks[0], limits)


class _Watch:
    """Notes what lies between the beginning and the end of one step.

    Attributes:
        ended: The end of the run, if the step came to it by an error.
    """

    def __init__(self, training: Training, parameters: Sequence[str] | None) -> None:
        self.ended: Ended | None = None
        self._training = training
        self._model = training.model
        self._moves = Moves(training)
        self._rows_drawn = _next_rows(training)
        names = [name for name, _ in self._model.named_parameters()]
        self._told = names if parameters is None else resolve_names(parameters, names, "/parameters")
        self._before = {name: _array(param) for name, param in self._model.named_parameters()}
        self._cleared: dict[str, Array | None] = {}
        self._filled: dict[str, Array | None] = {}
        self._layers: list[dict[str, Any]] = []
        self._flows: dict[str, dict[str, Array | None]] = {}
        self._outputs: list[Tensor] = []

    @contextmanager
    def hooked(self) -> Iterator[None]:
        """Look on while the step is trained."""
        model, training = self._model, self._training
        training.optimizer_steps = [
            self._noting(*pair) for pair in zip(training.optimizers, training.optimizer_steps, strict=True)
        ]
        handles = [
            *(
                optimizer.register_step_pre_hook(lambda stepped, *_: self._moves.note(stepped))
                for optimizer in (training.optimizers if training.needs_closure else ())
            ),
            model.register_forward_pre_hook(self._at_forward),
            model.register_forward_hook(self._after_forward),
            *(layer.register_forward_hook(self._after_layer) for layer in model.children()),
            *(
                param.register_post_accumulate_grad_hook(self._after_accumulation)
                for param in model.parameters()
                if param.requires_grad
            ),
        ]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _noting(self, optimizer: Optimizer, step: Callable[[], Any]) -> Callable[[], Any]:
        """A step of an optimizer, before which is noted what it finds."""

        def noted() -> Any:
            self._moves.note(optimizer)
            return step()

        return noted

    def _at_forward(self, _model: nn.Module, _inputs: object) -> None:
        self._moves.note_point()
        if not self._outputs:
            self._cleared = self._gradients()

    def _after_layer(self, layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        if not self._outputs:
            name = next(name for name, child in self._model.named_children() if child is layer)
            self._layers.append({"name": name, "input": _array(inputs[0]), "output": _array(output)})
            flow = self._flows[name] = {"grad_input": None, "grad_output": None}
            for part, tensor in (("grad_input", inputs[0]), ("grad_output", output)):
                if tensor.requires_grad:
                    tensor.register_hook(partial(_note, flow, part))

    def _after_forward(self, _model: nn.Module, _inputs: object, output: Tensor) -> None:
        self._outputs.append(output.detach().clone())

    def _after_accumulation(self, _param: Tensor) -> None:
        if len(self._outputs) == 1:
            self._filled = self._gradients()

    def _gradients(self) -> dict[str, Array | None]:
        named = self._model.named_parameters()
        return {name: None if param.grad is None else _array(param.grad) for name, param in named}

    def anatomy(self, block: Block, limits: Limits) -> Anatomy:
        """What was seen, with the only record of ``block``."""
        rows, frozen = self._rows_drawn, self._training.freezing.frozen(block.first - 1)
        return Anatomy(
            step=block.first,
            frozen=tuple(name for name in self._before if name in frozen),
            rows=None if rows is None else tuple(rows.tolist()),
            evaluations=tuple(self._evaluated(output) for output in self._outputs),
            phases=tuple(self._phases(block)),
            updates=tuple(self._moves.updates(self._told, limits.max_anatomy_values)),
        )

    def _evaluated(self, output: Tensor) -> float:
        """The loss of one forward pass, by the same call that made it."""
        problem, rows = self._training.problem, self._rows_drawn
        if isinstance(problem, FunctionProblem):
            return float(problem.info.function(output))
        return float(problem.info.loss.function(output, problem.y if rows is None else problem.y[rows]))

    def _phases(self, block: Block) -> Iterator[Phase]:
        first = self._training.config.loop.scheduler_first
        if first:
            yield from self._scheduler_step(block.lr[0])
        yield from self._backward(block)
        yield from self._clip(block)
        yield self._optimizer_step(block)
        if not first:
            yield from self._scheduler_step(self._lr())

    def _backward(self, block: Block) -> Iterator[Phase]:
        loop, problem = self._training.config.loop, self._training.problem
        if loop.zero_grad:
            argument = "" if loop.set_to_none else "set_to_none=False"
            yield Phase("zero_grad", f"optimizer.zero_grad({argument})", {"grads": self._cleared})
        if isinstance(problem, FunctionProblem):
            code = f"loss = {problem.name.replace('-', '_')}(xy)"
        else:
            prediction = {"layers": self._layers, "prediction": _array(self._outputs[0])}
            yield Phase("forward", "prediction = model(x)", prediction)
            code = f"loss = {problem.info.loss.name}(prediction, y)"
        yield Phase("loss", code, {"loss": _first(block.loss)})
        filled = {"grads": self._filled, "grad_norm": _first(block.grad_norm)}
        flows = [{"name": name, **flow, "norm": _norm(flow)} for name, flow in self._flows.items()]
        yield Phase("backward", "loss.backward()", filled | ({"layers": flows} if flows else {}))

    def _clip(self, block: Block) -> Iterator[Phase]:
        clip = self._training.config.clip_grad
        if clip is None:
            return
        bounds = clip.model_dump(exclude={"name"})
        written = ", ".join(f"{name}={value!r}" for name, value in bounds.items())
        code = f"torch.nn.utils.{clip.name}(model.parameters(), {written})"
        norm = block.optional.get("clipped_grad_norm")
        values = {"grads": _record(block.grads), "clipped_grad_norm": _first(norm)}
        yield Phase("clip", code, values)

    def _optimizer_step(self, block: Block) -> Phase:
        params = _record(block.params)
        values = {
            "lr": block.lr[0],
            "momentum": _first(block.momentum),
            "update": {name: after - self._before[name] for name, after in params.items()},
            "params": params,
            "state": {name: _record(keys) for name, keys in block.state.items()},
        }
        argument = "closure" if self._training.needs_closure else ""
        return Phase("optimizer_step", f"optimizer.step({argument})", values)

    def _lr(self) -> Array:
        return np.array([group["lr"] for group in self._training.later_groups.groups()])

    def _scheduler_step(self, lr: Array) -> Iterator[Phase]:
        scheduler = self._training.config.lr_scheduler
        if scheduler is not None and self._training.step % scheduler.interval == 0:
            code = call_text(scheduler, self._training.step // scheduler.interval - 1)
            failed = {"failed": self.ended.said.document()} if self.ended else {}
            yield Phase("scheduler_step", code, {"lr": lr, **failed})


def _next_rows(training: Training) -> Tensor | None:
    """The rows of the minibatch that the next step draws, which is left to draw them."""
    before = training.batches.state_dict()
    rows = training.batches.next()
    training.batches.load_state_dict(before)
    return rows


def _array(tensor: Tensor) -> Array:
    return tensor.detach().clone().numpy()


def _note(flow: dict[str, Array | None], part: str, grad: Tensor) -> None:
    flow[part] = _array(grad)


def _norm(flow: Mapping[str, Array | None]) -> float | None:
    """The size of the gradient that comes to a layer."""
    grad = flow["grad_output"]
    return None if grad is None else float(np.linalg.norm(grad))


def _record(columns: Mapping[str, Any] | None) -> dict[str, Any]:
    """The only record of some columns."""
    return {name: _first(values) for name, values in (columns or {}).items()}


def _first(values: Any) -> Any:
    return None if values is None else np.asarray(values[0])
