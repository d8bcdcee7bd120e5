"""Learning-rate schedules that people use, composed of torch's own schedulers for a run of any length."""

from optiscope.engine.advice.schedule_presets.composed import COMPOSED
from optiscope.engine.advice.schedule_presets.of_timm import OF_TIMM
from optiscope.engine.advice.schedule_presets.of_transformers import OF_TRANSFORMERS
from optiscope.engine.advice.schedule_presets.preset import LRSchedulerPreset
from optiscope.engine.core.registry import Registry
from optiscope.engine.core.words import say

LR_SCHEDULER_PRESETS: Registry[LRSchedulerPreset] = Registry(
    say("kind_schedule_preset"), (*COMPOSED, *OF_TRANSFORMERS, *OF_TIMM)
)

__all__ = ["LR_SCHEDULER_PRESETS", "LRSchedulerPreset"]
