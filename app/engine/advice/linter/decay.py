"""Weight decay that is larger than what the loss has to say."""

from collections.abc import Iterator

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.core.words import rounded, say

_DOMINANT = 3.0


def _pointer(facts: Facts) -> str:
    group = max(facts.groups, key=lambda group: group.values.get("weight_decay") or 0.0)
    return group.at("weight_decay")


def _decay_overshoots(facts: Facts) -> Iterator[LintWarning]:
    factors = facts.decay_alone
    if factors is None or not (worst := float(np.nanmin(factors, initial=0.0))) < -1:
        return
    rates = facts.rates.max(axis=0)
    said = say(
        "decay_overshoots",
        factor=rounded(worst, 3),
        lr=rounded(float(rates.max())),
        step=int(np.argmax(rates)) + 1,
    )
    yield LintWarning(_pointer(facts), said)


def _decay_dominates(facts: Facts) -> Iterator[LintWarning]:
    found, factors = facts.probe, facts.decay_alone
    if factors is None or found.steps < 1:
        return
    peak, first = facts.rates.max(), found.lr[1].max()
    begun, after = found.position[0], found.position[1]
    decayed = np.nan_to_num(factors - 1) * begun * (first / peak if peak > 0 else 0.0)
    by_decay, by_loss = np.linalg.norm(decayed), np.linalg.norm(after - begun - decayed)
    if by_decay > _DOMINANT * by_loss > 0:
        ratio = rounded(float(by_decay / by_loss), 2)
        yield LintWarning(_pointer(facts), say("decay_dominates", ratio=ratio, step=1))


RULES = (
    Rule(
        "decay_overshoots",
        "probe",
        "a step without any gradient turned the sign of a weight and left it larger",
        _decay_overshoots,
    ),
    Rule(
        "decay_dominates",
        "probe",
        "weight decay moved the parameters more than three times as far as the loss did in the first step",
        _decay_dominates,
        frozenset({"decay_overshoots"}),
    ),
)
