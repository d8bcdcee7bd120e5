"""The optimizers of ``torch.optim``: arguments, bounds, state, formula, paper, and what advice builds on."""

from dataclasses import replace

import torch

from optiscope.engine.core.registry import Hyperparameter, Registry
from optiscope.engine.core.words import say
from optiscope.engine.recipe.declaring import choice, flag, number, pair, triple, whole
from optiscope.engine.recipe.optimizers.info import OptimizerInfo, OwnDecay, OwnRate
from optiscope.engine.recipe.optimizers.plugins import OPTIMIZER_PLUGINS


def _weight_decay(*, decoupled: bool = False, symbol: str = r"\lambda") -> Hyperparameter:
    what = (
        "Shrinks the weights directly (decoupled)."
        if decoupled
        else "Adds weight_decay x parameter to the gradient (L2)."
    )
    return number("weight_decay", what, 0.0, 100.0, minimum=0.0, scale="log", symbol=symbol)


def _betas(second: str = "the squared gradient") -> Hyperparameter:
    line = f"Decay of the running averages of the gradient and of {second}."
    return pair(
        "betas",
        line,
        0.0,
        1.0,
        minimum=0.0,
        maximum=1.0,
        exclusive_maximum=True,
        symbol=r"\beta_1, \beta_2",
    )


_LR = number("lr", "Learning rate: the size of a step.", 0.0, 1e9, minimum=0.0, scale="log", symbol=r"\gamma")
_EPS = number(
    "eps",
    "Added to the denominator, against division by zero.",
    0.0,
    1.0,
    minimum=0.0,
    scale="log",
    symbol=r"\epsilon",
)
_MOMENTUM = number("momentum", "How much of the last update is kept.", 0.0, 1.0, minimum=0.0, symbol=r"\mu")
_MAXIMIZE = flag("maximize", "Climb instead of descend.")
_DECOUPLED = flag("decoupled_weight_decay", "Decay the weights as AdamW does.")
_ADAM_STATE = {
    "step": "Steps taken.",
    "exp_avg": "Running average of the gradient, m.",
    "exp_avg_sq": "Running average of the squared gradient, v.",
    "max_exp_avg_sq": "Largest v so far (amsgrad).",
}
_AMSGRAD = flag("amsgrad", "Divide by the largest v seen so far (Reddi et al. 2018).")
_GRADIENT = r"g_t \leftarrow \nabla f(\theta_{t-1}) + \lambda\theta_{t-1}"
_AVERAGE = r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1) g_t"
_SQUARE = r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2) g_t^2"
_UNBIASED_AVERAGE = r"\hat m_t \leftarrow \frac{m_t}{1-\beta_1^t}"
_UNBIASED_SQUARE = r"\hat v_t \leftarrow \frac{v_t}{1-\beta_2^t}"
_PLAIN_GRADIENT = r"g_t \leftarrow \nabla f(\theta_{t-1})"
_MOMENTS = (_AVERAGE, _SQUARE, _UNBIASED_AVERAGE, _UNBIASED_SQUARE)
_ADAM_STEP = r"\gamma\,\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}"


def _statements(*statements: str) -> str:
    return r",\quad ".join(statements)


OPTIMIZERS: Registry[OptimizerInfo] = Registry(
    say("kind_optimizer"),
    more=OPTIMIZER_PLUGINS.entries,
    entries=[
        OptimizerInfo(
            "SGD",
            torch.optim.SGD,
            "Steps against the gradient; momentum keeps a velocity that smooths and speeds it.",
            (
                _LR,
                _MOMENTUM,
                number(
                    "dampening", "How much of the new gradient momentum leaves out.", 0.0, 1.0, symbol=r"\tau"
                ),
                _weight_decay(),
                flag("nesterov", "Look ahead along the velocity; needs momentum and no dampening."),
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
            idea="gradient",
        ),
        OptimizerInfo(
            "Adagrad",
            torch.optim.Adagrad,
            "Divides each step by the root of all squared gradients so far, so rates only shrink.",
            (
                _LR,
                number(
                    "lr_decay",
                    "Extra decay of the learning rate with the step.",
                    0.0,
                    100.0,
                    minimum=0.0,
                    symbol=r"\eta",
                ),
                _weight_decay(),
                number(
                    "initial_accumulator_value", "Where the sum of squares starts.", 0.0, 1e6, minimum=0.0
                ),
                _EPS,
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
            shrinks_steps=True,
            own_decay=OwnDecay("lr_decay", lambda values, step: 1 / (1 + (step - 1) * values["lr_decay"])),
            idea="squares",
        ),
        OptimizerInfo(
            "Adadelta",
            torch.optim.Adadelta,
            "Scales each step by the ratio of past updates to past gradients.",
            (
                _LR,
                number(
                    "rho",
                    "Decay of both running averages.",
                    0.0,
                    1.0,
                    minimum=0.0,
                    maximum=1.0,
                    symbol=r"\rho",
                ),
                _EPS,
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
            sizes_steps=True,
            idea="squares",
        ),
        OptimizerInfo(
            "Adam",
            torch.optim.Adam,
            "Momentum divided by the root of the average squared gradient, both corrected for their start at zero.",
            (_LR, _betas(), _EPS, _weight_decay(), _AMSGRAD, _MAXIMIZE, _DECOUPLED),
            _ADAM_STATE,
            _statements(_GRADIENT, *_MOMENTS, rf"\theta_t \leftarrow \theta_{{t-1}} - {_ADAM_STEP}"),
            "Kingma, Ba (2015). Adam: a method for stochastic optimization. ICLR. arXiv:1412.6980.",
            scaled_l2=True,
            decoupled_as="AdamW",
            idea="averages",
        ),
        OptimizerInfo(
            "AdamW",
            torch.optim.AdamW,
            "Adam whose weight decay shrinks the weights directly instead of passing through the averages.",
            (_LR, _betas(), _EPS, _weight_decay(decoupled=True), _AMSGRAD, _MAXIMIZE),
            _ADAM_STATE,
            _statements(
                _PLAIN_GRADIENT,
                *_MOMENTS,
                rf"\theta_t \leftarrow (1-\gamma\lambda)\theta_{{t-1}} - {_ADAM_STEP}",
            ),
            "Loshchilov, Hutter (2019). Decoupled weight decay regularization. ICLR. arXiv:1711.05101.",
            idea="averages",
        ),
        OptimizerInfo(
            "Adamax",
            torch.optim.Adamax,
            "Adam with the largest recent gradient (infinity norm) in place of the root mean square.",
            (_LR, _betas("the infinity norm"), _EPS, _weight_decay(), _MAXIMIZE),
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
            bounded_at_zero=True,
            idea="averages",
        ),
        OptimizerInfo(
            "NAdam",
            torch.optim.NAdam,
            "Adam with Nesterov's look-ahead in its momentum.",
            (
                _LR,
                _betas(),
                _EPS,
                _weight_decay(),
                number(
                    "momentum_decay", "How fast the momentum warms up.", 0.0, 1.0, minimum=0.0, symbol=r"\psi"
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
            scaled_l2=True,
            idea="averages",
        ),
        OptimizerInfo(
            "RAdam",
            torch.optim.RAdam,
            "Adam that trusts its squared average only once it has seen enough of it.",
            (_LR, _betas(), _EPS, _weight_decay(), _DECOUPLED, _MAXIMIZE),
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
            scaled_l2=True,
            idea="averages",
        ),
        OptimizerInfo(
            "RMSprop",
            torch.optim.RMSprop,
            "Divides the gradient by the root of its recent average square.",
            (
                _LR,
                number(
                    "alpha", "Decay of the average squared gradient.", 0.0, 1.0, minimum=0.0, symbol=r"\alpha"
                ),
                _EPS,
                _weight_decay(),
                _MOMENTUM,
                flag("centered", "Divide by the standard deviation: subtract the squared mean gradient."),
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
            idea="squares",
        ),
        OptimizerInfo(
            "Rprop",
            torch.optim.Rprop,
            "Uses only the sign of each gradient; the step of a parameter grows while its sign holds.",
            (
                _LR,
                pair(
                    "etas",
                    "Factors by which a step shrinks (below 1) and grows (above 1).",
                    0.0,
                    10.0,
                    minimum=0.0,
                    exclusive_minimum=True,
                    symbol=r"\eta^-, \eta^+",
                ),
                pair("step_sizes", "Smallest and largest step.", 0.0, 1e6, symbol=r"\Gamma_1, \Gamma_2"),
                _MAXIMIZE,
            ),
            {
                "step": "Steps taken.",
                "prev": "The last gradient.",
                "step_size": "The step of each parameter.",
            },
            _statements(
                _PLAIN_GRADIENT,
                r"s_t \leftarrow g_{t-1} g_t",
                r"s_t > 0:\ \eta_t \leftarrow \min(\eta_{t-1}\eta^+, \Gamma_2)",
                r"s_t < 0:\ \eta_t \leftarrow \max(\eta_{t-1}\eta^-, \Gamma_1)",
                r"s_t < 0:\ g_t \leftarrow 0",
                r"\theta_t \leftarrow \theta_{t-1} - \eta_t\,\mathrm{sign}(g_t)",
                r"\eta_0 = \gamma",
            ),
            "Riedmiller, Braun (1993). A direct adaptive method for faster backpropagation learning: the RPROP algorithm. ICNN.",
            moves_without_rate=True,
            noise="signs",
            own_rate=OwnRate("step_size", after=True),
            idea="signs",
        ),
        OptimizerInfo(
            "ASGD",
            torch.optim.ASGD,
            "SGD with a decaying rate that also keeps the average of the parameters (in its state, not in the model).",
            (
                _LR,
                number("lambd", "Decay term.", 0.0, 1.0, scale="log", symbol=r"\lambda"),
                number("alpha", "Power of the decay of the rate.", 0.0, 10.0, symbol=r"\alpha"),
                number("t0", "Step at which averaging starts.", 0.0, 1e9, scale="log", symbol="t_0"),
                _weight_decay(symbol=r"\omega"),
                _MAXIMIZE,
            ),
            {
                "step": "Steps taken.",
                "eta": "The decayed rate, worked out at the end of the step before: a rate that is set acts a step late (torch 2.13).",
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
            averages={"ax": "t0"},
            own_rate=OwnRate("eta"),
            own_decay=OwnDecay(
                "lambd",
                lambda values, step: (1 + values["lambd"] * values["lr"] * step) ** -values["alpha"],
            ),
            idea="gradient",
        ),
        OptimizerInfo(
            "Adafactor",
            torch.optim.Adafactor,
            "Keeps only row and column averages of the squared gradient of a matrix, and scales steps by the parameter's size.",
            (
                _LR,
                number(
                    "beta2_decay",
                    "Power of the step in the decay of the average.",
                    -10.0,
                    0.0,
                    maximum=0.0,
                    symbol=r"\tau",
                ),
                pair(
                    "eps",
                    "Regularizers of the squared gradient and of the parameter's size.",
                    0.0,
                    1.0,
                    minimum=0.0,
                    symbol=r"\epsilon_1, \epsilon_2",
                ),
                number("d", "Clips the root mean square of an update.", 1.0, 1e6, minimum=1.0, symbol="d"),
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
                _PLAIN_GRADIENT,
                r"R_t \leftarrow (1 - t^\tau) R_{t-1} + t^\tau\,\mathrm{mean}_{\text{columns}}(g_t^2)",
                r"C_t \leftarrow (1 - t^\tau) C_{t-1} + t^\tau\,\mathrm{mean}_{\text{rows}}(g_t^2)",
                r"V_t \leftarrow \frac{R_t C_t}{\max(\mathrm{mean}(R_t), \epsilon_1)}",
                r"U_t \leftarrow \frac{g_t}{\sqrt{V_t}}",
                r"\hat U_t \leftarrow \frac{U_t}{\max(1, \mathrm{RMS}(U_t)/d)}",
                r"\rho_t \leftarrow \min(\gamma, \tfrac{1}{\sqrt{t}})",
                r"\alpha_t \leftarrow \rho_t \max(\epsilon_2, \mathrm{RMS}(\theta_{t-1}))",
                r"\theta_t \leftarrow (1-\gamma\lambda)\theta_{t-1} - \alpha_t \hat U_t",
            ),
            "Shazeer, Stern (2018). Adafactor: adaptive learning rates with sublinear memory cost. ICML. arXiv:1804.04235.",
            largest_rate=lambda steps: steps**-0.5,
            idea="memory",
        ),
        OptimizerInfo(
            "LBFGS",
            torch.optim.LBFGS,
            "Quasi-Newton: builds an approximate inverse Hessian from the last steps; evaluates the loss several times a step.",
            (
                _LR,
                whole("max_iter", "Inner iterations of one step.", 1, 100, maximum=100),
                whole(
                    "max_eval",
                    "Evaluations of one step; null is 1.25 x max_iter.",
                    1,
                    1000,
                    maximum=1000,
                    optional=True,
                ),
                number("tolerance_grad", "Stops at this largest gradient.", 0.0, 1.0, scale="log"),
                number("tolerance_change", "Stops at this change.", 0.0, 1.0, scale="log"),
                whole("history_size", "Steps that the approximation remembers.", 1, 1000, maximum=1000),
                choice("line_search_fn", "null, or strong_wolfe.", "strong_wolfe", optional=True),
            ),
            {
                "func_evals": "Evaluations so far.",
                "n_iter": "Inner iterations so far.",
                "d": "Direction of the last inner step.",
                "t": "Length of the last inner step.",
                "H_diag": "Initial scale of the inverse Hessian.",
                "prev_flat_grad": "The gradient before.",
                "prev_loss": "The loss before.",
                "old_dirs": "Changes of the gradient, y, the oldest first.",
                "old_stps": "Changes of the parameters, s, the oldest first.",
                "ro": "1 / (yᵀs) of each.",
                "al": "Factors of the two-loop recursion, of each.",
            },
            _statements(
                _PLAIN_GRADIENT,
                r"H_t \approx (\nabla^2 f(\theta_{t-1}))^{-1}",
                r"d_t \leftarrow -H_t g_t",
                r"\theta_t \leftarrow \theta_{t-1} + \gamma_t d_t",
                r"\gamma_t = \gamma\ \text{or by line search}",
            ),
            "Liu, Nocedal (1989). On the limited memory BFGS method for large scale optimization. Math. Programming 45.",
            closure=True,
            param_groups=False,
            noise="curvature",
            history=("history_size", "max_iter"),
            own_rate=OwnRate("t", after=True),
            copies=3,
            idea="curvature",
        ),
        OptimizerInfo(
            "Muon",
            torch.optim.Muon,
            "Momentum whose matrix is made nearly orthogonal by Newton-Schulz; for 2-D weights only, the rest needs another optimizer.",
            (
                _LR,
                _weight_decay(decoupled=True),
                _MOMENTUM,
                flag("nesterov", "Look ahead along the velocity."),
                triple(
                    "ns_coefficients",
                    "Coefficients of the polynomial of an iteration: of X, of its third power and of its fifth.",
                    -10.0,
                    10.0,
                    symbol="a, b, c",
                ),
                replace(_EPS, minimum=None),
                whole("ns_steps", "Newton-Schulz iterations.", 1, 20, symbol="k"),
                choice(
                    "adjust_lr_fn",
                    "How the rate follows the shape of a matrix.",
                    "original",
                    "match_rms_adamw",
                    optional=True,
                ),
            ),
            {"momentum_buffer": "The velocity: decayed average of gradients."},
            _statements(
                _PLAIN_GRADIENT,
                r"B_t \leftarrow \mu B_{t-1} + (1-\mu) g_t",
                r"\text{nesterov:}\ \tilde B_t \leftarrow \mu B_t + (1-\mu) g_t",
                r"O_t \leftarrow \mathrm{NS}_k\left(\frac{\tilde B_t}{\max(\|\tilde B_t\|, \epsilon)}\right)",
                r"\gamma' \leftarrow \gamma \sqrt{\max(1, \tfrac{\mathrm{rows}}{\mathrm{columns}})}",
                r"\theta_t \leftarrow (1-\gamma\lambda)\theta_{t-1} - \gamma' O_t",
            ),
            "Jordan et al. (2024). Muon: an optimizer for hidden layers in neural networks.",
            matrices_only=True,
            bounded_at_zero=True,
            idea="matrices",
        ),
        OptimizerInfo(
            "SparseAdam",
            torch.optim.SparseAdam,
            "Adam that updates only the rows an embedding's sparse gradient touches.",
            (_LR, _betas(), _EPS, _MAXIMIZE),
            {k: v for k, v in _ADAM_STATE.items() if k != "max_exp_avg_sq"},
            _statements(_PLAIN_GRADIENT, *_MOMENTS, rf"\theta_t \leftarrow \theta_{{t-1}} - {_ADAM_STEP}"),
            "Kingma, Ba (2015). Adam: a method for stochastic optimization. ICLR. arXiv:1412.6980.",
            unavailable=say("sparse_gradients_only", optimizer="SparseAdam"),
            idea="averages",
        ),
    ],
)
