"""The formulas by the names of the optimizers."""

from collections.abc import Mapping

from optiscope.engine.lens.update.adam import ADAM, ADAMAX, NADAM, RADAM
from optiscope.engine.lens.update.averages import EMA, SCHEDULE_FREE, SWA
from optiscope.engine.lens.update.lbfgs import LBFGS
from optiscope.engine.lens.update.line import Formula
from optiscope.engine.lens.update.momentum import MUON, SGD
from optiscope.engine.lens.update.signs import ASGD, RPROP
from optiscope.engine.lens.update.squares import ADADELTA, ADAFACTOR, ADAGRAD, RMSPROP

FORMULAS: Mapping[str, Formula] = {
    "SGD": SGD,
    "Adagrad": ADAGRAD,
    "Adadelta": ADADELTA,
    "Adam": ADAM,
    "AdamW": ADAM,
    "Adamax": ADAMAX,
    "NAdam": NADAM,
    "RAdam": RADAM,
    "RMSprop": RMSPROP,
    "Rprop": RPROP,
    "ASGD": ASGD,
    "Adafactor": ADAFACTOR,
    "LBFGS": LBFGS,
    "Muon": MUON,
}
"""AdamW is Adam with ``decoupled_weight_decay`` in its groups. Of all others the result is shown alone."""

SCHEDULE_FREE_AVERAGE = "schedule-free"
"""What the average is called that an optimizer makes by itself."""

AVERAGES: Mapping[str, tuple[str, Formula]] = {
    "EMA": (r"\bar\theta_t \leftarrow d\,\bar\theta_{t-1} + (1-d)\,\theta_t", EMA),
    "SWA": (r"\bar\theta_t \leftarrow \bar\theta_{t-1} + \frac{\theta_t - \bar\theta_{t-1}}{n+1}", SWA),
    SCHEDULE_FREE_AVERAGE: (
        r"x_t \leftarrow y_t + \left(1 - \frac{1}{\beta}\right)(z_t - y_t)",
        SCHEDULE_FREE,
    ),
}
"""The averages beside the parameters by their names, each in one formula and in lines."""
