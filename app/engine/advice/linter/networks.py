"""Networks in which some layers or units do not learn."""

from collections.abc import Iterator

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.probe import Probe
from optiscope.engine.core.words import say
from optiscope.engine.recipe.models import dead_units

_FOR_GOOD = 20
"""So many steps without any gradient, and no later one is expected to bring it back."""


def _dead_layer(facts: Facts) -> Iterator[LintWarning]:
    x = facts.training.problem.x
    if x is None:
        return
    hidden = dict(facts.training.model.named_children())
    for layer, dead in dead_units(facts.training.model, x).items():
        if len(dead) == hidden[layer].out_features:
            yield LintWarning("/model/seed", say("dead_layer", layer=layer))
            return


def _layers(found: Probe) -> list[str]:
    """The layers of a network, in order; none for a point."""
    return [name.removesuffix(".weight") for name in found.params if name.endswith(".weight")]


def _layer_dies(facts: Facts) -> Iterator[LintWarning]:
    found, targets = facts.probe, facts.training.problem.y
    if targets is None or bool((targets == targets[:1]).all()):  # which the output's bias alone can learn
        return
    *hidden, output = _layers(found) or [""]
    held = facts.training.freezing.frozen(found.steps - 1)
    for layer in hidden:
        if f"{layer}.weight" in held:
            continue
        size = np.abs(found.grads[f"{layer}.weight"]).max(axis=1)
        bias = np.abs(found.grads[f"{output}.bias"]).max(axis=1)
        if not (size[1:] > 0).any() or size[-1] != 0:
            continue
        last = int(np.flatnonzero(size > 0)[-1])
        if found.steps - last >= _FOR_GOOD and (bias[last + 1 :] > 0).all():
            said = say("layer_dies", layer=layer, step=last + 1, steps=found.steps - last)
            yield LintWarning(facts.groups[0].at("lr"), said)
            return


def _units_identical(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    for layer in _layers(found)[:-1]:
        bias = found.params[f"{layer}.bias"]
        units = bias.shape[1]
        weight = found.params[f"{layer}.weight"].reshape(len(bias), units, -1)
        rows = np.concatenate([weight, bias[:, :, None]], axis=2)[[0, -1]]
        if units > 1 and (rows == rows[:, :1]).all():
            said = say("units_identical", layer=layer, count=units, steps=found.steps)
            yield LintWarning("/model/state_dict", said)
            return


RULES = (
    Rule("dead_layer", "config", "no sample activates any unit of a layer at the start", _dead_layer),
    Rule(
        "layer_dies",
        "probe",
        "a hidden layer had gradients, and then exactly none for the rest of the probe",
        _layer_dies,
        frozenset({"dead_layer", "decay_overshoots", "learning_rate_unstable"}),
    ),
    Rule(
        "units_identical",
        "probe",
        "all units of a layer were the same number for number, at the start and at the end of the probe",
        _units_identical,
    ),
)
