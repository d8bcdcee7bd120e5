"""What is taken for freezing: ``torch.no_grad()`` around a layer, ``detach()`` behind it, ``layer.eval()``.

The first two cut the graph there, so that the layers before get no gradient either; the last one only changes
how layers such as dropout compute, and there are none of those in these networks.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from optiscope.engine.core.config import FreezeConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import say
from optiscope.engine.recipe.parameters import layer_of, layers_of, resolve_names


class TakenForFreezing:
    """The rules over one model that do not freeze.

    Args:
        model: Whose layers they name.
        places: Each rule by the pointer to its ``params``; those that freeze are left alone.

    Raises:
        ConfigError: If a rule names parameters that are not a whole layer, or if there are no layers.
    """

    def __init__(self, model: nn.Module, places: Mapping[str, FreezeConfig]) -> None:
        self._rules = [
            (rule, layer)
            for where, rule in places.items()
            if rule.by != "requires_grad"
            for layer in _layers(model, rule, where)
        ]

    def apply(self, step: int) -> None:
        """Do it to the layers for which a rule holds, and undo it where none does."""
        for rule, layer in self._rules:
            if rule.by == "eval":
                layer.train()
            else:
                layer.__dict__.pop("forward", None)
        for rule, layer in self._rules:
            if not rule.holds(step):
                continue
            if rule.by == "eval":
                layer.eval()
            else:
                layer.forward = _WAYS[rule.by](layer.forward)


def _layers(model: nn.Module, rule: FreezeConfig, where: str) -> list[nn.Module]:
    """The modules that hold the parameters of a rule."""
    named = dict(model.named_parameters())
    names = resolve_names(rule.params, named, where)
    layers = layers_of(names)
    if not set(layers).isdisjoint(named):
        raise ConfigError.at(where, say("freeze_by_without_layers", by=rule.by))
    for layer in layers:
        whole = [name for name in named if layer_of(name) == layer]
        if missing := set(whole) - set(names):
            given = [name for name in whole if name not in missing]
            raise ConfigError.at(where, say("freeze_by_layer", by=rule.by, params=given, layer=layer))
    return [model.get_submodule(layer) for layer in layers]


def _detached(forward: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def detached(*inputs: Any) -> Tensor:
        return forward(*inputs).detach()

    return detached


_WAYS: Mapping[str, Callable[[Callable[..., Tensor]], Callable[..., Tensor]]] = {
    "no_grad": torch.no_grad(),
    "detach": _detached,
}
