"""Every optimizer of ``torch.optim`` and of plug-ins: what it is, and how to build one.

Adding an optimizer is adding one entry to ``OPTIMIZERS``; catalog, controls, tests and documentation follow.
"""

from optiscope.engine.recipe.optimizers.build import build_optimizers
from optiscope.engine.recipe.optimizers.info import OptimizerInfo
from optiscope.engine.recipe.optimizers.plugins import ENTRY_POINTS, accept_plugin, plugins
from optiscope.engine.recipe.optimizers.table import OPTIMIZERS

__all__ = ["ENTRY_POINTS", "OPTIMIZERS", "OptimizerInfo", "accept_plugin", "build_optimizers", "plugins"]
