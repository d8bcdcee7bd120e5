"""Every scheduler of ``torch.optim.lr_scheduler``: arguments, bounds, formula, and how to build one.

Adding a scheduler is adding one entry to ``LR_SCHEDULERS``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch.optim import Optimizer, lr_scheduler
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.expressions import epoch_function
from optiscope.engine.core.formula import mathml
from optiscope.engine.core.registry import Hyperparameter, Registry, check_hyperparameters
from optiscope.settings import settings


@dataclass(frozen=True, slots=True)
class LRSchedulerInfo:
    """One scheduler, described for people and for ``build_lr_scheduler``.

    Attributes:
        name: The name in a RunConfig: torch's class name.
        cls: The class.
        summary: What it does, in one sentence.
        hyperparameters: Its keyword arguments, with torch's defaults.
        formula: The learning rate in LaTeX; t counts calls of ``scheduler.step()``.
        paper: Where it comes from, or what torch says it is.
        parts: Whether it is made of other schedulers.
        milestones: Whether its parts follow each other at milestones.
        needs_metric: Whether ``step`` takes the loss, so that only a run can show the schedule.
        cycles_momentum: Whether it moves momentum or beta1 too.
    """

    name: str
    cls: type[LRScheduler]
    summary: str
    hyperparameters: tuple[Hyperparameter, ...]
    formula: str
    paper: str = "torch.optim.lr_scheduler"
    parts: bool = False
    milestones: bool = False
    needs_metric: bool = False
    cycles_momentum: bool = False

    def catalog(self) -> dict[str, Any]:
        """The entry of this scheduler in the catalog."""
        return {
            "name": self.name,
            "class": f"torch.optim.lr_scheduler.{self.cls.__name__}",
            "title": self.name,
            "summary": self.summary,
            "hyperparameters": [h.catalog() for h in self.hyperparameters],
            "formula": mathml(self.formula),
            "formula_text": self.formula,
            "paper": self.paper,
            "composite": self.parts,
            "milestones": self.milestones,
            "needs_metric": self.needs_metric,
            "cycles_momentum": self.cycles_momentum,
        }


def _gamma(default: float | None = 0.1, suggested: float | None = None) -> Hyperparameter:
    return Hyperparameter(
        "gamma",
        "float",
        default,
        "Factor by which the rate is multiplied.",
        0.0,
        10.0,
        suggested=suggested,
        symbol="g",
    )


def _count(
    name: str, default: int | None, description: str, suggested: int | None = None, **extra: Any
) -> Hyperparameter:
    return Hyperparameter(
        name, "int", default, description, 1, 1_000_000, scale="log", suggested=suggested, **extra
    )


def _rate(
    name: str, default: float | None, description: str, suggested: float | None = None, **extra: Any
) -> Hyperparameter:
    return Hyperparameter(
        name, "float", default, description, 0.0, 1e9, scale="log", suggested=suggested, **extra
    )


def _unit(name: str, default: float, description: str, **extra: Any) -> Hyperparameter:
    return Hyperparameter(name, "float", default, description, 0.0, 1.0, **extra)


_ETA_MIN = _rate("eta_min", 0.0, "The lowest rate.", symbol=r"\gamma_{min}")
_LAMBDA = Hyperparameter(
    "lr_lambda",
    "expression",
    None,
    "The factor as an expression of epoch, the number of scheduler steps.",
    suggested="0.95 ** epoch",
    per_group=True,
    symbol=r"\lambda",
)
_CYCLE = (Hyperparameter("cycle_momentum", "bool", True, "Move momentum (or beta1) against the rate."),)


def _momentum_range(low: float, high: float) -> tuple[Hyperparameter, ...]:
    return (
        *_CYCLE,
        _unit(
            "base_momentum",
            low,
            "Momentum where the rate is highest.",
            exclusive_maximum=True,
            per_group=True,
        ),
        _unit(
            "max_momentum", high, "Momentum where the rate is lowest.", exclusive_maximum=True, per_group=True
        ),
    )


LR_SCHEDULERS: Registry[LRSchedulerInfo] = Registry(
    "scheduler",
    [
        LRSchedulerInfo(
            "LambdaLR",
            lr_scheduler.LambdaLR,
            "The initial rate times any function of the epoch.",
            (_LAMBDA,),
            r"\gamma_t = \gamma_0\, \lambda(t)",
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
            (_count("step_size", None, "Epochs between two drops.", 100, symbol="s"), _gamma()),
            r"\gamma_t = \gamma_0\, g^{\lfloor t / s \rfloor}",
        ),
        LRSchedulerInfo(
            "MultiStepLR",
            lr_scheduler.MultiStepLR,
            "Multiplies the rate by gamma at every milestone.",
            (
                Hyperparameter(
                    "milestones",
                    "int_list",
                    None,
                    "Epochs at which the rate drops.",
                    1,
                    1_000_000,
                    suggested=(100, 200),
                    symbol="m_i",
                ),
                _gamma(),
            ),
            r"\gamma_t = \gamma_0\, g^{\#\{m_i \le t\}}",
        ),
        LRSchedulerInfo(
            "ConstantLR",
            lr_scheduler.ConstantLR,
            "Scales the rate by a factor for the first epochs, then gives it back.",
            (
                _unit("factor", 1 / 3, "Factor until total_iters.", symbol="f"),
                _count("total_iters", 5, "Epochs of the factor.", symbol="T"),
            ),
            r"\gamma_t = f\,\gamma_0\ \text{for}\ t < T,\ \text{then}\ \gamma_0",
        ),
        LRSchedulerInfo(
            "LinearLR",
            lr_scheduler.LinearLR,
            "Moves the rate along a line between two factors: the usual warm-up.",
            (
                _unit("start_factor", 1 / 3, "Factor at the start.", exclusive_minimum=True, symbol="f_0"),
                _unit("end_factor", 1.0, "Factor at the end.", symbol="f_1"),
                _count("total_iters", 5, "Epochs from start to end.", symbol="T"),
            ),
            r"s_t = \min(t/T, 1),\quad \gamma_t = \gamma_0\left(f_0 + (f_1 - f_0)\,s_t\right)",
        ),
        LRSchedulerInfo(
            "ExponentialLR",
            lr_scheduler.ExponentialLR,
            "Multiplies the rate by gamma every epoch.",
            (_gamma(None, 0.99),),
            r"\gamma_t = \gamma_0\, g^{t}",
        ),
        LRSchedulerInfo(
            "PolynomialLR",
            lr_scheduler.PolynomialLR,
            "Lets the rate fall to zero along a power of the epochs that remain.",
            (
                _count("total_iters", 5, "Epochs until zero.", symbol="T"),
                Hyperparameter("power", "float", 1.0, "The power; 1 is a line.", 0.0, 20.0, symbol="p"),
            ),
            r"\gamma_t = \gamma_0\left(1 - \min(t, T)/T\right)^{p}",
        ),
        LRSchedulerInfo(
            "CosineAnnealingLR",
            lr_scheduler.CosineAnnealingLR,
            "Lets the rate fall along half a cosine, and rise again after T_max.",
            (_count("T_max", None, "Epochs of half a period.", 300, symbol="T"), _ETA_MIN),
            r"a_t = \tfrac{1}{2}\left(1 + \cos(\pi t / T)\right),\quad \gamma_t = \gamma_{min} + a_t (\gamma_0 - \gamma_{min})",
            "Loshchilov, Hutter (2017). SGDR: stochastic gradient descent with warm restarts. ICLR. arXiv:1608.03983.",
        ),
        LRSchedulerInfo(
            "CosineAnnealingWarmRestarts",
            lr_scheduler.CosineAnnealingWarmRestarts,
            "Falls along half a cosine, then starts anew, each cycle T_mult times as long.",
            (
                _count("T_0", None, "Epochs of the first cycle.", 50, symbol="T_0"),
                Hyperparameter("T_mult", "int", 1, "Factor from cycle to cycle.", 1, 100, symbol="k"),
                _ETA_MIN,
            ),
            r"a_t = \tfrac{1}{2}\left(1 + \cos(\pi T_{cur} / T_i)\right),\quad \gamma_t = \gamma_{min} + a_t (\gamma_0 - \gamma_{min}),"
            r"\quad T_i = k^i\,T_0",
            "Loshchilov, Hutter (2017). SGDR: stochastic gradient descent with warm restarts. ICLR. arXiv:1608.03983.",
        ),
        LRSchedulerInfo(
            "CyclicLR",
            lr_scheduler.CyclicLR,
            "Runs the rate up and down between two bounds, and momentum against it.",
            (
                _rate("base_lr", None, "The lower bound.", 0.001, per_group=True, symbol=r"\gamma_{base}"),
                _rate("max_lr", None, "The upper bound.", 0.1, per_group=True, symbol=r"\gamma_{max}"),
                _count("step_size_up", 2000, "Epochs of the way up.", symbol="s"),
                _count("step_size_down", None, "Epochs of the way down; null is as many.", optional=True),
                Hyperparameter(
                    "mode",
                    "choice",
                    "triangular",
                    "How the height changes from cycle to cycle.",
                    choices=("triangular", "triangular2", "exp_range"),
                ),
                Hyperparameter(
                    "gamma", "float", 1.0, "Decay of the height (exp_range).", 0.0, 1.0, symbol="g"
                ),
                Hyperparameter(
                    "scale_mode", "choice", "cycle", "What the decay counts.", choices=("cycle", "iterations")
                ),
                *_momentum_range(0.8, 0.9),
            ),
            r"c = \lfloor 1 + t / 2s \rfloor,\quad x = |t / s - 2c + 1|,"
            r"\quad \gamma_t = \gamma_{base} + a_t (\gamma_{max} - \gamma_{base}),\quad a_t = h\,\max(0, 1 - x),"
            r"\quad h = 1,\ 2^{1-c}\ \text{or}\ g^t\ \text{by mode}",
            "Smith (2017). Cyclical learning rates for training neural networks. WACV. arXiv:1506.01186.",
            cycles_momentum=True,
        ),
        LRSchedulerInfo(
            "OneCycleLR",
            lr_scheduler.OneCycleLR,
            "One cycle: up to max_lr, then down to almost nothing, with momentum against it.",
            (
                _rate("max_lr", None, "The peak.", 0.1, per_group=True, symbol=r"\gamma_{max}"),
                _count(
                    "total_steps", None, "Epochs of the cycle; a step beyond is an error.", 300, optional=True
                ),
                _count("epochs", None, "With steps_per_epoch, instead of total_steps.", optional=True),
                _count("steps_per_epoch", None, "With epochs, instead of total_steps.", optional=True),
                _unit("pct_start", 0.3, "Part of the cycle that goes up."),
                Hyperparameter("anneal_strategy", "choice", "cos", "The curve.", choices=("cos", "linear")),
                *_momentum_range(0.85, 0.95),
                Hyperparameter(
                    "div_factor",
                    "float",
                    25.0,
                    "Initial rate = max_lr / div_factor.",
                    1e-3,
                    1e9,
                    scale="log",
                    symbol="d",
                ),
                Hyperparameter(
                    "final_div_factor",
                    "float",
                    1e4,
                    "Final rate = initial rate / final_div_factor.",
                    1e-3,
                    1e12,
                    scale="log",
                    symbol="d_{final}",
                ),
                Hyperparameter("three_phase", "bool", False, "Down as long as up, then the rest."),
            ),
            r"\gamma_0 = \gamma_{max}/d,\quad \gamma_0 \nearrow \gamma_{max} \searrow \gamma_0/d_{final}",
            "Smith, Topin (2019). Super-convergence: very fast training of neural networks using large learning rates. "
            "arXiv:1708.07120.",
            cycles_momentum=True,
        ),
        LRSchedulerInfo(
            "ReduceLROnPlateau",
            ReduceLROnPlateau,
            "Multiplies the rate by a factor once the loss has not improved for patience epochs.",
            (
                Hyperparameter(
                    "mode", "choice", "min", "Whether less or more is better.", choices=("min", "max")
                ),
                _unit("factor", 0.1, "Factor of a reduction.", exclusive_maximum=True, symbol="f"),
                Hyperparameter(
                    "patience",
                    "int",
                    10,
                    "Epochs without improvement that are borne.",
                    0,
                    1_000_000,
                    symbol="p",
                ),
                Hyperparameter(
                    "threshold", "float", 1e-4, "What counts as an improvement.", 0.0, 1e6, scale="log"
                ),
                Hyperparameter(
                    "threshold_mode",
                    "choice",
                    "rel",
                    "Whether the threshold is relative.",
                    choices=("rel", "abs"),
                ),
                Hyperparameter("cooldown", "int", 0, "Epochs of rest after a reduction.", 0, 1_000_000),
                _rate("min_lr", 0.0, "The lowest rate.", per_group=True),
                Hyperparameter("eps", "float", 1e-8, "Smaller changes are not made.", 0.0, 1.0, scale="log"),
            ),
            r"\gamma \leftarrow f\,\gamma\ \text{after}\ p\ \text{bad epochs}",
            needs_metric=True,
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

_TORCH_REFUSALS = (
    ValueError,
    TypeError,
    RuntimeError,
    ZeroDivisionError,
    OverflowError,
    AttributeError,
    KeyError,
)


def build_lr_scheduler(
    optimizer: Optimizer, config: LRSchedulerConfig, pointer: str = "/lr_scheduler", depth: int = 1
) -> LRScheduler:
    """The scheduler of a config over one optimizer; building it sets the rate of the first step.

    Args:
        optimizer: Whose ``param_groups`` it moves.
        config: Name, hyperparameters and parts.
        pointer: Where ``config`` stands in the request.
        depth: How deeply this scheduler is nested.

    Raises:
        ConfigError: For what the registry or torch itself refuses, the latter in torch's own words.
    """
    info = LR_SCHEDULERS.resolve(config.name, f"{pointer}/name")
    _check_shape(info, config, pointer, depth)
    where = f"{pointer}/hyperparameters"
    arguments = check_hyperparameters(info.name, info.hyperparameters, config.hyperparameters, where)
    match arguments.get("lr_lambda"):
        case str(text):
            arguments["lr_lambda"] = epoch_function(text, f"{where}/lr_lambda")
        case [*texts]:
            arguments["lr_lambda"] = [
                epoch_function(text, f"{where}/lr_lambda/{i}") for i, text in enumerate(texts)
            ]
    parts = [
        build_lr_scheduler(optimizer, part, f"{pointer}/schedulers/{i}", depth + 1)
        for i, part in enumerate(config.schedulers or ())
    ]
    try:
        return _construct(info, optimizer, arguments, parts, config.milestones)
    except ConfigError:
        raise
    except _TORCH_REFUSALS as error:
        message = f"torch refuses {info.name}: {type(error).__name__}: {error}"
        raise ConfigError.at(pointer if parts else where, message) from error


def _construct(
    info: LRSchedulerInfo,
    optimizer: Optimizer,
    arguments: dict[str, Any],
    parts: list[LRScheduler],
    milestones: Sequence[int] | None,
) -> LRScheduler:
    build: Callable[..., LRScheduler] = info.cls
    if info.milestones:
        return build(optimizer, parts, milestones=list(milestones or ()))
    if info.parts:
        return build(parts, optimizer=optimizer)
    return build(optimizer, **arguments)


def _check_shape(info: LRSchedulerInfo, config: LRSchedulerConfig, pointer: str, depth: int) -> None:
    """Refuse parts where there can be none, none where there must be, and nesting beyond the bound."""
    bound = settings().max_scheduler_depth
    if depth > bound:
        raise ConfigError.at(pointer, f"schedulers may be nested at most {bound} deep, got {depth}")
    if depth > 1 and config.interval != 1:
        raise ConfigError.at(f"{pointer}/interval", "interval belongs to the outermost scheduler")
    if depth > 1 and info.needs_metric:
        raise ConfigError.at(
            f"{pointer}/name", f"{info.name} cannot be part of another scheduler: its step needs the loss"
        )
    for i, part in enumerate(config.schedulers or ()):
        if info.milestones and i > 0 and part.name in LR_SCHEDULERS and LR_SCHEDULERS[part.name].parts:
            detail = f"torch cannot start {part.name} at a milestone (NotImplementedError): only as the first"
            raise ConfigError.at(f"{pointer}/schedulers/{i}/name", detail)
    if info.parts and not config.schedulers:
        raise ConfigError.at(f"{pointer}/schedulers", f"{info.name} needs at least one scheduler")
    if config.schedulers and not info.parts:
        raise ConfigError.at(f"{pointer}/schedulers", f"{info.name} is not made of other schedulers")
    needed, got = len(config.schedulers or ()) - 1, len(config.milestones or ())
    if info.milestones and got != needed:
        detail = f"milestones must have {needed} entries, one between each two schedulers, got {got}"
        raise ConfigError.at(f"{pointer}/milestones", detail)
    if config.milestones is not None and not info.milestones:
        hint = ": they go into hyperparameters" if info.name == "MultiStepLR" else ""
        raise ConfigError.at(f"{pointer}/milestones", f"{info.name} has no milestones of its own{hint}")
