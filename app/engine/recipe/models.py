"""What a run moves, a TinyNet, a point or matrices, and how it is initialised without the global RNG."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from optiscope.engine.core.config import ModelConfig
from optiscope.engine.core.errors import MOST_TOLD, ConfigError, FieldProblem, refusals
from optiscope.engine.core.formula import mathml
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.registry import Registry, escape, shown
from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.recipe.problems import Problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem
from optiscope.engine.recipe.problems.functions import FunctionProblem
from optiscope.engine.recipe.problems.matrices import MatrixProblem


@dataclass(frozen=True, slots=True)
class ActivationInfo:
    """An activation of ``torch.nn.functional``.

    Attributes:
        name: The name in a RunConfig.
        function: What is applied to every pre-activation.
        formula: In LaTeX.
        torch_name: How a script calls it.
    """

    name: str
    function: Callable[[Tensor], Tensor]
    formula: str
    torch_name: str

    def catalog(self) -> dict[str, Any]:
        """The entry of this activation in the catalog."""
        return {
            "name": self.name,
            "function": self.torch_name,
            "formula": mathml(self.formula),
            "formula_text": self.formula,
        }


def identity(x: Tensor) -> Tensor:
    """``x`` itself: without a bend between them, layers together are one linear map."""
    return x


ACTIVATIONS = Registry(
    say("kind_activation"),
    (
        ActivationInfo("relu", F.relu, r"\max(0, x)", "F.relu"),
        ActivationInfo("leaky_relu", F.leaky_relu, r"\max(0, x) + 0.01 \min(0, x)", "F.leaky_relu"),
        ActivationInfo("elu", F.elu, r"\max(0, x) + \min(0, e^{x} - 1)", "F.elu"),
        ActivationInfo("gelu", F.gelu, r"x \, \Phi(x)", "F.gelu"),
        ActivationInfo("silu", F.silu, r"\frac{x}{1 + e^{-x}}", "F.silu"),
        ActivationInfo("tanh", torch.tanh, r"\tanh(x)", "torch.tanh"),
        ActivationInfo("sigmoid", torch.sigmoid, r"\frac{1}{1 + e^{-x}}", "torch.sigmoid"),
        ActivationInfo("softplus", F.softplus, r"\log(1 + e^{x})", "F.softplus"),
        ActivationInfo("identity", identity, r"x", "identity"),
    ),
)


class Linear(nn.Linear):
    """``nn.Linear`` with torch's own initialisation, drawn from a generator instead of the global RNG."""

    def __init__(self, inputs: int, outputs: int, generator: torch.Generator) -> None:
        super().__init__(inputs, outputs)
        bound = 1 / math.sqrt(inputs)
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5), generator=generator)
        nn.init.uniform_(self.bias, -bound, bound, generator=generator)

    def reset_parameters(self) -> None:
        """Leave the new parameters unset: torch calls this from ``__init__`` and would use the global RNG."""


class TinyNet(nn.Module):
    """Fully connected layers fc1, fc2, …, with an activation between each two: 2-2-2-1 as default.

    Example:
        >>> net = TinyNet(inputs=2, hidden=[2, 2], outputs=1, activation=F.relu)
        >>> [(name, tuple(p.shape)) for name, p in net.named_parameters()][:2]
        [('fc1.weight', (2, 2)), ('fc1.bias', (2,))]
        >>> net(torch.zeros(5, 2)).shape
        torch.Size([5, 1])
    """

    def __init__(
        self,
        inputs: int = 2,
        hidden: Sequence[int] = (2, 2),
        outputs: int = 1,
        activation: Callable[[Tensor], Tensor] = F.relu,
        *,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        widths = [inputs, *hidden, outputs]
        generator = generator or torch.Generator().manual_seed(0)
        self.activation = activation
        self.layers = tuple(Linear(*pair, generator) for pair in pairwise(widths))
        for number, layer in enumerate(self.layers, start=1):
            self.add_module(f"fc{number}", layer)

    def forward(self, x: Tensor) -> Tensor:
        """Predictions [n, outputs] for inputs [n, inputs]."""
        *hidden, last = self.layers
        for layer in hidden:
            x = self.activation(layer(x))
        return last(x)  # type: ignore[no-any-return]


class Point(nn.Module):
    """The point that a 2-D test function is minimised over: one parameter ``xy`` of shape [2]."""

    def __init__(self, start: Sequence[float]) -> None:
        super().__init__()
        self.xy = nn.Parameter(torch.tensor(start, dtype=torch.float64))

    def forward(self) -> Tensor:
        """The point, [2]."""
        return self.xy


class Matrices(nn.Module):
    """The parameters of a problem of matrices, by its names, and the matrix that they make."""

    def __init__(self, problem: MatrixProblem, generator: torch.Generator) -> None:
        super().__init__()
        for name, values in zip(problem.info.shapes, problem.info.start(generator), strict=True):
            self.register_parameter(name, nn.Parameter(values))
        self._problem = problem

    def forward(self) -> Tensor:
        """The matrix, [rows, columns]."""
        return self._problem.info.matrix(*self.parameters(), self._problem.data)


def build_model(
    problem: Problem, config: ModelConfig, dtype: torch.dtype, limits: Limits = UNLIMITED
) -> nn.Module:
    """The model of a run at its initial parameters.

    The network of seed s is ``torch.manual_seed(s); TinyNet()``, made in float32 and converted, bit for bit;
    the global RNG is neither read nor moved.

    Args:
        problem: What the model is for: a network for a dataset, a ``Point`` for a test function, and
            ``Matrices`` for what is named so.
        config: Widths, activation and seed, or explicit values.
        dtype: Of the parameters.
        limits: Bounds explicit values.

    Raises:
        ConfigError: For an unknown activation, or explicit values that do not fit.
    """
    if isinstance(problem, FunctionProblem):
        return _build_point(problem, config, limits.max_abs_parameter).to(dtype)
    problems: list[FieldProblem] = []
    if config.start is not None:
        problems.append(FieldProblem("/model/start", say("start_of_network", problem=problem.name)))
    problems += refusals(ACTIVATIONS.resolve, config.activation, "/model/activation")
    generator = torch.Generator().manual_seed(config.seed)
    net = _made(problem, config, generator)
    if dtype is not torch.float32:  # `to` takes a third of the time, even where it changes nothing
        net = net.to(dtype)
    given = config.state_dict
    if given is not None:
        problems += islice(_state_dict_problems(given, net, limits.max_abs_parameter), MOST_TOLD)
    if problems:
        raise ConfigError(problems)
    if given is not None:
        named = net.named_parameters()
        net.load_state_dict({name: torch.tensor(given[name], dtype=param.dtype) for name, param in named})
    return net


@lru_cache(maxsize=256)
def drawn_parameters(
    inputs: int, hidden: tuple[int, ...], outputs: int, seed: int, dtype: torch.dtype
) -> Tensor:
    """The parameters [n] that :func:`build_model` draws for a network, one after the other; to read alone."""
    net = TinyNet(inputs, hidden, outputs, generator=torch.Generator().manual_seed(seed)).to(dtype)
    return torch.cat([param.detach().flatten() for param in net.parameters()])


def _made(
    problem: DatasetProblem | MatrixProblem, config: ModelConfig, generator: torch.Generator
) -> nn.Module:
    if isinstance(problem, MatrixProblem):
        return Matrices(problem, generator)
    activation = ACTIVATIONS[config.activation].function if config.activation in ACTIVATIONS else identity
    return TinyNet(problem.inputs, config.hidden, problem.outputs, activation, generator=generator)


def _build_point(problem: FunctionProblem, config: ModelConfig, bound: float) -> Point:
    if config.state_dict is not None:
        raise ConfigError.at("/model/state_dict", say("state_dict_of_function", problem=problem.name))
    start = problem.info.start if config.start is None else config.start
    problems = [
        FieldProblem(
            f"/model/start/{i}",
            say("between", field=f"start[{i}]", low=-bound, high=bound, value=rounded(value)),
        )
        for i, value in enumerate(start)
        if not abs(value) <= bound
    ]
    if problems:
        raise ConfigError(problems)
    return Point(start)


def _state_dict_problems(
    given: Mapping[str, list[Any]], net: nn.Module, bound: float
) -> Iterator[FieldProblem]:
    """What is wrong with names, shapes and numbers."""
    expected = dict(net.named_parameters())
    yield from (
        FieldProblem(
            "/model/state_dict", say("parameter_missing", parameter=name, shape=str(list(param.shape)))
        )
        for name, param in expected.items()
        if name not in given
    )
    for name, values in given.items():
        pointer = f"/model/state_dict/{escape(name)}"
        if name not in expected:
            yield FieldProblem(pointer, say("no_such_parameter", parameter=name, known=list(expected)))
        elif said := _mismatch(name, values, list(expected[name].shape), bound):
            yield FieldProblem(pointer, said)


def _mismatch(name: str, values: object, shape: list[int], bound: float) -> Said | None:
    """Why nested lists are not finite, bounded numbers of a shape, or None if they are."""
    if not shape:
        if isinstance(values, bool) or not isinstance(values, int | float) or not abs(values) <= bound:
            return say("numbers_between", parameter=name, low=-bound, high=bound, value=shown(values))
        return None
    length, *inner = shape
    if not isinstance(values, list) or len(values) != length:
        got = say("entries", count=len(values)) if isinstance(values, list) else shown(values)
        return say("list_of_length", parameter=name, length=length, value=got)
    return next((said for value in values if (said := _mismatch(name, value, inner, bound))), None)


@torch.no_grad()
def dead_units(model: nn.Module, x: Tensor) -> dict[str, list[int]]:
    """The ReLU units of each hidden layer that no sample activates, and that therefore get no gradient.

    Args:
        model: A TinyNet; any other model or activation has no dead units.
        x: [n, inputs], the samples.

    Returns:
        Unit numbers from 0 under the layer's name, with an empty list where all are alive.
    """
    if not isinstance(model, TinyNet) or model.activation is not F.relu:
        return {}
    dead = {}
    for number, layer in enumerate(model.layers[:-1], start=1):
        x = F.relu(layer(x))
        dead[f"fc{number}"] = (x == 0).all(dim=0).nonzero().flatten().tolist()
    return dead
