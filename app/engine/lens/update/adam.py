"""Adam and its kin: averages of the gradient and of its size."""

from dataclasses import replace

from optiscope.engine.core.words import say
from optiscope.engine.lens.update.line import Formula, Line
from optiscope.engine.lens.update.shared import (
    COUNTED,
    DECAYED_GRADIENT,
    DECAYED_PARAM,
    GIVEN,
    MAXIMIZED,
    STEP,
    ZEROS,
)

_MOMENT = {"exp_avg": ("m_{t-1}", ZEROS)}
_SQUARES = {"exp_avg_sq": ("v_{t-1}", ZEROS)}

_EITHER_DECAY = (
    replace(DECAYED_PARAM, when="weight_decay != 0 and decoupled_weight_decay"),
    replace(DECAYED_GRADIENT, when="weight_decay != 0 and not decoupled_weight_decay"),
)

_AVERAGE = Line(
    "exp_avg",
    "m_t",
    "<beta1> * <exp_avg> + (1 - <beta1>) * <grad>",
    "exp_avg.lerp(grad, 1 - beta1)",
    say("line_first_moment"),
    kept="exp_avg",
)
_SQUARE = Line(
    "exp_avg_sq",
    "v_t",
    "<beta2> * <exp_avg_sq> + (1 - <beta2>) * <grad>^2",
    "exp_avg_sq.mul(beta2).addcmul(grad, grad, value=1 - beta2)",
    say("line_second_moment"),
    kept="exp_avg_sq",
)
_CORRECTION_1 = Line(
    "bias_correction1", "c_1", "1 - <beta1>^{<step>}", "1 - beta1**step", say("line_bias_correction")
)
_CORRECTION_2 = Line(
    "bias_correction2", "c_2", "1 - <beta2>^{<step>}", "1 - beta2**step", say("line_bias_correction")
)
_AVERAGES = (
    GIVEN,
    MAXIMIZED,
    COUNTED,
    *_EITHER_DECAY,
    _AVERAGE,
    _SQUARE,
    _CORRECTION_1,
    _CORRECTION_2,
)
"""Both averages, and what they lack while they are young."""

_STEP_SIZE = Line(
    "step_size",
    r"\gamma_t",
    r"\frac{<lr>}{<bias_correction1>}",
    "lr / bias_correction1",
    say("line_corrected_rate"),
)

ADAM = Formula(
    (
        *_AVERAGES,
        _STEP_SIZE,
        Line(
            "max_exp_avg_sq",
            r"v^{\max}_t",
            r"\max(<max_exp_avg_sq>, <exp_avg_sq>)",
            "torch.maximum(max_exp_avg_sq, exp_avg_sq)",
            say("line_largest_square"),
            "amsgrad",
            kept="max_exp_avg_sq",
        ),
        Line(
            "denom",
            "d_t",
            r"\frac{\sqrt{<max_exp_avg_sq>}}{\sqrt{<bias_correction2>}} + <eps>",
            "(max_exp_avg_sq.sqrt() / bias_correction2**0.5).add(eps)",
            say("line_denominator"),
            "amsgrad",
        ),
        Line(
            "denom",
            "d_t",
            r"\frac{\sqrt{<exp_avg_sq>}}{\sqrt{<bias_correction2>}} + <eps>",
            "(exp_avg_sq.sqrt() / bias_correction2**0.5).add(eps)",
            say("line_denominator"),
            "not amsgrad",
        ),
        Line(
            "param",
            r"\theta_t",
            r"<param> - <step_size> * \frac{<exp_avg>}{<denom>}",
            "param.addcdiv(exp_avg, denom, value=-step_size)",
            say("line_new_value"),
            kept="param",
        ),
    ),
    state=STEP | _MOMENT | _SQUARES | {"max_exp_avg_sq": (r"v^{\max}_{t-1}", ZEROS)},
)

ADAMAX = Formula(
    (
        GIVEN,
        MAXIMIZED,
        COUNTED,
        DECAYED_GRADIENT,
        _AVERAGE,
        Line(
            "exp_inf",
            "u_t",
            r"\max(<beta2> * <exp_inf>, |<grad>| + <eps>)",
            "torch.maximum(exp_inf.mul(beta2), grad.abs().add(eps))",
            say("line_largest_gradient"),
            kept="exp_inf",
        ),
        replace(_CORRECTION_1, name="bias_correction"),
        replace(
            _STEP_SIZE, name="clr", formula=r"\frac{<lr>}{<bias_correction>}", code="lr / bias_correction"
        ),
        Line(
            "param",
            r"\theta_t",
            r"<param> - <clr> * \frac{<exp_avg>}{<exp_inf>}",
            "param.addcdiv(exp_avg, exp_inf, value=-clr)",
            say("line_new_value"),
            kept="param",
        ),
    ),
    state=STEP | _MOMENT | {"exp_inf": ("u_{t-1}", ZEROS)},
)

NADAM = Formula(
    (
        GIVEN,
        MAXIMIZED,
        COUNTED,
        _CORRECTION_2,
        *_EITHER_DECAY,
        Line(
            "mu",
            r"\mu_t",
            r"<beta1> * (1 - 0.5 \cdot 0.96^{<step> * <momentum_decay>})",
            "beta1 * (1.0 - 0.5 * (0.96 ** (step * momentum_decay)))",
            say("line_momentum_now"),
        ),
        Line(
            "mu_next",
            r"\mu_{t+1}",
            r"<beta1> * (1 - 0.5 \cdot 0.96^{(<step> + 1) * <momentum_decay>})",
            "beta1 * (1.0 - 0.5 * (0.96 ** ((step + 1) * momentum_decay)))",
            say("line_momentum_next"),
        ),
        Line(
            "mu_product",
            "M_t",
            "<mu_product> * <mu>",
            "mu_product * mu",
            say("line_momentum_product"),
            kept="mu_product",
        ),
        _AVERAGE,
        _SQUARE,
        Line(
            "denom",
            "d_t",
            r"\sqrt{\frac{<exp_avg_sq>}{<bias_correction2>}} + <eps>",
            "exp_avg_sq.div(bias_correction2).sqrt().add(eps)",
            say("line_denominator"),
        ),
        Line(
            "mu_product_next",
            "M_{t+1}",
            "<mu_product> * <mu_next>",
            "mu_product.item() * mu_next",
            say("line_momentum_product_next"),
        ),
        Line(
            "param",
            r"\theta'",
            r"<param> - \frac{<lr> * (1 - <mu>)}{1 - <mu_product>} * \frac{<grad>}{<denom>}",
            "param.addcdiv(grad, denom, value=(-lr * (1.0 - mu) / (1.0 - mu_product.item())))",
            say("line_gradient_term"),
        ),
        Line(
            "param",
            r"\theta_t",
            r"<param> - \frac{<lr> * <mu_next>}{1 - <mu_product_next>} * \frac{<exp_avg>}{<denom>}",
            "param.addcdiv(exp_avg, denom, value=(-lr * mu_next) / (1.0 - mu_product_next))",
            say("line_new_value"),
            kept="param",
        ),
    ),
    state=STEP | {"mu_product": ("M_{t-1}", "torch.ones(())")} | _MOMENT | _SQUARES,
)

_RECTIFIED = "rho_t > 5.0"

RADAM = Formula(
    (
        *_AVERAGES,
        Line(
            "corrected",
            r"\hat m_t",
            r"\frac{<exp_avg>}{<bias_correction1>}",
            "exp_avg / bias_correction1",
            say("line_corrected_moment"),
        ),
        Line(
            "rho_inf",
            r"\rho_\infty",
            r"\frac{2}{1 - <beta2>} - 1",
            "2 / (1 - beta2) - 1",
            say("line_longest_average"),
        ),
        Line(
            "rho_t",
            r"\rho_t",
            r"<rho_inf> - \frac{2 * <step> * <beta2>^{<step>}}{<bias_correction2>}",
            "rho_inf - 2 * step * (beta2**step) / bias_correction2",
            say("line_average_length"),
        ),
        Line(
            "rect",
            "r_t",
            r"\sqrt{\frac{(<rho_t> - 4) * (<rho_t> - 2) * <rho_inf>}"
            r"{(<rho_inf> - 4) * (<rho_inf> - 2) * <rho_t>}}",
            "((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho_t)) ** 0.5",
            say("line_rectification"),
            _RECTIFIED,
        ),
        Line(
            "adaptive",
            "l_t",
            r"\frac{\sqrt{<bias_correction2>}}{\sqrt{<exp_avg_sq>} + <eps>}",
            "(bias_correction2**0.5) / exp_avg_sq.sqrt().add(eps)",
            say("line_adaptive_rate"),
            _RECTIFIED,
        ),
        Line(
            "param",
            r"\theta_t",
            "<param> - <lr> * <corrected> * <adaptive> * <rect>",
            "param.add(corrected * lr * adaptive * rect, alpha=-1.0)",
            say("line_new_value"),
            _RECTIFIED,
            kept="param",
        ),
        Line(
            "param",
            r"\theta_t",
            "<param> - <lr> * <corrected>",
            "param.add(corrected * lr, alpha=-1.0)",
            say("line_unrectified"),
            "rho_t <= 5.0",
            kept="param",
        ),
    ),
    state=STEP | _MOMENT | _SQUARES,
)
