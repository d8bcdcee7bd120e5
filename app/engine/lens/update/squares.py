"""Optimizers that divide by the size of the gradients so far: Adagrad, Adadelta, RMSprop and Adafactor."""

from optiscope.engine.core.words import say
from optiscope.engine.lens.update.line import Formula, Line
from optiscope.engine.lens.update.shared import (
    COUNTED,
    DECAYED_PARAM,
    GIVEN,
    GRADIENT,
    MAXIMIZED,
    STEP,
    ZEROS,
)

ADAGRAD = Formula(
    (
        COUNTED,
        *GRADIENT,
        Line(
            "clr",
            r"\gamma_t",
            r"\frac{<lr>}{1 + (<step> - 1) * <lr_decay>}",
            "lr / (1 + (step - 1) * lr_decay)",
            say("line_decayed_rate"),
        ),
        Line(
            "sum",
            "s_t",
            "<sum> + <grad>^2",
            "sum.addcmul(grad, grad, value=1)",
            say("line_sum_of_squares"),
            kept="sum",
        ),
        Line("std", "d_t", r"\sqrt{<sum>} + <eps>", "sum.sqrt().add(eps)", say("line_denominator")),
        Line(
            "param",
            r"\theta_t",
            r"<param> - <clr> * \frac{<grad>}{<std>}",
            "param.addcdiv(grad, std, value=-clr)",
            say("line_new_value"),
            kept="param",
        ),
    ),
    state=STEP | {"sum": ("s_{t-1}", "torch.full_like(param, initial_accumulator_value)")},
)

ADADELTA = Formula(
    (
        COUNTED,
        *GRADIENT,
        Line(
            "square_avg",
            "v_t",
            "<rho> * <square_avg> + (1 - <rho>) * <grad>^2",
            "square_avg.mul(rho).addcmul(grad, grad, value=1 - rho)",
            say("line_second_moment"),
            kept="square_avg",
        ),
        Line(
            "std",
            "d_t",
            r"\sqrt{<square_avg> + <eps>}",
            "square_avg.add(eps).sqrt()",
            say("line_denominator"),
        ),
        Line(
            "delta",
            r"\Delta_t",
            r"\frac{\sqrt{<acc_delta> + <eps>}}{<std>} * <grad>",
            "acc_delta.add(eps).sqrt().div(std).mul(grad)",
            say("line_scaled_step"),
        ),
        Line(
            "param",
            r"\theta_t",
            r"<param> - <lr> * <delta>",
            "param.add(delta, alpha=-lr)",
            say("line_new_value"),
            kept="param",
        ),
    ),
    after=(
        Line(
            "acc_delta",
            "u_t",
            "<rho> * <acc_delta> + (1 - <rho>) * <delta>^2",
            "acc_delta.mul(rho).addcmul(delta, delta, value=1 - rho)",
            say("line_average_update"),
            kept="acc_delta",
        ),
    ),
    state=STEP | {"square_avg": ("v_{t-1}", ZEROS), "acc_delta": ("u_{t-1}", ZEROS)},
)

RMSPROP = Formula(
    (
        COUNTED,
        *GRADIENT,
        Line(
            "square_avg",
            "v_t",
            "<alpha> * <square_avg> + (1 - <alpha>) * <grad>^2",
            "square_avg.mul(alpha).addcmul(grad, grad, value=1 - alpha)",
            say("line_second_moment"),
            kept="square_avg",
        ),
        Line(
            "grad_avg",
            "a_t",
            "<alpha> * <grad_avg> + (1 - <alpha>) * <grad>",
            "grad_avg.lerp(grad, 1 - alpha)",
            say("line_first_moment"),
            "centered",
            kept="grad_avg",
        ),
        Line(
            "avg",
            "d_t",
            r"\sqrt{<square_avg> - <grad_avg>^2} + <eps>",
            "square_avg.addcmul(grad_avg, grad_avg, value=-1).sqrt().add(eps)",
            say("line_centered_denominator"),
            "centered",
        ),
        Line(
            "avg",
            "d_t",
            r"\sqrt{<square_avg>} + <eps>",
            "square_avg.sqrt().add(eps)",
            say("line_denominator"),
            "not centered",
        ),
        Line(
            "momentum_buffer",
            "b_t",
            r"<momentum> * <momentum_buffer> + \frac{<grad>}{<avg>}",
            "momentum_buffer.mul(momentum).addcdiv(grad, avg)",
            say("line_velocity"),
            "momentum > 0",
            kept="momentum_buffer",
        ),
        Line(
            "param",
            r"\theta_t",
            "<param> - <lr> * <momentum_buffer>",
            "param.add(momentum_buffer, alpha=-lr)",
            say("line_new_value"),
            "momentum > 0",
            kept="param",
        ),
        Line(
            "param",
            r"\theta_t",
            r"<param> - <lr> * \frac{<grad>}{<avg>}",
            "param.addcdiv(grad, avg, value=-lr)",
            say("line_new_value"),
            "not momentum > 0",
            kept="param",
        ),
    ),
    state=STEP
    | {
        "square_avg": ("v_{t-1}", ZEROS),
        "grad_avg": ("a_{t-1}", ZEROS),
        "momentum_buffer": ("b_{t-1}", ZEROS),
    },
)

_MATRIX = "grad.dim() > 1"
_VECTOR = "grad.dim() <= 1"

ADAFACTOR = Formula(
    (
        GIVEN,
        MAXIMIZED,
        COUNTED,
        Line(
            "eps1",
            r"\epsilon_1",
            r"\varepsilon_{\text{dtype}}",
            "torch.finfo(param.dtype).eps",
            say("line_smallest"),
            "eps1 is None",
        ),
        Line(
            "one_minus_beta2_t",
            r"t^\tau",
            "<step>^{<beta2_decay>}",
            "step**beta2_decay",
            say("line_share_of_new"),
        ),
        Line(
            "rho_t",
            r"\rho_t",
            r"\min\left(<lr>, \frac{1}{\sqrt{<step>}}\right)",
            "min(lr, 1 / (step**0.5))",
            say("line_relative_rate"),
        ),
        Line(
            "size",
            r"\mathrm{RMS}(\theta_{t-1})",
            r"\frac{\|\theta_{t-1}\|}{\sqrt{n}}",
            "param.norm(2).item() / (param.numel() ** 0.5)",
            say("line_size_of_parameter"),
        ),
        Line(
            "alpha",
            r"\alpha_t",
            r"\max(<eps2>, <size>) * <rho_t>",
            "max(eps2, size) * rho_t",
            say("line_absolute_rate"),
        ),
        DECAYED_PARAM,
        Line(
            "row_mean",
            r"\bar g^2_{\text{row}}",
            r"\mathrm{mean}_{\text{columns}}(g_t^2)",
            "torch.norm(grad, dim=-1, keepdim=True).square().div(grad.size(-1))",
            say("line_row_mean"),
            _MATRIX,
        ),
        Line(
            "row_var",
            "R_t",
            "(1 - <one_minus_beta2_t>) * <row_var> + <one_minus_beta2_t> * <row_mean>",
            "row_var.lerp(row_mean, one_minus_beta2_t)",
            say("line_row_factor"),
            _MATRIX,
            kept="row_var",
        ),
        Line(
            "col_mean",
            r"\bar g^2_{\text{column}}",
            r"\mathrm{mean}_{\text{rows}}(g_t^2)",
            "torch.norm(grad, dim=-2, keepdim=True).square().div(grad.size(-2))",
            say("line_column_mean"),
            _MATRIX,
        ),
        Line(
            "col_var",
            "C_t",
            "(1 - <one_minus_beta2_t>) * <col_var> + <one_minus_beta2_t> * <col_mean>",
            "col_var.lerp(col_mean, one_minus_beta2_t)",
            say("line_column_factor"),
            _MATRIX,
            kept="col_var",
        ),
        Line(
            "var_estimate",
            "V_t",
            r"\frac{<row_var> * <col_var>}{\max(\mathrm{mean}(R_t), <eps1>)}",
            "(row_var @ col_var).div(row_var.mean(dim=-2, keepdim=True).clamp(min=eps1))",
            say("line_factored_square"),
            _MATRIX,
        ),
        Line(
            "variance",
            "V_t",
            "(1 - <one_minus_beta2_t>) * <variance> + <one_minus_beta2_t> * <grad>^2",
            "variance.lerp(grad * grad, one_minus_beta2_t)",
            say("line_second_moment"),
            _VECTOR,
            kept="variance",
        ),
        Line("var_estimate", "V_t", "<variance>", "variance", say("line_whole_square"), _VECTOR),
        Line(
            "update",
            "U_t",
            r"\frac{<grad>}{\sqrt{\max(<var_estimate>, <eps1>^2)}}",
            "var_estimate.clamp(min=eps1 * eps1).rsqrt().mul(grad)",
            say("line_scaled_gradient"),
        ),
        Line(
            "denom",
            r"\hat d_t",
            r"\max\left(1, \frac{\mathrm{RMS}(U_t)}{<d>}\right)",
            "max(1.0, update.norm(2).item() / ((update.numel() ** 0.5) * d))",
            say("line_clipped_update"),
        ),
        Line(
            "param",
            r"\theta_t",
            r"<param> - \frac{<alpha>}{<denom>} * <update>",
            "param.add(update, alpha=-alpha / denom)",
            say("line_new_value"),
            kept="param",
        ),
    ),
    state=STEP
    | {
        "row_var": ("R_{t-1}", "param.new_zeros((param.size(0), 1)) if param.dim() > 1 else None"),
        "col_var": ("C_{t-1}", "param.new_zeros((1, param.size(-1))) if param.dim() > 1 else None"),
        "variance": ("V_{t-1}", ZEROS),
    },
)
