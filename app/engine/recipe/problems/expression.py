"""A function of x and y that a person writes, such as ``x**2 + 10*sin(y)``, as a problem.

The text is never evaluated as Python: a whitelist of its syntax becomes torch operations on the last
dimension of points, so that it serves a training step, a whole surface and autograd alike.
"""

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from optiscope.engine.core.config import ProblemConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.expressions import Grammar, compile_expression, parse_expression
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.registry import shown
from optiscope.engine.core.words import rounded, say
from optiscope.engine.recipe.problems.functions import Bounds, FunctionInfo, FunctionProblem
from optiscope.engine.recipe.problems.suggestion import Suggestion

_WHOLE = 1e15  # up to which a whole number is written without its point


def _elementwise(of_torch: Callable[[Tensor], Tensor], of_math: Callable[[float], float]) -> Any:
    """A function of one argument; what holds no variable stays a double."""
    return lambda value: of_torch(value) if isinstance(value, Tensor) else of_math(value)


def _larger(a: Any, b: Any) -> Any:
    """``torch.maximum`` of two tensors, ``torch.clamp`` of a tensor and a number."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return torch.maximum(a, b)
    if isinstance(a, Tensor):
        return torch.clamp(a, min=b)
    return torch.clamp(b, min=a) if isinstance(b, Tensor) else max(a, b)


def _smaller(a: Any, b: Any) -> Any:
    """``torch.minimum`` of two tensors, ``torch.clamp`` of a tensor and a number."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return torch.minimum(a, b)
    if isinstance(a, Tensor):
        return torch.clamp(a, max=b)
    return torch.clamp(b, max=a) if isinstance(b, Tensor) else min(a, b)


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(base, Tensor) or isinstance(exponent, Tensor):
        return base**exponent
    return math.pow(base, exponent)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


_GRAMMAR = Grammar(
    variables=frozenset({"x", "y"}),
    constants={"pi": math.pi, "e": math.e},
    functions={
        "abs": (_elementwise(torch.abs, abs), 1, 1),
        "acos": (_elementwise(torch.acos, math.acos), 1, 1),
        "asin": (_elementwise(torch.asin, math.asin), 1, 1),
        "atan": (_elementwise(torch.atan, math.atan), 1, 1),
        "cos": (_elementwise(torch.cos, math.cos), 1, 1),
        "cosh": (_elementwise(torch.cosh, math.cosh), 1, 1),
        "erf": (_elementwise(torch.erf, math.erf), 1, 1),
        "exp": (_elementwise(torch.exp, math.exp), 1, 1),
        "log": (_elementwise(torch.log, math.log), 1, 1),
        "sigmoid": (_elementwise(torch.sigmoid, _sigmoid), 1, 1),
        "sin": (_elementwise(torch.sin, math.sin), 1, 1),
        "sinh": (_elementwise(torch.sinh, math.sinh), 1, 1),
        "sqrt": (_elementwise(torch.sqrt, math.sqrt), 1, 1),
        "tan": (_elementwise(torch.tan, math.tan), 1, 1),
        "tanh": (_elementwise(torch.tanh, math.tanh), 1, 1),
        "max": (_larger, 2, 2),
        "min": (_smaller, 2, 2),
    },
    power=_power,
)


def plane_function(text: str, pointer: str, limits: Limits = UNLIMITED) -> Callable[[Tensor], Tensor]:
    """The function of points [..., 2] to values [...] that ``text`` writes.

    Raises:
        ConfigError: At ``pointer``, naming the character, for anything but a bounded expression of x and y
            that autograd can differentiate.

    Example:
        >>> f = plane_function("x**2 + 10*sin(y)", "")
        >>> f(torch.tensor([[3.0, 0.0], [1.0, 0.0]]))
        tensor([9., 1.])
    """
    compiled = compile_expression(text, _GRAMMAR, pointer, limits)

    def f(xy: Tensor) -> Tensor:
        x, y = xy.unbind(-1)
        value: Tensor = compiled({"x": x, "y": y})
        return value

    _try(f, text, pointer)
    return f


def _try(function: Callable[[Tensor], Tensor], text: str, pointer: str) -> None:
    """Evaluate and differentiate once: what fails now would fail in every step."""
    points = torch.full((2, 2), 0.5, dtype=torch.float64, requires_grad=True)
    try:
        values = function(points)
    except (ArithmeticError, ValueError) as error:
        raise ConfigError.at(pointer, say("expression_no_value", text=shown(text), why=str(error))) from None
    if not isinstance(values, Tensor):
        raise ConfigError.at(pointer, say("expression_constant", text=shown(text)))
    try:
        torch.autograd.grad(values.sum(), points)
    except RuntimeError:
        raise ConfigError.at(pointer, say("expression_no_gradient", text=shown(text))) from None


def torch_source(text: str) -> str:
    """The definition of ``f`` for a script: the same operations as ``plane_function``, in plain torch.

    Example:
        >>> print(torch_source("x**2 + 10*sin(2*pi)*max(y, 0)"))
        def f(xy):
            x, y = xy.unbind(-1)
            return x ** 2 + -2.4492935982947065e-15 * torch.clamp(y, min=0)
    """
    body = _Torch().visit(parse_expression(text, ""))
    return f"def f(xy):\n    x, y = xy.unbind(-1)\n    return {ast.unparse(body)}"


class _Torch(ast.NodeTransformer):
    """Writes an accepted expression with torch's functions; what holds no variable becomes its value."""

    def visit(self, node: ast.AST) -> Any:
        """The node in torch's words."""
        if isinstance(node, ast.expr) and not _variables(node):
            return _number(compile_expression(ast.unparse(node), _GRAMMAR, "")({}))
        return super().visit(node)

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """A function of the grammar as a function of torch."""
        assert isinstance(node.func, ast.Name)  # noqa: S101 - the compiler accepts no other
        name = node.func.id
        arguments = [self.visit(argument) for argument in node.args]
        if name not in {"max", "min"}:
            return ast.Call(_of_torch(name), arguments, [])
        if all(_variables(argument) for argument in node.args):
            return ast.Call(_of_torch(f"{name}imum"), arguments, [])
        tensor, number = arguments if _variables(node.args[0]) else reversed(arguments)
        bound = ast.keyword("min" if name == "max" else "max", number)
        return ast.Call(_of_torch("clamp"), [tensor], [bound])


def _variables(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Name) and part.id in _GRAMMAR.variables for part in ast.walk(node))


def _of_torch(name: str) -> ast.Attribute:
    return ast.Attribute(ast.Name("torch", ast.Load()), name, ast.Load())


def _number(value: float) -> ast.expr:
    whole = value.is_integer() and abs(value) < _WHOLE
    size = ast.Constant(int(abs(value)) if whole else abs(value))
    return ast.UnaryOp(ast.USub(), size) if value < 0 else size


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionInfo(FunctionInfo):
    """The problem whose function is written in the config."""

    @property
    def option_defaults(self) -> dict[str, Any]:
        """What ``expression`` and ``bounds`` are unless given."""
        return {"expression": self.expression, "bounds": [list(bound) for bound in self.bounds]}

    def complete(self, config: ProblemConfig, limits: Limits = UNLIMITED) -> ProblemConfig:
        """``config`` with the options that were left out.

        Raises:
            ConfigError: If an option of datasets is given, or the bounds are no window.
        """
        FunctionInfo.complete(self, config.model_copy(update={"expression": None, "bounds": None}))
        _check_bounds(config.bounds or (), limits.max_abs_parameter)
        expression = self.expression if config.expression is None else config.expression
        return config.model_copy(update={"expression": expression, "bounds": config.bounds or self.bounds})

    def build(
        self,
        config: ProblemConfig,
        dtype: torch.dtype,  # noqa: ARG002
        limits: Limits = UNLIMITED,
    ) -> FunctionProblem:
        """The written function as a problem; runs begin at a fixed place of its bounds."""
        return FunctionProblem(self.of(config, limits))

    def of(self, config: ProblemConfig, limits: Limits = UNLIMITED) -> FunctionInfo:
        """The function that is written in a config, and where runs begin on it."""
        config = self.complete(config, limits)
        expression, bounds = config.expression or "", config.bounds or self.bounds
        return replace(
            self,
            function=plane_function(expression, "/problem/expression", limits),
            expression=expression,
            definition=torch_source(expression),
            bounds=bounds,
            start=_start(bounds),
        )

    def catalog(self) -> dict[str, Any]:
        """The entry of this problem in the catalog; nothing is known of its minima."""
        defaults = self.option_defaults
        return FunctionInfo.catalog(self) | {"options": list(defaults), "option_defaults": defaults}


def _check_bounds(bounds: tuple[tuple[float, float], ...], most: float) -> None:
    problems = []
    for i, (low, high) in enumerate(bounds):
        if not -most <= low < high <= most:
            said = say(
                "no_window",
                field=f"bounds[{i}]",
                least=-most,
                most=most,
                low=rounded(low),
                high=rounded(high),
            )
            problems.append(FieldProblem(f"/problem/bounds/{i}", said))
    if problems:
        raise ConfigError(problems)


def _start(bounds: Bounds) -> tuple[float, float]:
    """Off the centre, where a symmetric function has no gradient."""
    (x0, x1), (y0, y1) = bounds
    return x0 + 0.2 * (x1 - x0), y0 + 0.7 * (y1 - y0)


_TEXT = "x**2 + 10*sin(y)"
_BOUNDS: Bounds = ((-3.0, 3.0), (-3.0, 3.0))

EXPRESSION = ExpressionInfo(
    name="expression",
    title="Your own function",
    description="Any function of x and y that you write; torch differentiates it.",
    function=plane_function(_TEXT, ""),
    definition=torch_source(_TEXT),
    formula=r"f(x, y)",
    expression=_TEXT,
    bounds=_BOUNDS,
    start=_start(_BOUNDS),
    minima=(),
    citation="",
    suggestion=Suggestion(sgd=0.05, momentum=0.02, adam=0.1, adamw=0.1, decay=0.5, steps=150),
)
