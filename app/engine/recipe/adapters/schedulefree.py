"""The optimizers of the package ``schedulefree``.

Three sequences: ``z`` takes the steps, ``x`` is their weighted mean, and gradients are taken at ``y`` between
them. The parameters of a run are ``y``, as a loop in training mode has them, and its loss is the loss there;
``z`` lies in the state; ``x``, which ``optimizer.eval()`` shows, is recorded as the average, with its loss.
"""

import functools
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from torch.optim import Optimizer

from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.recipe.adapters.missing import is_missing, missing
from optiscope.engine.recipe.declaring import flag, number, pair, whole
from optiscope.engine.recipe.optimizers.info import OptimizerInfo

PACKAGE = "schedulefree"
NAMES = ("AdamWScheduleFree", "RAdamScheduleFree", "SGDScheduleFree")

_PAPER = (
    "Defazio, Yang, Mehta, Mishchenko, Khaled, Cutkosky (2024). The Road Less Scheduled. arXiv:2405.15682."
)
_LR = number("lr", "Learning rate of z.", 0.0, 1e9, minimum=0.0, scale="log", symbol=r"\gamma")
_EPS = number("eps", "Added to the denominator.", 0.0, 1.0, minimum=0.0, scale="log", symbol=r"\epsilon")
_DECAY = number("weight_decay", "Decay of the weights, at y.", 0.0, 100.0, minimum=0.0, scale="log")
_WARMUP = whole("warmup_steps", "Steps in which the rate rises to lr.", 0, 1000, minimum=0)
_R = number("r", "Power of the step in the weights of x.", 0.0, 10.0)
_POWER = number("weight_lr_power", "Power of the largest rate in the weights of x.", 0.0, 10.0)
_BETAS = pair(
    "betas",
    "Where y lies between z and x, and the decay of the average of squares.",
    0.0,
    1.0,
    minimum=0.0,
    maximum=1.0,
    exclusive_maximum=True,
    symbol=r"\beta_1, \beta_2",
)
_MOMENTUM = number(
    "momentum",
    "Where y lies between z and x.",
    0.0,
    1.0,
    minimum=0.0,
    maximum=1.0,
    exclusive_minimum=True,
    exclusive_maximum=True,
    symbol=r"\beta_1",
)
_Z = "The sequence of plain steps, z; the parameters are y, and the average beside them is x."
_SQUARES = r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2) g_t^2"
_GRADIENT = r"g_t \leftarrow \nabla f(y_{t-1})"
_MEANS = (
    r"x_t \leftarrow (1-c_t)\,x_{t-1} + c_t\,z_t",
    r"y_t \leftarrow \beta_1 x_t + (1-\beta_1) z_t",
)


def _training(real: type[Optimizer]) -> type[Optimizer]:
    """The class, in training mode from the start, as ``optimizer.train()`` in a script makes it."""

    @functools.wraps(real.__init__)
    def begin(self: Any, *args: Any, **hyperparameters: Any) -> None:
        real.__init__(self, *args, **hyperparameters)
        self.train()

    told = {"__doc__": real.__doc__, "__module__": real.__module__, "__init__": begin}
    return type(real.__name__, (real,), told)


def optimizers() -> Iterator[OptimizerInfo]:
    """What is offered; what is missing, where the package is."""
    if is_missing(PACKAGE):
        yield from missing(PACKAGE, dict.fromkeys(NAMES, "schedule-free"))
        return
    yield _info(
        "AdamWScheduleFree",
        "AdamW whose steps are averaged in the place of a schedule.",
        (_LR, _BETAS, _EPS, _DECAY, _WARMUP, _R, _POWER),
        (
            _GRADIENT,
            _SQUARES,
            r"z_t \leftarrow z_{t-1} - \gamma\frac{g_t}{\sqrt{\hat v_t}+\epsilon}",
            *_MEANS,
        ),
    )
    yield _info(
        "RAdamScheduleFree",
        "RAdam whose steps are averaged in the place of a schedule: its rectification warms up by itself.",
        (_LR, _BETAS, _EPS, _DECAY, _R, _POWER, flag("silent_sgd_phase", "Wait in RAdam's first steps.")),
        (
            _GRADIENT,
            _SQUARES,
            r"z_t \leftarrow z_{t-1} - \gamma\,r(\rho_t)\frac{g_t}{\sqrt{\hat v_t}+\epsilon}",
            *_MEANS,
        ),
    )
    yield _info(
        "SGDScheduleFree",
        "SGD whose steps are averaged in the place of a schedule.",
        (_LR, _MOMENTUM, _DECAY, _WARMUP, _R, _POWER),
        (r"z_t \leftarrow z_{t-1} - \gamma\nabla f(y_{t-1})", *_MEANS),
    )


def _info(
    name: str, summary: str, hyperparameters: tuple[Hyperparameter, ...], formula: tuple[str, ...]
) -> OptimizerInfo:
    real: type[Optimizer] = getattr(import_module(PACKAGE), name)
    squares = (
        {} if name == "SGDScheduleFree" else {"exp_avg_sq": "Running average of the squared gradient, v."}
    )
    return OptimizerInfo(
        name=name,
        cls=_training(real),
        summary=summary,
        hyperparameters=hyperparameters,
        state={"z": _Z, **squares},
        formula=r",\quad ".join(formula),
        paper=_PAPER,
        source=PACKAGE,
        schedule_free=True,
        idea="schedule-free",
        trains=True,
    )
