"""2-D test functions, each with its formula, its stationary points and where it comes from.

Every function takes points [..., 2] and gives values [...], so that one definition serves a training step
and a whole surface. Adding one is adding one entry to ``FUNCTIONS``.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal, NamedTuple

import torch
from torch import Generator, Tensor, nn

from optiscope.engine.core.config import ProblemConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.formula import mathml
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.words import say
from optiscope.engine.recipe.draws import Draw
from optiscope.engine.recipe.problems.suggestion import Suggestion
from optiscope.engine.recipe.problems.without_data import WithoutData

Function = Callable[[Tensor], Tensor]
Bounds = tuple[tuple[float, float], tuple[float, float]]


class Stationary(NamedTuple):
    """A point with zero gradient, and the value there."""

    at: tuple[float, float]
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionInfo:
    """A test function and the truth about it.

    Attributes:
        name: The name in a RunConfig.
        title: The name for people.
        description: What it teaches, in a sentence or two.
        failure: What goes wrong on it, and for whom, where it is one of the failure modes.
        function: Points [..., 2] to values [...].
        formula: In LaTeX.
        expression: In Python's notation.
        bounds: The window that shows it well.
        start: Where runs begin unless told otherwise.
        minima: All minima within the bounds, unless the description says which.
        saddles: All saddle points within the bounds, unless the description says which.
        citation: Where it comes from.
        definition: Its definition as ``f`` for a script, where the function has no source of its own.
        suggestion: What to compare on it first.
        source: The module to import the function from, if it is another package's.
        draw: Noise of unit scale, [2] in float64, that the gradient of every pass has besides; None for none.
        noise: Its scale, unless given.
    """

    name: str
    title: str
    description: str
    failure: str = ""
    function: Function
    formula: str
    expression: str
    bounds: Bounds
    start: tuple[float, float]
    minima: tuple[Stationary, ...]
    saddles: tuple[Stationary, ...] = ()
    citation: str
    definition: str = ""
    suggestion: Suggestion
    source: str = ""
    draw: Draw | None = None
    noise: float = 0.0
    kind: ClassVar[Literal["function"]] = "function"

    def of(self, config: ProblemConfig) -> "FunctionInfo":  # noqa: ARG002
        """What is known of it as a config writes it: the same, unless it is written there."""
        return self

    @property
    def option_defaults(self) -> dict[str, Any]:
        """What ``noise`` and ``seed`` are unless given; empty for a function without noise."""
        return {} if self.draw is None else {"noise": self.noise, "seed": 0}

    def complete(self, config: ProblemConfig, limits: Limits = UNLIMITED) -> ProblemConfig:  # noqa: ARG002
        """``config`` with the options that were left out; only noise has some.

        Raises:
            ConfigError: If another one is given.
        """
        own = self.option_defaults
        given = config.model_dump(exclude={"name"}, exclude_none=True)
        if strange := [option for option in given if option not in own]:
            raise ConfigError(
                FieldProblem(f"/problem/{option}", say("function_without", problem=self.name, option=option))
                for option in strange
            )
        return config.model_copy(update=own | given) if own else config

    def build(
        self,
        config: ProblemConfig,
        dtype: torch.dtype,
        limits: Limits = UNLIMITED,  # noqa: ARG002
    ) -> "FunctionProblem":
        """The function as a problem; its dtype is that of the point it is given, ``dtype`` that of noise."""
        config = self.complete(config)
        if self.draw is None:
            return FunctionProblem(self)
        return FunctionProblem(self, partial(_scaled, self.draw, config.noise or 0.0, dtype))

    def catalog(self) -> dict[str, Any]:
        """The entry of this function in the catalog."""
        return {
            "name": self.name,
            "package": self.source.partition(".")[0] or None,
            "title": self.title,
            "kind": self.kind,
            "description": self.description,
            "failure": self.failure,
            "formula": mathml(self.formula),
            "formula_text": self.expression,
            "loss": "f(x, y)",
            "inputs": FunctionProblem.inputs,
            "outputs": FunctionProblem.outputs,
            "task": None,
            "bounds": [list(bound) for bound in self.bounds],
            "start": list(self.start),
            "minima": _listed(self.minima),
            "saddles": _listed(self.saddles),
            "minimum": None,
            "parameters": [],
            "citation": self.citation,
            "options": list(self.option_defaults),
            "option_defaults": self.option_defaults,
            "data": None,
            "suggested": self.suggestion.catalog(),
        }


def _scaled(draw: Draw, noise: float, dtype: torch.dtype, generator: Generator) -> Tensor:
    return (noise * draw(generator)).to(dtype)


def _listed(points: Sequence[Stationary]) -> list[dict[str, Any]]:
    return [{"at": list(point.at), "value": point.value} for point in points]


@dataclass(frozen=True, slots=True)
class FunctionProblem(WithoutData):
    """A test function as something to minimise: its model is a point, its loss is its value there.

    Attributes:
        draw: Noise of the gradient, [2] in the dtype of the run; None where there is none.
    """

    info: FunctionInfo
    draw: Draw | None = None
    kind: ClassVar[Literal["function"]] = "function"
    inputs: ClassVar[int] = 2
    outputs: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The name in a RunConfig."""
        return self.info.name

    def loss(self, model: nn.Module, rows: Tensor | None = None) -> Tensor:
        """The value at the model's point, a scalar, or [n] of n points; with the noise of a pass, if any."""
        return self.compare(model(), rows)

    def compare(self, prediction: Tensor, rows: Tensor | None = None) -> Tensor:
        """The value at a point, a scalar, with the noise of a pass, if given."""
        value = self.info.function(prediction)
        return value if rows is None else value + (rows * prediction).sum(-1)

    def at(self, points: Tensor) -> Tensor:
        """The values at points [..., 2], in their own dtype: [...]."""
        return self.info.function(points)


def rosenbrock(xy: Tensor) -> Tensor:
    """(1 - x)² + 100 (y - x²)²."""
    x, y = xy.unbind(-1)
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def himmelblau(xy: Tensor) -> Tensor:
    """(x² + y - 11)² + (x + y² - 7)²."""
    x, y = xy.unbind(-1)
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def beale(xy: Tensor) -> Tensor:
    """(1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)²."""
    x, y = xy.unbind(-1)
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def rastrigin(xy: Tensor) -> Tensor:
    """20 + Σ (xᵢ² - 10 cos 2πxᵢ)."""
    return 20 + (xy**2 - 10 * torch.cos(2 * math.pi * xy)).sum(-1)


def saddle(xy: Tensor) -> Tensor:
    """x²/2 - y²/2 + y⁴/4."""
    x, y = xy.unbind(-1)
    return x**2 / 2 - y**2 / 2 + y**4 / 4


def quadratic_bowl(xy: Tensor) -> Tensor:
    """(x² + 100 y²) / 2."""
    x, y = xy.unbind(-1)
    return (x**2 + 100 * y**2) / 2


def booth(xy: Tensor) -> Tensor:
    """(x + 2y - 7)² + (2x + y - 5)²."""
    x, y = xy.unbind(-1)
    return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2


def six_hump_camel(xy: Tensor) -> Tensor:
    """(4 - 2.1x² + x⁴/3) x² + xy + (4y² - 4) y²."""
    x, y = xy.unbind(-1)
    return (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2


def styblinski_tang(xy: Tensor) -> Tensor:
    """Σ (xᵢ⁴ - 16xᵢ² + 5xᵢ) / 2."""
    return (xy**4 - 16 * xy**2 + 5 * xy).sum(-1) / 2


def ackley(xy: Tensor) -> Tensor:
    """20 + e - 20 exp(-0.2 √(½ Σxᵢ²)) - exp(½ Σ cos 2πxᵢ)."""
    # vector_norm and not sqrt: its gradient at the very tip of the cone is 0, that of sqrt is NaN.
    radius = torch.linalg.vector_norm(xy, dim=-1) * math.sqrt(0.5)
    waves = torch.cos(2 * math.pi * xy).mean(-1)
    return 20 + math.e - 20 * torch.exp(-0.2 * radius) - torch.exp(waves)


def monkey_saddle(xy: Tensor) -> Tensor:
    """x³ - 3xy² + ¾ (x² + y²)²."""
    x, y = xy.unbind(-1)
    return x**3 - 3 * x * y**2 + 0.75 * (x**2 + y**2) ** 2


_RASTRIGIN_MINIMUM = 0.9949586376523348
_RASTRIGIN_SADDLE = 0.5025460365546747
_MINIMUM_1D = {0.0: 0.0, _RASTRIGIN_MINIMUM: 0.9949590570932914, -_RASTRIGIN_MINIMUM: 0.9949590570932914}
_SADDLE_1D = 20.251272990990113

FUNCTIONS = (
    FunctionInfo(
        name="rosenbrock",
        title="Rosenbrock's banana",
        description=(
            "A curved, almost flat valley between steep walls. Finding the valley is easy; following it to "
            "the minimum takes momentum or patience."
        ),
        function=rosenbrock,
        formula=r"f(x, y) = (1 - x)^2 + 100 \, (y - x^2)^2",
        expression="(1 - x)**2 + 100*(y - x**2)**2",
        bounds=((-2.0, 2.0), (-1.0, 3.0)),
        start=(-1.2, 1.0),
        minima=(Stationary((1.0, 1.0), 0.0),),
        citation=(
            "Rosenbrock, H. H. (1960). An automatic method for finding the greatest or least value of a "
            "function. The Computer Journal 3(3), 175-184. doi:10.1093/comjnl/3.3.175"
        ),
        suggestion=Suggestion(sgd=0.001, momentum=0.001, adam=0.05, adamw=0.05, decay=0.1),
    ),
    FunctionInfo(
        name="himmelblau",
        title="Himmelblau's function",
        description=(
            "Four minima of equal value around one maximum, with a saddle between each two neighbours: "
            "which one is found depends on the optimizer as much as on the start."
        ),
        function=himmelblau,
        formula=r"f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        expression="(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
        bounds=((-5.0, 5.0), (-5.0, 5.0)),
        start=(0.5, 4.0),
        minima=(
            Stationary((3.0, 2.0), 0.0),
            Stationary((-2.805118086952745, 3.131312518250573), 0.0),
            Stationary((-3.779310253377747, -3.2831859912861696), 0.0),
            Stationary((3.5844283403304917, -1.8481265269644036), 0.0),
        ),
        saddles=(
            Stationary((-3.0730257507643897, -0.08135304428796751), 104.0151629175581),
            Stationary((-0.12796134673068008, -1.9537149802445763), 178.33723920192747),
            Stationary((0.08667750455539636, 2.884254701174776), 67.71915008752615),
            Stationary((3.385154183607021, 0.07385187983774928), 13.31192627040559),
        ),
        citation="Himmelblau, D. M. (1972). Applied Nonlinear Programming. McGraw-Hill.",
        suggestion=Suggestion(sgd=0.01, momentum=0.01, adam=0.1, adamw=0.1, decay=0.2, steps=150),
    ),
    FunctionInfo(
        name="beale",
        title="Beale's function",
        description=(
            "A flat plain with steep corners: gradients differ by orders of magnitude between the start "
            "and the minimum, so that one learning rate hardly fits both."
        ),
        function=beale,
        formula=r"f(x, y) = (1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2",
        expression="(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
        bounds=((-4.5, 4.5), (-4.5, 4.5)),
        start=(1.0, 1.5),
        minima=(Stationary((3.0, 0.5), 0.0),),
        saddles=(
            Stationary((0.0, 1.0), 14.203125),
            Stationary((0.10053793732415836, -2.644513585023125), 9.86451228475556),
        ),
        citation=(
            "Beale, E. M. L. (1958). On an iterative method for finding a local minimum of a function of "
            "more than one variable. Technical Report 25, Statistical Techniques Research Group, Princeton "
            "University."
        ),
        suggestion=Suggestion(sgd=0.01, momentum=0.002, adam=0.1, adamw=0.1, decay=0.1),
    ),
    FunctionInfo(
        name="rastrigin",
        title="Rastrigin's function",
        description=(
            "A bowl full of regular dents: 121 minima within the bounds, of which the nine around the "
            "origin are listed with the saddles between them. Gradient methods end in a dent near the "
            "start unless momentum carries them out."
        ),
        function=rastrigin,
        formula=r"f(x, y) = 20 + x^2 - 10 \cos(2 \pi x) + y^2 - 10 \cos(2 \pi y)",
        expression="20 + ((x**2 - 10*cos(2*pi*x)) + (y**2 - 10*cos(2*pi*y)))",
        bounds=((-5.12, 5.12), (-5.12, 5.12)),
        start=(3.08, 3.48),
        minima=tuple(
            Stationary((x, y), value_x + value_y)
            for x, value_x in _MINIMUM_1D.items()
            for y, value_y in _MINIMUM_1D.items()
        ),
        saddles=tuple(
            Stationary(at, _SADDLE_1D + value)
            for ridge in (-_RASTRIGIN_SADDLE, _RASTRIGIN_SADDLE)
            for dent, value in _MINIMUM_1D.items()
            for at in ((ridge, dent), (dent, ridge))
        ),
        citation="Rastrigin, L. A. (1974). Systems of Extremal Control. Nauka, Moscow (in Russian).",
        suggestion=Suggestion(sgd=0.002, momentum=0.004, adam=0.5, adamw=0.5, decay=0.05, steps=200),
    ),
    FunctionInfo(
        name="saddle",
        title="Strict saddle",
        description=(
            "A saddle between two minima. Started near its ridge, gradient descent crawls towards the "
            "saddle and leaves it slowly; adaptive steps leave it at once."
        ),
        function=saddle,
        formula=r"f(x, y) = \frac{x^2}{2} - \frac{y^2}{2} + \frac{y^4}{4}",
        expression="x**2/2 - y**2/2 + y**4/4",
        bounds=((-2.0, 2.0), (-2.0, 2.0)),
        start=(-1.5, 0.001),
        minima=(Stationary((0.0, 1.0), -0.25), Stationary((0.0, -1.0), -0.25)),
        saddles=(Stationary((0.0, 0.0), 0.0),),
        citation=(
            "Nesterov, Yu. (2004). Introductory Lectures on Convex Optimization: A Basic Course. Kluwer, "
            "section 1.2.3."
        ),
        suggestion=Suggestion(sgd=0.05, momentum=0.02, adam=0.02, adamw=0.02, decay=0.3),
    ),
    FunctionInfo(
        name="quadratic-bowl",
        title="Ill-conditioned bowl",
        description=(
            "A quadratic with condition number 100. Plain gradient descent zigzags across the bowl or "
            "crawls along it: its learning rate is bounded by the steep axis, its speed is set by the flat "
            "one."
        ),
        function=quadratic_bowl,
        formula=r"f(x, y) = \frac{1}{2} \left( x^2 + 100 \, y^2 \right)",
        expression="(x**2 + 100*y**2)/2",
        bounds=((-3.0, 3.0), (-1.5, 1.5)),
        start=(-2.5, 1.0),
        minima=(Stationary((0.0, 0.0), 0.0),),
        citation=(
            "Boyd, S. and Vandenberghe, L. (2004). Convex Optimization. Cambridge University Press, "
            "section 9.3.2."
        ),
        suggestion=Suggestion(sgd=0.018, momentum=0.01, adam=0.1, adamw=0.1, decay=0.1, steps=200),
    ),
    FunctionInfo(
        name="booth",
        title="Booth's function",
        description=(
            "A mild quadratic bowl whose axes are turned by 45 degrees: optimizers that scale each "
            "coordinate by itself lose their advantage."
        ),
        function=booth,
        formula=r"f(x, y) = (x + 2 y - 7)^2 + (2 x + y - 5)^2",
        expression="(x + 2*y - 7)**2 + (2*x + y - 5)**2",
        bounds=((-10.0, 10.0), (-10.0, 10.0)),
        start=(-7.0, 4.0),
        minima=(Stationary((1.0, 3.0), 0.0),),
        citation=(
            "Jamil, M. and Yang, X.-S. (2013). A literature survey of benchmark functions for global "
            "optimisation problems. International Journal of Mathematical Modelling and Numerical "
            "Optimisation 4(2), 150-194. doi:10.1504/IJMMNO.2013.055204"
        ),
        suggestion=Suggestion(sgd=0.05, momentum=0.01, adam=0.3, adamw=0.3, decay=0.1, steps=150),
    ),
    FunctionInfo(
        name="six-hump-camel",
        title="Six-hump camel",
        description=(
            "Six minima, two of them global, and seven saddles in a small window: neighbouring starts end "
            "in different valleys."
        ),
        function=six_hump_camel,
        formula=r"f(x, y) = \left(4 - 2.1 x^2 + \frac{x^4}{3}\right) x^2 + x y + \left(4 y^2 - 4\right) y^2",
        expression="(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2",
        bounds=((-2.0, 2.0), (-1.2, 1.2)),
        start=(-1.4, -1.1),
        minima=(
            Stationary((0.08984201310031806, -0.7126564030207396), -1.0316284534898774),
            Stationary((-0.08984201310031806, 0.7126564030207396), -1.0316284534898774),
            Stationary((-1.703606714969981, 0.7960835686726251), -0.21546382438371764),
            Stationary((1.703606714969981, -0.7960835686726251), -0.21546382438371764),
            Stationary((-1.6071047529201972, -0.5686514548841314), 2.1042503103112584),
            Stationary((1.6071047529201972, 0.5686514548841314), 2.1042503103112584),
        ),
        saddles=(
            Stationary((0.0, 0.0), 0.0),
            Stationary((-1.1092053368047865, 0.7682680925095399), 0.5437186009781851),
            Stationary((1.1092053368047865, -0.7682680925095399), 0.5437186009781851),
            Stationary((-1.6380679841897785, -0.22867406904439408), 2.2293571975307147),
            Stationary((1.6380679841897785, 0.22867406904439408), 2.2293571975307147),
            Stationary((-1.2960702671671092, -0.6050843880386585), 2.22947081802986),
            Stationary((1.2960702671671092, 0.6050843880386585), 2.22947081802986),
        ),
        citation=(
            "Dixon, L. C. W. and Szego, G. P. (1978). The global optimization problem: an introduction. "
            "In: Towards Global Optimization 2. North-Holland."
        ),
        suggestion=Suggestion(sgd=0.02, momentum=0.01, adam=0.03, adamw=0.03, decay=0.2, steps=200),
    ),
    FunctionInfo(
        name="styblinski-tang",
        title="Styblinski-Tang",
        description=(
            "Four minima of different depth in a smooth landscape; the deepest is the one at the lower left."
        ),
        function=styblinski_tang,
        formula=r"f(x, y) = \frac{1}{2} \left( x^4 - 16 x^2 + 5 x + y^4 - 16 y^2 + 5 y \right)",
        expression="((x**4 - 16*x**2 + 5*x) + (y**4 - 16*y**2 + 5*y))/2",
        bounds=((-5.0, 5.0), (-5.0, 5.0)),
        start=(0.0, 4.5),
        minima=(
            Stationary((-2.903534027771177, -2.903534027771177), -78.33233140754282),
            Stationary((-2.903534027771177, 2.746802770990837), -64.19561235905536),
            Stationary((2.746802770990837, -2.903534027771177), -64.19561235905536),
            Stationary((2.746802770990837, 2.746802770990837), -50.05889331056788),
        ),
        saddles=(
            Stationary((-2.903534027771177, 0.1567312567803401), -38.97055334471606),
            Stationary((0.1567312567803401, -2.903534027771177), -38.97055334471606),
            Stationary((0.1567312567803401, 2.746802770990837), -24.833834296228584),
            Stationary((2.746802770990837, 0.1567312567803401), -24.833834296228584),
        ),
        citation=(
            "Styblinski, M. A. and Tang, T.-S. (1990). Experiments in nonconvex optimization: stochastic "
            "approximation with function smoothing and simulated annealing. Neural Networks 3(4), 467-483. "
            "doi:10.1016/0893-6080(90)90029-K"
        ),
        suggestion=Suggestion(sgd=0.01, momentum=0.01, adam=0.1, adamw=0.1, decay=0.1, steps=150),
    ),
    FunctionInfo(
        name="ackley",
        title="Ackley's function",
        description=(
            "A funnel full of small dents whose bottom is the tip of a cone: the gradient does not fade "
            "there, so that a constant learning rate never settles. Of its many minima the global one is "
            "listed."
        ),
        function=ackley,
        formula=(
            r"f(x, y) = 20 + e - 20 \, e^{-0.2 \sqrt{(x^2 + y^2) / 2}}"
            r" - e^{\left(\cos(2 \pi x) + \cos(2 \pi y)\right) / 2}"
        ),
        expression="20 + e - 20*exp(-0.2*(sqrt(x**2 + y**2)*sqrt(0.5))) - exp((cos(2*pi*x) + cos(2*pi*y))/2)",
        bounds=((-4.0, 4.0), (-4.0, 4.0)),
        start=(-2.4, 1.3),
        minima=(Stationary((0.0, 0.0), 0.0),),
        citation="Ackley, D. H. (1987). A Connectionist Machine for Genetic Hillclimbing. Kluwer.",
        suggestion=Suggestion(sgd=0.02, momentum=0.05, adam=0.3, adamw=0.3, decay=0.1, steps=200),
    ),
    FunctionInfo(
        name="monkey-saddle",
        title="Monkey saddle",
        description=(
            "Three valleys meet where gradient and Hessian both vanish: the most degenerate of the simple "
            "saddles. The quartic term is ours; it closes each valley with a minimum."
        ),
        function=monkey_saddle,
        formula=r"f(x, y) = x^3 - 3 x y^2 + \frac{3}{4} \left( x^2 + y^2 \right)^2",
        expression="x**3 - 3*x*y**2 + 0.75*(x**2 + y**2)**2",
        bounds=((-1.6, 1.6), (-1.6, 1.6)),
        start=(1.2, 0.02),
        minima=(
            Stationary((-1.0, 0.0), -0.25),
            Stationary((0.5, math.sqrt(0.75)), -0.25),
            Stationary((0.5, -math.sqrt(0.75)), -0.25),
        ),
        saddles=(Stationary((0.0, 0.0), 0.0),),
        citation=(
            "Hilbert, D. and Cohn-Vossen, S. (1952). Geometry and the Imagination. Chelsea (monkey saddle)."
        ),
        suggestion=Suggestion(sgd=0.05, momentum=0.02, adam=0.02, adamw=0.02, decay=0.3),
    ),
)
