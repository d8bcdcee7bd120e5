"""A plateau: a long flat stretch between two slopes."""

from torch import Tensor

from optiscope.engine.recipe.problems.functions import FunctionInfo, Stationary
from optiscope.engine.recipe.problems.suggestion import Suggestion


def plateau(xy: Tensor) -> Tensor:
    """(x³ + 0.01x - 1.01)² + y²."""
    x, y = xy.unbind(-1)
    return (x**3 + 0.01 * x - 1.01) ** 2 + y**2


PLATEAU = FunctionInfo(
    name="plateau",
    title="Plateau",
    description=(
        "A steep slope, a flat shelf around x = 0, and only then the minimum: the loss stands still long "
        "before it is done. The formula is ours."
    ),
    failure=(
        "On the shelf the gradient is some hundred times smaller than on either side, and what moves in "
        "proportion to it stands still. This meets SGD without momentum unless its rate is near the "
        "largest that it stands, a schedule that lowers the rate once the loss no longer falls "
        "(ReduceLROnPlateau), and whoever stops early; what divides by the size of the gradient walks on "
        "as soon as its average has forgotten the slope."
    ),
    function=plateau,
    formula=r"f(x, y) = \left( x^3 + 0.01 \, x - 1.01 \right)^2 + y^2",
    expression="(x**3 + 0.01*x - 1.01)**2 + y**2",
    bounds=((-1.5, 1.5), (-1.5, 1.5)),
    start=(-1.2, 1.0),
    minima=(Stationary((1.0, 0.0), 0.0),),
    citation=(
        "Fukumizu, K. and Amari, S. (2000). Local minima and plateaus in hierarchical structures of "
        "multilayer perceptrons. Neural Networks 13(3), 317-327. doi:10.1016/S0893-6080(00)00009-5"
    ),
    suggestion=Suggestion(sgd=0.02, momentum=0.01, adam=0.1, adamw=0.1, decay=0.1, steps=200),
)
