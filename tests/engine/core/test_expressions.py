import ast
import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.expressions import epoch_function
from optiscope.engine.core.limits import DEFAULT_LIMITS

GOOD = {
    "1": lambda _: 1,
    "0.95 ** epoch": lambda e: 0.95**e,
    "min(epoch / 10, 1)": lambda e: min(e / 10, 1),
    "  1 - epoch/100 ": lambda e: 1 - e / 100,
    "-epoch + +2": lambda e: -e + 2,
    "epoch // 3 + epoch % 3": lambda e: e // 3 + e % 3,
    "0.5 * (1 + cos(pi * epoch / 100))": lambda e: 0.5 * (1 + math.cos(math.pi * e / 100)),
    "exp(-epoch / 7) + e + sin(epoch) + sqrt(epoch) + log(epoch + 1)": lambda e: (
        math.exp(-e / 7) + math.e + math.sin(e) + math.sqrt(e) + math.log(e + 1)
    ),
    "floor(epoch / 3) + abs(3 - epoch)": lambda e: math.floor(e / 3) + abs(3 - e),
    "ceil(epoch / 4) + round(epoch / 3) + pow(epoch, 1.5)": lambda e: (
        math.ceil(e / 4) + round(e / 3) + math.pow(e, 1.5)
    ),
    "1 - tanh(epoch / 5)": lambda e: 1 - math.tanh(e / 5),
    "1 if 2 <= epoch < 5 else 0.1": lambda e: 1 if 2 <= e < 5 else 0.1,
    "1 if 0 < epoch <= 3 != 2 and 1 < 2 < 3 else 2": lambda e: 1 if 0 < e <= 3 else 2,
    "1 if epoch < 5 else 0.1": lambda e: 1 if e < 5 else 0.1,
    "0.5 if epoch >= 3 and epoch != 4 or epoch == 0 else max(epoch, 1, 2)": lambda e: (
        0.5 if (e >= 3 and e != 4) or e == 0 else max(e, 1, 2)
    ),
}


@pytest.mark.parametrize("text", GOOD)
def test_an_expression_is_what_python_says(text):
    """Arithmetic, functions and conditions have the bits of Python's own."""
    function = epoch_function(text, "/at")
    for epoch in range(12):
        assert function(epoch) == float(GOOD[text](epoch))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read"),
        ("  epoch + * 2", "cannot be read at character 11"),
        ("epoch; 1", "cannot be read"),
        ("x = 1", "write the value alone, without = (character 3"),
        ("epohc * 2", 'unknown name "epohc": use epoch, pi, e (character 1'),
        ("2 * __import__('os')", "only these functions are allowed: cos,"),
        ("epoch.real", "Attribute is not allowed in an expression (character 1"),
        ("().__class__", "Attribute is not allowed"),
        ("[1][0]", "Subscript is not allowed"),
        ("lambda: 1", "Lambda is not allowed"),
        ("(x := 2)", "NamedExpr is not allowed"),
        ("[e for e in (1,)]", "ListComp is not allowed"),
        ("f'{epoch}'", "JoinedStr is not allowed"),
        ("'a'", "only numbers are allowed"),
        ("True", "only numbers are allowed"),
        ("1j", "only numbers are allowed"),
        ("1e999", "the number is too large"),
        ("9" * 150 + "0" * 0, None),
        ("not epoch", "only + and - may stand before a value"),
        ("~epoch", "only + and - may stand before a value"),
        ("epoch | 1", "only + - * / // % ** are allowed (character 1"),
        ("epoch << 99", "only + - * / // % ** are allowed"),
        ("1 < epoch in 3", "compare two values"),
        ("epoch is 1", "compare two values"),
        ("cos(1, 2)", "cos takes 1 argument, got 2"),
        ("min(1)", "min takes 2 to 8 arguments, got 1"),
        ("min(1, *epoch)", "Starred is not allowed"),
        ("max(1, 2, key=abs)", "only these functions are allowed"),
        ("1 + " * 60 + "1", "at most 200 characters, got 241"),
        ("-" * 60 + "1", "nested more than 20 deep"),
        ("(" * 99 + "1" + ")" * 99, None),
        ("\x00", "cannot be read"),
    ],
)
def test_what_is_not_arithmetic_is_refused(text, words):
    """A refusal points at the character; Python's own parser and a whitelist are all that reads the text."""
    if words is None:
        assert math.isfinite(epoch_function(text, "/at", DEFAULT_LIMITS)(0))
        return
    with pytest.raises(ConfigError) as caught:
        epoch_function(text, "/at", DEFAULT_LIMITS)
    (problem,) = caught.value.problems
    assert problem.pointer == "/at"
    assert words in problem.detail


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 / (epoch - 3)", "has no value at epoch 3: float division by zero"),
        ("epoch % (epoch - 3)", "has no value at epoch 3"),
        ("sqrt(2 - epoch)", "has no value at epoch 3: "),
        ("(2 - epoch) ** 0.5", "has no value at epoch 3: "),
        ("10 ** (epoch * 150)", "has no value at epoch 3: math range error"),
        ("1e200 * 1e100 ** (epoch - 1)", "is not finite at epoch 3"),
    ],
)
def test_a_value_that_does_not_exist_names_the_epoch(text, words):
    """Dividing by zero, roots of negative numbers and overflow are found when they happen."""
    function = epoch_function(text, "/at")
    assert math.isfinite(function(1))
    with pytest.raises(ConfigError, match="at epoch 3") as caught:
        function(3)
    assert words in str(caught.value)


def test_a_power_cannot_take_long():
    """9 ** 9 ** 9 ** 9 overflows at once instead of computing a number of a billion digits."""
    with pytest.raises(ConfigError, match="math range error"):
        epoch_function("9 ** 9 ** 9 ** 9", "/at")(0)


@given(st.text(max_size=DEFAULT_LIMITS.max_expression_length))
def test_any_text_is_a_function_or_a_refusal(text):
    """Whatever is typed, the answer is a number or a sentence."""
    try:
        value = epoch_function(text, "/at", DEFAULT_LIMITS)(2)
    except ConfigError as error:
        assert all(problem.detail for problem in error.problems)  # noqa: PT017
    else:
        assert math.isfinite(value)
        ast.parse(text.strip(), mode="eval")


def test_lambdalr_keeps_nothing_of_the_function():
    """``LambdaLR.state_dict`` keeps the attributes of an object, so the factor is a plain function."""
    function = epoch_function("epoch", "/at")
    assert type(function) is type(test_lambdalr_keeps_nothing_of_the_function)
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(function)
