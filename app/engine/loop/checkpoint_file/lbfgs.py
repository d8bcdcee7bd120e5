"""The state of LBFGS: lists that grow, and keys that come later, all made of flat vectors and of numbers."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from optiscope.engine.loop.checkpoint_file.forms import form_of, is_finite, is_number
from optiscope.engine.loop.checkpoint_file.misfits import require, require_count, require_finite
from optiscope.engine.loop.effort import most_evaluations

_COUNTS = ("func_evals", "n_iter")
_LISTS = ("old_dirs", "old_stps", "ro")
_VECTORS = ("d", "prev_flat_grad")
_NUMBERS = ("t", "H_diag", "prev_loss")
_LATER = {*_LISTS, *_VECTORS, *_NUMBERS}
_SCRATCH = "al"


def check_lbfgs(
    group: Mapping[str, Any], vector: Tensor, state: Mapping[str, Any], step: int, part: str
) -> None:
    """Refuse a state that no run of ``step`` steps could have.

    Args:
        group: The hyperparameters.
        vector: All parameters in a row.
        state: What the file holds.
        step: Steps of the run.
        part: Where the state stands in the file.

    Raises:
        CheckpointFileError: Naming the part of it.
    """
    keys = set(state)
    require(keys >= set(_COUNTS), part)
    require_count_of_int(state["func_evals"], step * most_evaluations(group), f"{part}['func_evals']")
    require_count_of_int(state["n_iter"], step * group["max_iter"], f"{part}['n_iter']")
    begun = state["n_iter"] > 0
    require(keys - {_SCRATCH} == {*_COUNTS, *(_LATER if begun else ())}, part)
    require(begun or _SCRATCH not in keys, part)
    for key in keys - set(_COUNTS):
        _check_part(key, state[key], vector, f"{part}[{key!r}]")
    if begun:
        _check_lengths(group, state, part)


def require_count_of_int(value: Any, high: int, part: str) -> None:
    """Refuse what is no int, or out of bounds."""
    require(type(value) is int, part)
    require_count(value, high, part)


def _check_part(key: str, value: Any, vector: Tensor, part: str) -> None:
    number = {form_of(vector[0].clone()), int, float}
    if key in _VECTORS:
        require(form_of(value) == form_of(vector), part)
    elif key in _NUMBERS:
        require(form_of(value) in number, part)
    else:
        require(type(value) is list, part)
        forms = {form_of(vector)} if key in {"old_dirs", "old_stps"} else number
        for i, entry in enumerate(value):
            require(form_of(entry) in forms or (key == _SCRATCH and entry is None), f"{part}[{i}]")
    require_finite(is_finite(value), part)


def _check_lengths(group: Mapping[str, Any], state: Mapping[str, Any], part: str) -> None:
    size = group["history_size"]
    length = len(state["old_dirs"])
    require_count(length, min(size, state["n_iter"]), f"len({part}['old_dirs'])")
    for key in _LISTS[1:]:
        require_count(len(state[key]), length, f"len({part}[{key!r}])", low=length)
    if _SCRATCH in state:
        require_count(len(state[_SCRATCH]), size, f"len({part}[{_SCRATCH!r}])", low=size)
    for i, (ro, direction) in enumerate(zip(state["ro"], state["old_dirs"], strict=True)):
        require(is_number(float(ro)) and float(ro) > 0, f"{part}['ro'][{i}]")
        require(torch.is_tensor(direction), f"{part}['old_dirs'][{i}]")
