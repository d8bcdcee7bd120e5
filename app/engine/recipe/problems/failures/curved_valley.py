"""A narrow curved valley that lies along no axis."""

from torch import Tensor

from optiscope.engine.recipe.problems.functions import FunctionInfo, Stationary
from optiscope.engine.recipe.problems.suggestion import Suggestion


def curved_valley(xy: Tensor) -> Tensor:
    """(1 - u)² + 100 (v - u²)² with u = 0.8x + 0.6y and v = 0.8y - 0.6x."""
    x, y = xy.unbind(-1)
    u, v = 0.8 * x + 0.6 * y, 0.8 * y - 0.6 * x
    return (1 - u) ** 2 + 100 * (v - u**2) ** 2


CURVED_VALLEY = FunctionInfo(
    name="curved-valley",
    title="Curved valley, turned",
    description=(
        "Rosenbrock's valley, turned by 37 degrees: narrow, curved, and far from both axes, so that no "
        "coordinate by itself is steep or flat."
    ),
    failure=(
        "A rate for each coordinate cannot tell the wall from the floor: both coordinates see both, and "
        "every one is slowed down by the wall. This meets what divides by an average of squared gradients "
        "(Adagrad, RMSprop, Adam) and what looks at signs; SGD with momentum does not notice the turn."
    ),
    function=curved_valley,
    formula=r"f(x, y) = (1 - u)^2 + 100 \, (v - u^2)^2, \quad u = 0.8 x + 0.6 y, \quad v = 0.8 y - 0.6 x",
    expression="(1 - (0.8*x + 0.6*y))**2 + 100*((0.8*y - 0.6*x) - (0.8*x + 0.6*y)**2)**2",
    bounds=((-2.5, 2.0), (-1.5, 2.5)),
    start=(-1.56, 0.08),
    minima=(Stationary((0.2, 1.4), 0.0),),
    citation=(
        "Salomon, R. (1996). Re-evaluating genetic algorithm performance under coordinate rotation of "
        "benchmark functions. BioSystems 39(3), 263-278. doi:10.1016/0303-2647(96)01621-8"
    ),
    suggestion=Suggestion(sgd=0.002, momentum=0.002, adam=0.1, adamw=0.1, decay=0.1),
)
