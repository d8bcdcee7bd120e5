"""The idea that an optimizer is built on, for lists in which one looks for a kind."""

from collections.abc import Mapping
from typing import Final, Literal

from optiscope.engine.core.words import Said, say

Idea = Literal[
    "gradient",
    "averages",
    "squares",
    "signs",
    "matrices",
    "curvature",
    "own-rate",
    "layers",
    "memory",
    "schedule-free",
    "sharpness",
    "wrappers",
    "other",
]
"""gradient: follows the gradient, with or without momentum. averages: an average of the gradient over one of
its square, as Adam. squares: the gradient over squares of it. signs: the sign of gradient or momentum.
matrices: what a whole matrix says, not element by element. curvature: an estimate of the Hessian. own-rate:
finds the size of its steps itself. layers: a step relative to the size of its layer. memory: less state than
Adam. schedule-free: an average in the place of a schedule. sharpness: the gradient of a point nearby, where
the loss is higher. wrappers: what is done around the steps of another optimizer.
"""

FAMILIES: Final[Mapping[Idea, Said]] = {
    "gradient": say("family_gradient"),
    "averages": say("family_averages"),
    "squares": say("family_squares"),
    "signs": say("family_signs"),
    "memory": say("family_memory"),
    "curvature": say("family_curvature"),
    "matrices": say("family_matrices"),
    "own-rate": say("family_own_rate"),
    "layers": say("family_layers"),
    "schedule-free": say("family_schedule_free"),
    "sharpness": say("family_sharpness"),
    "wrappers": say("family_wrappers"),
    "other": say("family_other"),
}
"""A paragraph on the optimizers of each idea."""
