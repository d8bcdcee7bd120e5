"""Classes that are wrapped around another optimizer, or that take the class of one."""

from typing import Any, ClassVar

import torch
from torch import nn
from torch.optim import Optimizer

from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.kept import (
    Kept,
    State,
    numbers_of,
    params_of,
)
from optiscope.engine.recipe.optimizers.info import BASES

_OWN = "own"
_FLAGS = "flags"
_FLAG_NAMES = ("train_mode",)
RATE = 1e-3


def base_of(name: str) -> Hyperparameter:
    """The hyperparameter that chooses the optimizer within, with a default."""
    line = "The optimizer of torch.optim that takes the steps, with its defaults but for lr."
    return Hyperparameter("base_optimizer", "choice", name, line, choices=tuple(BASES))


def rate() -> Hyperparameter:
    """Its learning rate."""
    return Hyperparameter("lr", "float", RATE, "Learning rate of base_optimizer.", 0.0, 1e9, scale="log")


def _class_of(name: str) -> type[Optimizer]:
    cls: type[Optimizer] = getattr(torch.optim, name)
    return cls


class Wraps:
    """Is made of parameters, a name and a rate, and brings all state back: of the optimizer within, too."""

    base_name: ClassVar[str]

    def __init__(self, params: Any, *, base_optimizer: str = "", lr: float = RATE, **own: Any) -> None:
        within = _class_of(base_optimizer or self.base_name)
        super().__init__(within(params, lr=lr), **own)  # type: ignore[call-arg]
        if hasattr(self, "train_mode"):
            self.train()  # type: ignore[attr-defined] # else a step refuses
        self._kept_by_wrapper = Kept(self._beside)

    @property
    def keepers(self) -> list[Any]:
        """What else keeps state: the optimizer within, and what a wrapper has aside."""
        within = self.optimizer  # type: ignore[attr-defined] # of the real class
        more = [within] if within.state is not self.state else []  # type: ignore[attr-defined]
        return [*getattr(super(), "keepers", ()), *more, self._kept_by_wrapper]

    def _aside(self) -> dict[Any, Any]:
        """What Magma has by the identities of parameters."""
        by_identity = getattr(self, "_state", {})
        return {param: by_identity[id(param)] for param in params_of(self) if id(param) in by_identity}

    def _beside(self) -> State:
        return self._aside()

    def _own(self) -> dict[Any, Any]:
        """What the wrapper itself keeps for each parameter."""
        is_within = self.state is self.optimizer.state  # type: ignore[attr-defined]
        return self._aside() if is_within else dict(self.state)  # type: ignore[attr-defined]

    def state_dict(self) -> dict[str, Any]:
        """That of the optimizer within, with what is kept beside it under keys of its own."""
        numbers = numbers_of(self)
        own = {numbers[param]: dict(kept) for param, kept in self._own().items()}
        flags = {name: getattr(self, name) for name in _FLAG_NAMES if hasattr(self, name)}
        return {**self.optimizer.state_dict(), _OWN: own, _FLAGS: flags}  # type: ignore[attr-defined]

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there."""
        within = {key: state_dict[key] for key in ("state", "param_groups")}
        self.optimizer.load_state_dict(within)  # type: ignore[attr-defined]
        params = params_of(self)
        for number, kept in state_dict[_OWN].items():
            if self.state is self.optimizer.state:  # type: ignore[attr-defined]
                self._state[id(params[number])] = dict(kept)  # type: ignore[attr-defined]
            else:
                self.state[params[number]] = dict(kept)  # type: ignore[attr-defined]
        for name, value in state_dict[_FLAGS].items():
            setattr(self, name, value)


class PerturbsClass:
    """Is given the class of the optimizer that takes its steps by name."""

    base_name: ClassVar[str]

    def __init__(self, params: Any, *, base_optimizer: str = "", lr: float = RATE, **own: Any) -> None:
        within = _class_of(base_optimizer or self.base_name)
        super().__init__(params, within, lr=lr, **own)  # type: ignore[call-arg]

    @property
    def keepers(self) -> list[Any]:
        """What else keeps state: the optimizer within, unless they share it."""
        within = self.base_optimizer  # type: ignore[attr-defined] # of the real class
        return [] if within.state is self.state else [within]  # type: ignore[attr-defined]


class WrapsWithModel(PerturbsClass):
    """The same of a class that takes a model, too, of which it uses the parameters."""

    def __init__(self, params: Any, *, base_optimizer: str = "", lr: float = RATE, **own: Any) -> None:
        given = list(params)
        flat = given if not isinstance(given[0], dict) else [p for g in given for p in g["params"]]
        within = _class_of(base_optimizer or self.base_name)
        of_base = {"params": given, "base_optimizer": within, "lr": lr}
        super(PerturbsClass, self).__init__(nn.ParameterList(flat), **of_base, **own)  # type: ignore[call-arg]
