"""The formulas by the names of the optimizers."""

from collections.abc import Mapping

from optiscope.engine.lens.update.adam import ADAM, ADAMAX, NADAM, RADAM
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
