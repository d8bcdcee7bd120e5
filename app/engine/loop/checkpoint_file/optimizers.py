"""What a file holds of an optimizer, beside what its config makes."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils import parameters_to_vector
from torch.optim import Optimizer

from optiscope.engine.loop.checkpoint_file.forms import form_of, is_finite, is_number, is_same
from optiscope.engine.loop.checkpoint_file.lbfgs import check_lbfgs
from optiscope.engine.loop.checkpoint_file.misfits import require, require_count, require_finite
from optiscope.engine.loop.checkpoint_file.probing import SET_BY_SCHEDULERS, Kept, Keys, Seen
from optiscope.engine.loop.checkpoint_file.rates import SCHEDULED, Rates
from optiscope.engine.loop.checkpoint_file.sense import COUNTER, check_meaning
from optiscope.engine.recipe.optimizers import OptimizerInfo

_DICT = frozenset({"state", "param_groups"})
_LONGEST_TEXT = 32
_ONE_NUMBER = {
    int,
    float,
    *((dtype, shape) for dtype in (torch.float32, torch.float64) for shape in ((), (1,))),
}


@dataclass(frozen=True, slots=True)
class Judge:
    """One optimizer of the config, and what a file holds of it.

    Attributes:
        info: Its entry.
        optimizer: It, as it begins.
        names: Its parameters in the order of its state dict.
        kept: What it keeps by this step.
        step: Steps of the run.
        found: What should be its state dict.
        part: Where in the file that is.
        moved: Of each group, what a factor may have made of its values by this step.
    """

    info: OptimizerInfo
    optimizer: Optimizer
    names: list[str]
    kept: Kept
    step: int
    found: Any
    part: str
    moved: Sequence[Mapping[str, Sequence[Any]]] = ()

    @property
    def moves_rate(self) -> bool:
        """Whether it moves its rate by itself."""
        return "lr" in self.info.later or any(keys["lr"].moved for keys in self.kept.groups)

    @property
    def took_all_steps(self) -> bool:
        """Whether what it counts shows that it took every step of the run, and did not begin anew in it."""
        counts = [_as_number(state.get(COUNTER)) for state in self.found["state"].values()]
        for group, keys in zip(self.found["param_groups"], self.kept.groups, strict=True):
            if COUNTER in keys and is_number(group.get(COUNTER)):
                counts.append(group[COUNTER] - keys[COUNTER].first_count)
        return self.step == 0 or self.step in counts

    def check_shape(self) -> None:
        """Refuse what is no state dict of this optimizer's parameters and groups.

        Raises:
            CheckpointFileError: Naming the part of it.
        """
        own = self.optimizer.state_dict()["param_groups"]
        require(type(self.found) is dict and self.found.keys() >= _DICT, self.part)
        groups, state = self.found["param_groups"], self.found["state"]
        require(type(groups) is list and len(groups) == len(own), f"{self.part}['param_groups']")
        for number, (group, template) in enumerate(zip(groups, own, strict=True)):
            place = f"{self.part}['param_groups'][{number}]"
            require(type(group) is dict and "params" in group, place)
            require(is_same(template["params"], group["params"]), f"{place}['params']")
        require(type(state) is dict, f"{self.part}['state']")
        for index, values in state.items():
            place = f"{self.part}['state'][{index!r}]"
            require(type(index) is int and 0 <= index < len(self.names) and type(values) is dict, place)

    def check_state(self) -> None:
        """Refuse state of another form than this optimizer's, or of no sense.

        Raises:
            CheckpointFileError: Naming the part of it.
        """
        params = [param.detach() for group in self.optimizer.param_groups for param in group["params"]]
        for index, state in self.found["state"].items():
            place = f"{self.part}['state'][{index}]"
            if self.info.name == "LBFGS":
                (group,) = self.optimizer.param_groups
                require(index == 0, place)
                check_lbfgs(group, parameters_to_vector(params), state, self.step, place)
            else:
                self._check_of_param(params[index], self.kept.state.get(self.names[index], {}), state, place)
        top = {key: value for key, value in self.found.items() if key not in _DICT}
        self._check_keys(top.keys(), self.kept.top, self.part)
        for key, value in top.items():
            _check_free(self.kept.top[key], value, self.step, f"{self.part}[{key!r}]")

    def check_groups(self, rates: Rates) -> None:
        """Refuse param groups with other hyperparameters, or with state of no sense.

        Raises:
            CheckpointFileError: Naming the part of them.
        """
        for number, (group, keys) in enumerate(
            zip(self.found["param_groups"], self.kept.groups, strict=True)
        ):
            place = f"{self.part}['param_groups'][{number}]"
            self._check_keys(group.keys() - {"params"}, keys, place)
            for key in keys.keys() & group.keys():
                self._check_of_group(number, key, group[key], rates, f"{place}[{key!r}]")

    def _check_keys(self, found: Any, keys: Keys, part: str) -> None:
        for key in found - keys.keys() - set(self.info.later):
            require(False, f"{part}[{key!r}]")
        for key, seen in keys.items():
            require(key in found or not seen.always, f"{part}[{key!r}]")

    def _check_of_group(self, number: int, key: str, value: Any, rates: Rates, part: str) -> None:
        seen = self.kept.groups[number][key]
        allowed = self.moved[number].get(key) if number < len(self.moved) else None
        if allowed is not None:
            require(any(is_same(one, value) for one in allowed), part)
        elif key in self.info.later:
            _check_later(seen, value, part)
        elif seen.moved or not self._is_given(key):
            _check_free(seen, value, self.step, part)
        elif key in SCHEDULED:
            rates.check(number, key, value, part)
        else:
            require(is_same(seen.first, value), part)

    def _is_given(self, key: str) -> bool:
        """Whether a key of a group is an argument, of the class or of a scheduler's."""
        return key in inspect.signature(type(self.optimizer)).parameters or key in SET_BY_SCHEDULERS

    def _check_of_param(self, param: Tensor, keys: Keys, state: Mapping[str, Any], part: str) -> None:
        if not state and self.kept.bare:
            return
        require(state, part)
        self._check_keys(state.keys(), keys, part)
        for key, value in state.items():
            place = f"{part}[{key!r}]"
            if key in keys:
                _check_free(keys[key], value, self.step, place)
            else:
                require(form_of(value) == form_of(param), place)
                require_finite(is_finite(value), place)
            if self.info.source == "torch.optim":
                check_meaning(key, value, self.step, place)


def _check_free(seen: Seen, value: Any, step: int, part: str) -> None:
    """Refuse what is not of a form that was seen, or, where nothing like it moves, not what was seen."""
    require(form_of(value) in seen.forms, part)
    if seen.knows(value):
        return
    require_finite(is_finite(value), part)
    if type(value) is int and seen.moved:
        require_count(value, seen.first_count + seen.climb * step, part, low=seen.low)
    else:
        require(isinstance(value, float | Tensor | list | dict), part)


def _check_later(seen: Seen, value: Any, part: str) -> None:
    """Refuse what is neither a number, in a tensor or not, nor of the form that it began with."""
    is_one = form_of(value) in _ONE_NUMBER and form_of(seen.first) in _ONE_NUMBER
    require(is_one or form_of(value) in seen.forms, part)
    require_finite(is_finite(value), part)
    require(not isinstance(value, str) or len(value) <= _LONGEST_TEXT, part)


def _as_number(value: Any) -> Any:
    return value.item() if isinstance(value, Tensor) and value.numel() == 1 else value
