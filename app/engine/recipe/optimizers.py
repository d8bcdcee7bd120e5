"""Every optimizer of ``torch.optim``: arguments, bounds, state, formula and paper, and how to build one.

Adding an optimizer is adding one entry to ``OPTIMIZERS``; catalog, controls, tests and documentation follow.
Other packages add theirs through the entry point group ``optiscope.optimizers``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from optiscope.engine.core.config import OptimizerConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.formula import mathml
from optiscope.engine.core.plugins import Plugin, load
from optiscope.engine.core.registry import Hyperparameter, Registry, check_hyperparameters
from optiscope.engine.recipe.parameters import resolve_names


@dataclass(frozen=True, slots=True)
class OptimizerInfo:
    """One optimizer, described for people and for ``build_optimizers``.

    Attributes:
        name: The name in a RunConfig: torch's class name.
        cls: The class.
        summary: What it does, in one sentence.
        hyperparameters: Its keyword arguments, with torch's defaults.
        state: What it keeps per parameter: torch's key and its meaning.
        formula: The update in LaTeX, in the notation of torch's documentation.
        paper: Where it comes from.
        closure: Whether ``step`` must be given a closure.
        param_groups: Whether it takes more than one param group.
        matrices_only: Whether it takes 2-D parameters alone.
        unavailable: Why it cannot train a network here, or None.
        source: The module to import it from.
    """

    name: str
    cls: type[Optimizer]
    summary: str
    hyperparameters: tuple[Hyperparameter, ...]
    state: Mapping[str, str]
    formula: str
    paper: str
    closure: bool = False
    param_groups: bool = True
    matrices_only: bool = False
    unavailable: str | None = None
    source: str = field(default="torch.optim")

    @property
    def momentum_key(self) -> str | None:
        """Where a group keeps what schedulers call momentum: ``momentum``, ``betas``, or nowhere."""
        names = {h.name for h in self.hyperparameters}
        return next((key for key in ("momentum", "betas") if key in names), None)

    def catalog(self) -> dict[str, Any]:
        """The entry of this optimizer in the catalog."""
        return {
            "name": self.name,
            "class": f"{self.source}.{self.cls.__name__}",
            "package": self.source.partition(".")[0],
            "title": self.name,
            "summary": self.summary,
            "available": self.unavailable is None,
            "reason": self.unavailable,
            "hyperparameters": [h.catalog() for h in self.hyperparameters],
            "state_keys": [{"key": key, "meaning": meaning} for key, meaning in self.state.items()],
            "formula": mathml(self.formula) if self.formula else "",
            "formula_text": self.formula,
            "paper": self.paper,
            "param_groups": self.param_groups,
            "closure": self.closure,
            "matrices_only": self.matrices_only,
            "momentum_key": self.momentum_key,
        }


def _lr(default: float) -> Hyperparameter:
    return Hyperparameter(
        "lr", "float", default, "Learning rate: the size of a step.", 0.0, 1e9, scale="log", symbol=r"\gamma"
    )


def _weight_decay(
    default: float = 0.0, *, decoupled: bool = False, symbol: str = r"\lambda"
) -> Hyperparameter:
    what = (
        "Shrinks the weights directly (decoupled)."
        if decoupled
        else "Adds weight_decay x parameter to the gradient (L2)."
    )
    return Hyperparameter("weight_decay", "float", default, what, 0.0, 100.0, scale="log", symbol=symbol)


def _eps(default: float | None, **extra: Any) -> Hyperparameter:
    return Hyperparameter(
        "eps",
        "float",
        default,
        "Added to the denominator, against division by zero.",
        0.0,
        1.0,
        scale="log",
        symbol=r"\epsilon",
        **extra,
    )


def _betas(second: str = "the squared gradient") -> Hyperparameter:
    return Hyperparameter(
        "betas",
        "pair",
        (0.9, 0.999),
        f"Decay of the running averages of the gradient and of {second}.",
        0.0,
        1.0,
        exclusive_maximum=True,
        symbol=r"\beta_1, \beta_2",
    )


def _momentum(default: float = 0.0) -> Hyperparameter:
    return Hyperparameter(
        "momentum", "float", default, "How much of the last update is kept.", 0.0, 1.0, symbol=r"\mu"
    )


def _flag(name: str, description: str, *, default: bool = False) -> Hyperparameter:
    return Hyperparameter(name, "bool", default, description)


_MAXIMIZE = _flag("maximize", "Climb instead of descend.")
_DECOUPLED = _flag("decoupled_weight_decay", "Decay the weights as AdamW does.")
_ADAM_STATE = {
    "step": "Steps taken.",
    "exp_avg": "Running average of the gradient, m.",
    "exp_avg_sq": "Running average of the squared gradient, v.",
    "max_exp_avg_sq": "Largest v so far (amsgrad).",
}
_AMSGRAD = _flag("amsgrad", "Divide by the largest v seen so far (Reddi et al. 2018).")
_GRADIENT = r"g_t \leftarrow \nabla f(\theta_{t-1}) + \lambda\theta_{t-1}"
_AVERAGE = r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1) g_t"
_SQUARE = r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2) g_t^2"
_UNBIASED_AVERAGE = r"\hat m_t \leftarrow \frac{m_t}{1-\beta_1^t}"
_UNBIASED_SQUARE = r"\hat v_t \leftarrow \frac{v_t}{1-\beta_2^t}"
_MOMENTS = (_AVERAGE, _SQUARE, _UNBIASED_AVERAGE, _UNBIASED_SQUARE)
_ADAM_STEP = r"\gamma\,\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}"


def _statements(*statements: str) -> str:
    return r",\quad ".join(statements)


ENTRY_POINTS = "optiscope.optimizers"
"""The group of entry points through which other packages bring optimizers."""


@cache
def plugins() -> tuple[Plugin[OptimizerInfo], ...]:
    """What the installed packages bring."""
    return load(entry_points(group=ENTRY_POINTS), accept_plugin)


def accept_plugin(prefix: str, info: object) -> OptimizerInfo:
    """An optimizer of another package, under ``prefix`` and a dot.

    Raises:
        TypeError: If it is none.
        ValueError: If it cannot be imported by its name, a default is outside its own bounds, or a formula
            cannot be typeset.
    """
    if not isinstance(info, OptimizerInfo):
        raise TypeError(f"{info!r} is no OptimizerInfo")
    if not issubclass(info.cls, Optimizer):
        raise TypeError(f"{info.cls!r} is no torch.optim.Optimizer")
    if getattr(import_module(info.source), info.cls.__name__, None) is not info.cls:
        raise ValueError(f"{info.source} has no {info.cls.__name__}: give the module as source")
    for h in info.hyperparameters:
        if h.default is not None and (problem := h.problem(h.default)):
            raise ValueError(f"the default of {info.name}: {problem}")
    try:
        info.catalog()
    except Exception as error:
        message = f"the formula or a symbol of {info.name} is no LaTeX: {type(error).__name__}"
        raise ValueError(message) from error
    return replace(info, name=f"{prefix}.{info.name}")


def _brought() -> Iterator[OptimizerInfo]:
    for plugin in plugins():
        yield from plugin.entries


OPTIMIZERS: Registry[OptimizerInfo] = Registry(
    "optimizer",
    more=_brought,
    entries=[
        OptimizerInfo(
            "SGD",
            torch.optim.SGD,
            "Steps against the gradient; momentum keeps a velocity that smooths and speeds it.",
            (
                _lr(1e-3),
                _momentum(),
                Hyperparameter(
                    "dampening",
                    "float",
                    0.0,
                    "How much of the new gradient momentum leaves out.",
                    0.0,
                    1.0,
                    symbol=r"\tau",
                ),
                _weight_decay(),
                _flag("nesterov", "Look ahead along the velocity; needs momentum and no dampening."),
                _MAXIMIZE,
            ),
            {"momentum_buffer": "The velocity b: decayed sum of gradients."},
            _statements(
                _GRADIENT,
                r"b_t \leftarrow \mu b_{t-1} + (1-\tau) g_t",
                r"u_t \leftarrow b_t",
                r"\text{nesterov:}\ u_t \leftarrow g_t + \mu b_t",
                r"\theta_t \leftarrow \theta_{t-1} - \gamma u_t",
            ),
            "Sutskever, Martens, Dahl, Hinton (2013). On the importance of initialization and momentum in deep learning. ICML.",
        ),
        OptimizerInfo(
            "Adagrad",
            torch.optim.Adagrad,
            "Divides each step by the root of all squared gradients so far, so rates only shrink.",
            (
                _lr(1e-2),
                Hyperparameter(
                    "lr_decay",
                    "float",
                    0.0,
                    "Extra decay of the learning rate with the step.",
                    0.0,
                    100.0,
                    symbol=r"\eta",
                ),
                _weight_decay(),
                Hyperparameter(
                    "initial_accumulator_value",
                    "float",
                    0.0,
                    "Where the sum of squares starts.",
                    0.0,
                    1e6,
                ),
                _eps(1e-10),
                _MAXIMIZE,
            ),
            {"step": "Steps taken.", "sum": "Sum of squared gradients."},
            _statements(
                _GRADIENT,
                r"s_t \leftarrow s_{t-1} + g_t^2",
                r"\gamma_t \leftarrow \frac{\gamma}{1+(t-1)\eta}",
                r"\theta_t \leftarrow \theta_{t-1} - \gamma_t\,\frac{g_t}{\sqrt{s_t}+\epsilon}",
            ),
            "Duchi, Hazan, Singer (2011). Adaptive subgradient methods for online learning and stochastic optimization. JMLR 12.",
        ),
        OptimizerInfo(
            "Adadelta",
            torch.optim.Adadelta,
            "Scales each step by the ratio of past updates to past gradients.",
            (
                _lr(1.0),
                Hyperparameter(
                    "rho", "float", 0.9, "Decay of both running averages.", 0.0, 1.0, symbol=r"\rho"
                ),
                _eps(1e-6),
                _weight_decay(),
                _MAXIMIZE,
            ),
            {
                "step": "Steps taken.",
                "square_avg": "Running average of the squared gradient.",
                "acc_delta": "Running average of the squared update.",
            },
            _statements(
                _GRADIENT,
                r"v_t \leftarrow \rho v_{t-1} + (1-\rho) g_t^2",
                r"\Delta_t \leftarrow \sqrt{\frac{u_{t-1}+\epsilon}{v_t+\epsilon}}\, g_t",
                r"u_t \leftarrow \rho u_{t-1} + (1-\rho) \Delta_t^2",
                r"\theta_t \leftarrow \theta_{t-1} - \gamma \Delta_t",
            ),
            "Zeiler (2012). ADADELTA: an adaptive learning rate method. arXiv:1212.5701.",
        ),
        OptimizerInfo(
            "Adam",
            torch.optim.Adam,
            "Momentum divided by the root of the average squared gradient, both corrected for their start at zero.",
            (_lr(1e-3), _betas(), _eps(1e-8), _weight_decay(), _AMSGRAD, _MAXIMIZE, _DECOUPLED),
            _ADAM_STATE,
            _statements(_GRADIENT, *_MOMENTS, rf"\theta_t \leftarrow \theta_{{t-1}} - {_ADAM_STEP}"),
            "Kingma, Ba (2015). Adam: a method for stochastic optimization. ICLR. arXiv:1412.6980.",
        ),
        OptimizerInfo(
            "AdamW",
            torch.optim.AdamW,
            "Adam whose weight decay shrinks the weights directly instead of passing through the averages.",
            (_lr(1e-3), _betas(), _eps(1e-8), _weight_decay(1e-2, decoupled=True), _AMSGRAD, _MAXIMIZE),
            _ADAM_STATE,
            _statements(*_MOMENTS, rf"\theta_t \leftarrow (1-\gamma\lambda)\theta_{{t-1}} - {_ADAM_STEP}"),
            "Loshchilov, Hutter (2019). Decoupled weight decay regularization. ICLR. arXiv:1711.05101.",
        ),
        OptimizerInfo(
            "Adamax",
            torch.optim.Adamax,
            "Adam with the largest recent gradient (infinity norm) in place of the root mean square.",
            (_lr(2e-3), _betas("the infinity norm"), _eps(1e-8), _weight_decay(), _MAXIMIZE),
            {
                "step": "Steps taken.",
                "exp_avg": "Running average of the gradient, m.",
                "exp_inf": "Decayed largest gradient, u.",
            },
            _statements(
                _GRADIENT,
                _AVERAGE,
                r"u_t \leftarrow \max(\beta_2 u_{t-1}, |g_t|+\epsilon)",
                _UNBIASED_AVERAGE,
                r"\theta_t \leftarrow \theta_{t-1} - \gamma\,\frac{\hat m_t}{u_t}",
            ),
            "Kingma, Ba (2015). Adam: a method for stochastic optimization, section 7. ICLR. arXiv:1412.6980.",
        ),
        OptimizerInfo(
            "NAdam",
            torch.optim.NAdam,
            "Adam with Nesterov's look-ahead in its momentum.",
            (
                _lr(2e-3),
                _betas(),
                _eps(1e-8),
                _weight_decay(),
                Hyperparameter(
                    "momentum_decay",
                    "float",
                    4e-3,
                    "How fast the momentum warms up.",
                    0.0,
                    1.0,
                    symbol=r"\psi",
                ),
                _DECOUPLED,
                _MAXIMIZE,
            ),
            {
                "step": "Steps taken.",
                "mu_product": "Product of the momentum factors so far.",
                "exp_avg": "Running average of the gradient, m.",
                "exp_avg_sq": "Running average of the squared gradient, v.",
            },
            _statements(
                _GRADIENT,
                _AVERAGE,
                _SQUARE,
                r"\mu_t \leftarrow \beta_1 (1 - \tfrac{1}{2}\,0.96^{t\psi})",
                r"M_t \leftarrow M_{t-1}\,\mu_t",
                r"\hat m_t \leftarrow \frac{\mu_{t+1} m_t}{1-M_t\mu_{t+1}} + \frac{(1-\mu_t) g_t}{1-M_t}",
                _UNBIASED_SQUARE,
                rf"\theta_t \leftarrow \theta_{{t-1}} - {_ADAM_STEP}",
            ),
            "Dozat (2016). Incorporating Nesterov momentum into Adam. ICLR workshop.",
        ),
        OptimizerInfo(
            "RAdam",
            torch.optim.RAdam,
            "Adam that trusts its squared average only once it has seen enough of it.",
            (_lr(1e-3), _betas(), _eps(1e-8), _weight_decay(), _DECOUPLED, _MAXIMIZE),
            {k: v for k, v in _ADAM_STATE.items() if k != "max_exp_avg_sq"},
            _statements(
                _GRADIENT,
                _AVERAGE,
                _SQUARE,
                _UNBIASED_AVERAGE,
                r"\rho_\infty \leftarrow \frac{2}{1-\beta_2} - 1",
                r"\rho_t \leftarrow \rho_\infty - \frac{2 t \beta_2^t}{1-\beta_2^t}",
                r"r_t \leftarrow \sqrt{\frac{(\rho_t-4)(\rho_t-2)\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\rho_t}}",
                r"l_t \leftarrow \frac{\sqrt{1-\beta_2^t}}{\sqrt{v_t}+\epsilon}",
                r"\rho_t > 5:\ \theta_t \leftarrow \theta_{t-1} - \gamma\,\hat m_t r_t l_t",
                r"\rho_t \le 5:\ \theta_t \leftarrow \theta_{t-1} - \gamma\,\hat m_t",
            ),
            "Liu et al. (2020). On the variance of the adaptive learning rate and beyond. ICLR. arXiv:1908.03265.",
        ),
        OptimizerInfo(
            "RMSprop",
            torch.optim.RMSprop,
            "Divides the gradient by the root of its recent average square.",
            (
                _lr(1e-2),
                Hyperparameter(
                    "alpha",
                    "float",
                    0.99,
                    "Decay of the average squared gradient.",
                    0.0,
                    1.0,
                    symbol=r"\alpha",
                ),
                _eps(1e-8),
                _weight_decay(),
                _momentum(),
                _flag("centered", "Divide by the standard deviation: subtract the squared mean gradient."),
                _MAXIMIZE,
            ),
            {
                "step": "Steps taken.",
                "square_avg": "Running average of the squared gradient.",
                "momentum_buffer": "Velocity (with momentum).",
                "grad_avg": "Running average of the gradient (centered).",
            },
            _statements(
                _GRADIENT,
                r"v_t \leftarrow \alpha v_{t-1} + (1-\alpha) g_t^2",
                r"\text{centered:}\ a_t \leftarrow \alpha a_{t-1} + (1-\alpha) g_t",
                r"\text{centered:}\ v_t \leftarrow v_t - a_t^2",
                r"b_t \leftarrow \mu b_{t-1} + \frac{g_t}{\sqrt{v_t}+\epsilon}",
                r"\theta_t \leftarrow \theta_{t-1} - \gamma b_t",
            ),
            "Tieleman, Hinton (2012). Lecture 6.5: rmsprop. Neural Networks for Machine Learning. "
            "Centered: Graves (2013), arXiv:1308.0850.",
        ),
        OptimizerInfo(
            "Rprop",
            torch.optim.Rprop,
            "Uses only the sign of each gradient; the step of a parameter grows while its sign holds.",
            (
                _lr(1e-2),
                Hyperparameter(
                    "etas",
                    "pair",
                    (0.5, 1.2),
                    "Factors by which a step shrinks (below 1) and grows (above 1).",
                    0.0,
                    10.0,
                    exclusive_minimum=True,
                    symbol=r"\eta^-, \eta^+",
                ),
                Hyperparameter(
                    "step_sizes",
                    "pair",
                    (1e-6, 50.0),
                    "Smallest and largest step.",
                    0.0,
                    1e6,
                    symbol=r"\Gamma_1, \Gamma_2",
                ),
                _MAXIMIZE,
            ),
            {
                "step": "Steps taken.",
                "prev": "The last gradient.",
                "step_size": "The step of each parameter.",
            },
            _statements(
                r"s_t \leftarrow g_{t-1} g_t",
                r"s_t > 0:\ \eta_t \leftarrow \min(\eta_{t-1}\eta^+, \Gamma_2)",
                r"s_t < 0:\ \eta_t \leftarrow \max(\eta_{t-1}\eta^-, \Gamma_1)",
                r"s_t < 0:\ g_t \leftarrow 0",
                r"\theta_t \leftarrow \theta_{t-1} - \eta_t\,\mathrm{sign}(g_t)",
                r"\eta_0 = \gamma",
            ),
            "Riedmiller, Braun (1993). A direct adaptive method for faster backpropagation learning: the RPROP algorithm. ICNN.",
        ),
        OptimizerInfo(
            "ASGD",
            torch.optim.ASGD,
            "SGD with a decaying rate that also keeps the average of the parameters (in its state, not in the model).",
            (
                _lr(1e-2),
                Hyperparameter(
                    "lambd", "float", 1e-4, "Decay term.", 0.0, 1.0, scale="log", symbol=r"\lambda"
                ),
                Hyperparameter(
                    "alpha", "float", 0.75, "Power of the decay of the rate.", 0.0, 10.0, symbol=r"\alpha"
                ),
                Hyperparameter(
                    "t0",
                    "float",
                    1e6,
                    "Step at which averaging starts.",
                    0.0,
                    1e9,
                    scale="log",
                    symbol="t_0",
                ),
                _weight_decay(symbol=r"\omega"),
                _MAXIMIZE,
            ),
            {
                "step": "Steps taken.",
                "eta": "The decayed rate.",
                "mu": "Weight of a new point in the average.",
                "ax": "The averaged parameters.",
            },
            _statements(
                r"g_t \leftarrow \nabla f(\theta_{t-1}) + \omega\theta_{t-1}",
                r"\theta_t \leftarrow (1-\lambda\eta_t)\theta_{t-1} - \eta_t g_t",
                r"\eta_{t+1} \leftarrow \frac{\gamma}{(1+\lambda\gamma t)^{\alpha}}",
                r"\bar\theta_t \leftarrow \bar\theta_{t-1} + \mu_t (\theta_t - \bar\theta_{t-1})",
                r"\mu_{t+1} \leftarrow \frac{1}{\max(1, t - t_0)}",
            ),
            "Polyak, Juditsky (1992). Acceleration of stochastic approximation by averaging. SIAM J. Control Optim. 30.",
        ),
        OptimizerInfo(
            "Adafactor",
            torch.optim.Adafactor,
            "Keeps only row and column averages of the squared gradient of a matrix, and scales steps by the parameter's size.",
            (
                _lr(1e-2),
                Hyperparameter(
                    "beta2_decay",
                    "float",
                    -0.8,
                    "Power of the step in the decay of the average.",
                    -10.0,
                    0.0,
                    symbol=r"\tau",
                ),
                Hyperparameter(
                    "eps",
                    "pair",
                    (None, 1e-3),
                    "Regularizers of the squared gradient and of the parameter's size.",
                    0.0,
                    1.0,
                    symbol=r"\epsilon_1, \epsilon_2",
                ),
                Hyperparameter(
                    "d", "float", 1.0, "Clips the root mean square of an update.", 1.0, 1e6, symbol="d"
                ),
                _weight_decay(decoupled=True),
                _MAXIMIZE,
            ),
            {
                "step": "Steps taken.",
                "row_var": "Average squared gradient of each row.",
                "col_var": "Average squared gradient of each column.",
                "variance": "Average squared gradient (of a vector).",
            },
            _statements(
                r"R_t \leftarrow (1 - t^\tau) R_{t-1} + t^\tau \overline{g_t^2}",
                r"C_t \leftarrow (1 - t^\tau) C_{t-1} + t^\tau \overline{g_t^2}",
                r"V_t \leftarrow \frac{R_t C_t}{\max(\overline{R_t}, \epsilon_1)}",
                r"U_t \leftarrow \frac{g_t}{\sqrt{V_t}}",
                r"\hat U_t \leftarrow \frac{U_t}{\max(1, \mathrm{RMS}(U_t)/d)}",
                r"\rho_t \leftarrow \min(\gamma, \tfrac{1}{\sqrt{t}})",
                r"\alpha_t \leftarrow \rho_t \max(\epsilon_2, \mathrm{RMS}(\theta_{t-1}))",
                r"\theta_t \leftarrow (1-\gamma\lambda)\theta_{t-1} - \alpha_t \hat U_t",
            ),
            "Shazeer, Stern (2018). Adafactor: adaptive learning rates with sublinear memory cost. ICML. arXiv:1804.04235.",
        ),
        OptimizerInfo(
            "LBFGS",
            torch.optim.LBFGS,
            "Quasi-Newton: builds an approximate inverse Hessian from the last steps; evaluates the loss several times a step.",
            (
                replace(_lr(1.0), exclusive_minimum=True),  # a line search of no length divides by zero
                Hyperparameter("max_iter", "int", 20, "Inner iterations of one step.", 1, 100),
                Hyperparameter(
                    "max_eval",
                    "int",
                    None,
                    "Evaluations of one step; null is 1.25 x max_iter.",
                    1,
                    1000,
                    optional=True,
                ),
                Hyperparameter(
                    "tolerance_grad", "float", 1e-7, "Stops at this largest gradient.", 0.0, 1.0, scale="log"
                ),
                Hyperparameter(
                    "tolerance_change", "float", 1e-9, "Stops at this change.", 0.0, 1.0, scale="log"
                ),
                Hyperparameter(
                    "history_size", "int", 100, "Steps that the approximation remembers.", 1, 1000
                ),
                Hyperparameter(
                    "line_search_fn",
                    "choice",
                    None,
                    "null, or strong_wolfe.",
                    choices=("strong_wolfe",),
                    optional=True,
                ),
            ),
            {
                "func_evals": "Evaluations so far.",
                "n_iter": "Inner iterations so far.",
                "d": "Direction of the last inner step.",
                "t": "Length of the last inner step.",
                "H_diag": "Initial scale of the inverse Hessian.",
                "prev_flat_grad": "The gradient before.",
                "prev_loss": "The loss before.",
            },
            _statements(
                r"d_t \leftarrow -H_t g_t",
                r"\theta_t \leftarrow \theta_{t-1} + \gamma_t d_t",
                r"\gamma_t = \gamma\ \text{or by line search}",
            ),
            "Liu, Nocedal (1989). On the limited memory BFGS method for large scale optimization. Math. Programming 45.",
            closure=True,
            param_groups=False,
        ),
        OptimizerInfo(
            "Muon",
            torch.optim.Muon,
            "Momentum whose matrix is made nearly orthogonal by Newton-Schulz; for 2-D weights only, the rest needs another optimizer.",
            (
                _lr(1e-3),
                _weight_decay(0.1, decoupled=True),
                _momentum(0.95),
                _flag("nesterov", "Look ahead along the velocity.", default=True),
                _eps(1e-7),
                Hyperparameter("ns_steps", "int", 5, "Newton-Schulz iterations.", 1, 20, symbol="k"),
                Hyperparameter(
                    "adjust_lr_fn",
                    "choice",
                    None,
                    "How the rate follows the shape of a matrix.",
                    choices=("original", "match_rms_adamw"),
                    optional=True,
                ),
            ),
            {"momentum_buffer": "The velocity: decayed average of gradients."},
            _statements(
                r"B_t \leftarrow \mu B_{t-1} + (1-\mu) g_t",
                r"\text{nesterov:}\ \tilde B_t \leftarrow \mu B_t + (1-\mu) g_t",
                r"O_t \leftarrow \mathrm{NS}_k\left(\frac{\tilde B_t}{\max(\|\tilde B_t\|, \epsilon)}\right)",
                r"\gamma' \leftarrow \gamma \sqrt{\max(1, \tfrac{\mathrm{rows}}{\mathrm{columns}})}",
                r"\theta_t \leftarrow (1-\gamma\lambda)\theta_{t-1} - \gamma' O_t",
            ),
            "Jordan et al. (2024). Muon: an optimizer for hidden layers in neural networks.",
            matrices_only=True,
        ),
        OptimizerInfo(
            "SparseAdam",
            torch.optim.SparseAdam,
            "Adam that updates only the rows an embedding's sparse gradient touches.",
            (_lr(1e-3), _betas(), _eps(1e-8), _MAXIMIZE),
            {k: v for k, v in _ADAM_STATE.items() if k != "max_exp_avg_sq"},
            _statements(*_MOMENTS, rf"\theta_t \leftarrow \theta_{{t-1}} - {_ADAM_STEP}"),
            "Kingma, Ba (2015). Adam: a method for stochastic optimization. ICLR. arXiv:1412.6980.",
            unavailable="SparseAdam takes sparse gradients only (of nn.Embedding(sparse=True)); "
            "a network of nn.Linear layers has dense ones, which it refuses.",
        ),
    ],
)


def build_optimizers(
    model: nn.Module, config: OptimizerConfig, pointer: str = "/optimizer"
) -> list[Optimizer]:
    """The optimizer of a config over a model's parameters, and behind it that of the rest, if there is one.

    Args:
        model: Whose parameters are trained.
        config: Name, hyperparameters and param groups. Without groups, one group holds every parameter
            (for an optimizer of matrices with a ``rest``: every 2-D parameter).
        pointer: Where ``config`` stands in the request.

    Raises:
        ConfigError: For what the registry or torch itself refuses, the latter in torch's own words.
    """
    info = OPTIMIZERS.resolve(config.name, f"{pointer}/name")
    if info.unavailable:
        raise ConfigError.at(f"{pointer}/name", info.unavailable)
    named = dict(model.named_parameters())
    if config.rest is None:
        return [_build(info, named, config, pointer)]
    if not info.matrices_only:
        raise ConfigError.at(
            f"{pointer}/rest", f"{config.name} takes every parameter: rest is for Muon's kind"
        )
    if OPTIMIZERS.resolve(config.rest.name, f"{pointer}/rest/name").matrices_only or config.rest.rest:
        raise ConfigError.at(f"{pointer}/rest/name", f"{config.rest.name} cannot take biases either")
    matrices = {name: p for name, p in named.items() if p.ndim == 2}  # noqa: PLR2004
    others = {name: p for name, p in named.items() if name not in matrices}
    if not matrices:
        raise ConfigError.at(
            f"{pointer}/name", f"{config.name} takes 2-D parameters, and this problem has none"
        )
    return [
        _build(info, matrices, config, pointer),
        *build_rest(others, config.rest, f"{pointer}/rest"),
    ]


def build_rest(named: Mapping[str, nn.Parameter], config: OptimizerConfig, pointer: str) -> list[Optimizer]:
    """The second optimizer, of the parameters that the first one cannot take."""
    info = OPTIMIZERS.resolve(config.name, f"{pointer}/name")
    if info.unavailable or info.closure:
        reason = info.unavailable or f"{config.name} evaluates the loss itself and cannot share a step"
        raise ConfigError.at(f"{pointer}/name", reason)
    return [_build(info, named, config, pointer)]


def _build(
    info: OptimizerInfo, named: Mapping[str, nn.Parameter], config: OptimizerConfig, pointer: str
) -> Optimizer:
    where = f"{pointer}/hyperparameters"
    arguments = check_hyperparameters(info.name, info.hyperparameters, config.hyperparameters, where)
    params: Any = list(named.values())
    if config.param_groups is not None:
        params = _groups(info, named, config, pointer)
    try:
        return info.cls(params, **arguments)
    except _REFUSALS as error:
        message = f"{info.source.partition('.')[0]} refuses {info.cls.__name__}: {error}"
        if not _accepts(info, arguments):
            raise ConfigError.at(where, message) from error
        if config.param_groups is not None:
            raise ConfigError.at(f"{pointer}/param_groups", message) from error
        hint = "; give the parameters that it cannot take to a rest" if info.matrices_only else ""
        raise ConfigError.at(f"{pointer}/name", message + hint) from error


_REFUSALS = (
    ValueError,
    TypeError,
    RuntimeError,
    AssertionError,
    ArithmeticError,
    LookupError,
    AttributeError,
)


def _accepts(info: OptimizerInfo, arguments: Mapping[str, Any]) -> bool:
    """Whether the arguments are good, so that a refusal must be for the parameters."""
    try:
        info.cls([nn.Parameter(torch.zeros(1, 1))], **arguments)
    except _REFUSALS:
        return False
    return True


def _groups(
    info: OptimizerInfo, named: Mapping[str, nn.Parameter], config: OptimizerConfig, pointer: str
) -> list[dict[str, Any]]:
    groups = []
    for i, group in enumerate(config.param_groups or ()):
        where = f"{pointer}/param_groups/{i}"
        names = resolve_names(group.params, named, f"{where}/params")
        own = check_hyperparameters(
            info.name, info.hyperparameters, group.hyperparameters, where, required=False
        )
        groups.append({"params": [named[name] for name in names], **own})
    return groups
