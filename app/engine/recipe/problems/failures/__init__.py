"""Problems of one failure mode each, on which some optimizers do badly and others do not: a module a mode."""

from optiscope.engine.recipe.problems.failures.cliff import CLIFF
from optiscope.engine.recipe.problems.failures.curved_valley import CURVED_VALLEY
from optiscope.engine.recipe.problems.failures.plateau import PLATEAU
from optiscope.engine.recipe.problems.failures.saturation import SATURATION

FAILURES = (CURVED_VALLEY, PLATEAU, CLIFF, SATURATION)
