"""Every scheduler of ``torch.optim.lr_scheduler``: what it is, what is wrong with a config, how to build one.

Adding a scheduler is adding one entry to ``LR_SCHEDULERS``; other packages add theirs through the entry point
group ``optiscope.lr_schedulers``.
"""

from optiscope.engine.recipe.lr_schedulers.build import build_lr_scheduler
from optiscope.engine.recipe.lr_schedulers.calling import Calling, Unknown, call_text, calling
from optiscope.engine.recipe.lr_schedulers.hand_over import HandOver, Scheduler
from optiscope.engine.recipe.lr_schedulers.info import LRSchedulerInfo, Stretch
from optiscope.engine.recipe.lr_schedulers.plugins import LR_SCHEDULER_PLUGINS
from optiscope.engine.recipe.lr_schedulers.table import LR_SCHEDULERS

__all__ = [
    "LR_SCHEDULERS",
    "LR_SCHEDULER_PLUGINS",
    "Calling",
    "HandOver",
    "LRSchedulerInfo",
    "Scheduler",
    "Stretch",
    "Unknown",
    "build_lr_scheduler",
    "call_text",
    "calling",
]
