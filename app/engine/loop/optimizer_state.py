"""What optimizers keep for each parameter, by the parameter's name, and whether it fits another optimizer."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from optiscope.engine.core.config import LoopConfig, RunConfig
from optiscope.engine.loop.training import Training, quiet
from optiscope.engine.recipe.optimizers.places import with_all_groups

State = Mapping[str, Any]
StateByName = Mapping[str, State]

_LBFGS_TENSORS = frozenset({"d", "t", "H_diag", "prev_flat_grad", "prev_loss"})
_LBFGS_LISTS = frozenset({"old_dirs", "old_stps", "ro", "al"})
_LBFGS_COUNTS = frozenset({"func_evals", "n_iter"})


def names_of(training: Training) -> list[list[str]]:
    """For each optimizer, the names of its parameters in the order in which ``state_dict()`` numbers them."""
    named = dict(training.model.named_parameters())
    name_of = {id(param): name for name, param in (*named.items(), *training.replaced.items())}
    return [
        [name_of[id(param)] for group in optimizer.param_groups for param in group["params"]]
        for optimizer in training.optimizers
    ]


def state_by_name(training: Training, optimizers: Sequence[Mapping[str, Any]]) -> dict[str, State]:
    """The state in the ``state_dict()`` of each optimizer of a training."""
    return {
        names[index]: state
        for names, saved in zip(names_of(training), optimizers, strict=True)
        for index, state in saved["state"].items()
    }


def state_template(config: RunConfig) -> dict[str, State]:
    """What the optimizers of a config keep for each parameter, seen by one step of the tutorial's loop."""
    with quiet():
        everything = with_all_groups(config.optimizer)
        plain = {"freeze": (), "loop": LoopConfig(), "optimizer": everything}
        training = Training(config.model_copy(update=plain))
        training.train_step(training.recorder(1))
    return state_by_name(training, [optimizer.state_dict() for optimizer in training.optimizers])


def state_fits(template: State, state: State) -> bool:
    """Whether ``state`` can be used where ``template`` was seen: the same keys, each of the same form."""
    if "func_evals" in template:
        return _fits_lbfgs(template, state)
    return state.keys() == template.keys() and all(_fits(template[key], state[key]) for key in template)


def tensor_fits(template: Tensor, value: object) -> bool:
    """Whether ``value`` is a plain tensor of the same shape and dtype, with memory for every number."""
    return (
        type(value) is Tensor
        and value.dtype == template.dtype
        and value.shape == template.shape
        and value.layout == torch.strided
        and value.device.type == "cpu"
        and value.is_contiguous()
    )


def _fits(template: Any, value: Any) -> bool:
    if isinstance(template, Tensor):
        return tensor_fits(template, value)
    if isinstance(template, int | float) and not isinstance(template, bool):
        return is_number(value)
    return type(value) is type(template) and bool(value == template)


def is_number(value: object) -> bool:
    """Whether ``value`` is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _fits_lbfgs(template: State, state: State) -> bool:
    """LBFGS keeps lists that grow and keys that come later, all made of flat vectors and of numbers."""
    vector = template["prev_flat_grad"]

    def is_part(value: object) -> bool:
        return (
            value is None or is_number(value) or tensor_fits(vector, value) or tensor_fits(vector[0], value)
        )

    return (
        state.keys() <= _LBFGS_TENSORS | _LBFGS_LISTS | _LBFGS_COUNTS
        and state.keys() >= _LBFGS_COUNTS
        and all(type(state[key]) is int for key in _LBFGS_COUNTS)
        and all(is_part(state[key]) for key in _LBFGS_TENSORS & state.keys())
        and all(
            isinstance(state[key], list) and all(map(is_part, state[key]))
            for key in _LBFGS_LISTS & state.keys()
        )
    )
