import pytest

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.expressions import epoch_function
from optiscope.engine.core.slips import slip_in
from optiscope.engine.recipe.problems.expression import plane_function

SLIPS = {
    "x^2 + y": (2, "a power is **: write ** in place of ^"),
    "x² + y": (2, "a power is **: write **2 in place of ²"),
    "2x + y": (2, "a product needs its *: write 2*x"),
    "2.5e-3 x": (8, "a product needs its *: write 2.5e-3*x"),
    "3(x + y)": (2, "a product needs its *: write 3*("),
    "(x + 1)(y - 1)": (8, "a product needs its *: write )*("),
    "x y": (3, "a product needs its *: write x*y"),
    "x(y + 1)": (2, "a product needs its *: write x*("),
    "2exp(x)": (2, "a product needs its *: write 2*exp"),
    "1 + xy": (5, "write x*y in place of xy"),
    "sin x + y": (1, "a function needs its brackets: write sin(…)"),
    "x + sin": (5, "a function needs its brackets: write sin(…)"),
    "ln(x)": (1, "write log in place of ln"),
    "log10(x)": (1, "write log(…)/log(10) in place of log10"),
    "arctan(x)": (1, "write atan in place of arctan"),
    "Sin(X)": (1, "write sin in place of Sin"),
    "sin(π*x)": (5, "write pi in place of π"),
    "x \N{MULTIPLICATION SIGN} y": (3, "write * in place of \N{MULTIPLICATION SIGN}"),
    "x \N{MINUS SIGN} y": (3, "write - in place of \N{MINUS SIGN}"),
    "sin\N{FULLWIDTH LEFT PARENTHESIS}x\N{FULLWIDTH RIGHT PARENTHESIS}": (
        4,
        "write ( in place of \N{FULLWIDTH LEFT PARENTHESIS}",
    ),
    "√x": (1, "write sqrt(…) in place of √"),
    "0,5*x": (2, "write . in place of ,"),
    "|x| + y": (1, "write abs(…) in place of |…|"),
    "z = x**2": (3, "write the value alone, without ="),
    "sin(x": (4, "a bracket is opened here and never closed"),
    "(x + y)) * 2": (8, "a bracket is closed here that was never opened"),
    "  x^2": (4, "a power is **"),
}


@pytest.mark.parametrize("text", SLIPS)
def test_what_is_written_as_on_paper_is_answered_with_how_it_is_written_here(text):
    """The first slip of a text, with its character."""
    place, words = SLIPS[text]
    with pytest.raises(ConfigError) as caught:
        plane_function(text, "/problem/expression")
    (problem,) = caught.value.problems
    assert problem.pointer == "/problem/expression"
    assert words in problem.detail
    assert f"(character {place} of " in problem.detail


@pytest.mark.parametrize("text", ["x +", "x; y", "x @ y", "epohc", "x if y", "__import__('os')", "().real"])
def test_what_is_no_slip_is_refused_as_before(text):
    """Nothing is guessed."""
    assert slip_in(text, ["sin", "max"], ["x", "y", "e"]) is None


def test_what_is_offered_instead_can_be_used():
    """A name that this grammar does not have is never offered."""
    assert slip_in("arctan(epoch)", ["sin"], ["epoch"]) is None
    with pytest.raises(ConfigError, match="write epoch in place of Epoch"):
        epoch_function("1 / Epoch", "/at")


def test_what_can_be_read_is_no_slip():
    """Euler's number, a power in brackets and a comma between arguments are as they should be."""
    assert epoch_function("e * max(1, 2) + 2e1 * (epoch) ** 2", "/at")(1) > 25
