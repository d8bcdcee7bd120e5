"""The schedulers of torch, and the hand-over by hand: arguments, bounds, formula, and what advice builds on."""

from typing import Any

from torch.optim import lr_scheduler, swa_utils

from optiscope.engine.core.registry import Hyperparameter, Registry
from optiscope.engine.core.words import LARGEST, say
from optiscope.engine.recipe.declaring import choice, flag, number, whole
from optiscope.engine.recipe.lr_schedulers.hand_over import HandOver
from optiscope.engine.recipe.lr_schedulers.info import LRSchedulerInfo, Stretch, Values
from optiscope.engine.recipe.lr_schedulers.plugins import LR_SCHEDULER_PLUGINS


def _gamma(suggested: float | None = None) -> Hyperparameter:
    line = "Factor by which the rate is multiplied."
    return number("gamma", line, 0.0, 10.0, suggested=suggested, symbol="g")


def _count(name: str, description: str, suggested: int | None = None, **extra: Any) -> Hyperparameter:
    return whole(name, description, 1, 1_000_000, scale="log", suggested=suggested, **extra)


def _rate(name: str, description: str, suggested: float | None = None, **extra: Any) -> Hyperparameter:
    return number(name, description, 0.0, 1e9, scale="log", suggested=suggested, **extra)


def _unit(name: str, description: str, **extra: Any) -> Hyperparameter:
    return number(name, description, 0.0, 1.0, **extra)


def _momentum(name: str, description: str) -> Hyperparameter:
    return _unit(name, description, per_group=True)


_ETA_MIN = _rate("eta_min", "The lowest rate.", symbol=r"\gamma_{min}")
_LAMBDA = Hyperparameter(
    "lr_lambda",
    "expression",
    ...,
    "The factor as an expression of epoch, the number of scheduler steps.",
    suggested="0.95 ** epoch",
    per_group=True,
    symbol=r"\lambda",
)
_SCALE = Hyperparameter(
    "scale_fn",
    "expression",
    ...,
    "The height as an expression of x, in place of mode.",
    optional=True,
    suggested="1 / 2 ** (x - 1)",
    variable="x",
    symbol="s(x)",
)
_MOMENTUM_RANGE = (
    flag("cycle_momentum", "Move momentum (or beta1) against the rate."),
    _momentum("base_momentum", "Momentum where the rate is highest."),
    _momentum("max_momentum", "Momentum where the rate is lowest."),
)


def _one_cycle_calls(values: Values) -> float:
    """The length of the one cycle."""
    given = values["total_steps"]
    return float(values["epochs"] * values["steps_per_epoch"] if given is None else given)


LR_SCHEDULERS: Registry[LRSchedulerInfo] = Registry(
    say("kind_scheduler"),
    more=LR_SCHEDULER_PLUGINS.entries,
    entries=[
        LRSchedulerInfo(
            "LambdaLR",
            lr_scheduler.LambdaLR,
            "The initial rate times any function of the epoch.",
            (_LAMBDA,),
            r"\gamma_t = \gamma_0\, \lambda(t)",
            absolute=True,
        ),
        LRSchedulerInfo(
            "MultiplicativeLR",
            lr_scheduler.MultiplicativeLR,
            "The rate of the last epoch times any function of the epoch.",
            (_LAMBDA,),
            r"\gamma_t = \gamma_{t-1}\, \lambda(t)",
        ),
        LRSchedulerInfo(
            "StepLR",
            lr_scheduler.StepLR,
            "Multiplies the rate by gamma every step_size epochs.",
            (_count("step_size", "Epochs between two drops.", 100, symbol="s"), _gamma()),
            r"\gamma_t = \gamma_0\, g^{\lfloor t / s \rfloor}",
            only_falls=True,
        ),
        LRSchedulerInfo(
            "MultiStepLR",
            lr_scheduler.MultiStepLR,
            "Multiplies the rate by gamma at every milestone.",
            (
                Hyperparameter(
                    "milestones",
                    "int_list",
                    ...,
                    "Epochs at which the rate drops.",
                    -LARGEST,
                    LARGEST,
                    suggested=(100, 200),
                    usual=(1, 1_000_000),
                    symbol="m_i",
                ),
                _gamma(),
            ),
            r"\gamma_t = \gamma_0\, g^{\#\{m_i \le t\}}",
            only_falls=True,
        ),
        LRSchedulerInfo(
            "ConstantLR",
            lr_scheduler.ConstantLR,
            "Scales the rate by a factor for the first epochs, then gives it back.",
            (
                _unit("factor", "Factor until total_iters.", minimum=0.0, maximum=1.0, symbol="f"),
                _count("total_iters", "Epochs of the factor.", symbol="T"),
            ),
            r"\gamma_t = f\,\gamma_0\ \text{for}\ t < T,\ \text{then}\ \gamma_0",
            warm_up=Stretch("total_iters", lambda v: v["total_iters"] if v["factor"] < 1 else 0),
        ),
        LRSchedulerInfo(
            "LinearLR",
            lr_scheduler.LinearLR,
            "Moves the rate along a line between two factors: the usual warm-up.",
            (
                _unit(
                    "start_factor",
                    "Factor at the start.",
                    minimum=0.0,
                    maximum=1.0,
                    exclusive_minimum=True,
                    symbol="f_0",
                ),
                _unit("end_factor", "Factor at the end.", minimum=0.0, maximum=1.0, symbol="f_1"),
                _count("total_iters", "Epochs from start to end.", symbol="T"),
            ),
            r"s_t = \min(t/T, 1),\quad \gamma_t = \gamma_0\left(f_0 + (f_1 - f_0)\,s_t\right)",
            warm_up=Stretch(
                "total_iters", lambda v: v["total_iters"] if v["start_factor"] < v["end_factor"] else 0
            ),
        ),
        LRSchedulerInfo(
            "ExponentialLR",
            lr_scheduler.ExponentialLR,
            "Multiplies the rate by gamma every epoch.",
            (_gamma(0.99),),
            r"\gamma_t = \gamma_0\, g^{t}",
            only_falls=True,
        ),
        LRSchedulerInfo(
            "PolynomialLR",
            lr_scheduler.PolynomialLR,
            "Lets the rate fall to zero along a power of the epochs that remain.",
            (
                _count("total_iters", "Epochs until zero.", symbol="T"),
                number("power", "The power; 1 is a line.", 0.0, 20.0, symbol="p"),
            ),
            r"\gamma_t = \gamma_0\left(1 - \min(t, T)/T\right)^{p}",
            planned=Stretch("total_iters"),
            only_falls=True,
        ),
        LRSchedulerInfo(
            "CosineAnnealingLR",
            lr_scheduler.CosineAnnealingLR,
            "Lets the rate fall along half a cosine, and rise again after T_max.",
            (_count("T_max", "Epochs of half a period.", 300, symbol="T"), _ETA_MIN),
            r"a_t = \tfrac{1}{2}\left(1 + \cos(\pi t / T)\right),\quad \gamma_t = \gamma_{min} + a_t (\gamma_0 - \gamma_{min})",
            "Loshchilov, Hutter (2017). SGDR: stochastic gradient descent with warm restarts. ICLR. arXiv:1608.03983.",
            planned=Stretch("T_max"),
            beyond="rises",
        ),
        LRSchedulerInfo(
            "CosineAnnealingWarmRestarts",
            lr_scheduler.CosineAnnealingWarmRestarts,
            "Falls along half a cosine, then starts anew, each cycle T_mult times as long.",
            (
                _count("T_0", "Epochs of the first cycle.", 50, minimum=1, symbol="T_0"),
                whole("T_mult", "Factor from cycle to cycle.", 1, 100, minimum=1, symbol="k"),
                _ETA_MIN,
            ),
            r"a_t = \tfrac{1}{2}\left(1 + \cos(\pi T_{cur} / T_i)\right),\quad \gamma_t = \gamma_{min} + a_t (\gamma_0 - \gamma_{min}),"
            r"\quad T_i = k^i\,T_0",
            "Loshchilov, Hutter (2017). SGDR: stochastic gradient descent with warm restarts. ICLR. arXiv:1608.03983.",
            restarts="T_0",
            takes_epoch=True,
            absolute=True,
        ),
        LRSchedulerInfo(
            "CyclicLR",
            lr_scheduler.CyclicLR,
            "Runs the rate up and down between two bounds, and momentum against it.",
            (
                _rate("base_lr", "The lower bound.", 0.001, per_group=True, symbol=r"\gamma_{base}"),
                _rate("max_lr", "The upper bound.", 0.1, per_group=True, symbol=r"\gamma_{max}"),
                _count("step_size_up", "Epochs of the way up.", symbol="s"),
                _count("step_size_down", "Epochs of the way down; null is as many.", optional=True),
                choice(
                    "mode",
                    "How the height changes from cycle to cycle.",
                    "triangular",
                    "triangular2",
                    "exp_range",
                ),
                number("gamma", "Decay of the height (exp_range).", 0.0, 1.0, symbol="g"),
                _SCALE,
                choice("scale_mode", "What x of scale_fn counts.", "cycle", "iterations"),
                *_MOMENTUM_RANGE,
            ),
            r"c = \lfloor 1 + t / 2s \rfloor,\quad x = |t / s - 2c + 1|,"
            r"\quad \gamma_t = \gamma_{base} + a_t (\gamma_{max} - \gamma_{base}),\quad a_t = h\,\max(0, 1 - x),"
            r"\quad h = 1,\ 2^{1-c}\ \text{or}\ g^t\ \text{by mode, or}\ s(x)",
            "Smith (2017). Cyclical learning rates for training neural networks. WACV. arXiv:1506.01186.",
            cycles_momentum=True,
            warm_up=Stretch("step_size_up"),
            own_rates=("base_lr", "max_lr"),
            absolute=True,
        ),
        LRSchedulerInfo(
            "OneCycleLR",
            lr_scheduler.OneCycleLR,
            "One cycle: up to max_lr, then down to almost nothing, with momentum against it.",
            (
                _rate("max_lr", "The peak.", 0.1, per_group=True, symbol=r"\gamma_{max}"),
                _count(
                    "total_steps",
                    "Epochs of the cycle; a step beyond is an error.",
                    300,
                    minimum=1,
                    optional=True,
                ),
                _count("epochs", "With steps_per_epoch, instead of total_steps.", minimum=1, optional=True),
                _count("steps_per_epoch", "With epochs, instead of total_steps.", minimum=1, optional=True),
                _unit("pct_start", "Part of the cycle that goes up.", minimum=0.0, maximum=1.0),
                choice("anneal_strategy", "The curve.", "cos", "linear"),
                *_MOMENTUM_RANGE,
                number(
                    "div_factor", "Initial rate = max_lr / div_factor.", 1e-3, 1e9, scale="log", symbol="d"
                ),
                number(
                    "final_div_factor",
                    "Final rate = initial rate / final_div_factor.",
                    1e-3,
                    1e12,
                    scale="log",
                    symbol="d_{final}",
                ),
                flag("three_phase", "Down as long as up, then the rest."),
            ),
            r"\gamma_0 = \gamma_{max}/d,\quad \gamma_0 \nearrow \gamma_{max} \searrow \gamma_0/d_{final}",
            "Smith, Topin (2019). Super-convergence: very fast training of neural networks using large learning rates. "
            "arXiv:1708.07120.",
            cycles_momentum=True,
            warm_up=Stretch("pct_start", lambda v: v["pct_start"] * _one_cycle_calls(v)),
            planned=Stretch("total_steps", _one_cycle_calls),
            beyond="raises",
            own_rates=("max_lr",),
            absolute=True,
        ),
        LRSchedulerInfo(
            "ReduceLROnPlateau",
            lr_scheduler.ReduceLROnPlateau,
            "Multiplies the rate by a factor once the loss has not improved for patience epochs.",
            (
                choice("mode", "Whether less or more is better.", "min", "max"),
                _unit("factor", "Factor of a reduction.", maximum=1.0, exclusive_maximum=True, symbol="f"),
                whole("patience", "Epochs without improvement that are borne.", 0, 1_000_000, symbol="p"),
                number("threshold", "What counts as an improvement.", 0.0, 1e6, scale="log"),
                choice("threshold_mode", "Whether the threshold is relative.", "rel", "abs"),
                whole("cooldown", "Epochs of rest after a reduction.", 0, 1_000_000),
                _rate("min_lr", "The lowest rate.", per_group=True),
                number("eps", "Smaller changes are not made.", 0.0, 1.0, scale="log"),
            ),
            r"\gamma \leftarrow f\,\gamma\ \text{after}\ p\ \text{bad epochs}",
            only_falls=True,
            needs_metric=True,
        ),
        LRSchedulerInfo(
            "SWALR",
            swa_utils.SWALR,
            "Brings the rate to a constant one within a number of epochs, for the weights to be averaged there.",
            (
                _rate("swa_lr", "The rate at the end.", 0.05, per_group=True, symbol=r"\gamma_{swa}"),
                whole("anneal_epochs", "Epochs until then; 0 sets it at once.", 0, 1_000_000, symbol="T"),
                choice("anneal_strategy", "The curve.", "cos", "linear"),
            ),
            r"a_t = \tfrac{1}{2}\left(1 - \cos(\pi \min(t/T, 1))\right)\ \text{or}\ \min(t/T, 1),"
            r"\quad \gamma_t = a_t\, \gamma_{swa} + (1 - a_t)\,\gamma_0",
            "Izmailov et al. (2018). Averaging weights leads to wider optima and better generalization. UAI. "
            "arXiv:1803.05407.",
            planned=Stretch("anneal_epochs"),
            source="torch.optim.swa_utils",
        ),
        LRSchedulerInfo(
            "HandOver",
            HandOver,
            "Several schedulers that the loop calls one after the other: an if in the loop, no class of torch.",
            (),
            r"\gamma_t = \gamma^{(i)}_{t - m_i}\ \text{for}\ m_i < t \le m_{i+1}",
            "if step < milestone: first.step() else: second.step(…)",
            parts=True,
            milestones=True,
            hands_over=True,
            source="",
        ),
        LRSchedulerInfo(
            "SequentialLR",
            lr_scheduler.SequentialLR,
            "Several schedulers one after the other, changing at milestones.",
            (),
            r"\gamma_t = \gamma^{(i)}_{t - m_i}\ \text{for}\ m_i \le t < m_{i+1}",
            parts=True,
            milestones=True,
        ),
        LRSchedulerInfo(
            "ChainedScheduler",
            lr_scheduler.ChainedScheduler,
            "Several schedulers at once, each acting on what the others left.",
            (),
            r"\gamma_t = \gamma_0 \prod_i f^{(i)}_t",
            parts=True,
        ),
    ],
)
