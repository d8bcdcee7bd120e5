"""Problems of one failure mode each, on which some optimizers do badly and others do not: a module a mode."""

from optiscope.engine.recipe.problems.failures.cliff import CLIFF
from optiscope.engine.recipe.problems.failures.curved_valley import CURVED_VALLEY
from optiscope.engine.recipe.problems.failures.heavy_tailed_noise import HEAVY_TAILED_NOISE
from optiscope.engine.recipe.problems.failures.plateau import PLATEAU
from optiscope.engine.recipe.problems.failures.saturation import SATURATION
from optiscope.engine.recipe.problems.failures.sparse_gradients import SPARSE_GRADIENTS
from optiscope.engine.recipe.problems.failures.symmetric_saddles import SYMMETRIC_SADDLES

FAILURES = (
    CURVED_VALLEY,
    PLATEAU,
    CLIFF,
    HEAVY_TAILED_NOISE,
    SPARSE_GRADIENTS,
    SYMMETRIC_SADDLES,
    SATURATION,
)
