"""Lines that several optimizers share."""

from optiscope.engine.core.words import say
from optiscope.engine.lens.update.line import Line

ZEROS = "torch.zeros_like(param)"
STEP = {"step": ("(t-1)", "0.0")}
"""The count of steps, as an optimizer finds it."""

GIVEN = Line("grad", "g_t", "<grad>", "grad", say("line_given"), kept="grad")
MAXIMIZED = Line("grad", "g_t", "-<grad>", "-grad", say("line_maximized"), "maximize")
COUNTED = Line("step", "t", "<step> + 1", "step + 1", say("line_counted"), kept="step")

DECAYED_GRADIENT = Line(
    "grad",
    "g_t",
    "<grad> + <weight_decay> * <param>",
    "grad.add(param, alpha=weight_decay)",
    say("line_decayed_gradient"),
    "weight_decay != 0",
)
DECAYED_PARAM = Line(
    "param",
    r"\theta'",
    "(1 - <lr> * <weight_decay>) * <param>",
    "param.mul(1 - lr * weight_decay)",
    say("line_decayed_param"),
    "weight_decay != 0",
)

GRADIENT = (GIVEN, MAXIMIZED, DECAYED_GRADIENT)
"""The gradient, with L2 decay."""
