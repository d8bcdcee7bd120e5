"""EMA, SWA and the point that a schedule-free optimizer is evaluated at."""

from optiscope.engine.core.words import say
from optiscope.engine.lens.update.line import Formula, Line

_SYMBOLS = {
    "param": r"\theta_t",
    "average": r"\bar\theta_{t-1}",
    "n_averaged": "n",
    "decay": "d",
    "z": "z_t",
    "beta": r"\beta",
}
_AVERAGE = r"\bar\theta_t"
_COPIED = Line(
    "average", _AVERAGE, "<param>", "param.clone()", say("line_average_begins"), "n_averaged == 0", "average"
)
EMA = Formula(
    (
        _COPIED,
        Line(
            "average",
            _AVERAGE,
            "<decay> * <average> + (1 - <decay>) * <param>",
            "average.lerp(param, 1 - decay)",
            say("line_ema"),
            "n_averaged > 0",
            "average",
        ),
    ),
    symbols=_SYMBOLS,
)
SWA = Formula(
    (
        _COPIED,
        Line(
            "average",
            _AVERAGE,
            r"<average> + \frac{<param> - <average>}{<n_averaged> + 1}",
            "average + (param - average) / (n_averaged + 1)",
            say("line_swa"),
            "n_averaged > 0",
            "average",
        ),
    ),
    symbols=_SYMBOLS,
)
SCHEDULE_FREE = Formula(
    (
        Line(
            "average",
            "x_t",
            r"<param> + (1 - \frac{1}{<beta>}) * (<z> - <param>)",
            "param.lerp(z, 1.0 - 1.0 / beta)",
            say("line_schedule_free"),
            kept="average",
        ),
    ),
    symbols={**_SYMBOLS, "param": "y_t"},
)
