"""The idea that an optimizer is built on, for lists in which one looks for a kind."""

from typing import Literal

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
