"""Names and shapes of parameters: a layer's name stands for all its parameters."""

from collections.abc import Iterable, Sequence

from torch import nn

from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.registry import shown
from optiscope.engine.core.suggestions import meant
from optiscope.engine.core.words import Said, say


def layer_of(name: str) -> str:
    """The layer of a parameter: ``fc2`` for ``fc2.weight``, the name itself where there is no layer."""
    return name.rpartition(".")[0] or name


def layers_of(names: Iterable[str]) -> list[str]:
    """The layers of parameters, in order and each once."""
    return list(dict.fromkeys(map(layer_of, names)))


def shapes_of(model: nn.Module) -> dict[str, tuple[int, ...]]:
    """Name and shape of each parameter."""
    return {name: tuple(param.shape) for name, param in model.named_parameters()}


def resolve_names(asked: Sequence[str], names: Iterable[str], pointer: str) -> list[str]:
    """The parameters that ``asked`` names, in the order of ``names`` and each once.

    Args:
        asked: Layers (``fc2``) or parameters (``fc2.weight``).
        names: The parameters that there are.
        pointer: Where ``asked`` stands in the request.

    Raises:
        ConfigError: For a name that is neither; the message lists the choices.
    """
    names = list(names)
    layers = layers_of(names)
    problems = [
        FieldProblem(f"{pointer}/{i}", say("unknown_parameter", value=shown(name), hint=_hint(name, names)))
        for i, name in enumerate(asked)
        if name not in names and name not in layers
    ]
    if problems:
        raise ConfigError(problems)
    return [name for name in names if name in asked or layer_of(name) in asked]


def replace_parameters(model: nn.Module, asked: Sequence[str], pointer: str) -> dict[str, nn.Parameter]:
    """Give a model new parameters of the same values, and return those that it had, by name.

    Args:
        model: Whose parameters are replaced.
        asked: Layers or parameters, see :func:`resolve_names`.
        pointer: Where ``asked`` stands in the request.

    Raises:
        ConfigError: As :func:`resolve_names`.
    """
    if not asked:
        return {}
    named = dict(model.named_parameters())
    replaced = {name: named[name] for name in resolve_names(asked, named, pointer)}
    for name, param in replaced.items():
        layer, _, own = name.rpartition(".")
        setattr(model.get_submodule(layer), own, nn.Parameter(param.detach().clone()))
    return replaced


def _hint(name: str, names: Sequence[str]) -> Said:
    """What may be meant by the name of a parameter, or else the layers that there are."""
    return ("." in name and meant(name, names)) or say("choose_layers", layers=layers_of(names))
