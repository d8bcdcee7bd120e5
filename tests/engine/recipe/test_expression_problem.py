import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.lens.loss_surface import loss_surface
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.problems import FAILURES, FUNCTIONS, build_problem
from optiscope.engine.recipe.problems.expression import plane_function, torch_source
from optiscope.runs.description import describe

TEXTS = [
    "x**2 + 10*sin(y)",
    "-x**2 + -y",
    "2**x + x**y",
    "max(x, y) + min(x, 0.25) + max(-1, y)",
    "1/(1 + x**2) + (x*y) % 0.75",
    "exp(-(x**2 + y**2)/2) * cos(2*pi*x) * e",
    "tanh(x) + erf(y) + sigmoid(x*y) + atan(x) + sinh(y)/cosh(x)",
    "abs(x) + sqrt(y + 4) + log(x + 9) + tan(y/9) + asin(x/9) + acos(y/9)",
    "x*-(3 - 5)**3 + sin(2)*sqrt(2)*max(1, 2)",
    "+x",
]


def config(expression="x**2 + 10*sin(y)", **rest):
    problem = {"name": "expression", "expression": expression} | rest
    optimizer = {"name": "Adam", "hyperparameters": {"lr": 0.1}}
    return RunConfig.model_validate({"problem": problem, "optimizer": optimizer, "steps": 20})


def plain(source):
    """The function that a script defines; the text is the engine's own."""
    scope = {"torch": torch}
    exec(source, scope)  # noqa: S102
    return scope["f"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_script_computes_the_same(text):
    """The torch source of an expression gives the same values and gradients, bit for bit."""
    f, g = plane_function(text, ""), plain(torch_source(text))
    for dtype in (torch.float32, torch.float64):
        points = torch.rand(64, 2, dtype=dtype, generator=torch.Generator().manual_seed(0)) * 4 - 2
        values = []
        for function in (f, g):
            leaf = points.clone().requires_grad_()
            value = function(leaf)
            assert value.dtype == dtype
            assert value.shape == (64,)
            values.append((value, torch.autograd.grad(value.sum(), leaf)[0]))
        for own, others in zip(*values, strict=True):
            torch.testing.assert_close(own, others, rtol=0, atol=0, equal_nan=True)
        torch.testing.assert_close(f(points[3]), values[0][0][3].detach(), equal_nan=True)


@pytest.mark.parametrize(
    "info",
    [*FUNCTIONS, *(info for info in FAILURES if info.kind == "function")],
    ids=lambda info: info.name,
)
def test_the_catalogs_functions_can_be_written(info):
    """The text of every test function in the catalog groups as the code does: it gives the same bits.

    Ackley's radius is ``torch.linalg.vector_norm``, whose gradient at the tip is 0. No notation says that,
    and it rounds otherwise than the square root: by a unit in the last place of the value's largest term.
    """
    low, high = torch.tensor(info.bounds, dtype=torch.float64).T
    chance = torch.rand(500, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    written = plane_function(info.expression, "")
    apart = [(written(at) - info.function(at)).abs().item() for at in low + (high - low) * chance]
    assert max(apart) <= (np.spacing(20 + math.e) if info.name == "ackley" else 0)


def test_it_trains_and_is_drawn():
    """An expression runs as any test function does, and its surface is the function over its bounds."""
    run = describe(config(bounds=[[-4, 4], [-2, 5]])).config
    blocks, reached = advance(run, None, run.steps)
    assert reached.ended.reason == "completed"
    surface = loss_surface([run], [blocks], resolution=5)
    assert surface.plane.kind == "function"
    assert surface.window == ((-4.0, 4.0), (-2.0, 5.0))
    x, y = torch.meshgrid(torch.from_numpy(surface.x), torch.from_numpy(surface.y), indexing="xy")
    expected = x**2 + 10 * torch.sin(y)
    torch.testing.assert_close(torch.from_numpy(surface.z).double(), expected, rtol=1e-5, atol=1e-5)


def test_a_config_is_completed():
    """Left out, expression, bounds and start are filled in, so that the config says what runs."""
    asked = {"problem": {"name": "expression"}, "optimizer": {"name": "SGD"}}
    run = describe(RunConfig.model_validate(asked))
    assert run.config.problem.expression == "x**2 + 10*sin(y)"
    assert run.config.problem.bounds == ((-3.0, 3.0), (-3.0, 3.0))
    assert run.config.model.start == pytest.approx((-1.8, 1.2))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x + z", 'unknown name "z": use x, y, pi, e (character 5'),
        ("  x + z", "(character 7"),
        ("(x\n+ z)", "(character 6"),
        ("1 + ö*x", "(character 5"),
        ("'ö' + z*x", "(character 1"),
        ("x +", "cannot be read at character"),
        ("", "cannot be read"),
        ("x; y", "cannot be read at character 2"),
        ("x if y else 1", "conditions are not allowed here"),
        ("1if x else y", "conditions are not allowed here"),
        ("x > 1", "conditions are not allowed here"),
        ("x and y", "conditions are not allowed here"),
        ("not x", "only + and - may stand"),
        ("~x", "only + and - may stand"),
        ("x @ y", "only + - * / // % ** are allowed (character 1"),
        ("x.grad", "Attribute is not allowed"),
        ("x[0]", "Subscript is not allowed"),
        ("x.__class__.__base__", "Attribute is not allowed"),
        ("__import__('os').system('true')", "only these functions are allowed"),
        ("().__class__", "Attribute is not allowed"),
        ("lambda: x", "Lambda is not allowed"),
        ("[x for x in y]", "ListComp is not allowed"),
        ("(x := 1)", "NamedExpr is not allowed"),
        ("f'{x}'", "JoinedStr is not allowed"),
        ("'x' * 9", "only numbers are allowed"),
        ("x + True", "only numbers are allowed"),
        ("x + 1j", "only numbers are allowed"),
        ("x + None", "only numbers are allowed"),
        ("x + 1e999", "the number is too large"),
        ("sin(x, y)", "sin takes 1 argument, got 2"),
        ("max(x)", "max takes 2 arguments"),
        ("sin(*x)", "Starred is not allowed"),
        ("sin(value=x)", "only these functions"),
        ("eval(x)", "only these functions"),
        ("sin", "a function needs its brackets: write sin(…) (character 1"),
        ("9**9**9*x", "has no value"),
        ("x + 1/0", "has no value"),
        ("x + (-8)**0.5", "has no value"),
        ("x*log(0)", "has no value"),
        ("pi + 1", "is a constant"),
        ("x//1", "has no gradient"),
        ("x" * 201, "at most 200 characters"),
        ("(" * 99 + "x" + ")" * 99, None),
        ("-" * 150 + "x", "nested more than 20 deep"),
        ("x\0", "cannot be read"),
    ],
)
def test_what_is_no_function_is_refused(text, words):
    """Errors name the character and what is allowed; nothing is ever run."""
    if words is None:
        assert plane_function(text, "")(torch.zeros(2)) == 0
        return
    with pytest.raises(ConfigError) as refused:
        check(config(text))
    [problem] = refused.value.problems
    assert problem.pointer == "/problem/expression"
    assert words in problem.detail


@given(st.text(alphabet="xyzπe 0123456789.+-*/%()[]{},'\"_=<>!:;\n\tsincoexpmaxlambdaif", max_size=60))
def test_any_text_is_a_function_or_a_config_error(text):
    """Whatever is typed, it is refused or it maps points to values."""
    try:
        f = plane_function(text, "")
    except ConfigError:
        return
    assert f(torch.zeros(3, 2)).shape == (3,)


@pytest.mark.parametrize(
    ("problem", "pointer"),
    [
        ({"name": "expression", "samples": 8}, "/problem/samples"),
        ({"name": "expression", "bounds": [[1, -1], [0, 1]]}, "/problem/bounds/0"),
        ({"name": "expression", "bounds": [[-1, 1], [0, 1e300]]}, "/problem/bounds/1"),
        ({"name": "rosenbrock", "expression": "x"}, "/problem/expression"),
        ({"name": "moons", "expression": "x"}, "/problem/expression"),
        ({"name": "seed-example", "bounds": [[0, 1], [0, 1]]}, "/problem/bounds"),
    ],
)
def test_options_of_other_problems_are_refused(problem, pointer):
    """An option goes with its problem."""
    run = RunConfig.model_validate({"problem": problem, "optimizer": {"name": "SGD"}})
    with pytest.raises(ConfigError) as refused:
        build_problem(run.problem, torch.float32, DEFAULT_LIMITS)
    assert refused.value.problems[0].pointer == pointer
