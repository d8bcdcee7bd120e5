"""A narrow curved valley that lies along no axis."""

from torch import Tensor

from optiscope.engine.recipe.problems.functions import FunctionInfo, Stationary
from optiscope.engine.recipe.problems.suggestion import Suggestion


def curved_valley(xy: Tensor) -> Tensor:
    """(1 - u)² + 100 (v - u²)² with u = 0.96x - 0.28y and v = 0.96y + 0.28x."""
    x, y = xy.unbind(-1)
    u, v = 0.96 * x - 0.28 * y, 0.96 * y + 0.28 * x
    return (1 - u) ** 2 + 100 * (v - u**2) ** 2


CURVED_VALLEY = FunctionInfo(
    name="curved-valley",
    title="Curved valley, turned",
    description=(
        "Rosenbrock's valley, turned by 16 degrees: narrow, curved, and where it leads to the minimum as "
        "far from both axes as can be, at 47 degrees."
    ),
    failure=(
        "Far from the axes a rate for each coordinate cannot tell the wall from the floor: each of them "
        "sees both, and the wall slows down both. This meets what divides by an average of squared "
        "gradients, Adagrad most, RMSprop, and Adam a little; SGD, with momentum or not, does not notice "
        "the turn."
    ),
    function=curved_valley,
    formula=r"f(x, y) = (1 - u)^2 + 100 \, (v - u^2)^2, \quad u = 0.96 x - 0.28 y, \quad v = 0.96 y + 0.28 x",
    expression="(1 - (0.96*x - 0.28*y))**2 + 100*((0.96*y + 0.28*x) - (0.96*x - 0.28*y)**2)**2",
    bounds=((-2.0, 2.5), (-1.0, 3.0)),
    start=(-0.872, 1.296),
    minima=(Stationary((1.24, 0.68), 0.0),),
    citation=(
        "Salomon, R. (1996). Re-evaluating genetic algorithm performance under coordinate rotation of "
        "benchmark functions. BioSystems 39(3), 263-278. doi:10.1016/0303-2647(96)01621-8"
    ),
    suggestion=Suggestion(sgd=0.001, momentum=0.002, adam=0.1, adamw=0.1, decay=0.1),
)
