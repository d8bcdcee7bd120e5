"""Small safe expressions: a whitelist of syntax, compiled to closures, never evaluated as Python.

``epoch_function("0.95 ** epoch")`` is what LambdaLR and MultiplicativeLR take, and a function of ``x`` what
CyclicLR scales its cycles by.
An error points at the character.
"""

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.registry import shown
from optiscope.engine.core.slips import slip_in
from optiscope.engine.core.words import Said, say

Environment = Mapping[str, Any]
Compiled = Callable[[Environment], Any]


@dataclass(frozen=True, slots=True)
class Grammar:
    """What an expression may use.

    Attributes:
        variables: Names that the caller gives a value.
        constants: Names with a fixed value.
        functions: Name to function and the number of arguments it takes (least, most).
        power: What ``**`` does.
        comparisons: Whether ``<``, ``if … else`` and ``and`` are allowed.
    """

    variables: frozenset[str]
    constants: Mapping[str, float]
    functions: Mapping[str, tuple[Callable[..., Any], int, int]]
    power: Callable[[Any, Any], Any]
    comparisons: bool = False


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def compile_expression(text: str, grammar: Grammar, pointer: str, limits: Limits = UNLIMITED) -> Compiled:
    """``text`` as a function of its variables.

    Raises:
        ConfigError: At ``pointer``, naming the character, for anything outside the grammar or its bounds.
    """
    try:
        tree = parse_expression(text, pointer, limits)
        return _Compiler(text, grammar, pointer, limits.max_expression_depth).compile(tree, 1)
    except ConfigError:
        if len(text) > limits.max_expression_length:
            raise
        slip = slip_in(text, grammar.functions, {*grammar.variables, *grammar.constants})
        if slip is None:
            raise
    place, why = slip
    raise ConfigError.at(pointer, say("expression_refused", why=why, place=place, text=shown(text)))


def parse_expression(text: str, pointer: str, limits: Limits = UNLIMITED) -> ast.expr:
    """The syntax tree of ``text``, whatever it holds.

    Raises:
        ConfigError: At ``pointer``, if it is too long or no expression.
    """
    bound = limits.max_expression_length
    if len(text) > bound:
        raise ConfigError.at(pointer, say("expression_too_long", bound=bound, value=len(text)))
    try:
        with warnings.catch_warnings():  # of a text such as "1if x else y", which is refused anyway
            warnings.simplefilter("ignore")
            return ast.parse(_one_line(text).strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        place = getattr(error, "offset", None)
        if place == 0:  # the parser reached the end and wanted more
            place = len(text.strip()) + 1
        said = (
            say("expression_unreadable_at", place=place + _indent(text), text=shown(text))
            if place
            else say("expression_unreadable", text=shown(text))
        )
        raise ConfigError.at(pointer, said) from None


def _one_line(text: str) -> str:
    """``text`` with a blank for every other kind of space, so that a place in it is one number."""
    return "".join(" " if character.isspace() else character for character in text)


def _indent(text: str) -> int:
    """Characters before the expression, which the parser does not see."""
    return len(text) - len(text.lstrip())


def _other_arguments(function: str, least: int, most: int, got: int) -> Said:
    """A function of another number of arguments."""
    if least < most:
        return say("expression_arguments_between", function=function, least=least, most=most, value=got)
    return say("expression_arguments", function=function, count=least, value=got)


class _Compiler:
    """Turns one syntax tree into nested closures."""

    def __init__(self, text: str, grammar: Grammar, pointer: str, deepest: int) -> None:
        self.text = text
        self.offset = _indent(text)
        self.grammar = grammar
        self.pointer = pointer
        self.deepest = deepest

    def refuse(self, node: ast.AST, why: Said) -> ConfigError:
        """The error that points at ``node``."""
        before = _one_line(self.text).strip().encode()[: getattr(node, "col_offset", 0)]
        place = len(before.decode()) + self.offset + 1
        return ConfigError.at(
            self.pointer, say("expression_refused", why=why, place=place, text=shown(self.text))
        )

    def compile(self, node: ast.AST, depth: int) -> Compiled:
        """The closure of one node."""
        if depth > self.deepest:
            raise self.refuse(node, say("expression_too_deep", bound=self.deepest))
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise self.refuse(node, say("expression_syntax", kind=type(node).__name__))
        compiled: Compiled = method(node, depth + 1)
        return compiled

    def _constant(self, node: ast.Constant, _: int) -> Compiled:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self.refuse(node, say("expression_only_numbers"))
        try:
            value = float(node.value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.refuse(node, say("expression_number_too_large"))
        return lambda _: value

    def _name(self, node: ast.Name, _: int) -> Compiled:
        name = node.id
        if name in self.grammar.variables:
            return lambda environment: environment[name]
        if name in self.grammar.constants:
            value = self.grammar.constants[name]
            return lambda _: value
        known = [*sorted(self.grammar.variables), *self.grammar.constants]
        raise self.refuse(node, say("expression_unknown_name", name=shown(name), known=known))

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Compiled:
        apply = _UNARY.get(type(node.op))
        if apply is None:
            raise self.refuse(node, say("expression_sign"))
        operand = self.compile(node.operand, depth)
        return lambda environment: apply(operand(environment))

    def _binop(self, node: ast.BinOp, depth: int) -> Compiled:
        apply = self.grammar.power if isinstance(node.op, ast.Pow) else _BINARY.get(type(node.op))
        if apply is None:
            raise self.refuse(node, say("expression_operators"))
        left, right = self.compile(node.left, depth), self.compile(node.right, depth)
        return lambda environment: apply(left(environment), right(environment))

    def _call(self, node: ast.Call, depth: int) -> Compiled:
        if not isinstance(node.func, ast.Name) or node.keywords or node.func.id not in self.grammar.functions:
            raise self.refuse(node, say("expression_functions", functions=list(self.grammar.functions)))
        function, least, most = self.grammar.functions[node.func.id]
        if not least <= len(node.args) <= most:
            raise self.refuse(node, _other_arguments(node.func.id, least, most, len(node.args)))
        arguments = [self.compile(argument, depth) for argument in node.args]
        return lambda environment: function(*(argument(environment) for argument in arguments))

    def _ifexp(self, node: ast.IfExp, depth: int) -> Compiled:
        self._only_with_comparisons(node)
        test, yes, no = (self.compile(part, depth) for part in (node.test, node.body, node.orelse))
        return lambda environment: yes(environment) if test(environment) else no(environment)

    def _boolop(self, node: ast.BoolOp, depth: int) -> Compiled:
        self._only_with_comparisons(node)
        parts = [self.compile(value, depth) for value in node.values]
        combine = all if isinstance(node.op, ast.And) else any
        return lambda environment: combine(part(environment) for part in parts)

    def _compare(self, node: ast.Compare, depth: int) -> Compiled:
        self._only_with_comparisons(node)
        if any(type(comparison) not in _COMPARE for comparison in node.ops):
            raise self.refuse(node, say("expression_comparison"))
        parts = [self.compile(part, depth) for part in (node.left, *node.comparators)]
        pairs = [
            (_COMPARE[type(comparison)], left, right)
            for comparison, (left, right) in zip(node.ops, pairwise(parts), strict=True)
        ]
        return lambda environment: all(
            compare(left(environment), right(environment)) for compare, left, right in pairs
        )

    def _only_with_comparisons(self, node: ast.AST) -> None:
        if not self.grammar.comparisons:
            raise self.refuse(node, say("expression_conditions"))


_NUMBERS = Grammar(
    variables=frozenset({"epoch"}),
    constants={"pi": math.pi, "e": math.e},
    functions={
        "cos": (math.cos, 1, 1),
        "sin": (math.sin, 1, 1),
        "tanh": (math.tanh, 1, 1),
        "exp": (math.exp, 1, 1),
        "log": (math.log, 1, 1),
        "sqrt": (math.sqrt, 1, 1),
        "pow": (math.pow, 2, 2),
        "abs": (abs, 1, 1),
        "floor": (math.floor, 1, 1),
        "ceil": (math.ceil, 1, 1),
        "round": (round, 1, 1),
        "min": (min, 2, 8),
        "max": (max, 2, 8),
    },
    power=math.pow,
    comparisons=True,
)


def epoch_function(
    text: str, pointer: str, limits: Limits = UNLIMITED, variable: str = "epoch"
) -> Callable[[float], float]:
    """The function of ``epoch`` or of another variable that ``text`` writes, such as ``min(epoch / 10, 1)``.

    A plain function and no object, since ``state_dict`` of LambdaLR and of CyclicLR keeps the attributes of
    an object.
    The function raises ConfigError, naming the epoch, where the expression has no finite value
    (a division by zero, an overflow, the root of a negative number).
    """
    compiled = compile_expression(text, replace(_NUMBERS, variables=frozenset({variable})), pointer, limits)

    def function(number: float) -> float:
        try:
            value = float(compiled({variable: number}))
        except (ArithmeticError, ValueError) as error:
            said = _without_value(text, variable, number, str(error))
            raise ConfigError.at(pointer, said) from None
        if not math.isfinite(value):
            raise ConfigError.at(pointer, _not_finite(text, variable, number))
        return value

    return function


def _without_value(text: str, variable: str, number: float, why: str) -> Said:
    if variable == "epoch":
        return say("expression_no_value_at", text=shown(text), epoch=number, why=why)
    return say("expression_no_value_of", text=shown(text), variable=variable, value=number, why=why)


def _not_finite(text: str, variable: str, number: float) -> Said:
    if variable == "epoch":
        return say("expression_not_finite_at", text=shown(text), epoch=number)
    return say("expression_not_finite_of", text=shown(text), variable=variable, value=number)


def python_source(text: str) -> str:
    """An expression that ``epoch_function`` has accepted, as Python with ``math`` that gives the same bits.

    Example:
        >>> python_source("min(epoch / 10, cos(pi * epoch))")
        'min(epoch / 10.0, math.cos(math.pi * epoch))'
    """
    return ast.unparse(_Python().visit(ast.parse(text.strip(), mode="eval")))


class _Python(ast.NodeTransformer):
    """Writes out what the closures above do: numbers are floats, powers are those of ``math.pow``."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(float(node.value))  # type: ignore[arg-type]

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return _of_math(node.id) if node.id in _NUMBERS.constants else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = node.func.id  # type: ignore[attr-defined]
        function = _of_math(name) if hasattr(math, name) else node.func
        return ast.Call(function, [self.visit(argument) for argument in node.args], [])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Pow) and not isinstance(left, ast.Constant):
            return ast.Call(_of_math("pow"), [left, right], [])
        return ast.BinOp(left, node.op, right)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        combined = ast.BoolOp(node.op, [self.visit(value) for value in node.values])
        return ast.Call(ast.Name("bool"), [combined], [])


def _of_math(name: str) -> ast.expr:
    return ast.Attribute(ast.Name("math"), name)
