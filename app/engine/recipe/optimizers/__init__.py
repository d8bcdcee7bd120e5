"""Every optimizer of ``torch.optim`` and of plug-ins: what it is, and how to build one.

Adding an optimizer is adding one entry to ``OPTIMIZERS``; catalog, controls, tests and documentation follow.
"""

from optiscope.engine.recipe.optimizers.build import build_optimizers
from optiscope.engine.recipe.optimizers.info import OptimizerInfo
from optiscope.engine.recipe.optimizers.plugins import OPTIMIZER_PLUGINS
from optiscope.engine.recipe.optimizers.table import OPTIMIZERS

__all__ = ["OPTIMIZERS", "OPTIMIZER_PLUGINS", "OptimizerInfo", "build_optimizers"]
