"""SGD and Muon."""

from dataclasses import replace

from optiscope.engine.core.words import say
from optiscope.engine.lens.update.line import Formula, Line, Repeated
from optiscope.engine.lens.update.shared import DECAYED_PARAM, GIVEN, GRADIENT, ZEROS

SGD = Formula(
    (
        *GRADIENT,
        Line(
            "momentum_buffer",
            "b_t",
            "<grad>",
            "grad.clone()",
            say("line_first_velocity"),
            "momentum != 0 and fresh",
            kept="momentum_buffer",
        ),
        Line(
            "momentum_buffer",
            "b_t",
            "<momentum> * <momentum_buffer> + (1 - <dampening>) * <grad>",
            "momentum_buffer.mul(momentum).add(grad, alpha=1 - dampening)",
            say("line_velocity"),
            "momentum != 0 and not fresh",
            kept="momentum_buffer",
        ),
        Line("update", "u_t", "<grad>", "grad", say("line_no_momentum"), "momentum == 0"),
        Line(
            "update",
            "u_t",
            "<momentum_buffer>",
            "momentum_buffer",
            say("line_along_velocity"),
            "momentum != 0 and not nesterov",
        ),
        Line(
            "update",
            "u_t",
            "<grad> + <momentum> * <momentum_buffer>",
            "grad.add(momentum_buffer, alpha=momentum)",
            say("line_nesterov"),
            "momentum != 0 and nesterov",
        ),
        Line(
            "param",
            r"\theta_t",
            "<param> - <lr> * <update>",
            "param.add(update, alpha=-lr)",
            say("line_new_value"),
            kept="param",
        ),
    ),
    state={"momentum_buffer": ("b_{t-1}", "None")},
)

_ROUND = (
    Line("gram", "A", r"<<x>> <<x>>^{\mathsf{T}}", "x @ x.T", say("line_gram")),
    Line(
        "polynomial",
        "P",
        "<ns_b> * <<gram>> + <ns_c> * <<gram>>^2",
        "torch.addmm(gram, gram, gram, beta=ns_b, alpha=ns_c)",
        say("line_polynomial"),
    ),
    Line(
        "x",
        "X",
        "<ns_a> * <<x>> + <<polynomial>> <<x>>",
        "torch.addmm(x, polynomial, x, beta=ns_a)",
        say("line_newton_schulz"),
    ),
)

_TALL = "param.size(0) > param.size(1)"

MUON = Formula(
    (
        GIVEN,
        Line(
            "momentum_buffer",
            "B_t",
            "<momentum> * <momentum_buffer> + (1 - <momentum>) * <grad>",
            "momentum_buffer.lerp(grad, 1 - momentum)",
            say("line_velocity"),
            kept="momentum_buffer",
        ),
        Line(
            "update",
            r"\tilde B_t",
            "<momentum> * <momentum_buffer> + (1 - <momentum>) * <grad>",
            "grad.lerp(momentum_buffer, momentum)",
            say("line_nesterov"),
            "nesterov",
        ),
        Line(
            "update",
            r"\tilde B_t",
            "<momentum_buffer>",
            "momentum_buffer",
            say("line_along_velocity"),
            "not nesterov",
        ),
        Line("x", "X", "<<update>>", "update.bfloat16()", say("line_bfloat16")),
        Line("x", "X", r"<<x>>^{\mathsf{T}}", "x.T", say("line_transposed"), _TALL),
        Line(
            "x",
            "X",
            r"\frac{<<x>>}{\max(\|X\|, <eps>)}",
            "x.div(x.norm().clamp(min=eps))",
            say("line_normalized"),
        ),
        Repeated(_ROUND, "range(ns_steps)"),
        Line("x", "O_t", r"<<x>>^{\mathsf{T}}", "x.T", say("line_transposed"), _TALL),
        Line(
            "adjusted_lr",
            r"\gamma'",
            r"<lr> * \sqrt{\max(1, \tfrac{\mathrm{rows}}{\mathrm{columns}})}",
            "lr * math.sqrt(max(1, param.size(0) / param.size(1)))",
            say("line_adjusted_rate"),
            "adjust_lr_fn != 'match_rms_adamw'",
        ),
        Line(
            "adjusted_lr",
            r"\gamma'",
            r"<lr> * 0.2 * \sqrt{\max(\mathrm{rows}, \mathrm{columns})}",
            "lr * (0.2 * math.sqrt(max(param.size(0), param.size(1))))",
            say("line_adjusted_rate"),
            "adjust_lr_fn == 'match_rms_adamw'",
        ),
        replace(DECAYED_PARAM, when="True"),
        Line(
            "param",
            r"\theta_t",
            "<param> - <adjusted_lr> * <x>",
            "param.add(x, alpha=-adjusted_lr)",
            say("line_new_value"),
            kept="param",
        ),
    ),
    state={"momentum_buffer": ("B_{t-1}", ZEROS)},
    symbols={"ns_a": "a", "ns_b": "b", "ns_c": "c"},
)
