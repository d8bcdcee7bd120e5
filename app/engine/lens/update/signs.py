"""Rprop and ASGD, which keep rates of their own."""

from optiscope.engine.core.words import say
from optiscope.engine.lens.update.line import Formula, Line
from optiscope.engine.lens.update.shared import COUNTED, GIVEN, GRADIENT, MAXIMIZED, STEP, ZEROS

RPROP = Formula(
    (
        GIVEN,
        MAXIMIZED,
        COUNTED,
        Line(
            "sign",
            "s_t",
            r"\mathrm{sign}(<grad> * <prev>)",
            "grad.mul(prev).sign()",
            say("line_sign"),
        ),
        Line(
            "factor",
            r"\eta_t",
            r"\begin{cases} <etaplus> & s_t > 0 \\ <etaminus> & s_t < 0 \\ 1 & s_t = 0 \end{cases}",
            "torch.where(sign > 0, etaplus, torch.where(sign < 0, etaminus, torch.ones_like(sign)))",
            say("line_growth"),
        ),
        Line(
            "step_size",
            r"\gamma_t",
            r"\min(\max(<step_size> * <factor>, <step_size_min>), <step_size_max>)",
            "step_size.mul(factor).clamp(step_size_min, step_size_max)",
            say("line_own_step"),
            kept="step_size",
        ),
        Line(
            "grad",
            "g_t",
            r"\begin{cases} 0 & s_t < 0 \\ <grad> & s_t \ge 0 \end{cases}",
            "grad.masked_fill(factor == etaminus, 0)",
            say("line_turned_back"),
        ),
        Line(
            "param",
            r"\theta_t",
            r"<param> - <step_size> * \mathrm{sign}(<grad>)",
            "param.addcmul(grad.sign(), step_size, value=-1)",
            say("line_new_value"),
            kept="param",
        ),
    ),
    after=(Line("prev", "g_{t}", "<grad>", "grad", say("line_remembered"), kept="prev"),),
    state=STEP | {"prev": ("g_{t-1}", ZEROS), "step_size": (r"\gamma_{t-1}", "torch.full_like(param, lr)")},
)

ASGD = Formula(
    (
        COUNTED,
        *GRADIENT,
        Line(
            "param",
            r"\theta'",
            "(1 - <lambd> * <eta>) * <param>",
            "param.mul(1 - lambd * eta.item())",
            say("line_decay_term"),
        ),
        Line(
            "param",
            r"\theta_t",
            "<param> - <eta> * <grad>",
            "param.add(grad, alpha=-eta.item())",
            say("line_new_value"),
            kept="param",
        ),
    ),
    after=(
        Line(
            "ax", r"\bar\theta_t", "<param>", "param", say("line_average_anew"), "mu.item() == 1", kept="ax"
        ),
        Line(
            "ax",
            r"\bar\theta_t",
            "<ax> + <mu> * (<param> - <ax>)",
            "ax.add(param.sub(ax).mul(mu))",
            say("line_averaged"),
            "mu.item() != 1",
            kept="ax",
        ),
        Line(
            "eta",
            r"\eta_{t+1}",
            r"\frac{<lr>}{(1 + <lambd> * <lr> * <step>)^{<alpha>}}",
            "torch.as_tensor(lr / ((1 + lambd * lr * step) ** alpha))",
            say("line_next_rate"),
            kept="eta",
        ),
        Line(
            "mu",
            r"\mu_{t+1}",
            r"\frac{1}{\max(1, <step> - <t0>)}",
            "torch.as_tensor(1 / max(1, step - t0))",
            say("line_next_share"),
            kept="mu",
        ),
    ),
    state=STEP
    | {
        "eta": (r"\eta_t", "torch.as_tensor(lr)"),
        "mu": (r"\mu_t", "torch.ones(())"),
        "ax": (r"\bar\theta_{t-1}", ZEROS),
    },
)
