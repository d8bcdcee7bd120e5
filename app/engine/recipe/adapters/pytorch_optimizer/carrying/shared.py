"""Classes that keep something in their state which belongs to no parameter."""

from collections import defaultdict
from typing import Any

from torch import Tensor

from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.kept import (
    Kept,
    State,
    numbers_of,
    params_of,
)

_SHARED = "shared"


class _Apart(defaultdict[Any, Any]):
    """A state by parameter, in which what has a text for a key lies apart.

    Attributes:
        shared: What belongs to no parameter.
    """

    def __init__(self, state: Any, shared: dict[str, Any]) -> None:
        super().__init__(dict, state)
        self.shared = shared

    def __contains__(self, key: object) -> bool:
        return key in self.shared if isinstance(key, str) else super().__contains__(key)

    def __getitem__(self, key: Any) -> Any:
        return self.shared[key] if isinstance(key, str) else super().__getitem__(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, str):
            self.shared[key] = value
        else:
            super().__setitem__(key, value)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """What is there, or ``default`` from now on."""
        if isinstance(key, str):
            return self.shared.setdefault(key, default)
        return super().setdefault(key, default)


class KeepsShared:
    """Brings back what belongs to no parameter; records have it with the first one."""

    def __init__(self, params: Any, **hyperparameters: Any) -> None:
        super().__init__(params, **hyperparameters)  # type: ignore[call-arg] # of the real class
        self._set_apart({})
        self._kept_apart = Kept(self._recorded)

    @property
    def keepers(self) -> list[Any]:
        """What else keeps state."""
        return [*getattr(super(), "keepers", ()), self._kept_apart]

    @property
    def _holder(self) -> Any:
        """What holds the state: the optimizer that it is wrapped around, or itself."""
        return getattr(self, "optimizer", self)

    def _set_apart(self, shared: dict[str, Any]) -> None:
        found = self._holder.state
        of_none = {key: value for key, value in found.items() if isinstance(key, str)}
        by_parameter = {key: value for key, value in found.items() if key not in of_none}
        self._holder.state = _Apart(by_parameter, of_none | shared)

    def _recorded(self) -> State:
        shared = self._holder.state.shared
        return {params_of(self)[0]: {key: _without_tensor_keys(value) for key, value in shared.items()}}

    def state_dict(self) -> dict[str, Any]:
        """The state, with what belongs to no parameter under a key of its own."""
        numbers = numbers_of(self)
        shared = {key: _renamed(value, numbers) for key, value in self._holder.state.shared.items()}
        return {**super().state_dict(), _SHARED: shared}  # type: ignore[misc] # of the real class

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there."""
        super().load_state_dict({k: v for k, v in state_dict.items() if k != _SHARED})  # type: ignore[misc]
        params = dict(enumerate(params_of(self)))
        self._set_apart({key: _renamed(value, params) for key, value in state_dict[_SHARED].items()})


def _without_tensor_keys(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: part for key, part in value.items() if not isinstance(key, Tensor)}


def _renamed(value: Any, names: dict[Any, Any]) -> Any:
    """A mapping with other keys, where there are names for them; any other value as a copy."""
    if isinstance(value, dict):
        return {
            names[key] if not isinstance(key, str) else key: _renamed(part, names)
            for key, part in value.items()
        }
    return value.clone() if isinstance(value, Tensor) else value
