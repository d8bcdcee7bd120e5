"""Classes that keep objects of the package, or queues, in their state."""

from collections import deque
from enum import IntEnum
from importlib import import_module
from typing import Any

from torch import Tensor

from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.kept import Kept, State

_UTILS = "pytorch_optimizer.optimizer.utils"
_MODULES = {
    "GaLoreProjector": f"{_UTILS}.galore",
    "PreConditioner": f"{_UTILS}.preconditioner",
    "BlockPartitioner": f"{_UTILS}.partition",
    **dict.fromkeys(("Graft", "SGDGraft", "SQRTNGraft", "AdaGradGraft", "RMSPropGraft"), f"{_UTILS}.graft"),
}
"""The classes of such objects: nothing else is made of what a checkpoint says."""

_CLASS, _QUEUE = "__class__", "__queue__"


class KeepsObjects:
    """Brings objects and queues back as plain data; records have the numbers in them."""

    def __init__(self, params: Any, **hyperparameters: Any) -> None:
        super().__init__(params, **hyperparameters)  # type: ignore[call-arg] # of the real class
        self._kept_in_objects = Kept(self._recorded)

    @property
    def keepers(self) -> list[Any]:
        """What else keeps state."""
        return [*getattr(super(), "keepers", ()), self._kept_in_objects]

    def _recorded(self) -> State:
        state = self.state  # type: ignore[attr-defined] # of the real class
        return {
            param: {
                key: numbers for key, value in kept.items() if is_object(value) and (numbers := inside(value))
            }
            for param, kept in state.items()
        }

    def state_dict(self) -> dict[str, Any]:
        """The state as plain data."""
        plain: dict[str, Any] = _plain(super().state_dict())  # type: ignore[misc] # of the real class
        return plain

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there."""
        super().load_state_dict({**state_dict, "state": {}})  # type: ignore[misc] # of the real class
        params = [p for group in self.param_groups for p in group["params"]]  # type: ignore[attr-defined]
        for number, kept in state_dict["state"].items():
            self.state[params[number]] = _made(kept)  # type: ignore[attr-defined]


def is_object(value: Any) -> bool:
    """Whether a value of a state is an object of the package."""
    return type(value).__name__ in _MODULES


def inside(value: Any) -> dict[str, Any]:
    """The tensors in an object, by their names in it."""
    return {
        key: inside(part) if is_object(part) else part
        for key, part in vars(value).items()
        if is_object(part) or _has_tensors(part)
    }


def _has_tensors(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_has_tensors, value))
    return isinstance(value, Tensor)


def _plain(tree: Any) -> Any:
    if isinstance(tree, deque):
        return {_QUEUE: [_plain(part) for part in tree], "maxlen": tree.maxlen}
    if is_object(tree):
        return {_CLASS: type(tree).__name__, **{key: _plain(part) for key, part in vars(tree).items()}}
    if isinstance(tree, IntEnum):
        return int(tree)
    if isinstance(tree, dict):
        return {key: _plain(part) for key, part in tree.items()}
    if isinstance(tree, list | tuple):
        return [_plain(part) for part in tree] if type(tree) is not tuple else tuple(map(_plain, tree))
    return tree


def _made(tree: Any) -> Any:
    """The inverse of ``_plain``, but for numbers that were names."""
    if isinstance(tree, list | tuple):
        return type(tree)(map(_made, tree))
    if not isinstance(tree, dict):
        return tree
    if _QUEUE in tree:
        return deque(map(_made, tree[_QUEUE]), maxlen=tree["maxlen"])
    made = {key: _made(part) for key, part in tree.items() if key != _CLASS}
    if _CLASS not in tree:
        return made
    cls = getattr(import_module(_MODULES[tree[_CLASS]]), tree[_CLASS])
    thing = cls.__new__(cls)
    vars(thing).update(made)
    return thing
