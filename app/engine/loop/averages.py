"""What is recorded beside the parameters: an average of them, and the loss of all samples there.

That of a run with ``average`` is torch's ``AveragedModel``. An optimizer that averages by itself, as a
schedule-free one does, has a point of its own for evaluation, which its ``eval()`` shows.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.swa_utils import AveragedModel, get_swa_avg_fn

from optiscope.engine.core.config import Averaging, EMAConfig, RunConfig
from optiscope.engine.recipe.averaging import build_average, is_averaged
from optiscope.engine.recipe.optimizers import OPTIMIZERS

Measure = Callable[[nn.Module], Tensor]
"""The loss of all samples, by a model."""


class Average(Protocol):
    """A second point that goes along with a run.

    Attributes:
        tensors: Its parameters, in the order of the model's; they are changed in place.
    """

    tensors: list[Tensor]

    @property
    def loss(self) -> float:
        """The loss of all samples there."""

    def update(self, step: int) -> None:
        """Follow a step, counted from 1, that was just taken."""

    def state_dict(self) -> dict[str, Any] | None:
        """What it goes on from; None if the run itself says it."""

    def load_state_dict(self, state: Mapping[str, Any] | None) -> None:
        """Go on from there; from where the model stands, if there is nothing."""


def average_of(
    model: nn.Module, optimizers: Sequence[Optimizer], config: RunConfig, measure: Measure
) -> Average | None:
    """What goes along with a run: the average that is asked for, else that of its optimizer, else nothing."""
    if config.average is not None:
        return RunningAverage(model, config.average, measure)
    if OPTIMIZERS[config.optimizer.name].schedule_free and callable(getattr(optimizers[0], "eval", None)):
        return EvaluationPoint(model, optimizers[0], measure)
    return None


class RunningAverage:
    """An ``AveragedModel`` beside a model, with the bits of ``update_parameters``.

    That function looks through both modules each time, which takes ten times as long as the average. Here its
    numbers are those of its own parts: the function that it was given, or, for SWA, the one that it then
    takes for each tensor. That one adds, subtracts and divides, each rounded correctly, so one flat tensor of
    all parameters has the same bits. A model with buffers is left to ``update_parameters``.
    """

    def __init__(self, model: nn.Module, config: Averaging, measure: Measure) -> None:
        self._model = model
        self._config = config
        self._measure = measure
        self._averaged: AveragedModel = build_average(model, config)
        self._has_buffers = next(model.buffers(), None) is not None
        self._loss: float | None = None
        own = list(self._averaged.module.parameters())
        self._flat = torch.cat([param.detach().reshape(-1) for param in own])
        parts = self._flat.split([param.numel() for param in own])
        for param, part in zip(own, parts, strict=True):
            param.data = part.view_as(param)
        self.tensors = [param.detach() for param in own]

    @property
    def loss(self) -> float:
        """The loss of all samples at the average; computed where it has changed."""
        if self._loss is None:
            with torch.no_grad():
                self._loss = self._measure(self._averaged.module).item()
        return self._loss

    def update(self, step: int) -> None:
        """Call ``update_parameters`` if a step is one that it is called after."""
        if is_averaged(self._config, step):
            self._update()
            self._loss = None

    def _update(self) -> None:
        averaged = self._averaged
        if self._has_buffers or averaged.n_averaged == 0:
            averaged.update_parameters(self._model)
            return
        with torch.no_grad():
            params = list(self._model.parameters())
            if isinstance(self._config, EMAConfig):
                averaged.multi_avg_fn(self.tensors, params, averaged.n_averaged)  # type: ignore[misc, arg-type]
            else:
                flat = torch.cat([param.reshape(-1) for param in params])
                self._flat.copy_(_swa(self._flat, flat, averaged.n_averaged))
        averaged.n_averaged += 1

    def state_dict(self) -> dict[str, Any]:
        """That of the ``AveragedModel``."""
        return dict(self._averaged.state_dict())

    def load_state_dict(self, state: Mapping[str, Any] | None) -> None:
        """Give it back what it held; without that it begins as a copy of the model, with nothing averaged."""
        if state is None:
            self._averaged.module.load_state_dict(self._model.state_dict())
            self._averaged.n_averaged.zero_()
        else:
            self._averaged.load_state_dict(state)
        self._loss = None


_swa = get_swa_avg_fn()

_MODE = "train_mode"


class EvaluationPoint:
    """What ``optimizer.eval()`` shows of an optimizer that trains at one point and is evaluated at another.

    After each step its own ``eval()`` is called, the parameters are read, and put back as they were with
    all that the call changed in the param groups: ``train()`` would come back with other bits. A wrapper
    has its mode itself, not in its groups.
    """

    def __init__(self, model: nn.Module, optimizer: Optimizer, measure: Measure) -> None:
        self._model = model
        self._optimizer = optimizer
        self._measure = measure
        self._loss: float | None = None
        self.tensors = [param.detach().clone() for param in model.parameters()]

    @property
    def loss(self) -> float:
        """The loss of all samples there."""
        if self._loss is None:
            self._look()
        assert self._loss is not None  # noqa: S101 - it has just been seen
        return self._loss

    def update(self, step: int) -> None:  # noqa: ARG002 - after every one
        """See where the optimizer now is for evaluation."""
        self._look()

    @torch.no_grad()
    def _look(self) -> None:
        params = list(self._model.parameters())
        training = [param.clone() for param in params]
        groups = self._optimizer.param_groups
        said = [{key: value for key, value in group.items() if key != "params"} for group in groups]
        mode = {key: value for key, value in vars(self._optimizer).items() if key == _MODE}
        try:
            self._optimizer.eval()  # type: ignore[attr-defined] # it has one, by choice
            for tensor, param in zip(self.tensors, params, strict=True):
                tensor.copy_(param)
            self._loss = self._measure(self._model).item()
        finally:
            for param, value in zip(params, training, strict=True):
                param.copy_(value)
            for group, values in zip(groups, said, strict=True):
                group.update(values)
            vars(self._optimizer).update(mode)

    def state_dict(self) -> None:
        """Nothing: the parameters and the optimizer say where it is."""

    def load_state_dict(self, state: Mapping[str, Any] | None) -> None:  # noqa: ARG002
        """Look again."""
        self._loss = None
